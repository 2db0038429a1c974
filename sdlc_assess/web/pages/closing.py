"""How a review goes on from its verdicts: return, conclusion, acceptance, reopening."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sdlc_assess.assessment.response import InvalidAnswer
from sdlc_assess.assessment.review import Conclusion, InvalidVerdict
from sdlc_assess.assessment.role import Action
from sdlc_assess.services import reviews
from sdlc_assess.services.reviews import Item, NothingReturned, StaleVerdict
from sdlc_assess.web import access, forms
from sdlc_assess.web.forms import number_from

room = Blueprint("closing", __name__, url_prefix="/reviews/<id>")


@room.route("/return", methods=["GET", "POST"])
def return_to_vendor(id: str) -> Response | str | tuple[str, int]:
    """Mark responses with a reason each, and send them back; only those become editable."""
    problem, reasons = "", {}
    mode = access.writing if request.method == "POST" else access.reading
    with mode(id, Action.RETURN) as case:
        found = reviews.items(case)
        if request.method == "POST":
            reasons = _reasons(found)
            try:
                reviews.return_to_vendor(case, reasons)
            except (NothingReturned, InvalidAnswer) as error:
                problem = error.message
            else:
                flash("Returned. The vendor can change the marked answers, and only those.")
                return redirect(url_for("reviews.review", id=id), 303)
        page = render_template(
            "reviews/return.html",
            case=case,
            items=found,
            reasons=reasons,
            typed=_typed(found),
            problem=problem,
            text_of=reviews.text_of,
            form=forms.Reason(),
        )
        return page, (422 if problem else 200)


def _reasons(found: list[Item]) -> dict[int, str]:
    marked = {number_from(value) for value in request.form.getlist("mark")}
    return {id: text for id, text in _typed(found).items() if id in marked}


def _typed(found: list[Item]) -> dict[int, str]:
    """Return every reason that was typed, marked or not."""
    typed = {item.row.id: request.form.get(f"reason-{item.row.id}") for item in found}
    return {id: text for id, text in typed.items() if text is not None}


@room.route("/conclusion", methods=["GET", "POST"])
def conclude(id: str) -> Response | str | tuple[str, int]:
    """Write the conclusion and the sentences beside it."""
    problem = ""
    mode = access.writing if request.method == "POST" else access.reading
    with mode(id, Action.CONCLUDE) as case:
        now, version = reviews.conclusion(case)
        form = forms.ConclusionForm(
            data={**{name: getattr(now, name) for name in Conclusion.__slots__}, "version": version}
        )
        if request.method == "POST":
            try:
                reviews.conclude(case, _opinion(form), number_from(form.version.data))
            except (InvalidVerdict, StaleVerdict, InvalidAnswer) as error:
                problem = error.message
                form.version.data = str(version)  # saving again is a choice made with this in view
            else:
                flash("The conclusion is saved.")
                return redirect(url_for("reviews.review", id=id), 303)
        page = render_template("reviews/conclusion.html", case=case, form=form, problem=problem)
        return page, (422 if problem else 200)


def _opinion(form: forms.ConclusionForm) -> Conclusion:
    if not form.validate():
        raise InvalidVerdict("Choose a kind of conclusion and write it. Nothing was saved.")
    return Conclusion(
        form.kind.data,
        form.text.data or "",
        form.strongest.data or "",
        form.greatest_risk.data or "",
        form.limitation.data or "",
    )


@room.post("/accept")
def accept(id: str) -> Response:
    """The technical reviewer accepts."""
    with access.writing(id, Action.ACCEPT) as case:
        reviews.accept(case)
    flash("Accepted. The accepted snapshot is frozen, and both reports can be had.")
    return redirect(url_for("reviews.review", id=id), 303)


@room.post("/reopen")
def reopen(id: str) -> Response:
    """Open an accepted assessment again, with a reason."""
    form = forms.Reason()
    with access.writing(id, Action.REOPEN) as case:
        reviews.reopen(case, form.reason.data or "")
    flash("Reopened. What was accepted stays in the record.")
    return redirect(url_for("reviews.review", id=id), 303)
