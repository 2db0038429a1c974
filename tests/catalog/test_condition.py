"""Conditions: what they mean, and which of them can never hold."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sdlc_assess.catalog.branching import branching_flaws
from sdlc_assess.catalog.condition import (
    AllOf,
    AnyIn,
    AnyOf,
    Condition,
    Equals,
    Negate,
    asked_in,
    holds,
)
from sdlc_assess.catalog.draft import draft_questionnaire
from sdlc_assess.catalog.plain import plain_condition
from sdlc_assess.catalog.source import parse
from tests.catalog.specimens import GOOD

YES, NO = Equals("Q", "1"), Equals("Q", "0")
EITHER = AnyIn("Q", ("0", "1"))


@pytest.mark.parametrize(
    ("condition", "answers_that_hold"),
    [
        (None, {"0", "1", "na", None}),
        (YES, {"1"}),
        (EITHER, {"0", "1"}),
        (AllOf((YES, EITHER)), {"1"}),
        (AllOf((YES, NO)), set()),
        (AnyOf((YES, NO)), {"0", "1"}),
        (Negate(YES), {"0", "na", None}),
        (Negate(AnyOf((YES, Equals("Q", "na")))), {"0", None}),
    ],
)
def test_a_condition_holds_for_exactly_these_answers(
    condition: Condition | None, answers_that_hold: set[str | None]
) -> None:
    for answer in ("0", "1", "na", None):
        assert holds(condition, {"Q": answer}) is (answer in answers_that_hold)


def test_an_unanswered_question_equals_nothing() -> None:
    assert not holds(YES, {})
    assert holds(Negate(YES), {})


def test_what_is_asked_is_every_leaf() -> None:
    condition = AnyOf((AllOf((YES, AnyIn("R", ("a", "b")))), Negate(NO)))
    assert list(asked_in(condition)) == [("Q", ("1",)), ("R", ("a", "b")), ("Q", ("0",))]
    assert list(asked_in(None)) == []


LEAVES: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Equals, st.sampled_from("ABC"), st.sampled_from("012")),
    st.builds(
        AnyIn,
        st.sampled_from("ABC"),
        st.lists(st.sampled_from("012"), min_size=1, max_size=3).map(tuple),
    ),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(Negate, parts),
        st.builds(AllOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


def _question(id: str, when: Condition | None) -> dict[str, Any]:
    question = {
        "id": id,
        "text": "Which?",
        "tasks": ["tiny:A.1.1"],
        "guidance": "Look.",
        "evidence": [{"kind": "record", "text": "the book"}],
        "options": [{"id": n, "text": n, "facts": [f"{id} is {n}."]} for n in "012"],
    }
    return question | ({"when": plain_condition(when)} if when else {})


def _unreachable(conditions: dict[str, Condition | None]) -> set[str]:
    questions = [_question(id, when) for id, when in conditions.items()]
    data = {"sections": [{"id": "S", "title": "S", "questions": questions}]}
    draft = draft_questionnaire(parse(yaml.safe_dump(data, sort_keys=False).encode(), "x"))
    lines = {draft.source.line((*at, "when")): id for at, id in draft.order}
    flaws = list(branching_flaws(draft))
    assert {flaw.code for flaw in flaws} <= {"unreachable"}
    return {lines[flaw.line] for flaw in flaws}


@settings(deadline=None, max_examples=40)
@given(CONDITIONS, CONDITIONS)
def test_unreachable_is_what_no_way_of_answering_reaches(
    second: Condition, last: Condition
) -> None:
    only_a = _over(second, "A")
    conditions: dict[str, Condition | None] = {"A": None, "B": only_a, "C": None, "D": last}

    reached = set()
    for a, b, c in product("012", repeat=3):  # every way of answering, one by one
        answers = {"A": a, "B": b if holds(only_a, {"A": a}) else None, "C": c}
        reached |= {id for id, when in conditions.items() if holds(when, answers)}

    assert _unreachable(conditions) == conditions.keys() - reached


def _over(condition: Condition, id: str) -> Condition:
    """The same condition with every leaf about ``id``."""
    match condition:
        case Equals(_, option):
            return Equals(id, option)
        case AnyIn(_, options):
            return AnyIn(id, options)
        case Negate(part):
            return Negate(_over(part, id))
        case AllOf(parts):
            return AllOf(tuple(_over(part, id) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_over(part, id) for part in parts))


def test_too_many_cases_are_taken_to_be_reachable() -> None:
    ids = [f"Q{n}" for n in range(12)]
    never = AllOf((*(Equals(id, "0") for id in ids), Equals("Q0", "1")))
    few = AllOf((Equals("Q0", "0"), Equals("Q0", "1")))
    plain: dict[str, Condition | None] = dict.fromkeys(ids)
    assert _unreachable({**plain, "Z": few}) == {"Z"}
    several = AllOf((*never.parts, *(Equals(id, "1") for id in ids)))
    assert _unreachable({**plain, "Z": several}) == set()


def test_conditions_on_questions_out_of_shape_tell_nothing_more(tmp_path: Path) -> None:
    text = (GOOD / "tiny" / "1.0.0.yaml").read_text().replace("weight: 2", "weight: 0")
    draft = draft_questionnaire(parse(text.encode(), "x"))
    assert [flaw.code for flaw in draft.flaws] == ["weight"]
    assert list(branching_flaws(draft)) == []
