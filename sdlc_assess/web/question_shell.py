"""What stands around the questions: header, sections with progress, and the form's two ends.

It depends on who looks, and on the assessment as its last change left it; so it is kept by both,
and a reload renders nothing anew. The form token, which every visit has its own of, is spliced in.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from flask import render_template, session

from sdlc_assess.assessment.actor import Actor
from sdlc_assess.services.answers import Refused
from sdlc_assess.services.desk import Case
from sdlc_assess.web import question_form
from sdlc_assess.web.form_token import form_token
from sdlc_assess.web.score_view import headline_view

# marks that nobody can type: names of targets and people stand in the same page
CUT = f"@@{secrets.token_hex(16)}@@"
TOKEN = f"@@{secrets.token_hex(16)}@@"
MOST_SHELLS = 500

Key = tuple[str, datetime, str, str | None, bool, Actor]

_shells: dict[Key, tuple[bytes, bytes]] = {}


def address(case: Case) -> str:
    """Return the address of the assessment, without a slash at its end."""
    return f"/assessments/{case.id}"


def around(
    case: Case,
    section: str | None,
    refused: Mapping[tuple[str, str], Refused],
    *,
    can_answer: bool,
) -> tuple[bytes, bytes]:
    """Return what stands before and after the questions of ``section`` (None: all)."""
    token = form_token().encode()
    if refused or "_flashes" in session:
        head, tail = _rendered(case, section, refused, can_answer)
    else:
        key = (case.id, case.row.updated_at, case.row.status, section, can_answer, case.actor)
        if key not in _shells:
            if len(_shells) >= MOST_SHELLS:
                _shells.clear()
            _shells[key] = _rendered(case, section, refused, can_answer)
        head, tail = _shells[key]
    return head.replace(TOKEN.encode(), token), tail.replace(TOKEN.encode(), token)


def _rendered(
    case: Case, section: str | None, refused: Mapping[tuple[str, str], Refused], can_answer: bool
) -> tuple[bytes, bytes]:
    sections = case.questionnaire.sections
    current = next((s for s in sections if s.id == section), None)
    shell = render_template(
        "questions/page.html",
        case=case,
        row=case.row,
        view=headline_view(case.row.headline),
        sections=sections,
        section=current,
        title=current.title if current else "All questions",
        can_answer=can_answer,
        action=address(case),
        section_url=(address(case) + "/questions/").__add__,
        refused=[(q, question_form.key(q, None), r.error.message) for (q, _), r in refused.items()],
        csrf_token=lambda: TOKEN,
        cut=CUT,
    )
    head, tail = shell.split(CUT)
    return head.encode(), tail.encode()
