"""The assessor's rooms: the queue, one review, one response, return, conclusion, acceptance."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sdlc_assess.assessment.response import InvalidAnswer, fact_text
from sdlc_assess.assessment.review import (
    InvalidVerdict,
    Verdict,
    VerdictOutcome,
)
from sdlc_assess.assessment.role import Action
from sdlc_assess.catalog.questionnaire import NA, Question
from sdlc_assess.services import answers, assessments, reviews, submission
from sdlc_assess.services.desk import Case
from sdlc_assess.services.reviews import Item, StaleVerdict
from sdlc_assess.web import access, forms, question_page
from sdlc_assess.web.forms import number_from
from sdlc_assess.web.pages.assessments import may
from sdlc_assess.web.score_view import headline_view, score_bars

room = Blueprint("reviews", __name__, url_prefix="/reviews")


@room.get("")
def queue() -> str:
    """List the assessments that wait for the assessor organisation."""
    with access.visiting() as visit:
        found = reviews.queue(visit, access.token())
        return render_template(
            "reviews/queue.html",
            found=[(row, headline_view(row.headline)) for row in found],
        )


FILTERS = {
    "all": "All",
    "waiting": "Waiting for a verdict",
    "changed": "Changed since the verdict",
    "disagreed": "Disagreed",
}


def _kept(found: list[Item], wanted: str) -> list[Item]:
    match wanted:
        case "waiting":
            return [item for item in found if item.is_waiting]
        case "changed":
            return [item for item in found if item.stale]
        case "disagreed":
            return [i for i in found if i.verdict is not None and i.verdict.outcome != "agree"]
    return found


@room.get("/<id>")
def review(id: str) -> str:
    """Show one review: each response with its verdict, what waits, and what is next."""
    wanted = request.args.get("show", "all")
    with access.reading(id, Action.READ_REVIEW) as case:
        found = reviews.items(case)
        return render_template(
            "reviews/review.html",
            case=case,
            row=case.row,
            items=_kept(found, wanted),
            filters=FILTERS,
            wanted=wanted if wanted in FILTERS else "all",
            total=len(found),
            waiting=sum(item.is_waiting for item in found),
            effect=reviews.effect(case, found),
            bars=score_bars(reviews.numbers(case, found), case.framework),
            unit_id=question_page.unit_id,
            blockers=reviews.blockers(case, found),
            may={action.value: may(case, action) for action in Action},
            has_declared=reviews.has_declared(case),
            statement=forms.Statement(text=reviews.INDEPENDENCE),
            reason=forms.Reason(),
            representation=submission.signed(case),
            written=reviews.conclusion(case)[0],
            history=assessments.history(case),
        )


@room.post("/<id>/open")
def open_review(id: str) -> Response:
    """Open a submission, with one's independence statement."""
    return _with_statement(id, Action.OPEN, reviews.open_review, "The review is open.")


@room.post("/<id>/independence")
def declare(id: str) -> Response:
    """State one's independence, as a further assessor."""
    done = "Your independence statement is recorded."
    return _with_statement(id, Action.SET_VERDICT, reviews.declare_independence, done)


def _with_statement(id: str, action: Action, act: Any, done: str) -> Response:
    form = forms.Statement()
    with access.writing(id, action) as case:
        if form.validate():
            act(case, form.text.data or "")
            flash(done)
        else:
            flash("Nothing was changed: mark the box beside the statement first.")
    return redirect(url_for("reviews.review", id=id), 303)


@room.get("/<id>/responses/<question_id>")
def response(id: str, question_id: str) -> str:
    """Show one response beside its guidance, with the verdict form."""
    with access.reading(id, Action.READ_REVIEW) as case:
        return _response_page(case, question_id, _unit(case, question_id), None, "")


def _unit(case: Case, question_id: str) -> str:
    """Return the name of the unit that the address names; the whole target without one."""
    wanted = request.args.get("unit", "")
    if not wanted:
        return answers.WHOLE
    for unit in assessments.units(case):
        if str(unit.id) == wanted:
            return str(unit.name)
    abort(404)


