"""Alembic's scripts; guards are made again after each."""
