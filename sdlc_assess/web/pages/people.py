"""Organisations and their people."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sdlc_assess.assessment.response import InvalidAnswer
from sdlc_assess.assessment.role import OrganisationAction
from sdlc_assess.services import people
from sdlc_assess.web import access, forms
from sdlc_assess.web.filters import ROLE_WORDS
from sdlc_assess.web.pages.accounts import post

room = Blueprint("people", __name__, url_prefix="/organisations")


@room.route("", methods=["GET", "POST"])
def listing() -> Response | str | tuple[str, int]:
    """List every organisation and add one."""
    form, problem = forms.NewOrganisation(), ""
    with access.visiting(write=request.method == "POST") as visit:
        found = people.organisations(visit)
        if form.validate_on_submit():
            try:
                id = people.create_organisation(visit, form.name.data or "", form.kind.data)
            except (people.PeopleError, InvalidAnswer) as error:
                problem = error.message
            else:
                return redirect(url_for("people.organisation", id=id), 303)
        status = 422 if request.method == "POST" else 200
        page = render_template("people/listing.html", form=form, found=found, problem=problem)
        return page, status


@room.route("/<int:id>", methods=["GET", "POST"])
def organisation(id: int) -> Response | str | tuple[str, int]:
    """Show an organisation's people, and invite one."""
    form, problem, letter = forms.Invitation(), "", None
    with access.visiting(write=request.method == "POST") as visit:
        found, members = people.people_of(visit, id)
        if request.method == "POST":
            visit.permit(OrganisationAction.INVITE, id)
        form.role.choices = forms.choices(
            *((r, ROLE_WORDS[r]) for r in people.roles_to_give(visit, found))
        )
        if form.validate_on_submit():
            try:
                letter = people.invite(
                    visit, id, form.email.data or "", form.name.data or "", form.role.data
                )
            except (people.PeopleError, InvalidAnswer) as error:
                problem = error.message
        if letter is None:
            status = 422 if request.method == "POST" else 200
            page = render_template(
                "people/organisation.html",
                form=form,
                organisation=found,
                members=members,
                problem=problem,
                may_suspend=visit.organisations(OrganisationAction.SUSPEND) is None,
            )
            return page, status
    post(letter)
    flash(f"The invitation for {letter.to} is on its way; its link works for seven days.")
    return redirect(url_for("people.organisation", id=id), 303)


@room.post("/<int:id>/people/<int:person_id>/suspend")
def suspend(id: int, person_id: int) -> Response:
    """Take a person's every role here, at once."""
    with access.visiting(write=True) as visit:
        people.suspend(visit, id, person_id)
    flash("The person is suspended, and their sessions have ended.")
    return redirect(url_for("people.organisation", id=id), 303)
