"""Find and permit in one statement: session, person, membership and assessment are joined, and the
permission table is part of the condition. A row that may not be touched is not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import (
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    false,
    literal_column,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from sdlc_assess.assessment.role import PERMISSIONS, Action, Grant, Side
from sdlc_assess.store.prepared import PreparedRead
from sdlc_assess.store.row import AnyRow
from sdlc_assess.store.tables import (
    assessment,
    membership,
    organisation,
    person,
    session,
    target,
)

vendor = organisation.alias("vendor")
assessor = organisation.alias("assessor")

WHO = (
    person.c.id.label("person_id"),
    person.c.name.label("person_name"),
    person.c.email,
    session.c.idle_until,
    session.c.factor_at,
)
ROLE = (membership.c.organisation_id, membership.c.role)
WHAT = (
    assessment,
    vendor.c.name.label("vendor_name"),
    assessor.c.name.label("assessor_name"),
    target.c.name.label("target_name"),
)


def _any_of(column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    # enum members of ours, written into the statement: no parameter to expand at each call
    return column.in_([literal_column(f"'{value}'") for value in sorted(values)])


def stands_for(side: Side) -> ColumnElement[bool]:
    """The membership's organisation stands on ``side`` of the assessment."""
    column = assessment.c.vendor_id if side is Side.VENDOR else assessment.c.assessor_id
    return membership.c.organisation_id == column


def condition(grants: Sequence[Grant], *, any_state: bool = False) -> ColumnElement[bool]:
    """Return the SQL form of ``grants``; with ``any_state`` the state is left out."""
    return or_(
        false(),
        *(
            and_(
                stands_for(grant.side),
                _any_of(membership.c.role, list(grant.roles)),
                *([] if any_state else [_any_of(assessment.c.status, list(grant.states))]),
            )
            for grant in grants
        ),
    )


def is_live() -> ColumnElement[bool]:
    """The session of the bound ``token`` is live at ``now``, and its person not disabled."""
    return and_(
        session.c.token_hash == bindparam("token"),
        session.c.idle_until > bindparam("now"),
        session.c.absolute_until > bindparam("now"),
        person.c.disabled_at.is_(None),
    )


def signed_in() -> FromClause:
    """Session and person."""
    return session.join(person, person.c.id == session.c.person_id)


def as_member() -> FromClause:
    """Session, person and their active memberships."""
    active = and_(membership.c.person_id == person.c.id, membership.c.state == "active")
    return signed_in().join(membership, active)


def with_names(source: FromClause) -> FromClause:
    """Add the names of vendor, assessor and target to a source that holds the assessment."""
    return (
        source.join(vendor, vendor.c.id == assessment.c.vendor_id)
        .outerjoin(assessor, assessor.c.id == assessment.c.assessor_id)
        .join(target, target.c.id == assessment.c.target_id)
    )


@cache
def find_statement(action: Action, *, any_state: bool = False, lock: bool = False) -> PreparedRead:
    """Return the one statement that finds an assessment for ``action``: a row per role held.

    With ``lock`` writers of one assessment go one after the other in PostgreSQL as well; SQLite has
    one writer anyhow.
    """
    allowed = condition(PERMISSIONS[action], any_state=any_state)
    source = with_names(as_member().join(assessment, allowed))
    found = (
        select(*WHO, *ROLE, *WHAT)
        .select_from(source)
        .where(is_live(), assessment.c.id == bindparam("assessment"))
    )
    return PreparedRead(found.with_for_update(of=assessment, key_share=True) if lock else found)


def find(
    connection: Connection,
    action: Action,
    token: bytes,
    assessment_id: str,
    now: datetime,
    *,
    any_state: bool = False,
    lock: bool = False,
) -> Sequence[AnyRow]:
    """Return a row per role under which the session may do ``action``; none when it may not."""
    return find_statement(action, any_state=any_state, lock=lock).all(
        connection, {"token": token, "assessment": assessment_id, "now": now}
    )


MEMBERSHIPS = (
    select(*WHO, *ROLE, organisation.c.name.label("organisation"), organisation.c.kind)
    .select_from(
        signed_in()
        .outerjoin(
            membership,
            and_(membership.c.person_id == person.c.id, membership.c.state == "active"),
        )
        .outerjoin(organisation, organisation.c.id == membership.c.organisation_id)
    )
    .where(is_live())
    .order_by(membership.c.id)
)


def memberships(connection: Connection, token: bytes, now: datetime) -> Sequence[AnyRow]:
    """Return a row per active membership of the live session; one with nulls without any."""
    return connection.execute(MEMBERSHIPS, {"token": token, "now": now}).all()


@cache
def list_statement(action: Action) -> Select[tuple[object, ...]]:
    """Return the statement of every assessment on which the session may do ``action``."""
    source = with_names(as_member().join(assessment, condition(PERMISSIONS[action])))
    return (
        select(*WHO, *ROLE, *WHAT)
        .select_from(source)
        .where(is_live())
        .order_by(assessment.c.created_at.desc(), assessment.c.id)
        .limit(bindparam("limit"))
    )


def listed(
    connection: Connection, action: Action, token: bytes, now: datetime, limit: int
) -> Sequence[AnyRow]:
    """Return assessments on which ``action`` is allowed, newest first, a row per role."""
    return connection.execute(
        list_statement(action), {"token": token, "now": now, "limit": limit}
    ).all()
