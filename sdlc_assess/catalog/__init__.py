"""Floor 1, what is asked: frameworks, questionnaires, scoring profiles, and their YAML grammar."""
