"""The permission table keeps what product.md promises of each role."""

from __future__ import annotations

import pytest

from sdlc_assess.assessment.actor import Actor
from sdlc_assess.assessment.role import (
    INVITABLE,
    ORGANISATION_PERMISSIONS,
    OWN,
    PERMISSIONS,
    ROLES_OF,
    Action,
    OrganisationAction,
    OrganisationKind,
    Role,
    Side,
    invitable,
    permits,
)
from sdlc_assess.assessment.status import Status

VENDOR = ROLES_OF[OrganisationKind.VENDOR]
ASSESSOR = ROLES_OF[OrganisationKind.ASSESSOR]


def who_may(action: Action) -> set[Role]:
    return {
        role
        for role in Role
        for side in Side
        for status in Status
        if permits(action, side, role, status)
    }


def test_an_assessor_can_change_no_answer_in_any_state() -> None:
    writes = {Action.ANSWER, Action.ASSIGN, Action.SUBMIT, Action.RECALL, Action.EDIT_TERMS}
    for action in writes | {Action.REPRESENT}:
        assert who_may(action).isdisjoint(ASSESSOR)


def test_a_vendor_can_touch_no_verdict_in_any_state() -> None:
    for action in (
        Action.SET_VERDICT,
        Action.RETURN,
        Action.CONCLUDE,
        Action.ACCEPT,
        Action.OPEN,
        Action.REOPEN,
        Action.READ_REVIEW,
    ):
        assert who_may(action).isdisjoint(VENDOR)


@pytest.mark.parametrize(
    ("action", "role"),
    [
        (Action.SUBMIT, Role.CONTRIBUTOR),
        (Action.SUBMIT, Role.EXECUTIVE),
        (Action.ANSWER, Role.EXECUTIVE),
        (Action.SET_VERDICT, Role.TECHNICAL_REVIEWER),
        (Action.SET_VERDICT, Role.SIGNING_ASSESSOR),
        (Action.ACCEPT, Role.ASSESSOR),
        (Action.ACCEPT, Role.SIGNING_ASSESSOR),
    ],
)
def test_what_a_role_may_not_do(action: Action, role: Role) -> None:
    assert role not in who_may(action)


def test_the_administrator_reads_no_assessment() -> None:
    assert all(Role.ADMINISTRATOR not in who_may(action) for action in Action)


def test_nobody_acts_from_the_wrong_side() -> None:
    for action in Action:
        for status in Status:
            for role in VENDOR:
                assert not permits(action, Side.ASSESSOR, role, status)
            for role in ASSESSOR:
                assert not permits(action, Side.VENDOR, role, status)


def test_answers_are_closed_once_handed_in() -> None:
    may_answer = {s for s in Status if permits(Action.ANSWER, Side.VENDOR, Role.LEAD, s)}
    assert may_answer == {Status.DRAFT, Status.RETURNED}


def test_an_assessor_reads_no_draft() -> None:
    for action in (Action.READ_ANSWERS, Action.READ_REVIEW, Action.READ_REPORT):
        for status in (Status.PLANNED, Status.DRAFT):
            assert not any(permits(action, Side.ASSESSOR, role, status) for role in ASSESSOR)


def test_every_action_has_a_rule() -> None:
    assert set(PERMISSIONS) == set(Action)
    assert set(ORGANISATION_PERMISSIONS) == set(OrganisationAction)


def test_nobody_but_the_operator_reaches_beyond_the_own_organisation() -> None:
    for rule in ORGANISATION_PERMISSIONS.values():
        for role, reach in rule.items():
            assert role is Role.ADMINISTRATOR or reach == OWN


def test_a_lead_hands_out_nothing_but_contributor() -> None:
    assert INVITABLE[Role.LEAD] == {Role.CONTRIBUTOR}
    assert invitable({Role.LEAD}, OrganisationKind.VENDOR) == (Role.CONTRIBUTOR,)
    assert invitable({Role.LEAD}, OrganisationKind.ASSESSOR) == ()
    assert invitable({Role.ADMINISTRATOR}, OrganisationKind.ASSESSOR) == ASSESSOR
    assert invitable({Role.EXECUTIVE}, OrganisationKind.VENDOR) == ()


def test_an_actor_knows_its_roles() -> None:
    alice = Actor(1, "Alice", "alice@example.org", 1, "Northwind", frozenset({Role.LEAD}))
    assert alice.is_a(Role.LEAD, Role.EXECUTIVE)
    assert not alice.is_a(Role.ASSESSOR)
