"""The database: engine, transactions, and the settings that no acknowledged answer is lost under.

SQLite runs in WAL mode with synchronous=FULL; both are read back on every connection. SQLite before
3.51.3 (3.44.6, 3.50.7) can lose committed pages in a WAL reset race, so an unfixed library runs in
DELETE mode with synchronous=EXTRA, which is safe from it (sqlite.org, WAL-reset fault).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from sdlc_assess.errors import AssessError, StoreBusy, StoreFull

try:
    from pysqlite3 import dbapi2 as sqlite_module
except ImportError:  # pragma: no cover - only where pysqlite3 has no wheel
    sqlite_module = sqlite3

BUSY_MILLISECONDS = 5_000
BUSY_STATES = ("55P03", "57014", "40001", "40P01")
"""PostgreSQL: lock not available, cancelled by time-out, serialisation failure, deadlock."""
FIXED_SQLITE = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


class UnsafeStore(AssessError):
    """The database does not keep the setting {name}: wanted {wanted}, got {got}. The service does
    not start on it, since answers could be lost."""


def has_wal_reset_fault(version: tuple[int, int, int]) -> bool:
    """Tell whether a SQLite of this ``version`` has the WAL-reset fault."""
    for fixed in FIXED_SQLITE:
        if version[:2] == fixed[:2]:
            return version < fixed
    return version < FIXED_SQLITE[-1]


def pragmas(version: tuple[int, int, int]) -> dict[str, Any]:
    """Return the pragmas of a connection, with the value that must be read back."""
    wal = not has_wal_reset_fault(version)
    return {
        "journal_mode": "wal" if wal else "delete",
        "synchronous": 2 if wal else 3,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": BUSY_MILLISECONDS,
    }


class Database:
    """One engine with two kinds of transactions: ``read()`` and ``write()``."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        """Open ``url`` (SQLAlchemy form); a SQLite file's folder is made when missing."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # last in, first out: the connection used just now has its pages in memory
        options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 2, "pool_use_lifo": True}
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            options["module"] = sqlite_module
            # each transaction here ends by commit or rollback, so there is nothing to reset
            options["pool_reset_on_return"] = None
        else:
            options["pool_pre_ping"] = True
        self.engine: Engine = create_engine(self.url, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._writer = self.engine.execution_options(sdlc_write=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection in a transaction that only reads."""
        with translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a writing transaction; it commits once, when the block ends.

        SQLite takes the write lock at the start (BEGIN IMMEDIATE), so that what is read in it can't
        be stale by the time it is written.
        """
        with translated(), self._writer.connect() as connection, connection.begin():
            yield connection

    def ping(self) -> None:
        """Ask the database for nothing; raises when it does not answer."""
        with self.read() as connection:
            connection.exec_driver_sql("SELECT 1")

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _prepare_sqlite(raw: Any, _record: ConnectionPoolEntry) -> None:
    raw.isolation_level = None  # SQLAlchemy's begin event decides how a transaction starts
    for name, wanted in pragmas(sqlite_module.sqlite_version_info).items():
        raw.execute(f"PRAGMA {name}={wanted}")
        got = raw.execute(f"PRAGMA {name}").fetchone()[0]
        if got != wanted:
            raise UnsafeStore(name=name, wanted=wanted, got=got)


def _begin_sqlite(connection: Connection) -> None:
    is_write = connection.get_execution_options().get("sdlc_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's word for a full disk or a busy database into our own."""
    try:
        yield
    except exc.TimeoutError as error:  # every pooled connection is taken
        raise StoreBusy from error
    except exc.OperationalError as error:
        text = str(error.orig)
        # disk full: SQLITE_FULL and SQLITE_IOERR_WRITE here, class 53100 in PostgreSQL
        if "disk is full" in text or "disk I/O error" in text or _sqlstate(error) == "53100":
            raise StoreFull from error
        if "locked" in text or "busy" in text or _sqlstate(error) in BUSY_STATES:
            raise StoreBusy from error
        raise


def _sqlstate(error: exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
