"""SQLAlchemy, and only here: tables, queries by subject, guards, migrations, files."""
