"""Who lets whom in, in which role, and that nobody is at home on both sides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from sdlc_assess import clock
from sdlc_assess.assessment.response import InvalidAnswer
from sdlc_assess.assessment.role import Role
from sdlc_assess.mail import Letter
from sdlc_assess.services import desk as desks
from sdlc_assess.services import operator, people, sessions
from sdlc_assess.services.desk import NotFound
from sdlc_assess.services.people import PeopleError
from sdlc_assess.services.sessions import UnusableToken
from tests.builders import World

GOOD = "correct horse battery staple"
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_hasher", PasswordHasher(1, 8, 1))


def invite(
    lite_world: World,
    by: str,
    organisation: str = "Northwind",
    *,
    email: str = "niobe@example.org",
    name: str = "Niobe",
    role: str = "contributor",
) -> Letter:
    with lite_world.visiting(by, write=True) as visit:
        return people.invite(visit, lite_world.organisations[organisation], email, name, role)


def states(lite_world: World, organisation: str = "Northwind") -> dict[tuple[str, str], str]:
    with lite_world.visiting("grace") as visit:
        _, found = people.people_of(visit, lite_world.organisations[organisation])
        return {(row.email, row.role): row.state for row in found}


def token_of(letter: Letter) -> str:
    return next(x for x in letter.text.splitlines() if x.startswith("http")).rsplit("/", 1)[1]


def test_an_invitation_lets_in_once_within_seven_days(lite_world: World) -> None:
    with clock.held_at(START):
        lite_world.tokens["later"] = sessions_of(lite_world, "alice")
        letter = invite(lite_world, "later")
    assert "http://localhost:8000/invitation/" in letter.text
    token = token_of(letter)
    assert states(lite_world)["niobe@example.org", "contributor"] == "invited"
    with clock.held_at(START + timedelta(days=7)), pytest.raises(UnusableToken):
        sessions.set_password(lite_world.desk, token, "invitation", GOOD)
    with clock.held_at(START + timedelta(days=7, microseconds=-1)):
        entered = sessions.set_password(lite_world.desk, token, "invitation", GOOD)
        with desks.visiting(lite_world.desk, sessions.token_hash(entered)) as visit:
            assert [(m.organisation, m.role) for m in visit.memberships] == [
                ("Northwind", Role.CONTRIBUTOR)
            ]
        with pytest.raises(UnusableToken):
            sessions.set_password(lite_world.desk, token, "invitation", GOOD)
    assert states(lite_world)["niobe@example.org", "contributor"] == "active"


def sessions_of(lite_world: World, name: str) -> str:
    with lite_world.desk.database.write() as tx:
        sessions.open_session(tx, lite_world.people[name], f"later-{name}", clock.now())
    return f"later-{name}"


def test_who_is_only_invited_has_no_role_yet(lite_world: World) -> None:
    letter = invite(lite_world, "alice")
    with lite_world.visiting("alice") as visit:
        _, found = people.people_of(visit, lite_world.organisations["Northwind"])
    id = next(row.person_id for row in found if row.email == letter.to)
    with lite_world.desk.database.write() as tx:
        sessions.open_session(tx, id, "t", clock.now())
    with desks.visiting(lite_world.desk, sessions.token_hash("t")) as visit:
        assert visit.memberships == ()


@pytest.mark.parametrize("role", [*sorted(set(Role) - {Role.CONTRIBUTOR}), "", "owner"])
def test_a_lead_invites_contributors_alone(lite_world: World, role: str) -> None:
    with pytest.raises(PeopleError, match="can't hand out this role"):
        invite(lite_world, "alice", role=role)
    assert ("niobe@example.org", role) not in states(lite_world)


@pytest.mark.parametrize(
    "who", ["bob", "dana", "charlie", "erin", "frank", "other_lead", "other_reviewer"]
)
def test_nobody_else_invites_into_the_vendor(lite_world: World, who: str) -> None:
    with pytest.raises(NotFound):
        invite(lite_world, who)


@pytest.mark.parametrize(
    ("organisation", "role", "fits"),
    [
        ("Northwind", "lead", True),
        ("Northwind", "executive", True),
        ("Northwind", "assessor", False),
        ("Halden", "assessor", True),
        ("Halden", "lead", False),
        ("Operator", "administrator", True),
        ("Operator", "lead", False),
    ],
)
def test_an_administrator_hands_out_the_roles_of_that_kind_of_organisation(
    lite_world: World, organisation: str, role: str, fits: bool
) -> None:
    if fits:
        assert invite(lite_world, "grace", organisation, role=role).to == "niobe@example.org"
    else:
        with pytest.raises(PeopleError):
            invite(lite_world, "grace", organisation, role=role)


@pytest.mark.parametrize(
    ("organisation", "email"), [("Halden", "bob@example.org"), ("Contoso", "erin@example.org")]
)
def test_nobody_is_on_both_sides(lite_world: World, organisation: str, email: str) -> None:
    role = "assessor" if organisation == "Halden" else "lead"
    with pytest.raises(PeopleError, match="other side"):
        invite(lite_world, "grace", organisation, email=email, role=role)
    kind = "assessor" if organisation == "Halden" else "vendor"
    with pytest.raises(PeopleError, match="other side"):
        operator.add_person(lite_world.desk, email, "X", organisation, kind, role)
    assert (email, role) not in states(lite_world, organisation)


def test_a_suspended_person_is_still_kept_from_the_other_side(
    lite_world: World,
) -> None:
    with lite_world.visiting("grace", write=True) as visit:
        people.suspend(visit, lite_world.organisations["Northwind"], lite_world.people["bob"])
    with pytest.raises(PeopleError, match="other side"):
        invite(lite_world, "grace", "Halden", email="bob@example.org", role="assessor")


def test_an_invitation_never_takes_an_active_role_away(lite_world: World) -> None:
    with pytest.raises(PeopleError, match="already has this role"):
        invite(lite_world, "alice", email="bob@example.org", name="Bob")
    assert states(lite_world)["bob@example.org", "contributor"] == "active"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "a@b@c",
        "a b@example.org",
        "a@example.org\nBcc: all@example.org",
        "a,b@example.org",
        "a@example.org;b",
        "<a@example.org>",
        "a@",
        "@b",
        "a@b.",
        '"a"@example.org',
        "ä@example.org",
        "x" * 250 + "@example.org",
        "a\x00@example.org",
    ],
)
def test_only_one_plain_mail_address_is_invited(lite_world: World, email: str) -> None:
    with pytest.raises((PeopleError, InvalidAnswer)):
        invite(lite_world, "alice", email=email)
    with pytest.raises((PeopleError, InvalidAnswer)):
        operator.add_person(lite_world.desk, email, "X", "Northwind", None, "lead")


@pytest.mark.parametrize("name", ["", " ", "A\nB", "x" * 201, "a\tb", "a\x1bb"])
def test_a_name_stands_on_one_line(lite_world: World, name: str) -> None:
    with pytest.raises((PeopleError, InvalidAnswer)):
        invite(lite_world, "alice", name=name)
    with (
        pytest.raises((PeopleError, InvalidAnswer)),
        lite_world.visiting("grace", write=True) as visit,
    ):
        people.create_organisation(visit, name, "vendor")


def test_an_organisation_is_named_once_and_has_a_kind(lite_world: World) -> None:
    def create(name: str, kind: str) -> int:
        with lite_world.visiting("grace", write=True) as visit:
            return people.create_organisation(visit, name, kind)

    assert create("Fabrikam", "vendor") > 0
    for name, kind in (("Fabrikam", "assessor"), ("New", "customer")):
        with pytest.raises(PeopleError):
            create(name, kind)


@pytest.mark.parametrize("number", [0, 999_999, 2**63, 10**40])
def test_an_organisation_or_person_that_is_not_there_is_not_found(
    lite_world: World, number: int
) -> None:
    def see(visit: Any) -> None:
        people.people_of(visit, number)

    def suspend(visit: Any) -> None:
        people.suspend(visit, lite_world.organisations["Northwind"], number)

    for act in (see, suspend):
        with pytest.raises(NotFound), lite_world.visiting("grace", write=True) as visit:
            act(visit)


def test_nobody_suspends_themselves(lite_world: World) -> None:
    with pytest.raises(PeopleError), lite_world.visiting("grace", write=True) as visit:
        people.suspend(visit, lite_world.organisations["Operator"], lite_world.people["grace"])


def test_the_command_line_adds_the_first_person_of_an_instance(lite_world: World) -> None:
    desk = lite_world.desk
    link = operator.add_person(
        desk, "First@Example.org", "First", "New", "operator", "administrator"
    )
    assert link.startswith("http://localhost:8000/invitation/")
    for organisation, kind, role in (("Unknown", None, "lead"), ("New", None, "lead")):
        with pytest.raises(PeopleError):
            operator.add_person(desk, "x@example.org", "X", organisation, kind, role)
    entered = sessions.set_password(desk, link.rsplit("/", 1)[1], "invitation", GOOD)
    with desks.visiting(desk, sessions.token_hash(entered)) as visit:
        assert visit.email == "first@example.org"
