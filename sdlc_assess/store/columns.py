"""What columns are made of: times, words, references that restrict, named constraints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC, kept as microseconds since 1970: the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn an aware time into microseconds."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Turn microseconds into an aware time."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Words(TypeDecorator[tuple[str, ...]]):
    """Short words without blanks, kept in one text: read with every answer, so it must be cheap."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        """Join the words."""
        return None if value is None else " ".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Split the words."""
        return tuple(value.split()) if value else ()


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[int]:
    """The primary key ``id``: 64 bits, counted by the database."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[Any]:
    """A reference that restricts deletion: nothing recorded ever loses what it speaks of."""
    key = ForeignKey(target, ondelete="RESTRICT")
    return Column(name, key, nullable=nullable, index=index)


def at(name: str = "at", *, nullable: bool = False) -> Column[datetime]:
    """A time in UTC."""
    return Column(name, Moment, nullable=nullable)


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """The column holds one of the values of an enumeration."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
