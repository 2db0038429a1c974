"""Assessments: their targets, units, numbers and acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from sdlc_assess.store.prepared import Prepared
from sdlc_assess.store.row import AnyRow
from sdlc_assess.store.tables import (
    assessment,
    assessment_unit,
    event_table,
    membership,
    opening,
    organisation,
    person,
    target,
    unit,
)

WHOLE = ""
"""The name of the unit that stands for the whole target."""


def target_named(connection: Connection, vendor_id: int, name: str) -> int:
    """Return the vendor's target of this name; it is made, with its whole unit, when new."""
    found = connection.execute(
        select(target.c.id).where(target.c.vendor_id == vendor_id, target.c.name == name)
    ).scalar()
    if found is not None:
        return int(found)
    id = connection.execute(
        insert(target).returning(target.c.id), {"vendor_id": vendor_id, "name": name}
    ).scalar_one()
    connection.execute(insert(unit), {"target_id": id, "name": WHOLE})
    return int(id)


def units_named(connection: Connection, target_id: int, names: Iterable[str]) -> dict[str, int]:
    """Return {name: unit id} of a target for ``names``; missing ones are made."""
    known: dict[str, int] = {
        name: id
        for id, name in connection.execute(
            select(unit.c.id, unit.c.name).where(unit.c.target_id == target_id)
        )
    }
    for name in names:
        if name not in known:
            known[name] = connection.execute(
                insert(unit).returning(unit.c.id), {"target_id": target_id, "name": name}
            ).scalar_one()
    return {name: known[name] for name in names}


def add_assessment(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add an assessment row."""
    connection.execute(insert(assessment), dict(values))


def set_assessment(connection: Connection, id: str, values: Mapping[str, Any]) -> None:
    """Change columns of an assessment's working state."""
    connection.execute(update(assessment).where(assessment.c.id == id).values(**values))


_SET_HEADLINE = Prepared(
    update(assessment)
    .where(assessment.c.id == bindparam("assessment"))
    .values(headline=bindparam("headline_now"), updated_at=bindparam("now"))
)


def set_headline(connection: Connection, id: str, headline: Any, at: datetime) -> None:
    """Store the numbers that lists show, computed from the answers of this transaction."""
    _SET_HEADLINE.run(connection, {"assessment": id, "headline_now": headline, "now": at})


def move(connection: Connection, id: str, before: str, after: str, at: datetime) -> bool:
    """Move the assessment from one status to another; False when it is no longer ``before``."""
    return (
        connection.execute(
            update(assessment)
            .where(assessment.c.id == id, assessment.c.status == before)
            .values(status=after, updated_at=at)
        ).rowcount
        == 1
    )


def set_units(connection: Connection, id: str, unit_ids: Iterable[int]) -> None:
    """Set which units are in scope (besides the whole target)."""
    connection.execute(assessment_unit.delete().where(assessment_unit.c.assessment_id == id))
    rows = [{"assessment_id": id, "unit_id": unit_id} for unit_id in unit_ids]
    if rows:
        connection.execute(insert(assessment_unit), rows)


def units_of(connection: Connection, id: str) -> list[AnyRow]:
    """Return (id, name) of the units in scope, in the order entered."""
    return list(
        connection.execute(
            select(unit.c.id, unit.c.name)
            .join(assessment_unit, assessment_unit.c.unit_id == unit.c.id)
            .where(assessment_unit.c.assessment_id == id)
            .order_by(unit.c.id)
        )
    )


def whole_unit(connection: Connection, target_id: int) -> int:
    """Return the id of the unit that stands for the whole target."""
    return int(
        connection.execute(
            select(unit.c.id).where(unit.c.target_id == target_id, unit.c.name == WHOLE)
        ).scalar_one()
    )


def events(connection: Connection, id: str, limit: int) -> list[AnyRow]:
    """Return the newest events of an assessment with names."""
    return list(
        connection.execute(
            select(
                event_table.c.at,
                event_table.c.kind,
                event_table.c.subject,
                person.c.name.label("actor"),
                opening.c.text,
            )
            .outerjoin(person, person.c.id == event_table.c.actor_id)
            .outerjoin(opening, opening.c.id == event_table.c.opening_id)
            .where(event_table.c.assessment_id == id, event_table.c.kind != "answer.saved")
            .order_by(event_table.c.id.desc())
            .limit(limit)
        )
    )


def people_who_acted(connection: Connection, id: str) -> list[AnyRow]:
    """Return (name, role, organisation) of everybody who acted on the assessment."""
    acted = select(event_table.c.actor_id).where(event_table.c.assessment_id == id)
    return list(
        connection.execute(
            select(person.c.name, membership.c.role, organisation.c.name.label("organisation"))
            .join(membership, membership.c.person_id == person.c.id)
            .join(organisation, organisation.c.id == membership.c.organisation_id)
            .join(
                assessment,
                and_(
                    assessment.c.id == id,
                    or_(
                        assessment.c.vendor_id == organisation.c.id,
                        assessment.c.assessor_id == organisation.c.id,
                    ),
                ),
            )
            .where(person.c.id.in_(acted))
            .order_by(organisation.c.name, person.c.name, membership.c.role)
        )
    )
