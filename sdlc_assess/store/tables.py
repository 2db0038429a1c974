"""Every table. Rows that are never updated hold ids, times, option ids and digests; free text lies
in ``opening``, which alone may be blanked (record.md, "Append-only, yet erasable").
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sdlc_assess.assessment.review import VerdictOutcome
from sdlc_assess.assessment.role import OrganisationKind, Role
from sdlc_assess.assessment.status import Status
from sdlc_assess.store.columns import Words, at, id_column, metadata, one_of, ref

# ---- people -------------------------------------------------------------------------------------

organisation = Table(
    "organisation",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    at("created_at"),
    one_of("kind", OrganisationKind),
)

person = Table(
    "person",
    metadata,
    id_column(),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password_hash", String(200)),
    at("created_at"),
    at("disabled_at", nullable=True),
    CheckConstraint("email = lower(email)", name="email_lower"),
)

membership = Table(
    "membership",
    metadata,
    id_column(),
    ref("person_id", "person.id"),
    ref("organisation_id", "organisation.id", index=True),
    Column("role", String(30), nullable=False),
    Column("state", String(20), nullable=False),
    at("since"),
    UniqueConstraint("person_id", "organisation_id", "role"),
    one_of("role", Role),
    CheckConstraint("state IN ('invited', 'active', 'suspended')", name="state_known"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    ref("person_id", "person.id", index=True),
    at("created_at"),
    at("idle_until"),
    at("absolute_until"),
    at("factor_at"),
)

mail_token = Table(
    "mail_token",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    ref("person_id", "person.id"),
    Column("purpose", String(20), nullable=False),
    at("expires_at"),
    at("used_at", nullable=True),
    CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose_known"),
)

# ---- what is assessed ---------------------------------------------------------------------------

target = Table(
    "target",
    metadata,
    id_column(),
    ref("vendor_id", "organisation.id"),
    Column("name", String(200), nullable=False),
    UniqueConstraint("vendor_id", "name"),
)

unit = Table(
    "unit",
    metadata,
    id_column(),
    ref("target_id", "target.id"),
    Column("name", String(200), nullable=False),
    UniqueConstraint("target_id", "name"),
)
"""The unit with an empty name is the whole target."""

assessment = Table(
    "assessment",
    metadata,
    Column("id", String(20), primary_key=True),
    ref("vendor_id", "organisation.id"),
    ref("assessor_id", "organisation.id", nullable=True),
    ref("target_id", "target.id"),
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
    at("created_at"),
    at("updated_at"),
    Column("headline", JSON, nullable=False),
    one_of("status", Status),
    CheckConstraint("assessor_id IS NULL OR assessor_id <> vendor_id", name="two_organisations"),
    Index(None, "vendor_id", "created_at"),
    Index(None, "assessor_id", "created_at"),
)

assessment_unit = Table(
    "assessment_unit",
    metadata,
    ref("assessment_id", "assessment.id"),
    ref("unit_id", "unit.id"),
    UniqueConstraint("assessment_id", "unit_id"),
)

response = Table(
    "response",
    metadata,
    id_column(),
    ref("assessment_id", "assessment.id"),
    Column("question_id", String(60), nullable=False),
    ref("unit_id", "unit.id"),
    Column("version", Integer, nullable=False),
    Column("option_id", String(20)),
    Column("justification", Text, nullable=False),
    Column("na_reason", Text, nullable=False),
    Column("facts", Words, nullable=False),
    Column("standing", String(20), nullable=False),
    Column("standing_detail", JSON),
    Column("is_asked", Boolean, nullable=False),
    Column("is_returned", Boolean, nullable=False),
    ref("assignee_id", "person.id", nullable=True),
    ref("answered_by", "person.id", nullable=True),
    at("answered_at", nullable=True),
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
    id_column(),
    Column("salt", LargeBinary(32)),
    Column("text", Text),
)

event_table = Table(
    "event",
    metadata,
    id_column(),
    at(),
    Column("kind", String(60), nullable=False),
    ref("actor_id", "person.id", nullable=True),
    ref("organisation_id", "organisation.id", nullable=True),
    ref("assessment_id", "assessment.id", nullable=True),
    Column("subject", String(120), nullable=False),
    ref("opening_id", "opening.id", nullable=True),
    Column("idempotency_key", String(64)),
    UniqueConstraint("assessment_id", "idempotency_key"),
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    id_column(),
    at(),
    Column("kind", String(60), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    ref("opening_id", "opening.id"),
)

response_revision = Table(
    "response_revision",
    metadata,
    id_column(),
    ref("response_id", "response.id"),
    Column("number", Integer, nullable=False),
    Column("option_id", String(20)),
    Column("digest", LargeBinary(32), nullable=False),
    ref("opening_id", "opening.id"),
    ref("author_id", "person.id"),
    at(),
    UniqueConstraint("response_id", "number"),
)

response_return = Table(
    "response_return",
    metadata,
    id_column(),
    ref("response_id", "response.id", index=True),
    Column("revision", Integer, nullable=False),
    ref("opening_id", "opening.id"),
    ref("author_id", "person.id"),
    at(),
)

verdict = Table(
    "verdict",
    metadata,
    id_column(),
    ref("response_id", "response.id"),
    Column("number", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("option_id", String(20)),
    Column("failing_fact", String(30), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    ref("opening_id", "opening.id"),
    ref("author_id", "person.id"),
    at(),
    UniqueConstraint("response_id", "number"),
    one_of("outcome", VerdictOutcome),
)

independence_statement = Table(
    "independence_statement",
    metadata,
    id_column(),
    ref("assessment_id", "assessment.id", index=True),
    ref("person_id", "person.id"),
    ref("opening_id", "opening.id"),
    at(),
)

snapshot = Table(
    "snapshot",
    metadata,
    id_column(),
    ref("assessment_id", "assessment.id"),
    Column("number", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    ref("author_id", "person.id"),
    at(),
    UniqueConstraint("assessment_id", "number"),
)

snapshot_part = Table(
    "snapshot_part",
    metadata,
    ref("snapshot_id", "snapshot.id"),
    Column("name", String(120), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    ref("opening_id", "opening.id"),
    UniqueConstraint("snapshot_id", "name"),
)

representation = Table(
    "representation",
    metadata,
    id_column(),
    ref("snapshot_id", "snapshot.id", index=True),
    ref("person_id", "person.id"),
    ref("opening_id", "opening.id"),
    at(),
)

acceptance = Table(
    "acceptance",
    metadata,
    id_column(),
    ref("assessment_id", "assessment.id", index=True),
    ref("snapshot_id", "snapshot.id"),
    ref("reviewer_id", "person.id"),
    at(),
)

# ---- working state of the review, and jobs -------------------------------------------------------

conclusion = Table(
    "conclusion",
    metadata,
    Column("assessment_id", ForeignKey("assessment.id", ondelete="RESTRICT"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("sentences", JSON, nullable=False),
    ref("author_id", "person.id"),
    at(),
)

job = Table(
    "job",
    metadata,
    id_column(),
    Column("name", String(60), nullable=False),
    Column("key", String(200), nullable=False, unique=True),
    Column("arguments", JSON, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    at("created_at"),
    at("lease_until", nullable=True),
    at("finished_at", nullable=True),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state_known"),
)

report_file = Table(
    "report_file",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    at("created_at"),
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
