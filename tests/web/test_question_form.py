"""Reading one answer of a posted form: the kept form reads what a fresh one would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from sdlc_assess.assessment.response import Answer, InvalidAnswer
from sdlc_assess.web import question_form
from sdlc_assess.web.question_form import AnswerForm

KEYS = ("PO.1.1", "PO.1.1@7", "PO.1.10")
PARTS = ("option", "justification", "na_reason", "fact", "version", "other")
FIELDS = st.lists(
    st.tuples(
        st.tuples(st.sampled_from(KEYS), st.sampled_from(PARTS)).map(":".join),
        st.sampled_from(("", "0", "3", "na", "3.0", " 7 ", "-1", "x")) | st.text(max_size=5),
    ),
    max_size=15,
)


def fresh(posted: MultiDict[str, str], prefix: str) -> tuple[Answer, int] | None:
    """WTForms as it is meant to be used: a form of its own for each posted answer."""
    form = AnswerForm(posted, prefix=prefix + ":")
    if not form.validate():
        return None
    return (
        Answer(
            form.option.data or None,
            form.justification.data or "",
            form.na_reason.data or "",
            tuple(form.fact.data or ()),
        ),
        int(form.version.data or 0),
    )


@given(st.lists(FIELDS, min_size=1, max_size=4))
def test_nothing_of_one_form_is_read_in_the_next(forms: list[list[tuple[str, str]]]) -> None:
    for fields in forms:
        posted = MultiDict(fields)
        for key in KEYS:
            expected = fresh(posted, key)
            if expected is None:
                with pytest.raises(InvalidAnswer):
                    question_form.parse(posted, key)
            else:
                assert question_form.parse(posted, key) == expected


def test_the_comparison_can_fail() -> None:
    one = MultiDict([("PO.1.1:version", "1"), ("PO.1.1:option", "3")])
    other = MultiDict([("PO.1.1:version", "1"), ("PO.1.1@7:option", "3")])
    assert fresh(one, "PO.1.1") != fresh(other, "PO.1.1")
