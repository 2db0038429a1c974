"""Who may do what, and when: the one permission table, role x action x state.

The store turns these rules into the condition of the row's own query, so a row that may not be
touched is never found. tests/web/policy.csv states the same promises by hand, per route.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sdlc_assess.assessment.status import Status


class Role(StrEnum):
    """What a person is within one organisation."""

    LEAD = "lead"
    CONTRIBUTOR = "contributor"
    EXECUTIVE = "executive"
    ASSESSOR = "assessor"
    TECHNICAL_REVIEWER = "technical_reviewer"
    SIGNING_ASSESSOR = "signing_assessor"
    ADMINISTRATOR = "administrator"


class OrganisationKind(StrEnum):
    """What an organisation is to the service."""

    VENDOR = "vendor"
    ASSESSOR = "assessor"
    OPERATOR = "operator"


class Side(StrEnum):
    """How an organisation stands to one assessment."""

    VENDOR = "vendor"
    ASSESSOR = "assessor"


class Action(StrEnum):
    """Everything that can be done with one assessment."""

    VIEW = "view"
    READ_ANSWERS = "read_answers"
    EDIT_TERMS = "edit_terms"
    AGREE = "agree"
    ANSWER = "answer"
    ASSIGN = "assign"
    SUBMIT = "submit"
    RECALL = "recall"
    REPRESENT = "represent"
    OPEN = "open"
    READ_REVIEW = "read_review"
    SET_VERDICT = "set_verdict"
    RETURN = "return"
    CONCLUDE = "conclude"
    ACCEPT = "accept"
    REOPEN = "reopen"
    READ_REPORT = "read_report"


ROLES_OF: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.VENDOR: (Role.LEAD, Role.CONTRIBUTOR, Role.EXECUTIVE),
    OrganisationKind.ASSESSOR: (Role.ASSESSOR, Role.TECHNICAL_REVIEWER, Role.SIGNING_ASSESSOR),
    OrganisationKind.OPERATOR: (Role.ADMINISTRATOR,),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """People of ``side`` in one of ``roles`` may act while the state is one of ``states``."""

    side: Side
    roles: frozenset[Role]
    states: frozenset[Status]


_ALL = frozenset(Status)
_HANDED_IN = frozenset({Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED, Status.ACCEPTED})
_FIELDWORK = frozenset({Role.ASSESSOR, Role.TECHNICAL_REVIEWER, Role.SIGNING_ASSESSOR})
_STAFF = frozenset({Role.LEAD, Role.CONTRIBUTOR, Role.EXECUTIVE})


def _vendor(roles: Iterable[Role], states: Iterable[Status]) -> Grant:
    return Grant(Side.VENDOR, frozenset(roles), frozenset(states))


def _assessor(roles: Iterable[Role], states: Iterable[Status]) -> Grant:
    return Grant(Side.ASSESSOR, frozenset(roles), frozenset(states))


PERMISSIONS: dict[Action, tuple[Grant, ...]] = {
    Action.VIEW: (_vendor(_STAFF, _ALL), _assessor(_FIELDWORK, _ALL)),
    Action.READ_ANSWERS: (_vendor(_STAFF, _ALL), _assessor(_FIELDWORK, _HANDED_IN)),
    Action.EDIT_TERMS: (_vendor([Role.LEAD], [Status.PLANNED]),),
    Action.AGREE: (_assessor([Role.ASSESSOR], [Status.PLANNED]),),
    Action.ANSWER: (_vendor([Role.LEAD, Role.CONTRIBUTOR], [Status.DRAFT, Status.RETURNED]),),
    Action.ASSIGN: (_vendor([Role.LEAD], [Status.DRAFT, Status.RETURNED]),),
    Action.SUBMIT: (_vendor([Role.LEAD], [Status.DRAFT, Status.RETURNED]),),
    Action.RECALL: (_vendor([Role.LEAD], [Status.SUBMITTED]),),
    Action.REPRESENT: (_vendor([Role.EXECUTIVE], [Status.SUBMITTED, Status.IN_REVIEW]),),
    Action.OPEN: (_assessor([Role.ASSESSOR], [Status.SUBMITTED]),),
    Action.READ_REVIEW: (_assessor(_FIELDWORK, _HANDED_IN),),
    Action.SET_VERDICT: (_assessor([Role.ASSESSOR], [Status.IN_REVIEW]),),
    Action.RETURN: (_assessor([Role.ASSESSOR], [Status.IN_REVIEW]),),
    Action.CONCLUDE: (_assessor([Role.ASSESSOR], [Status.IN_REVIEW]),),
    Action.ACCEPT: (_assessor([Role.TECHNICAL_REVIEWER], [Status.IN_REVIEW]),),
    Action.REOPEN: (_assessor([Role.ASSESSOR], [Status.ACCEPTED]),),
    Action.READ_REPORT: (
        _vendor([Role.LEAD, Role.EXECUTIVE], _ALL),
        _assessor(_FIELDWORK, _HANDED_IN),
    ),
}


class OrganisationAction(StrEnum):
    """Everything that can be done with organisations, their people and new assessments."""

    LIST_ORGANISATIONS = "list_organisations"
    CREATE_ORGANISATION = "create_organisation"
    SEE_PEOPLE = "see_people"
    INVITE = "invite"
    SUSPEND = "suspend"
    CREATE_ASSESSMENT = "create_assessment"


OWN = "own"
EVERY = "every"

ORGANISATION_PERMISSIONS: dict[OrganisationAction, dict[Role, str]] = {
    OrganisationAction.LIST_ORGANISATIONS: {Role.ADMINISTRATOR: EVERY},
    OrganisationAction.CREATE_ORGANISATION: {Role.ADMINISTRATOR: EVERY},
    OrganisationAction.SEE_PEOPLE: {
        Role.ADMINISTRATOR: EVERY,
        Role.LEAD: OWN,
        Role.TECHNICAL_REVIEWER: OWN,
    },
    OrganisationAction.INVITE: {Role.ADMINISTRATOR: EVERY, Role.LEAD: OWN},
    OrganisationAction.SUSPEND: {Role.ADMINISTRATOR: EVERY},
    OrganisationAction.CREATE_ASSESSMENT: {Role.LEAD: OWN},
}

INVITABLE: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.LEAD: frozenset({Role.CONTRIBUTOR}),
}
"""Which roles a person of a role may hand out (INVITE)."""


def permits(action: Action, side: Side, role: Role, status: Status) -> bool:
    """Tell whether ``role`` on ``side`` may do ``action`` while the assessment is ``status``."""
    return any(
        grant.side is side and role in grant.roles and status in grant.states
        for grant in PERMISSIONS[action]
    )


def invitable(roles: Iterable[Role], kind: OrganisationKind) -> tuple[Role, ...]:
    """Return the roles of a ``kind`` of organisation that a person with ``roles`` may hand out."""
    given = frozenset[Role]().union(*(INVITABLE.get(role, frozenset()) for role in roles))
    return tuple(role for role in ROLES_OF[kind] if role in given)
