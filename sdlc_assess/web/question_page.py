"""Big pages joined from fragments that are rendered once per questionnaire digest.

A questionnaire version never changes, so each question's HTML is rendered once and cut at its
tokens (``@@version@@``, ``@@checked:3@@`` …); a request splices what differs: the option, the
texts, the version, the state. Texts are escaped at the splice, which is the only way in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from flask import render_template
from markupsafe import escape

from sdlc_assess.catalog.questionnaire import NA, Question, Questionnaire, Section
from sdlc_assess.errors import AssessError
from sdlc_assess.services import answers
from sdlc_assess.services.answers import Refused, Saved, StaleAnswer
from sdlc_assess.services.desk import Case
from sdlc_assess.web import question_form, question_shell
from sdlc_assess.web.filters import clock_time
from sdlc_assess.web.score_view import headline_view

TOKEN = re.compile(r"@@([a-z_]+(?::[^@]+)?)@@")
INDENT = re.compile(r"\n\s+")
MOST_FRAGMENTS = 4_000
MOST_TEMPLATES = 4_000

Place: TypeAlias = tuple[str, str]
"""The questionnaire's digest, and the address of the assessment."""

_fragments: dict[tuple[str, str], tuple[str, ...]] = {}
_responses: dict[tuple[Place, bool, Any], bytes] = {}
_chips: dict[tuple[object, ...], str] = {}
_templates: dict[tuple[str, str, str | None, tuple[str, ...]], bytes] = {}


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
        html = INDENT.sub("\n", render_template("questions/question.html", q=question))
        _fragments[key] = tuple(TOKEN.split(html))
    return _fragments[key]


def _template(
    digest: str, question: Question, key: str, option: str | None, facts: tuple[str, ...]
) -> bytes:
    """Return a question with its key, option and facts filled in, as a %-template of bytes."""
    place = (digest, key, option, facts)
    found = _templates.get(place)
    if found is None:
        if len(_templates) >= MOST_TEMPLATES:
            _templates.clear()
        pieces = fragment(digest, question)
        found = _templates[place] = _with_choice(pieces, key, option, facts)
    return found


def _with_choice(
    pieces: tuple[str, ...], key: str, option: str | None, facts: tuple[str, ...]
) -> bytes:
    """Fill in what is known; every other token becomes a place of a %-template of bytes."""
    template = [pieces[0].replace("%", "%%")]
    for token, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        kind, _, value = token.partition(":")
        if kind == "checked":
            template.append(" checked" if value == option else "")
        elif kind == "fact":
            template.append(" checked" if value in facts else "")
        elif kind == "answered_class":
            template.append("unanswered" if option is None else "answered")
        else:
            template.append(key if kind == "key" else f"%({kind})b")
        template.append(literal.replace("%", "%%"))
    return "".join(template).encode()


def render(
    case: Case,
    rows: Sequence[Any],
    *,
    section: str | None,
    refused: Mapping[tuple[str, str], Refused],
    can_answer: bool,
    returned: Mapping[int, str] | None = None,
) -> bytes:
    """Return the page of one section, or of all: a shell, and within it a fragment a response.

    ``returned`` holds why a response was sent back, by the response's id.
    """
    reasons = returned or {}
    asked = [s for s in case.questionnaire.sections if section in (None, s.id)]
    head, tail = question_shell.around(case, section, refused, can_answer=can_answer)
    by_question: dict[str, list[Any]] = {}
    for row in rows:
        by_question.setdefault(row.question_id, []).append(row)
    may_edit = answers.editable(case) if can_answer else lambda _row: False
    place = (case.questionnaire.digest, question_shell.address(case))
    body = [head]
    for each in asked:
        for question in each.questions:
            for row in by_question.get(question.id, ()):
                why, note = refused.get((question.id, row.unit)), reasons.get(row.id, "")
                if why or note:
                    body.append(_spliced(place, question, row, may_edit(row), why, note))
                else:
                    body.append(_kept(place, question, row, may_edit(row)))
    body.append(tail)
    return b"".join(body)


def _kept(place: Place, question: Question, row: Any, is_open: bool) -> bytes:
    """Return a response as last spliced: the row holds everything that is shown of it."""
    key = (place, is_open, row)
    found = _responses.get(key)
    if found is None:
        if len(_responses) >= MOST_FRAGMENTS:
            _responses.clear()
        found = _responses[key] = _spliced(place, question, row, is_open, None)
    return found


def _spliced(
    place: Place,
    question: Question,
    row: Any,
    is_open: bool,
    refused: Refused | None,
    note: str = "",
) -> bytes:
    digest, action = place
    key = question_form.key(question.id, unit_id(row))
    marks = (_unit_label(row), _assigned(row), action)
    if refused is None:
        template = _template(digest, question, key, row.option_id, row.facts)
        texts, slot = (row.justification, row.na_reason), _returned(note)
    else:
        typed, slot = refused.typed, _slot(row, refused.error)
        template = _template(digest, question, key, typed.option, typed.facts)
        texts = (typed.justification, typed.na_reason)
    # after a refused save the version moves on: saving again is then a choice made with both texts
    # in view
    return _filled(template, texts, row.version, row.answered_at, marks, is_open, slot)


def _filled(
    template: bytes,
    texts: tuple[str, str],
    version: int,
    answered_at: datetime | None,
    marks: tuple[str, str, str],
    is_open: bool,
    slot: str,
) -> bytes:
    """Splice one response into its question."""
    unit, assigned, action = marks
    justification, na_reason = texts
    return template % {
        b"unit": unit.encode(),
        b"version": b"%d" % version,
        b"justification": escape(justification).encode(),
        b"na_reason": escape(na_reason).encode(),
        b"save_state": state_line(version, answered_at).encode(),
        b"slot": slot.encode(),
        b"assigned": assigned.encode(),
        b"disabled": b"" if is_open else b" disabled",
        b"action": action.encode(),
    }


def _unit_label(row: Any) -> str:
    if row.unit == answers.WHOLE:
        return ""
    return f'<span class="q-unit">Unit: {escape(row.unit)}</span>'


def _assigned(row: Any) -> str:
    if row.assignee is None:
        return ""
    return f'<span class="q-assigned">Delegated to {escape(row.assignee)}</span>'


def _returned(reason: str) -> str:
    if not reason:
        return ""
    return f'<p class="q-returned"><strong>Sent back:</strong> {escape(reason)}</p>'


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


def saved(case: Case, done: Saved) -> str:
    """Return the reply to a script whose save was taken: the state line, and the chips."""
    view = headline_view(done.headline)
    section = section_of(case.questionnaire, done.question)
    counts = view.sections.get(section.id, (0, 0))
    whole = (view.answered, view.total, view.overall.display)
    place = (case.questionnaire.digest, section.id, counts, whole)
    if place not in _chips:
        if len(_chips) >= MOST_FRAGMENTS:
            _chips.clear()
        _chips[place] = render_template(
            "questions/progress.html", view=view, section=section, oob=True
        )
    return state_line(done.version, done.at) + _chips[place]
