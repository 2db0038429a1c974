"""Every table. Rows that are never updated hold ids, times, option ids and digests; free text lies
in ``opening``, which alone may be blanked (record.md, "Append-only, yet erasable").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from sdlc_assess.assessment.review import VerdictOutcome
from sdlc_assess.assessment.role import OrganisationKind, Role
from sdlc_assess.assessment.status import Status

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


def _id() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[Any]:
    """A reference that restricts deletion: nothing recorded ever loses what it speaks of."""
    key = ForeignKey(target, ondelete="RESTRICT")
    return Column(name, key, nullable=nullable, index=index)


def _at(name: str = "at", *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=nullable)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


# ---- people -------------------------------------------------------------------------------------

organisation = Table(
    "organisation",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    _at("created_at"),
    _one_of("kind", OrganisationKind),
)

person = Table(
    "person",
    metadata,
    _id(),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password_hash", String(200)),
    _at("created_at"),
    _at("disabled_at", nullable=True),
    CheckConstraint("email = lower(email)", name="email_lower"),
)

membership = Table(
    "membership",
    metadata,
    _id(),
    _ref("person_id", "person.id"),
    _ref("organisation_id", "organisation.id", index=True),
    Column("role", String(30), nullable=False),
    Column("state", String(20), nullable=False),
    _at("since"),
    UniqueConstraint("person_id", "organisation_id", "role"),
    _one_of("role", Role),
    CheckConstraint("state IN ('invited', 'active', 'suspended')", name="state_known"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    _ref("person_id", "person.id", index=True),
    _at("created_at"),
    _at("idle_until"),
    _at("absolute_until"),
    _at("factor_at"),
)

mail_token = Table(
    "mail_token",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    _ref("person_id", "person.id"),
    Column("purpose", String(20), nullable=False),
    _at("expires_at"),
    _at("used_at", nullable=True),
    CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose_known"),
)

# ---- what is assessed ---------------------------------------------------------------------------

target = Table(
    "target",
    metadata,
    _id(),
    _ref("vendor_id", "organisation.id"),
    Column("name", String(200), nullable=False),
    UniqueConstraint("vendor_id", "name"),
)

unit = Table(
    "unit",
    metadata,
    _id(),
    _ref("target_id", "target.id"),
    Column("name", String(200), nullable=False),
    UniqueConstraint("target_id", "name"),
)
"""The unit with an empty name is the whole target."""

assessment = Table(
    "assessment",
    metadata,
    Column("id", String(20), primary_key=True),
    _ref("vendor_id", "organisation.id"),
    _ref("assessor_id", "organisation.id", nullable=True),
    _ref("target_id", "target.id"),
    Column("target_version", String(100), nullable=False),
    Column("questionnaire", String(100), nullable=False),
    Column("questionnaire_digest", String(64), nullable=False),
    Column("profile", String(100), nullable=False),
    Column("profile_digest", String(64), nullable=False),
    Column("status", String(20), nullable=False),
    Column("goal", String(20), nullable=False),
    Column("scope", Text, nullable=False),
    Column("exclusions", Text, nullable=False),
    Column("requests", Text, nullable=False),
    Column("period_from", Date),
    Column("period_to", Date),
    _at("created_at"),
    _at("updated_at"),
    Column("headline", JSON, nullable=False),
    _one_of("status", Status),
    CheckConstraint("assessor_id IS NULL OR assessor_id <> vendor_id", name="two_organisations"),
    Index(None, "vendor_id", "updated_at"),
    Index(None, "assessor_id", "updated_at"),
)

assessment_unit = Table(
    "assessment_unit",
    metadata,
    _ref("assessment_id", "assessment.id"),
    _ref("unit_id", "unit.id"),
    UniqueConstraint("assessment_id", "unit_id"),
)

response = Table(
    "response",
    metadata,
    _id(),
    _ref("assessment_id", "assessment.id"),
    Column("question_id", String(60), nullable=False),
    _ref("unit_id", "unit.id"),
    Column("version", Integer, nullable=False),
    Column("option_id", String(20)),
    Column("justification", Text, nullable=False),
    Column("na_reason", Text, nullable=False),
    Column("facts", Words, nullable=False),
    Column("standing", String(20), nullable=False),
    Column("standing_detail", JSON),
    Column("is_asked", Boolean, nullable=False),
    Column("is_returned", Boolean, nullable=False),
    _ref("assignee_id", "person.id", nullable=True),
    _ref("answered_by", "person.id", nullable=True),
    _at("answered_at", nullable=True),
    UniqueConstraint("assessment_id", "question_id", "unit_id"),
    CheckConstraint("standing IN ('direct', 'inherited', 'other_means')", name="standing_known"),
    CheckConstraint("option_id <> 'na' OR na_reason <> ''", name="na_has_reason"),
)
"""Working state. ``version`` is the number of the response's last revision. A question is asked of
the whole target or of each unit: ``is_asked`` says which rows count."""

# ---- the record: append-only ---------------------------------------------------------------------

opening = Table(
    "opening",
    metadata,
    _id(),
    Column("salt", LargeBinary(32)),
    Column("text", Text),
)

event_table = Table(
    "event",
    metadata,
    _id(),
    _at(),
    Column("kind", String(60), nullable=False),
    _ref("actor_id", "person.id", nullable=True),
    _ref("organisation_id", "organisation.id", nullable=True),
    _ref("assessment_id", "assessment.id", nullable=True),
    Column("subject", String(120), nullable=False),
    _ref("opening_id", "opening.id", nullable=True),
    Column("idempotency_key", String(64)),
    UniqueConstraint("assessment_id", "idempotency_key"),
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    _id(),
    _at(),
    Column("kind", String(60), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    _ref("opening_id", "opening.id"),
)

response_revision = Table(
    "response_revision",
    metadata,
    _id(),
    _ref("response_id", "response.id"),
    Column("number", Integer, nullable=False),
    Column("option_id", String(20)),
    Column("digest", LargeBinary(32), nullable=False),
    _ref("opening_id", "opening.id"),
    _ref("author_id", "person.id"),
    _at(),
    UniqueConstraint("response_id", "number"),
)

response_return = Table(
    "response_return",
    metadata,
    _id(),
    _ref("response_id", "response.id", index=True),
    Column("revision", Integer, nullable=False),
    _ref("opening_id", "opening.id"),
    _ref("author_id", "person.id"),
    _at(),
)

verdict = Table(
    "verdict",
    metadata,
    _id(),
    _ref("response_id", "response.id"),
    Column("number", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("option_id", String(20)),
    Column("failing_fact", String(30), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    _ref("opening_id", "opening.id"),
    _ref("author_id", "person.id"),
    _at(),
    UniqueConstraint("response_id", "number"),
    _one_of("outcome", VerdictOutcome),
)

independence_statement = Table(
    "independence_statement",
    metadata,
    _id(),
    _ref("assessment_id", "assessment.id", index=True),
    _ref("person_id", "person.id"),
    _ref("opening_id", "opening.id"),
    _at(),
)

snapshot = Table(
    "snapshot",
    metadata,
    _id(),
    _ref("assessment_id", "assessment.id"),
    Column("number", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    _ref("author_id", "person.id"),
    _at(),
    UniqueConstraint("assessment_id", "number"),
)

snapshot_part = Table(
    "snapshot_part",
    metadata,
    _ref("snapshot_id", "snapshot.id"),
    Column("name", String(120), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    _ref("opening_id", "opening.id"),
    UniqueConstraint("snapshot_id", "name"),
)

representation = Table(
    "representation",
    metadata,
    _id(),
    _ref("snapshot_id", "snapshot.id", index=True),
    _ref("person_id", "person.id"),
    _ref("opening_id", "opening.id"),
    _at(),
)

acceptance = Table(
    "acceptance",
    metadata,
    _id(),
    _ref("assessment_id", "assessment.id", index=True),
    _ref("snapshot_id", "snapshot.id"),
    _ref("reviewer_id", "person.id"),
    _at(),
)

# ---- working state of the review, and jobs -------------------------------------------------------

conclusion = Table(
    "conclusion",
    metadata,
    Column("assessment_id", ForeignKey("assessment.id", ondelete="RESTRICT"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("sentences", JSON, nullable=False),
    _ref("author_id", "person.id"),
    _at(),
)

job = Table(
    "job",
    metadata,
    _id(),
    Column("name", String(60), nullable=False),
    Column("key", String(200), nullable=False, unique=True),
    Column("arguments", JSON, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    _at("created_at"),
    _at("lease_until", nullable=True),
    _at("finished_at", nullable=True),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state_known"),
)

report_file = Table(
    "report_file",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    _at("created_at"),
)

APPEND_ONLY = (
    event_table,
    ledger_entry,
    response_revision,
    response_return,
    verdict,
    independence_statement,
    snapshot,
    snapshot_part,
    representation,
    acceptance,
)
