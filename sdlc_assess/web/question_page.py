"""Big pages joined from fragments that are rendered once per questionnaire digest.

A questionnaire version never changes, so each question's HTML is rendered once and cut at its
tokens (``@@version@@``, ``@@checked:3@@`` …); a request splices what differs: the option, the texts, the
version, the state. Texts are escaped at the splice, which is the only way in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import render_template, url_for
from markupsafe import escape

from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.status import Status
from sdlc_assess.catalog.questionnaire import NA, Question, Questionnaire, Section
from sdlc_assess.errors import AssessError
from sdlc_assess.services import answers
from sdlc_assess.services.answers import Saved, StaleAnswer
from sdlc_assess.services.desk import Case
from sdlc_assess.web import question_form
from sdlc_assess.web.filters import clock_time
from sdlc_assess.web.score_view import headline_view

TOKEN = re.compile(r"@@([a-z_]+(?::[^@]+)?)@@")
MOST_FRAGMENTS = 4_000
CUT = "@@questions@@"

_fragments: dict[tuple[str, str], tuple[str, ...]] = {}


def unit_id(row: Any) -> int | None:
    """Return the unit's id as field names carry it: None for the whole target."""
    return None if row.unit == answers.WHOLE else row.unit_id


def section_of(questionnaire: Questionnaire, question_id: str) -> Section:
    """Return the section that holds a question."""
    return next(s for s in questionnaire.sections if any(q.id == question_id for q in s.questions))


def fragment(digest: str, question: Question) -> tuple[str, ...]:
    """Return a question's HTML cut at its tokens: literal, token, literal, token, … literal."""
    key = (digest, question.id)
    if key not in _fragments:
        if len(_fragments) >= MOST_FRAGMENTS:
            _fragments.clear()
        _fragments[key] = tuple(TOKEN.split(render_template("questions/question.html", q=question)))
    return _fragments[key]


@lru_cache(maxsize=20_000)
def _with_choice(
    pieces: tuple[str, ...], option: str | None, facts: tuple[str, ...]
) -> tuple[bytes, ...]:
    """Fill the tokens of option and facts in; what is left is literal, name, literal, name, …"""
    kept: list[str] = [pieces[0]]
    for token, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        kind, _, value = token.partition(":")
        if kind == "checked":
            kept[-1] += (" checked" if value == option else "") + literal
        elif kind == "fact":
            kept[-1] += (" checked" if value in facts else "") + literal
        else:
            kept += [token, literal]
    return tuple(piece.encode() for piece in kept)


def render(
    case: Case,
    rows: Sequence[Any],
    *,
    section: str | None,
    errors: Mapping[tuple[str, str], AssessError],
    can_answer: bool,
) -> bytes:
    """Return the page of one section, or of all: a shell, and within it a fragment a response."""
    asked = [s for s in case.questionnaire.sections if section in (None, s.id)]
    shown = {q.id for s in asked for q in s.questions}
    shell = render_template(
        "questions/page.html",
        case=case,
        row=case.row,
        view=headline_view(case.row.headline),
        sections=case.questionnaire.sections,
        section=section,
        title=asked[0].title if section else "All questions",
        can_answer=can_answer,
        errors=[(q, question_form.key(q, None), e.message) for (q, _), e in errors.items()],
    )
    head, tail = shell.split(CUT)
    action = url_for("assessments.overview", id=case.id)
    body: list[bytes] = [head.encode()]
    by_question: dict[str, list[Any]] = {}
    for row in rows:
        by_question.setdefault(row.question_id, []).append(row)
    for id in case.questionnaire.by_id:
        if id in shown:
            for row in by_question.get(id, ()):
                error = errors.get((id, row.unit))
                body += _spliced(case, row, action, error, can_answer)
    body.append(tail.encode())
    return b"".join(body)


def _spliced(
    case: Case, row: Any, action: str, error: AssessError | None, can_answer: bool
) -> list[bytes]:
    question = case.questionnaire.by_id[row.question_id]
    typed, version = _typed(row, error)
    pieces = _with_choice(
        fragment(case.questionnaire.digest, question), typed.option, tuple(typed.facts)
    )
    is_open = can_answer and answers.may_edit(case, row)
    values = {
        b"key": question_form.key(row.question_id, unit_id(row)),
        b"unit": _unit_label(row),
        b"version": str(version),
        b"justification": escape(typed.justification),
        b"na_reason": escape(typed.na_reason),
        b"save_state": state_line(row.version, row.answered_at),
        b"slot": "" if error is None else _slot(row, error),
        b"assigned": _assigned(row),
        b"answered_class": "answered" if row.option_id is not None else "unanswered",
        b"disabled": "" if is_open else " disabled",
        b"action": action,
    }
    out = list(pieces)
    for place in range(1, len(out), 2):
        out[place] = values[out[place]].encode()
    return out


def _typed(row: Any, error: AssessError | None) -> tuple[Answer, int]:
    """Return what the form shows: what is stored, or after a refused save what was typed."""
    if isinstance(error, StaleAnswer):
        # the version moves on, so that saving again is a choice made with both texts in view
        return error.mine, row.version
    if error is not None and hasattr(error, "typed"):
        return error.typed, row.version
    stored = Answer(row.option_id, row.justification, row.na_reason, tuple(row.facts))
    return stored, row.version


def _unit_label(row: Any) -> str:
    return (
        "" if row.unit == answers.WHOLE else f'<span class="q-unit">Unit: {escape(row.unit)}</span>'
    )


def _assigned(row: Any) -> str:
    if row.assignee is None:
        return ""
    return f'<span class="q-assigned">Delegated to {escape(row.assignee)}</span>'


def _slot(row: Any, error: AssessError) -> str:
    if isinstance(error, StaleAnswer):
        key = question_form.key(row.question_id, unit_id(row))
        return conflict_panel(key, error)
    return str(render_template("errors/fragment.html", message=error.message))


def state_line(version: int, at: Any) -> str:
    """Return the line on a response's state; scripts read version from it."""
    if version == 0:
        return '<p class="save-state" data-version="0">Not answered yet</p>'
    return (
        f'<p class="save-state" data-version="{version}">'
        f"Saved {clock_time(at)} UTC · revision {version}</p>"
    )


def conflict_panel(key: str, error: StaleAnswer) -> str:
    """Return both texts of a refused save, with a button for each."""
    return render_template(
        "questions/conflict.html", key=key, mine=error.mine, theirs=error.theirs, NA=NA
    )


def conflict(case: Case, key: str, error: StaleAnswer) -> str:
    """Return the reply to a script whose save was refused."""
    return conflict_panel(key, error)


def saved(key: str, done: Saved, section: Section) -> str:
    """Return the reply to a script whose save was taken: the state line, and the chips."""
    return state_line(done.version, done.at) + render_template(
        "questions/progress.html", view=headline_view(done.headline), section=section, oob=True
    )


@dataclass(frozen=True, slots=True)
class Editing:
    """Why a page is read-only, in words; a form without a reason leaves people guessing."""

    status: Status

    def __str__(self) -> str:
        return {
            Status.PLANNED: "Answering starts when the assessor has agreed to the terms.",
            Status.SUBMITTED: "Submitted: nothing can be changed unless the lead recalls it.",
            Status.IN_REVIEW: "In review: nothing can be changed unless the assessor returns it.",
            Status.ACCEPTED: "Accepted: nothing can be changed any more.",
        }.get(self.status, "You can change the questions that are yours.")
