"""One question's fields, read from a posted form.

Names are ``PO.1.1:option`` for the whole target and ``PO.1.1@7:option`` for the unit with id 7, so
that one form carries many questions, each with the version it was typed against.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired

from sdlc_assess.assessment.response import Answer, InvalidAnswer


class AnswerForm(Form):
    """The fields of one answer; which option or fact exists is the questionnaire's to say."""

    option = StringField()
    justification = TextAreaField()
    na_reason = TextAreaField()
    fact = SelectMultipleField(validate_choice=False)
    version = IntegerField(validators=[InputRequired()])


_held = threading.local()


def _form() -> AnswerForm:
    """Return this thread's form: binding the fields takes longer than reading them anew."""
    form: AnswerForm | None = getattr(_held, "form", None)
    if form is None:
        form = _held.form = AnswerForm()
    return form


def key(question_id: str, unit_id: int | None) -> str:
    """Return the prefix of a response's fields, without the colon."""
    return question_id if unit_id is None else f"{question_id}@{unit_id}"


def parse(posted: MultiDict[str, str], prefix: str) -> tuple[Answer, int]:
    """Return (answer, version) of the fields under ``prefix``, or raise InvalidAnswer."""
    form, start = _form(), prefix + ":"
    own = {n.removeprefix(start): posted.getlist(n) for n in posted if n.startswith(start)}
    form.process(MultiDict(own))
    if not form.validate():
        raise InvalidAnswer(
            "The form came without the version it was typed against. Nothing was saved: reload the "
            "page; your text is still in the form."
        )
    return (
        Answer(
            option=form.option.data or None,
            justification=form.justification.data or "",
            na_reason=form.na_reason.data or "",
            facts=tuple(form.fact.data or ()),
        ),
        int(form.version.data or 0),
    )


def keys_in(posted: Mapping[str, Any]) -> list[str]:
    """Return the prefixes of all responses that a whole form carries, in its own order."""
    suffix = ":version"
    return [name.removesuffix(suffix) for name in posted if name.endswith(suffix)]


def split(prefix: str) -> tuple[str, int | None]:
    """Return (question id, unit id or None) of a prefix; -1 is no unit."""
    question_id, at, unit = prefix.partition("@")
    if not at:
        return question_id, None
    return question_id, int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 19 else -1
