"""Run by Alembic for each command: migrate the database handed in, then make the guards again."""

from __future__ import annotations

from alembic import context

from sdlc_assess.store import guards
from sdlc_assess.store.columns import metadata
from sdlc_assess.store.database import Database

database: Database = context.config.attributes["database"]

with database.engine.connect() as connection:
    if database.is_sqlite:
        # batch mode drops and renames tables; it must be off before BEGIN, where it is a no-op
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    writer = connection.execution_options(sdlc_write=True)
    context.configure(
        connection=writer, target_metadata=metadata, render_as_batch=database.is_sqlite
    )
    with writer.begin():
        context.run_migrations()
        guards.install(writer)
        if database.is_sqlite:
            broken = writer.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration left dangling references: {broken[:3]}")
    if database.is_sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.commit()
