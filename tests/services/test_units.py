"""A question asked of each unit: the weakest counts, and nothing is lost on the way back."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdlc_assess import scoring
from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.services import answers
from sdlc_assess.services.desk import NotFound
from tests.builders import World, an_assessment, answer, first_questions, submit

Q = "PO.1.1"
UNITS = ("Agent core", "Update service")


def by_unit(world: World, id: str, wanted: bool, question: str = Q) -> None:
    with world.writing("alice", id, Action.ASSIGN) as case:
        answers.answer_by_unit(case, question, wanted)


def headline(world: World, id: str) -> Any:
    with world.reading("alice", id, Action.VIEW) as case:
        return case.row.headline


def rows(world: World, id: str, question: str = Q) -> dict[str, Any]:
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        return {r.unit: r for r in answers.load(case) if r.question_id == question}


def recomputed(world: World, id: str) -> Any:
    """The oracle: the numbers anew from what the page shows, by the slow and whole path."""
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        claims = answers.claims(answers.load(case))
        score = scoring.score(case.questionnaire, case.framework, case.profile, claims)
        return score


def assert_fits(world: World, id: str) -> None:
    stored, fresh = headline(world, id), recomputed(world, id)
    assert (stored["answered"], stored["total"]) == (fresh.answered, fresh.total)
    whole = fresh.overall.claimed
    assert (Fraction(stored["overall"]["low"]), Fraction(stored["overall"]["high"])) == (
        whole.low,
        whole.high,
    )
    for group, numbers in stored["groups"].items():
        assert Fraction(numbers["low"]) == fresh.nodes[group].claimed.low


def test_the_weakest_unit_counts(world: World) -> None:
    id = an_assessment(world, units=UNITS)
    answer(world, id, Q, "4")
    whole = Fraction(headline(world, id)["overall"]["low"])
    by_unit(world, id, True)
    assert headline(world, id)["answered"] == 0
    answer(world, id, Q, "4", unit="Agent core")
    assert headline(world, id)["answered"] == 0, "one unit of two is no answer yet"
    answer(world, id, Q, "1", unit="Update service")
    assert headline(world, id)["answered"] == 1
    assert Fraction(headline(world, id)["overall"]["low"]) == whole / 4
    assert_fits(world, id)


def test_back_to_the_whole_keeps_every_row(world: World) -> None:
    id = an_assessment(world, units=UNITS)
    answer(world, id, Q, "4", text="For all of it.")
    by_unit(world, id, True)
    answer(world, id, Q, "1", unit="Agent core", text="The core alone.")
    by_unit(world, id, False)
    assert {u: r.justification for u, r in rows(world, id).items()} == {"": "For all of it."}
    assert headline(world, id)["answered"] == 1
    by_unit(world, id, True)
    assert rows(world, id)["Agent core"].justification == "The core alone."
    assert rows(world, id)["Update service"].version == 0
    assert_fits(world, id)


def test_whoever_answers_the_whole_answers_its_units(world: World) -> None:
    id = an_assessment(world, units=UNITS)
    with world.writing("alice", id, Action.ASSIGN) as case:
        answers.assign(case, Q, world.people["bob"])
    by_unit(world, id, True)
    assert answer(world, id, Q, "2", unit="Agent core", by="bob").version == 1


def test_a_unit_is_named_or_given_by_its_id(world: World) -> None:
    id = an_assessment(world, units=UNITS)
    by_unit(world, id, True)
    number = rows(world, id)["Agent core"].unit_id
    with world.writing("alice", id, Action.ANSWER) as case:
        assert answers.save(case, Q, number, Answer("2"), 0).unit == "Agent core"


def test_a_target_without_units_or_past_its_draft_has_no_units_to_ask(world: World) -> None:
    plain = an_assessment(world)
    with pytest.raises(NotFound):
        by_unit(world, plain, True)
    id = an_assessment(world, Status.RETURNED, units=UNITS, target="Console")
    with pytest.raises(NotFound):
        by_unit(world, id, True)


def test_units_go_through_submission(world: World) -> None:
    id = an_assessment(world, units=UNITS)
    by_unit(world, id, True)
    answer(world, id, Q, "4", unit="Agent core")
    submit(world, id)
    with world.reading("alice", id, Action.VIEW) as case:
        assert case.status is Status.SUBMITTED


EDIT = st.tuples(
    st.integers(0, 11),
    st.sampled_from(["", *UNITS]),
    st.sampled_from([None, "0", "1", "2", "3", "4", "na", "by unit", "whole"]),
)


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
@given(st.lists(EDIT, min_size=200, max_size=200))
def test_the_stored_numbers_fit_the_answers_after_200_edits(
    lite_world: World, edits: list[tuple[int, str, str | None]]
) -> None:
    target = f"Target {next(_targets)}"
    id = an_assessment(lite_world, units=UNITS, target=target)
    asked, done = first_questions(lite_world, 12), 0
    for number, unit, option in edits:
        done += _edit(lite_world, id, asked[number], unit, option)
    assert done > 50, "the edits hardly changed anything, so this would prove nothing"
    assert_fits(lite_world, id)


_targets = iter(range(1_000_000))


def _edit(world: World, id: str, question: str, unit: str, option: str | None) -> bool:
    """Do one edit; one that does not fit the question as it is asked now is left out."""
    if option in ("by unit", "whole"):
        by_unit(world, id, option == "by unit", question)
        return True
    found = rows(world, id, question)
    can_be_na = bool(world.desk.library.questionnaire("ssdf@1.0.0").by_id[question].na_when)
    if unit not in found or (option == "na" and not can_be_na):
        return False
    answer(world, id, question, option, unit=unit, version=found[unit].version)
    return True
