"""Organisations and their people: who is invited, in which role, and who is suspended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from sdlc_assess.assessment.response import clean_text
from sdlc_assess.assessment.role import (
    OrganisationAction,
    OrganisationKind,
    Role,
    invitable,
)
from sdlc_assess.errors import AssessError
from sdlc_assess.mail import Letter
from sdlc_assess.services import sessions
from sdlc_assess.services.desk import NotFound, Visit
from sdlc_assess.store import accounts, records
from sdlc_assess.store.row import AnyRow

NAME_LIMIT = 200
MOST_ID = 2**63 - 1
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""One mail address as HTML's mail field takes it (WHATWG, valid e-mail address)."""


class PeopleError(AssessError):
    """Nothing was changed."""


def organisations(visit: Visit) -> list[AnyRow]:
    """Return every organisation, for the operator's administrator."""
    visit.permit(OrganisationAction.LIST_ORGANISATIONS)
    return accounts.organisations(visit.tx)


def create_organisation(visit: Visit, name: str, kind: str) -> int:
    """Add a vendor, assessor or operator organisation; return its id."""
    visit.permit(OrganisationAction.CREATE_ORGANISATION)
    name = organisation_name(name)
    if kind not in set(OrganisationKind):
        raise PeopleError("Choose what kind of organisation it is. Nothing was changed.")
    if accounts.organisation_named(visit.tx, name) is not None:
        raise PeopleError(f"There is already an organisation named {name}. Nothing was changed.")
    id = accounts.add_organisation(visit.tx, name, kind, visit.now)
    _event(visit, "organisation.created", id, {"name": name, "kind": kind})
    return id


def organisation_name(name: str) -> str:
    """Return a name that fits on one line of a page, a mail and a report, or raise PeopleError."""
    name = clean_text(name, "name", NAME_LIMIT)
    if not name or not name.isprintable():
        raise PeopleError("An organisation needs a name, on one line. Nothing was changed.")
    return name


def person_named(email: str, name: str) -> tuple[str, str]:
    """Return (address in lower case, name) of somebody to add, or raise PeopleError."""
    email, name = clean_text(email, "address", 254).lower(), clean_text(name, "name", NAME_LIMIT)
    if not name or not name.isprintable() or not ADDRESS.fullmatch(email):
        raise PeopleError("Give a name and one mail address. Nobody was invited.")
    return email, name


def people_of(visit: Visit, organisation_id: int) -> tuple[AnyRow, Sequence[AnyRow]]:
    """Return an organisation and a row per membership, or raise NotFound."""
    visit.permit(OrganisationAction.SEE_PEOPLE, organisation_id)
    return _organisation(visit, organisation_id), accounts.people_of(visit.tx, organisation_id)


def roles_to_give(visit: Visit, organisation: AnyRow) -> tuple[Role, ...]:
    """Return the roles that the person may hand out in this organisation."""
    kind = OrganisationKind(organisation.kind)
    return invitable(visit.roles_in(organisation.id), kind)


def invite(visit: Visit, organisation_id: int, email: str, name: str, role: str) -> Letter:
    """Invite a person into an organisation in one role; return the letter that lets them in.

    A person already known keeps name and password; the new membership waits for the same link.
    """
    visit.permit(OrganisationAction.INVITE, organisation_id)
    organisation = _organisation(visit, organisation_id)
    if role not in roles_to_give(visit, organisation):
        raise PeopleError("You can't hand out this role here. Nobody was invited.")
    email, name = person_named(email, name)
    known = accounts.person_with_email(visit.tx, email)
    if known is not None:
        refuse_two_sides(visit.tx, known.id, organisation.kind)
        _refuse_again(visit, known.id, organisation_id, role)
    person_id = known.id if known else accounts.add_person(visit.tx, email, name, visit.now)
    accounts.add_membership(visit.tx, person_id, organisation_id, role, "invited", visit.now)
    link = sessions.mail_link(
        visit.desk, visit.tx, person_id, "invitation", sessions.INVITATION_LIFE
    )
    _event(visit, "person.invited", organisation_id, {"email": email, "role": role})
    return Letter(
        email,
        f"Your invitation to {organisation.name}",
        f"{visit.name} invites you to {organisation.name} as {role.replace('_', ' ')}.\n\n"
        f"{link}\n\nThe link works once, within seven days.\n",
    )


def _refuse_again(visit: Visit, person_id: int, organisation_id: int, role: str) -> None:
    """An invitation would take an active role away until its link is used."""
    for row in accounts.people_of(visit.tx, organisation_id):
        if (row.person_id, row.role, row.state) == (person_id, role, "active"):
            raise PeopleError("This person already has this role here. Nobody was invited.")


def refuse_two_sides(tx: Connection, person_id: int, kind: str) -> None:
    """Nobody belongs to a vendor and to an assessor organisation under one account."""
    found = {accounts.organisation_by_id(tx, id) for id in accounts.organisations_of(tx, person_id)}
    sides = {row.kind for row in found if row is not None} | {kind}
    if {"vendor", "assessor"} <= sides:
        raise PeopleError(
            "This person already belongs to the other side: nobody is at home with a vendor and "
            "with an assessor at once. Nobody was invited."
        )


def suspend(visit: Visit, organisation_id: int, person_id: int) -> None:
    """Take a person's every role in an organisation; all their sessions end at once."""
    visit.permit(OrganisationAction.SUSPEND, organisation_id)
    if person_id == visit.person_id:
        raise PeopleError("You can't suspend yourself; another administrator can.")
    _organisation(visit, organisation_id)
    if person_id > MOST_ID:
        raise NotFound
    changed = accounts.set_membership_state(
        visit.tx, organisation_id, person_id, ("active", "invited"), "suspended", visit.now
    )
    if not changed:
        raise NotFound
    accounts.end_sessions_of(visit.tx, person_id)
    _event(visit, "person.suspended", organisation_id, {"person": person_id})


def _organisation(visit: Visit, id: int) -> AnyRow:
    found = accounts.organisation_by_id(visit.tx, id) if id <= MOST_ID else None
    if found is None:
        raise NotFound
    return found


def _event(visit: Visit, kind: str, organisation_id: int, detail: dict[str, Any]) -> None:
    records.add_event(
        visit.tx,
        visit.now,
        kind,
        actor_id=visit.person_id,
        organisation_id=organisation_id,
        detail=detail,
    )
