"""How times, roles and numbers are written on pages, and what every template may use."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, g, url_for

from sdlc_assess.assessment.role import Role
from sdlc_assess.assessment.status import Status

STATUS_WORDS: dict[str, str] = {
    Status.PLANNED: "Planned",
    Status.DRAFT: "Draft",
    Status.SUBMITTED: "Submitted",
    Status.IN_REVIEW: "In review",
    Status.RETURNED: "Returned",
    Status.ACCEPTED: "Accepted",
}

ROLE_WORDS: dict[str, str] = {
    Role.LEAD: "Engineering lead",
    Role.CONTRIBUTOR: "Contributor",
    Role.EXECUTIVE: "Executive",
    Role.ASSESSOR: "Assessor",
    Role.TECHNICAL_REVIEWER: "Technical reviewer",
    Role.SIGNING_ASSESSOR: "Signing assessor",
    Role.ADMINISTRATOR: "Administrator",
}

OUTCOME_WORDS: dict[str, str] = {
    "agree": "Agreed",
    "adjust": "Adjusted",
    "insufficient": "Not demonstrated",
    "not_examined": "Not examined",
}

EVENT_WORDS: dict[str, str] = {
    "assessment.created": "Assessment opened",
    "terms.changed": "Terms changed",
    "engagement.opened": "Terms agreed, engagement opened",
    "question.assigned": "Question delegated",
    "question.by_unit": "Question asked of each unit",
    "question.whole": "Question asked of the whole target",
    "assessment.submitted": "Submitted",
    "assessment.recalled": "Submission recalled",
    "assessment.returned": "Returned to the vendor",
    "assessment.accepted": "Accepted",
    "assessment.reopened": "Reopened",
    "review.opened": "Review opened",
    "independence.declared": "Independence declared",
    "verdict.set": "Verdict set",
    "conclusion.written": "Conclusion written",
    "representation.signed": "Representation signed",
}


def minute(value: datetime | None) -> str:
    """Write a time as ``24 Nov 2026, 10:42 UTC``."""
    return "" if value is None else f"{value.day} {value:%b %Y, %H:%M} UTC"


def clock_time(value: datetime | None) -> str:
    """Write the time of day as ``10:42``."""
    return "" if value is None else f"{value.hour:02}:{value.minute:02}"


def day(value: date | None) -> str:
    """Write a date as ``24 Nov 2026``."""
    return "" if value is None else f"{value.day} {value:%b %Y}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: ``1 question``, ``3 questions``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


@lru_cache(maxsize=64)
def page_url(endpoint: str) -> str:
    """Return the address of a page without variables: always the same, so it is built once."""
    return url_for(endpoint)


@lru_cache(maxsize=64)
def static_url(name: str) -> str:
    """Return the address of a static file."""
    return url_for("static", filename=name)


def _who() -> dict[str, Any]:
    return {"actor": g.get("actor"), "visit": g.get("visit")}


def register(app: Flask) -> None:
    """Add filters and the names that every template may use."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        minute=minute, clock_time=clock_time, day=day, from_json=json.loads
    )
    app.jinja_env.globals.update(
        plural=plural,
        page_url=page_url,
        static_url=static_url,
        status_words=STATUS_WORDS,
        role_words=ROLE_WORDS,
        outcome_words=OUTCOME_WORDS,
        event_words=EVENT_WORDS,
    )
    app.context_processor(_who)
