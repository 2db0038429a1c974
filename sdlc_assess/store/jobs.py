"""The job table: work outside the request, enqueued in the same transaction as its cause."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select, update

from sdlc_assess.store.row import AnyRow
from sdlc_assess.store.tables import job, report_file

LEASE = timedelta(seconds=120)
ATTEMPTS = 3


def enqueue(
    connection: Connection, name: str, key: str, arguments: dict[str, Any], at: datetime
) -> None:
    """Add a job, or queue again the failed one of the same key; one that waits or runs stays."""
    state = connection.execute(select(job.c.state).where(job.c.key == key)).scalar()
    fresh = {
        "arguments": arguments,
        "state": "queued",
        "attempts": 0,
        "error": "",
        "lease_until": None,
        "finished_at": None,
    }
    if state is None:
        connection.execute(insert(job), {"name": name, "key": key, "created_at": at, **fresh})
    elif state in ("failed", "done"):
        connection.execute(update(job).where(job.c.key == key).values(created_at=at, **fresh))


def by_key(connection: Connection, key: str) -> AnyRow | None:
    """Return the job of this key."""
    return connection.execute(select(job).where(job.c.key == key)).one_or_none()


def claim(connection: Connection, now: datetime) -> AnyRow | None:
    """Take the oldest job that waits, or whose lease ran out, for one attempt."""
    is_free = or_(job.c.state == "queued", and_(job.c.state == "running", job.c.lease_until < now))
    row = connection.execute(select(job).where(is_free).order_by(job.c.id).limit(1)).one_or_none()
    if row is None:
        return None
    if row.attempts >= ATTEMPTS:
        finish(connection, row.id, now, error=row.error or "the worker died each time it tried")
        return None
    claimed = connection.execute(
        update(job)
        .where(job.c.id == row.id, job.c.attempts == row.attempts)
        .values(state="running", attempts=row.attempts + 1, lease_until=now + LEASE)
    )
    return row if claimed.rowcount == 1 else None


def finish(connection: Connection, id: int, at: datetime, error: str = "") -> None:
    """Mark a job done, or failed for good; its arguments are dropped, since they may hold text."""
    state = "failed" if error else "done"
    connection.execute(
        update(job)
        .where(job.c.id == id)
        .values(state=state, error=error[:2000], finished_at=at, lease_until=None, arguments={})
    )


def put_back(connection: Connection, id: int, error: str) -> None:
    """Queue a job again after an attempt that failed."""
    connection.execute(
        update(job)
        .where(job.c.id == id)
        .values(state="queued", error=error[:2000], lease_until=None)
    )


def add_report_file(connection: Connection, key: str, sha256: str, size: int, at: datetime) -> None:
    """Remember which stored file is the report of this key."""
    if report_file_of(connection, key) is None:
        values = {"key": key, "sha256": sha256, "size": size, "created_at": at}
        connection.execute(insert(report_file), values)


def report_file_of(connection: Connection, key: str) -> AnyRow | None:
    """Return the stored file of a report key."""
    return connection.execute(select(report_file).where(report_file.c.key == key)).one_or_none()
