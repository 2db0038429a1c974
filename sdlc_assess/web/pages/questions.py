"""Filling in: the questions page, the save of one answer, and one question's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from sdlc_assess.assessment.response import fact_text
from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.services import answers, assessments, reviews, snapshots, submission
from sdlc_assess.services.answers import Refused, StaleAnswer, Typed
from sdlc_assess.services.desk import Case, NotFound
from sdlc_assess.web import access, question_form, question_page
from sdlc_assess.web.pages.assessments import may
from sdlc_assess.web.score_view import headline_view

room = Blueprint("questions", __name__, url_prefix="/assessments/<id>")


@room.get("/questions", defaults={"section": None})
@room.get("/questions/<section>")
def page(id: str, section: str | None) -> Response:
    """Show the questions of one section, or all of them, with their answers."""
    with access.reading(id, Action.READ_ANSWERS) as case:
        rows = answers.load(case)
        return Response(_page(case, rows, section, {}))


def _page(
    case: Case,
    rows: Sequence[Any],
    section: str | None,
    refused: Mapping[tuple[str, str], Refused],
) -> bytes:
    if section is not None and section not in {s.id for s in case.questionnaire.sections}:
        raise NotFound
    return question_page.render(
        case,
        rows,
        section=section,
        refused=refused,
        can_answer=may(case, Action.ANSWER),
        returned=submission.reasons_to_answer(case, rows),
    )


@room.post("/questions", defaults={"section": None})
@room.post("/questions/<section>")
def save_page(id: str, section: str | None) -> AnyResponse:
    """Save a whole form without scripts: each answer on the version it was typed against."""
    with access.writing(id, Action.ANSWER) as case:
        rows = answers.load(case)
        outcome = answers.save_many(case, _typed(rows))
        shown = answers.load(case) if outcome.saved else rows
        if outcome.refused:
            body = _page(case, shown, section, outcome.refused)
            return make_response(body, 422)
    count = len(outcome.saved)
    flash(f"{count} answers saved." if count != 1 else "One answer saved.")
    return redirect(url_for("questions.page", id=id, section=section), 303)


def _typed(rows: Sequence[Any]) -> list[Typed]:
    """Read every answer of a posted form; unknown fields are no answer of this assessment."""
    units = {(row.question_id, question_page.unit_id(row)): row.unit for row in rows}
    typed = []
    for key in question_form.keys_in(request.form):
        place = question_form.split(key)
        if place not in units:
            raise NotFound
        answer, version = question_form.parse(request.form, key)
        typed.append(Typed(place[0], units[place], answer, version))
    return typed


@room.post("/answers/<question_id>")
def save(id: str, question_id: str) -> Response:
    """Save one answer as it is typed; the reply holds the new state and version alone."""
    with access.writing(id, Action.ANSWER) as case:
        keys = question_form.keys_in(request.form)
        if len(keys) != 1 or question_form.split(keys[0])[0] != question_id:
            abort(400)
        unit = question_form.split(keys[0])[1] or answers.WHOLE
        answer, version = question_form.parse(request.form, keys[0])
        key = request.headers.get("Idempotency-Key", "")[:64] or None
        try:
            saved = answers.save(case, question_id, unit, answer, version, key)
        except StaleAnswer as conflict:
            return make_response(question_page.conflict(case, keys[0], conflict), 409)
        return Response(question_page.saved(case, saved))


@room.get("/answers/<question_id>")
def one(id: str, question_id: str) -> str:
    """Show one question with its history, its units, and whom it is delegated to."""
    with access.reading(id, Action.READ_ANSWERS) as case:
        question = case.question(question_id)
        rows = [row for row in answers.load(case) if row.question_id == question_id]
        return render_template(
            "questions/one.html",
            case=case,
            question=question,
            rows=rows,
            history=answers.history(case, question_id),
            verdicts=_verdicts(case, rows),
            fact=fact_text,
            units=assessments.units(case),
            colleagues=answers.colleagues(case) if may(case, Action.ASSIGN) else [],
            may={action.value: may(case, action) for action in Action},
            by_unit=len(rows) > 1,
            section=question_page.section_of(case.questionnaire, question_id),
            view=headline_view(case.row.headline),
        )


def _verdicts(case: Case, rows: Sequence[Any]) -> list[tuple[Any, Any, dict[str, str]]]:
    """Return (response, verdict, its texts) once the vendor may see them: returned or accepted."""
    if case.status not in (Status.RETURNED, Status.ACCEPTED):
        return []
    found = snapshots.current_verdicts(case, rows)
    return [
        (row, found[row.id], reviews.text_of(reviews.Item(row, *found[row.id])))
        for row in rows
        if row.id in found
    ]


@room.post("/answers/<question_id>/assign")
def assign(id: str, question_id: str) -> AnyResponse:
    """Delegate a question to a colleague, or take it back."""
    with access.writing(id, Action.ASSIGN) as case:
        person = request.form.get("person", "")
        if person and not (person.isascii() and person.isdigit() and len(person) < 19):
            abort(400)
        answers.assign(case, question_id, int(person) if person else None)
    flash(f"{question_id} is delegated." if person else f"{question_id} is yours again.")
    return redirect(url_for("questions.one", id=id, question_id=question_id), 303)


@room.post("/answers/<question_id>/units")
def by_unit(id: str, question_id: str) -> AnyResponse:
    """Ask a question of each unit, or of the whole target again."""
    with access.writing(id, Action.ASSIGN) as case:
        answers.answer_by_unit(case, question_id, request.form.get("by_unit") == "yes")
    return redirect(url_for("questions.one", id=id, question_id=question_id), 303)
