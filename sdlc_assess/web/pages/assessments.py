"""Assessments: the list, opening one, its terms, and its first page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sdlc_assess.assessment.response import InvalidAnswer
from sdlc_assess.assessment.role import Action, OrganisationAction, permits
from sdlc_assess.services import answers, assessments, reports, submission
from sdlc_assess.services.assessments import InvalidTerms, Terms
from sdlc_assess.services.desk import Case, Visit
from sdlc_assess.web import access, forms
from sdlc_assess.web.score_view import headline_view

room = Blueprint("assessments", __name__, url_prefix="/assessments")


@room.get("")
def listing() -> str:
    """List the assessments that concern the person."""
    with access.visiting() as visit:
        found = assessments.listed(visit, access.token())
        return render_template(
            "assessments/listing.html",
            found=[(row, headline_view(row.headline)) for row in found],
            may_open=bool(visit.organisations(OrganisationAction.CREATE_ASSESSMENT)),
        )


def _choices(form: forms.TermsForm, visit: Visit) -> None:
    own = visit.organisations(OrganisationAction.CREATE_ASSESSMENT) or {}
    form.vendor.choices = forms.choices(*own.items())
    form.assessor.choices = forms.choices(
        ("", "None: a self-assessment"),
        *((str(row.id), row.name) for row in assessments.assessor_organisations(visit)),
    )
    library = visit.desk.library
    form.questionnaire.choices = forms.choices(
        *(
            (q.ref, f"{q.title}, {q.version}" + ("" if q.released else " (candidate)"))
            for q in library.questionnaires()
        )
    )
    _goal_choices(form, library.questionnaires()[0])


def _goal_choices(form: forms.TermsForm, questionnaire: Any) -> None:
    options = next(questionnaire.questions()).options
    form.goal.choices = forms.choices(
        *((o.id, f"Level {o.id}") for o in options if o.id != options[0].id)
    )


def _terms(form: forms.TermsForm) -> Terms:
    return Terms(
        target=form.target.data or "",
        target_version=form.target_version.data or "",
        units=tuple((form.units.data or "").splitlines()),
        period_from=form.period_from.data,
        period_to=form.period_to.data,
        goal=form.goal.data or "",
        scope=form.scope.data or "",
        exclusions=form.exclusions.data or "",
        requests=form.requests.data or "",
    )


@room.route("/new", methods=["GET", "POST"])
def new() -> Response | str | tuple[str, int]:
    """Open an assessment."""
    form, problem = forms.TermsForm(), ""
    with access.visiting(write=request.method == "POST") as visit:
        visit.permit(OrganisationAction.CREATE_ASSESSMENT)
        _choices(form, visit)
        if request.method == "GET":
            form.goal.data = "3"
            form.requests.data = assessments.default_requests(
                visit.desk.library.questionnaires()[0]
            )
        elif form.validate():
            engaged = int(form.assessor.data) if form.assessor.data else None
            try:
                id = assessments.create(
                    visit, form.vendor.data, engaged, form.questionnaire.data, _terms(form)
                )
            except (InvalidTerms, InvalidAnswer) as error:
                problem = error.message
            else:
                return redirect(url_for("assessments.overview", id=id), 303)
        status = 422 if request.method == "POST" else 200
        page = render_template("assessments/new.html", form=form, problem=problem)
        return page, status


@room.get("/<id>")
def overview(id: str) -> str:
    """Show one assessment: where it stands, what is next, sections with progress, and numbers."""
    with access.reading(id, Action.VIEW) as case:
        return render_template(
            "assessments/overview.html",
            case=case,
            row=case.row,
            terms=assessments.terms_of(case),
            view=headline_view(case.row.headline),
            sections=case.questionnaire.sections,
            may={action.value: may(case, action) for action in Action},
            history=assessments.history(case),
            snapshots=reports.frozen(case) if may(case, Action.READ_REPORT) else [],
            representation=submission.signed(case),
            returned=_returned(case),
            statement=forms.Statement(),
            representation_text=submission.REPRESENTATION,
        )


def _returned(case: Case) -> list[tuple[str, str]]:
    """Return (question, reason) of what the assessor sent back and still waits for an answer."""
    if not may(case, Action.ANSWER) or case.status.value != "returned":
        return []
    rows = answers.load(case)
    reasons = submission.reasons_to_answer(case, rows)
    return [(row.question_id, reasons[row.id]) for row in rows if row.id in reasons]


def may(case: Case, action: Action) -> bool:
    """Tell whether the actor may do ``action`` on this assessment now."""
    side = case.actor.side
    return side is not None and any(
        permits(action, side, role, case.status) for role in case.actor.roles
    )


@room.route("/<id>/terms", methods=["GET", "POST"])
def terms(id: str) -> Response | str | tuple[str, int]:
    """Change the terms while the assessment is planned."""
    problem = ""
    mode = access.writing if request.method == "POST" else access.reading
    with mode(id, Action.EDIT_TERMS) as case:
        now = assessments.terms_of(case)
        form = forms.TermsForm(data={**_as_dict(now)})
        _goal_choices(form, case.questionnaire)
        for field in (form.vendor, form.questionnaire, form.assessor):
            field.choices = []
            field.validators, field.validate_choice = [], False
        if request.method == "POST" and form.validate():
            try:
                assessments.edit_terms(case, _terms(form))
            except (InvalidTerms, InvalidAnswer) as error:
                problem = error.message
            else:
                flash("The terms are saved.")
                return redirect(url_for("assessments.overview", id=id), 303)
        status = 422 if request.method == "POST" else 200
        page = render_template("assessments/terms.html", form=form, case=case, problem=problem)
        return page, status


def _as_dict(now: Terms) -> dict[str, Any]:
    return {
        "target": now.target,
        "target_version": now.target_version,
        "units": "\n".join(now.units),
        "period_from": now.period_from,
        "period_to": now.period_to,
        "goal": now.goal,
        "scope": now.scope,
        "exclusions": now.exclusions,
        "requests": now.requests,
    }


@room.post("/<id>/agree")
def agree(id: str) -> Response:
    """The assessor agrees to the terms."""
    with access.writing(id, Action.AGREE) as case:
        assessments.agree(case)
    flash("You agreed to the terms. The vendor can now answer.")
    return redirect(url_for("assessments.overview", id=id), 303)
