"""The cases that anybody can read and check by hand: answers in, numbers out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sdlc_assess.catalog.condition import Equals
from sdlc_assess.catalog.questionnaire import Question
from sdlc_assess.scoring import Measure, Outcome, Score, display, score
from tests.scoring.builders import a_framework, a_profile, a_question, a_questionnaire

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
CASES = [case for path in FILES for case in yaml.safe_load(path.read_text("utf-8"))]
KEYS = {"case", "questions", "answers", "verdicts", "expect", "answered"}
EXPECTED_KEYS = {"claimed", "assessed", "shown", "words", "assessed_words"}


def question_of(id: str, told: dict[str, Any]) -> Question:
    when = next((Equals(q, option) for q, option in told.get("asked_when", {}).items()), None)
    return a_question(
        id,
        told.get("task", id),
        weight=told.get("weight", 1),
        highest=told.get("highest", 4),
        when=when,
    )


def by_unit(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {"": given}


def outcome_of(told: str) -> Outcome:
    kind, _, option = told.partition(" ")
    return Outcome(kind, option or None)  # type: ignore[arg-type]


def score_of(case: dict[str, Any]) -> Score:
    questions = [question_of(id, told) for id, told in case["questions"].items()]
    tasks = sorted({task for question in questions for task in question.tasks})
    claims = {id: by_unit(given) for id, given in case["answers"].items()}
    verdicts = {
        id: {unit: outcome_of(told) for unit, told in by_unit(given).items()}
        for id, given in case.get("verdicts", {}).items()
    }
    questionnaire = a_questionnaire(*questions)
    return score(questionnaire, a_framework(*tasks), a_profile(), claims, verdicts)


def exactly(measure: Measure) -> str:
    if measure.absent:
        return measure.absent.replace("_", " ")
    return " to ".join(dict.fromkeys((str(measure.low), str(measure.high))))


def counted(words: Any) -> dict[str, int]:
    return {word: count for word, count in words.items() if count}


def found_for(case: dict[str, Any]) -> dict[str, Any]:
    """Return what was found, under the very keys that the case expects."""
    result = score_of(case)
    found: dict[str, Any] = {}
    for id, expected in case["expect"].items():
        node = result.nodes[id]
        all_found = {
            "claimed": exactly(node.claimed),
            "assessed": exactly(node.assessed),
            "shown": display(node.claimed, a_profile()),
            "words": counted(node.conformance),
            "assessed_words": counted(node.assessed_conformance),
        }
        found[id] = {key: all_found[key] for key in expected}
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert found_for(case) == case["expect"]
    if "answered" in case:
        result = score_of(case)
        assert f"{result.answered} of {result.total}" == case["answered"]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_no_case_says_more_than_is_compared(case: dict[str, Any]) -> None:
    assert case.keys() <= KEYS
    assert case["expect"]
    for expected in case["expect"].values():
        assert expected
        assert expected.keys() <= EXPECTED_KEYS


def test_a_case_with_a_wrong_number_would_fail() -> None:
    """The control."""
    case = {**CASES[0], "expect": {"PO.1.1": {"claimed": "2/4"}}}
    assert found_for(case) != case["expect"]
