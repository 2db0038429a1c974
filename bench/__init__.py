"""What is fast, measured against a ceiling in the same run."""
