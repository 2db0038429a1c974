"""Responses: the working rows, their revisions and returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Label,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    select,
    update,
)

from sdlc_assess.store.prepared import Prepared, PreparedRead
from sdlc_assess.store.row import AnyRow
from sdlc_assess.store.tables import (
    event_table,
    opening,
    person,
    response,
    response_return,
    response_revision,
    unit,
)


def add_responses(
    connection: Connection, id: str, question_ids: Iterable[str], unit_ids: Sequence[int]
) -> None:
    """Add an unanswered response for each question and unit."""
    rows = [
        {
            "assessment_id": id,
            "question_id": question_id,
            "unit_id": unit_id,
            "version": 0,
            "justification": "",
            "na_reason": "",
            "facts": [],
            "standing": "direct",
            "is_asked": True,
            "is_returned": False,
        }
        for question_id in question_ids
        for unit_id in unit_ids
    ]
    connection.execute(insert(response), rows)


assignee = person.alias("assignee")
author = person.alias("author")

_RESPONSES = PreparedRead(
    select(
        *(c for c in response.c if c.name not in ("assessment_id", "is_asked", "standing_detail")),
        unit.c.name.label("unit"),
        assignee.c.name.label("assignee"),
        author.c.name.label("author"),
    )
    .join(unit, unit.c.id == response.c.unit_id)
    .outerjoin(assignee, assignee.c.id == response.c.assignee_id)
    .outerjoin(author, author.c.id == response.c.answered_by)
    .where(response.c.assessment_id == bindparam("assessment"), response.c.is_asked)
    .order_by(response.c.id),
    kept=4_096,
)


def responses(connection: Connection, id: str) -> Sequence[AnyRow]:
    """Return every response that is asked, with its unit's name and people's names."""
    return _RESPONSES.all(connection, {"assessment": id})


def _if_asked_for(column: Column[Any]) -> Label[Any]:
    """Return the column for the one question that is saved; the others' texts stay behind."""
    return case((response.c.question_id == bindparam("question"), column)).label(column.name)


_ANSWERS = PreparedRead(
    select(
        response.c.id,
        response.c.question_id,
        response.c.unit_id,
        unit.c.name.label("unit"),
        response.c.option_id,
        response.c.version,
        response.c.assignee_id,
        response.c.is_returned,
        _if_asked_for(response.c.justification),
        _if_asked_for(response.c.na_reason),
        _if_asked_for(response.c.facts),
    )
    .join(unit, unit.c.id == response.c.unit_id)
    .where(response.c.assessment_id == bindparam("assessment"), response.c.is_asked)
    .order_by(response.c.id),
    kept=4_096,
)


def answers(connection: Connection, id: str, question_id: str = "") -> Sequence[AnyRow]:
    """Return what the save of one question needs of every response: the hot path's one read.

    Texts and facts come for ``question_id`` alone.
    """
    return _ANSWERS.all(connection, {"assessment": id, "question": question_id})


_SAVE = Prepared(
    update(response)
    .where(response.c.id == bindparam("response"), response.c.version == bindparam("expected"))
    .values(
        version=response.c.version + literal_column("1"),
        option_id=bindparam("option"),
        justification=bindparam("text"),
        na_reason=bindparam("reason"),
        facts=bindparam("ticks"),
        answered_by=bindparam("by"),
        answered_at=bindparam("now"),
    )
)


def save_response(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Write one response if its version is still ``expected``; tell whether it was."""
    return _SAVE.run(connection, values) == 1


_ADD_REVISION = Prepared(
    insert(response_revision).values(
        {c.name: bindparam(c.name) for c in response_revision.c if c.name != "id"}
    )
)


def add_revision(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add the append-only row of one saved answer."""
    _ADD_REVISION.run(connection, values)


def set_responses(
    connection: Connection,
    id: str,
    values: Mapping[str, Any],
    *,
    question_id: str | None = None,
    unit_ids: Iterable[int] | None = None,
    response_ids: Iterable[int] | None = None,
) -> int:
    """Change working columns (never an answer) of some responses; count them."""
    statement = update(response).where(response.c.assessment_id == id)
    if question_id is not None:
        statement = statement.where(response.c.question_id == question_id)
    if unit_ids is not None:
        statement = statement.where(response.c.unit_id.in_(list(unit_ids)))
    if response_ids is not None:
        statement = statement.where(response.c.id.in_(list(response_ids)))
    return connection.execute(statement.values(**values)).rowcount


def unit_ids_answered(connection: Connection, id: str, question_id: str) -> set[int]:
    """Return the units that have a response row for the question, asked or not."""
    return set(
        connection.scalars(
            select(response.c.unit_id).where(
                response.c.assessment_id == id, response.c.question_id == question_id
            )
        )
    )


def saved_with_key(
    connection: Connection, id: str, key: str, response_id: int, number: int
) -> AnyRow | None:
    """Return (subject, option_id, text) of the act committed here under this idempotency key.

    Option and text are those of revision ``number`` of the response; null when there is none.
    """
    revision = and_(
        response_revision.c.response_id == response_id, response_revision.c.number == number
    )
    return connection.execute(
        select(event_table.c.subject, response_revision.c.option_id, opening.c.text)
        .select_from(event_table)
        .outerjoin(response_revision, revision)
        .outerjoin(opening, opening.c.id == response_revision.c.opening_id)
        .where(event_table.c.assessment_id == id, event_table.c.idempotency_key == key)
    ).one_or_none()


def revisions(connection: Connection, id: str, question_id: str) -> list[AnyRow]:
    """Return every revision of a question's responses, newest first; text None when erased."""
    return list(
        connection.execute(
            select(
                response_revision.c.number,
                response_revision.c.option_id,
                response_revision.c.at,
                unit.c.name.label("unit"),
                person.c.name.label("author"),
                opening.c.text,
            )
            .join(response, response.c.id == response_revision.c.response_id)
            .join(unit, unit.c.id == response.c.unit_id)
            .join(person, person.c.id == response_revision.c.author_id)
            .join(opening, opening.c.id == response_revision.c.opening_id)
            .where(response.c.assessment_id == id, response.c.question_id == question_id)
            .order_by(response_revision.c.id.desc())
        )
    )


def returns(connection: Connection, id: str) -> list[AnyRow]:
    """Return the newest return of each response: why the assessor sent it back."""
    newest = (
        select(func.max(response_return.c.id).label("id"))
        .join(response, response.c.id == response_return.c.response_id)
        .where(response.c.assessment_id == id)
        .group_by(response_return.c.response_id)
        .subquery()
    )
    return list(
        connection.execute(
            select(
                response_return.c.response_id,
                response_return.c.revision,
                response_return.c.at,
                opening.c.text,
                person.c.name.label("author"),
            )
            .join(newest, newest.c.id == response_return.c.id)
            .join(opening, opening.c.id == response_return.c.opening_id)
            .join(person, person.c.id == response_return.c.author_id)
        )
    )