def _response_page(
    case: Case, question_id: str, unit: str, form: forms.VerdictForm | None, problem: str
) -> str:
    question = case.question(question_id)
    found = reviews.items(case)
    same = [item for item in found if item.row.question_id == question_id]
    item = next((i for i in same if i.row.unit == unit), same[0])
    place = found.index(item)
    return render_template(
        "reviews/response.html",
        case=case,
        question=question,
        task=next((t for t in case.framework.tasks() if t.id in question.tasks), None),
        item=item,
        text=reviews.text_of(item),
        fact=fact_text,
        siblings=same,
        before=found[place - 1] if place else None,
        after=found[place + 1] if place + 1 < len(found) else None,
        next_waiting=next((i for i in found[place + 1 :] + found[:place] if i.is_waiting), None),
        form=form or _verdict_form(question, item),
        problem=problem,
        may={action.value: may(case, action) for action in Action},
        has_declared=reviews.has_declared(case),
        revisions=answers.history(case, question_id),
        verdicts=reviews.history(case, question_id),
        returned=submission.return_reasons(case).get(item.row.id),
        unit_id=question_page.unit_id,
    )


def _verdict_form(question: Question, item: Item) -> forms.VerdictForm:
    standing = item.verdict
    text = reviews.text_of(item)
    form = forms.VerdictForm(
        formdata=None,
        data={
            "outcome": None if standing is None else standing.outcome,
            "option": (standing.option_id if standing is not None else None) or "",
            "failing_fact": "" if standing is None else standing.failing_fact,
            "revision": str(item.row.version),
            "number": "0" if standing is None else str(standing.number),
            **text,
        },
    )
    return _with_choices(form, question)


def _with_choices(form: forms.VerdictForm, question: Question) -> forms.VerdictForm:
    named = [("", "Choose…"), *((o.id, f"{o.id}: {o.text}") for o in question.options)]
    if question.na_when:
        named.append((NA, "Not applicable"))
    form.option.choices = forms.choices(*named)
    form.failing_fact.choices = forms.choices(
        ("", "Choose…"),
        *(
            (f"{o.id}.{i}", f"{o.id}: {text}")
            for o in question.options[1:]
            for i, text in enumerate(o.facts)
        ),
    )
    return form


@room.post("/<id>/responses/<question_id>")
def set_verdict(id: str, question_id: str) -> Response | tuple[str, int]:
    """Set the verdict on one response."""
    with access.writing(id, Action.SET_VERDICT) as case:
        question = case.question(question_id)
        unit = _unit(case, question_id)
        form = _with_choices(forms.VerdictForm(), question)
        try:
            verdict = _verdict(form)
            revision, number = number_from(form.revision.data), number_from(form.number.data)
            reviews.set_verdict(case, question_id, unit, verdict, revision, number)
        except (InvalidVerdict, InvalidAnswer) as error:
            return _response_page(case, question_id, unit, form, error.message), 422
        except StaleVerdict as error:
            _move_on(form, reviews.item(case, question_id, unit))
            return _response_page(case, question_id, unit, form, error.message), 409
        follow = next((i for i in reviews.items(case) if i.is_waiting), None)
    flash(f"Verdict on {question_id} saved.")
    if follow is None:
        return redirect(url_for("reviews.review", id=id), 303)
    return redirect(
        url_for(
            "reviews.response",
            id=id,
            question_id=follow.row.question_id,
            unit=question_page.unit_id(follow.row),
        ),
        303,
    )


def _move_on(form: forms.VerdictForm, item: Item) -> None:
    """Let a form that came too late be saved again, now that its page shows the new state."""
    form.revision.data = str(item.row.version)
    form.number.data = "0" if item.verdict is None else str(item.verdict.number)


def _verdict(form: forms.VerdictForm) -> Verdict:
    if not form.validate():
        raise InvalidVerdict("Choose a verdict. It was not saved.")
    return Verdict(
        VerdictOutcome(form.outcome.data),
        form.option.data or None,
        form.failing_fact.data or "",
        form.looked_at.data or "",
        form.reason.data or "",
        form.remark.data or "",
    )
