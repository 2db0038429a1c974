"""Bringing a database to the schema of this release, and refusing one that is newer."""

from __future__ import annotations

from contextlib import suppress

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from sdlc_assess.errors import AssessError
from sdlc_assess.store.database import Database

SCRIPTS = "sdlc_assess.store:migrations"


class NewerDatabase(AssessError):
    """The database was made by a newer release (schema {found}; this one knows up to {known}).
    Nothing was changed: install that release again, or restore a backup made before it."""


class OutdatedDatabase(AssessError):
    """The database has an older schema ({found}) than this release ({known}). Run
    `sdlc-assess init-db`, which brings it up to date and keeps every row."""


def alembic_config(database: Database) -> AlembicConfig:
    """Return Alembic's settings for ``database``; no ini file is read."""
    config = AlembicConfig()
    config.set_main_option("script_location", SCRIPTS)
    config.set_main_option("path_separator", "os")
    config.attributes["database"] = database
    return config


def current(database: Database) -> str | None:
    """Return the schema revision that ``database`` stands at; None when it is empty."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    config = AlembicConfig()
    config.set_main_option("script_location", SCRIPTS)
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def head() -> str:
    """Return the newest schema revision that this release knows."""
    return str(_scripts().get_current_head())


def check(database: Database) -> None:
    """Raise NewerDatabase or OutdatedDatabase unless the schema is this release's own."""
    found = current(database)
    if found == head():
        return
    if found is not None and found not in {s.revision for s in _scripts().walk_revisions()}:
        raise NewerDatabase(found=found, known=head())
    raise OutdatedDatabase(found=found or "none", known=head())


def upgrade(database: Database) -> None:
    """Bring ``database`` to the newest schema, then make every guard again."""
    found = current(database)
    if found == head():
        return
    if found is not None:
        with suppress(OutdatedDatabase):
            check(database)
    command.upgrade(alembic_config(database), "head")
