"""Verdicts, returns, independence statements, conclusions, representations and acceptances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from sdlc_assess.store.row import AnyRow
from sdlc_assess.store.tables import (
    acceptance,
    conclusion,
    independence_statement,
    opening,
    person,
    representation,
    response,
    response_return,
    snapshot,
    unit,
    verdict,
)

_NEWEST = (
    select(func.max(verdict.c.id).label("id"))
    .join(response, response.c.id == verdict.c.response_id)
    .where(response.c.assessment_id == bindparam("assessment"), response.c.is_asked)
    .group_by(verdict.c.response_id)
    .subquery()
)

_VERDICTS = (
    select(
        verdict.c.response_id,
        verdict.c.number,
        verdict.c.revision,
        verdict.c.outcome,
        verdict.c.option_id,
        verdict.c.failing_fact,
        verdict.c.author_id,
        verdict.c.at,
        person.c.name.label("author"),
        opening.c.text,
    )
    .join(_NEWEST, _NEWEST.c.id == verdict.c.id)
    .join(person, person.c.id == verdict.c.author_id)
    .join(opening, opening.c.id == verdict.c.opening_id)
)


def verdicts(connection: Connection, assessment_id: str) -> Sequence[AnyRow]:
    """Return the newest verdict of each response; its free text lies in ``text`` as JSON."""
    return connection.execute(_VERDICTS, {"assessment": assessment_id}).all()


def verdict_history(
    connection: Connection, assessment_id: str, question_id: str
) -> Sequence[AnyRow]:
    """Return every verdict on a question's responses, newest first."""
    return connection.execute(
        select(
            verdict.c.number,
            verdict.c.revision,
            verdict.c.outcome,
            verdict.c.option_id,
            verdict.c.failing_fact,
            verdict.c.at,
            unit.c.name.label("unit"),
            person.c.name.label("author"),
            opening.c.text,
        )
        .join(response, response.c.id == verdict.c.response_id)
        .join(unit, unit.c.id == response.c.unit_id)
        .join(person, person.c.id == verdict.c.author_id)
        .join(opening, opening.c.id == verdict.c.opening_id)
        .where(response.c.assessment_id == assessment_id, response.c.question_id == question_id)
        .order_by(verdict.c.id.desc())
    ).all()


def add_verdict(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add a verdict; an earlier one of the same number refuses it (unique)."""
    connection.execute(insert(verdict), dict(values))


def verdict_setters(connection: Connection, assessment_id: str) -> set[int]:
    """Return the ids of everybody who ever set a verdict in the assessment."""
    return set(
        connection.scalars(
            select(verdict.c.author_id)
            .join(response, response.c.id == verdict.c.response_id)
            .where(response.c.assessment_id == assessment_id)
            .distinct()
        )
    )


def add_return(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add why a response was sent back."""
    connection.execute(insert(response_return), dict(values))


def add_independence(
    connection: Connection, assessment_id: str, person_id: int, opening_id: int, at: datetime
) -> None:
    """Add a person's statement of independence for the assessment."""
    connection.execute(
        insert(independence_statement),
        {
            "assessment_id": assessment_id,
            "person_id": person_id,
            "opening_id": opening_id,
            "at": at,
        },
    )


def independence_statements(connection: Connection, assessment_id: str) -> Sequence[AnyRow]:
    """Return who declared what, oldest first."""
    return connection.execute(
        select(
            independence_statement.c.person_id,
            independence_statement.c.at,
            person.c.name,
            opening.c.text,
        )
        .join(person, person.c.id == independence_statement.c.person_id)
        .join(opening, opening.c.id == independence_statement.c.opening_id)
        .where(independence_statement.c.assessment_id == assessment_id)
        .order_by(independence_statement.c.id)
    ).all()


def conclusion_of(connection: Connection, assessment_id: str) -> AnyRow | None:
    """Return the working conclusion."""
    return connection.execute(
        select(conclusion, person.c.name.label("author"))
        .join(person, person.c.id == conclusion.c.author_id)
        .where(conclusion.c.assessment_id == assessment_id)
    ).one_or_none()


def save_conclusion(
    connection: Connection, assessment_id: str, expected: int, values: Mapping[str, Any]
) -> bool:
    """Write the conclusion if its version is still ``expected`` (0: none yet); tell whether."""
    if expected == 0:
        if conclusion_of(connection, assessment_id) is not None:
            return False
        row = {"assessment_id": assessment_id, "version": 1, **values}
        connection.execute(insert(conclusion), row)
        return True
    return (
        connection.execute(
            update(conclusion)
            .where(conclusion.c.assessment_id == assessment_id, conclusion.c.version == expected)
            .values(version=expected + 1, **values)
        ).rowcount
        == 1
    )


def add_representation(
    connection: Connection, snapshot_id: int, person_id: int, opening_id: int, at: datetime
) -> None:
    """Add the executive's representation for one submitted snapshot."""
    connection.execute(
        insert(representation),
        {"snapshot_id": snapshot_id, "person_id": person_id, "opening_id": opening_id, "at": at},
    )


def representation_of(connection: Connection, assessment_id: str) -> AnyRow | None:
    """Return the representation for the newest *submitted* snapshot; None when unsigned."""
    newest = (
        select(func.max(snapshot.c.id))
        .where(snapshot.c.assessment_id == assessment_id, snapshot.c.state == "submitted")
        .scalar_subquery()
    )
    return connection.execute(
        select(representation.c.at, person.c.name, opening.c.text)
        .join(person, person.c.id == representation.c.person_id)
        .join(opening, opening.c.id == representation.c.opening_id)
        .where(representation.c.snapshot_id == newest)
        .order_by(representation.c.id.desc())
        .limit(1)
    ).one_or_none()


def add_acceptance(
    connection: Connection, assessment_id: str, snapshot_id: int, reviewer_id: int, at: datetime
) -> None:
    """Record who accepted; the guard refuses somebody who set a verdict here."""
    connection.execute(
        insert(acceptance),
        {
            "assessment_id": assessment_id,
            "snapshot_id": snapshot_id,
            "reviewer_id": reviewer_id,
            "at": at,
        },
    )
