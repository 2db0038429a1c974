"""The vendor's acts around a submission."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sdlc_assess.assessment.response import InvalidAnswer
from sdlc_assess.assessment.role import Action
from sdlc_assess.services import submission
from sdlc_assess.services.submission import GapsNotConfirmed, NothingChanged
from sdlc_assess.web import access, forms

room = Blueprint("submission", __name__, url_prefix="/assessments/<id>")


@room.route("/submit", methods=["GET", "POST"])
def submit(id: str) -> Response | str | tuple[str, int]:
    """Show the checklist; submit, with a reason when questions stay open."""
    form, problem = forms.Reason(), ""
    mode = access.writing if request.method == "POST" else access.reading
    with mode(id, Action.SUBMIT) as case:
        if form.validate_on_submit():
            try:
                submission.submit(case, form.reason.data or "")
            except (GapsNotConfirmed, NothingChanged, InvalidAnswer) as error:
                problem = error.message
            else:
                flash("Submitted. What you submitted is frozen; the assessor can open it now.")
                return redirect(url_for("assessments.overview", id=id), 303)
        page = render_template(
            "submission/submit.html",
            case=case,
            form=form,
            checklist=submission.check(case),
            problem=problem,
        )
        return page, (422 if problem else 200)


@room.post("/recall")
def recall(id: str) -> Response:
    """Take a submission back before it is opened."""
    with access.writing(id, Action.RECALL) as case:
        submission.recall(case)
    flash("Recalled: it is a draft again. The submitted snapshot stays in the record.")
    return redirect(url_for("assessments.overview", id=id), 303)


@room.post("/representation")
def represent(id: str) -> Response:
    """The executive signs the representation."""
    form = forms.Statement()
    with access.writing(id, Action.REPRESENT) as case:
        if form.validate():
            submission.represent(case)
            flash("Signed, for what was last submitted.")
        else:
            flash("Nothing was signed: mark the box beside the representation first.")
    return redirect(url_for("assessments.overview", id=id), 303)
