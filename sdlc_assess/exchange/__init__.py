"""Machine formats and files, in and out."""
