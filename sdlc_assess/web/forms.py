"""The fixed forms. They parse and say what is missing; the rules live in the use cases."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Optional

from sdlc_assess.assessment.review import CONCLUSION_WORDS


def _needed(what: str) -> InputRequired:
    return InputRequired(message=f"{what} is missing.")


def choices(*pairs: tuple[Any, str]) -> list[SelectChoice]:
    """Return what a choice field takes, from (value, label) pairs."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class SignIn(FlaskForm):
    """Address and password."""

    email = EmailField("Mail address", validators=[_needed("The mail address")])
    password = PasswordField("Password", validators=[_needed("The password")])


class Forgotten(FlaskForm):
    """The address that a reset link goes to."""

    email = EmailField("Mail address", validators=[_needed("The mail address")])


class NewPassword(FlaskForm):
    """A new password, behind a link from a mail."""

    password = PasswordField("New password", validators=[_needed("The new password")])


class ChangePassword(FlaskForm):
    """The present password and a new one."""

    current = PasswordField("Present password", validators=[_needed("The present password")])
    password = PasswordField("New password", validators=[_needed("The new password")])


class NewOrganisation(FlaskForm):
    """A vendor, assessor or operator organisation."""

    name = StringField("Name", validators=[_needed("The name")])
    kind = SelectField(
        "Kind",
        choices=choices(
            ("vendor", "Vendor: is assessed"),
            ("assessor", "Assessor organisation: examines"),
            ("operator", "Operator: runs the service"),
        ),
    )


class Invitation(FlaskForm):
    """Whom to invite, in which role."""

    name = StringField("Name", validators=[_needed("The name")])
    email = EmailField("Mail address", validators=[_needed("The mail address")])
    role = SelectField("Role")


class TermsForm(FlaskForm):
    """The terms of an assessment, agreed before any answer."""

    vendor = SelectField("Vendor", coerce=int)
    questionnaire = SelectField("Questionnaire")
    assessor = SelectField("Assessor organisation")
    target = StringField("Product or organisation assessed", validators=[_needed("The name")])
    target_version = StringField("Version")
    units = TextAreaField("Units")
    period_from = DateField("Period from", validators=[Optional()])
    period_to = DateField("Period to", validators=[Optional()])
    goal = SelectField("Goal")
    scope = TextAreaField("Scope", validators=[_needed("The scope")])
    exclusions = TextAreaField("Exclusions")
    requests = TextAreaField("Request list")


class Statement(FlaskForm):
    """A statement that the person makes by sending the form."""

    text = TextAreaField("Statement")
    confirmed = BooleanField(
        "I make this statement", validators=[_needed("Your mark beside the statement")]
    )


class Reason(FlaskForm):
    """One reason."""

    reason = TextAreaField("Reason")


class VerdictForm(FlaskForm):
    """A verdict, with what the assessor saw when writing it."""

    outcome = RadioField(
        "Verdict",
        choices=choices(
            ("agree", "Agree"),
            ("adjust", "Adjust"),
            ("insufficient", "Insufficient"),
            ("not_examined", "Not examined"),
        ),
        validators=[_needed("The verdict")],
    )
    option = SelectField("Option that holds", validate_choice=False)
    failing_fact = SelectField("First fact that fails", validate_choice=False)
    looked_at = TextAreaField("What was looked at")
    reason = TextAreaField("Reason")
    remark = TextAreaField("Remark to the vendor")
    revision = StringField()
    number = StringField()


class ConclusionForm(FlaskForm):
    """The conclusion and the sentences beside it."""

    kind = RadioField(
        "Conclusion",
        choices=choices(*CONCLUSION_WORDS.items()),
        validators=[_needed("The kind of conclusion")],
    )
    text = TextAreaField("Conclusion in words", validators=[_needed("The conclusion")])
    strongest = TextAreaField("What is strongest")
    greatest_risk = TextAreaField("Greatest risk to customers")
    limitation = TextAreaField("Limitation")
    version = StringField()


def number_from(value: Any) -> int:
    """Return a hidden number of a form; -1, which no row has, for anything else."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
