"""The life of an assessment: its states and the acts that lead from one to the next (record.md)."""

from __future__ import annotations

from enum import StrEnum

from sdlc_assess.errors import AssessError


class Status(StrEnum):
    """Where an assessment stands."""

    PLANNED = "planned"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Act(StrEnum):
    """What moves an assessment on."""

    AGREE = "agree"
    SUBMIT = "submit"
    RECALL = "recall"
    OPEN = "open"
    RETURN = "return"
    ACCEPT = "accept"
    REOPEN = "reopen"


class NotNow(AssessError):
    """This can't be done while the assessment is {status}. Nothing was changed."""


TRANSITIONS: dict[tuple[Status, Act], Status] = {
    (Status.PLANNED, Act.AGREE): Status.DRAFT,
    (Status.DRAFT, Act.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Act.RECALL): Status.DRAFT,
    (Status.SUBMITTED, Act.OPEN): Status.IN_REVIEW,
    (Status.IN_REVIEW, Act.RETURN): Status.RETURNED,
    (Status.RETURNED, Act.SUBMIT): Status.IN_REVIEW,
    (Status.IN_REVIEW, Act.ACCEPT): Status.ACCEPTED,
    (Status.ACCEPTED, Act.REOPEN): Status.IN_REVIEW,
}

WORDS: dict[Status, str] = {
    Status.PLANNED: "planned",
    Status.DRAFT: "a draft",
    Status.SUBMITTED: "submitted",
    Status.IN_REVIEW: "in review",
    Status.RETURNED: "returned",
    Status.ACCEPTED: "accepted",
}


def after(status: Status, act: Act) -> Status:
    """Return the state that ``act`` leads to from ``status``, or raise NotNow."""
    try:
        return TRANSITIONS[status, act]
    except KeyError:
        raise NotNow(status=WORDS[status]) from None
