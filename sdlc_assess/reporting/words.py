"""The fixed words of every report: marks, outcomes, roles. One word per thing, in one place."""

from __future__ import annotations

from typing import Any

DRAFT = "DRAFT — not a record"
SUBMITTED = "Submitted by the vendor, not yet assessed"
RETURNED = "Returned to the vendor, review not finished"
ACCEPTED = "Accepted"
SELF = "Self-assessment"

CONFORMANCE = {
    "satisfied": "satisfied",
    "partial": "partial",
    "not_satisfied": "not satisfied",
    "not_applicable": "not applicable",
    "unanswered": "unanswered",
    "not_examined": "not examined",
}

OUTCOMES = {
    "agree": "Agreed",
    "adjust": "Adjusted",
    "insufficient": "Not demonstrated",
    "not_examined": "Not examined",
}

CONCLUSIONS = {
    "unmodified": "Unmodified: the answers, as adjusted, are fairly stated",
    "qualified": "Qualified: fairly stated except for the matters named",
    "adverse": "Adverse: the answers are not fairly stated",
    "disclaimed": "Disclaimed: not enough could be examined for an opinion",
}

STANDINGS = {
    "direct": "",
    "inherited": "Inherited from another assessment",
    "other_means": "Met by other means",
}


def mark(basis: dict[str, Any]) -> str:
    """Return the state mark that stands on every page."""
    own = basis["kind"] == "self"
    state = _state_mark(basis, own)
    return f"{SELF} · {state}" if own else state


def _state_mark(basis: dict[str, Any], own: bool) -> str:
    if not basis["stored"]:
        return DRAFT
    match basis["state"]:
        case "submitted":
            # nobody else will look at a self-assessment: "not yet" would promise it
            return "Submitted by the vendor" if own else SUBMITTED
        case "returned":
            return RETURNED
        case "accepted":
            return ACCEPTED
    return DRAFT


def release(is_released: bool) -> str:
    """Return how a questionnaire's version is called."""
    return "released" if is_released else "candidate, not released"


def role(name: str) -> str:
    """Return a role as printed, "Technical reviewer"."""
    return name.replace("_", " ").capitalize()
