"""What the operator does from the command line, before anybody can sign in."""

from __future__ import annotations

from sdlc_assess import clock
from sdlc_assess.assessment.role import ROLES_OF, OrganisationKind
from sdlc_assess.services import sessions
from sdlc_assess.services.desk import Desk
from sdlc_assess.services.people import (
    PeopleError,
    organisation_name,
    person_named,
    refuse_two_sides,
)
from sdlc_assess.store import accounts, records


def add_person(
    desk: Desk, email: str, name: str, organisation: str, kind: str | None, role: str
) -> str:
    """Add a person with a role in an organisation; return the single-use link for the password."""
    (email, name), now = person_named(email, name), clock.now()
    organisation = organisation_name(organisation)
    with desk.database.write() as tx:
        found = accounts.organisation_named(tx, organisation)
        if found is None and kind is None:
            raise PeopleError(
                f"There is no organisation named {organisation}; with --kind it is made. Nobody "
                "was added."
            )
        actual = found.kind if found is not None else str(kind)
        if role not in ROLES_OF[OrganisationKind(actual)]:
            fitting = ", ".join(ROLES_OF[OrganisationKind(actual)])
            raise PeopleError(f"A {actual} organisation has the roles {fitting}. Nobody was added.")
        organisation_id = (
            found.id
            if found is not None
            else accounts.add_organisation(tx, organisation, actual, now)
        )
        known = accounts.person_with_email(tx, email)
        if known is not None:
            refuse_two_sides(tx, known.id, actual)
        person_id = known.id if known else accounts.add_person(tx, email, name, now)
        accounts.add_membership(tx, person_id, organisation_id, role, "invited", now)
        records.add_event(
            tx,
            now,
            "person.added",
            organisation_id=organisation_id,
            detail={"email": email, "role": role, "by": "operator, command line"},
        )
        return sessions.mail_link(desk, tx, person_id, "invitation", sessions.INVITATION_LIFE)
