"""The one clock, which tests can hold still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_held: datetime | None = None


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _held if _held is not None else datetime.now(UTC)


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware) within the block: for tests and for the demo story."""
    global _held
    before, _held = _held, moment
    try:
        yield
    finally:
        _held = before
