"""From nothing to this release's schema and back, and no word spoken to a newer database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from sdlc_assess.app import make_desk
from sdlc_assess.store import guards, migrate, tables
from sdlc_assess.store.database import Database
from sdlc_assess.store.migrate import NewerDatabase, OutdatedDatabase
from tests.builders import World, an_assessment
from tests.conftest import a_config


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    yield database
    database.dispose()


def names(database: Database) -> set[str]:
    with database.read() as tx:
        return set(inspect(tx).get_table_names())


def content(database: Database) -> dict[str, list[str]]:
    """Every row of every table."""
    with database.read() as tx:
        return {
            name: sorted(repr(tuple(row)) for row in tx.execute(text(f"SELECT * FROM {name}")))
            for name in sorted(names(database))
        }


def set_version(database: Database, version: str) -> None:
    with database.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_an_empty_database_comes_to_the_head(empty: Database) -> None:
    assert migrate.current(empty) is None
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.head()
    assert names(empty) == {t.name for t in tables.metadata.sorted_tables} | {"alembic_version"}
    migrate.check(empty)


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(world: World) -> None:
    database = world.desk.database
    an_assessment(world)
    before = content(database)
    for _ in range(2):
        migrate.upgrade(database)
    assert content(database) == before


def test_a_newer_database_is_left_alone(world: World) -> None:
    database = world.desk.database
    set_version(database, "9999")
    before = content(database)
    for act in (migrate.check, migrate.upgrade):
        with pytest.raises(NewerDatabase) as refused:
            act(database)
        said = refused.value.message
        assert "made by a newer release (schema 9999" in said
        assert f"knows up to {migrate.head()}" in said
        assert "Nothing was changed" in said
        assert "restore a backup" in said
    assert content(database) == before


def test_the_service_does_not_start_on_another_schema(tmp_path: Path, empty: Database) -> None:
    config = a_config(tmp_path, database_url=f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(OutdatedDatabase, match="`sdlc-assess init-db`, which brings it up to date"):
        make_desk(config)
    migrate.upgrade(empty)
    make_desk(config).database.dispose()
    set_version(empty, "9999")
    with pytest.raises(NewerDatabase):
        make_desk(config)


def test_down_and_up_again_leaves_the_schema_as_it_was(database: Database) -> None:
    def schema() -> Any:
        with database.read() as tx:
            found = inspect(tx)
            return {
                name: (
                    sorted(c["name"] for c in found.get_columns(name)),
                    sorted(str(i["name"]) for i in found.get_indexes(name)),
                    sorted(str(c["name"]) for c in found.get_check_constraints(name)),
                    len(found.get_foreign_keys(name)),
                )
                for name in found.get_table_names()
            }

    before = schema()
    command.downgrade(migrate.alembic_config(database), "base")
    assert names(database) == {"alembic_version"}
    with database.read() as tx:
        assert guards.installed(tx) == set()
    with pytest.raises(OutdatedDatabase, match=r"older schema \(none\)"):
        migrate.check(database)
    migrate.upgrade(database)
    assert schema() == before
    with database.read() as tx:
        assert guards.installed(tx) == guards.expected(tx.dialect.name)


def test_a_migration_that_fails_leaves_the_schema_it_found(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Any) -> None:
        raise RuntimeError("in the middle")

    with monkeypatch.context() as patch:
        patch.setattr(guards, "install", fail)
        with pytest.raises(RuntimeError):
            migrate.upgrade(empty)
    assert names(empty) == set()
    assert keys_are_on(empty)
    migrate.upgrade(empty)
    migrate.check(empty)


def keys_are_on(database: Database) -> bool:
    with database.read() as tx:
        return bool(tx.exec_driver_sql("PRAGMA foreign_keys").scalar())


def test_foreign_keys_rest_during_a_migration_and_are_checked_at_its_end(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that point nowhere can stand meanwhile, as batch mode needs it, and never stay."""
    migrate.upgrade(empty)
    dangling = text("INSERT INTO target (id, vendor_id, name) VALUES (1, 99, 'x')")
    with pytest.raises(IntegrityError), empty.write() as tx:
        tx.execute(dangling)
    monkeypatch.setattr(guards, "install", lambda connection: connection.execute(dangling))
    with pytest.raises(RuntimeError, match="dangling references"):
        command.upgrade(migrate.alembic_config(empty), "head")
    assert content(empty)["target"] == []
    assert keys_are_on(empty)
