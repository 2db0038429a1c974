"""The database keeps the settings under which no acknowledged answer is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import exc, text

from sdlc_assess.errors import StoreBusy, StoreFull
from sdlc_assess.store import database as module
from sdlc_assess.store.database import (
    Database,
    UnsafeStore,
    has_wal_reset_fault,
    pragmas,
)


def test_sqlite_settings_are_read_back_on_a_live_connection(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with database.read() as connection:
        live = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in pragmas((3, 53, 4))
        }
    database.dispose()
    assert live == pragmas(module.sqlite_module.sqlite_version_info)
    assert live["foreign_keys"] == 1
    assert live["recursive_triggers"] == 1


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_a_sqlite_with_the_wal_reset_fault_never_runs_in_wal_mode(
    version: tuple[int, int, int], faulty: bool
) -> None:
    assert has_wal_reset_fault(version) is faulty
    mode = (pragmas(version)["journal_mode"], pragmas(version)["synchronous"])
    assert mode == (("delete", 3) if faulty else ("wal", 2))


def test_a_faulty_library_is_opened_in_the_safe_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    class OldModule:
        sqlite_version_info = (3, 40, 1)
        connect = staticmethod(sqlite3.connect)

        def __getattr__(self, name: str) -> object:
            return getattr(sqlite3, name)

    monkeypatch.setattr(module, "sqlite_module", OldModule())
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 3
    database.dispose()


def test_a_setting_that_does_not_stick_stops_the_boot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "pragmas", lambda _version: {"synchronous": 7})
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(UnsafeStore, match="synchronous: wanted 7"), database.read():
        pass
    database.dispose()


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as tx:
            tx.execute(text("INSERT INTO opening (salt, text) VALUES (NULL, 'half')"))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM opening")).scalar() == 0


def test_a_second_writer_waits_its_turn_and_is_told_when_it_comes_not(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    monkeypatch.setattr(module, "BUSY_MILLISECONDS", 50)
    shutil.copy(migrated_file, tmp_path / "x.db")
    one = Database(f"sqlite:///{tmp_path / 'x.db'}")
    two = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with one.write() as tx:
        tx.execute(text("INSERT INTO opening (salt, text) VALUES (NULL, 'first')"))
        with pytest.raises(StoreBusy, match="still in the form"), two.write():
            pass
    with two.write() as tx:
        tx.execute(text("INSERT INTO opening (salt, text) VALUES (NULL, 'second')"))
        assert tx.execute(text("SELECT count(*) FROM opening")).scalar() == 2
    one.dispose()
    two.dispose()


def test_a_full_disk_is_named_as_such(tmp_path: Path, migrated_file: Path) -> None:
    import shutil

    shutil.copy(migrated_file, tmp_path / "x.db")
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with database.read() as tx:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar()

    def fill() -> None:
        with database.write() as tx:
            # SQLite answers a file at its page limit as it answers a full disk
            tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            tx.execute(text("INSERT INTO opening (text) VALUES (:t)"), {"t": "x" * 200_000})

    with pytest.raises(StoreFull, match="Nothing was changed"):
        fill()
    with database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM opening")).scalar() == 0
    database.dispose()


def test_another_database_error_is_not_disguised(database: Database) -> None:
    with pytest.raises(exc.SQLAlchemyError), database.read() as tx:
        tx.execute(text("SELECT * FROM nowhere"))
