"""Run by Alembic for each command: migrate the database handed in, then make the guards again."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from sdlc_assess.store import guards
from sdlc_assess.store.columns import metadata
from sdlc_assess.store.database import Database

database: Database = context.config.attributes["database"]


def _foreign_keys(connection: Connection, state: str) -> None:
    """Switch SQLite's foreign keys; past SQLAlchemy, since within a transaction it is a no-op."""
    if database.is_sqlite:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(f"PRAGMA foreign_keys={state}")


def _migrate(connection: Connection) -> None:
    with connection.begin():
        # configured within our transaction, Alembic leaves it alone: all of it or nothing
        context.configure(
            connection=connection, target_metadata=metadata, render_as_batch=database.is_sqlite
        )
        context.run_migrations()
        guards.install(connection)
        if database.is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration left dangling references: {broken[:3]}")


with database.engine.connect() as connection:
    _foreign_keys(connection, "OFF")  # batch mode drops and renames tables
    try:
        _migrate(connection.execution_options(sdlc_write=True))
    finally:
        _foreign_keys(connection, "ON")
