"""What the templates are given: answers, verdicts and rows as plain data."""

from __future__ import annotations

from typing import Any

import pytest

from sdlc_assess.reporting import prose
from sdlc_assess.reporting.answers import facts, label
from sdlc_assess.reporting.assemble import report_of
from sdlc_assess.reporting.figures import axis, dot_range, sentence
from sdlc_assess.reporting.view import Number, Report, Row
from tests.reporting.builders import a_small_shelf, a_snapshot


def a_report(**changes: Any) -> Report:
    shelf = a_small_shelf()
    return report_of("assessment", a_snapshot(shelf, **changes), shelf)


def test_practices_are_ranked_by_the_number_that_counts() -> None:
    report = a_report()
    lows = [row.assessed.low for row in report.ranked if row.assessed is not None]
    assert lows == sorted(lows, key=lambda low: (low is None, low or 0))
    assert {row.id for row in report.ranked} == {"AA.1", "AA.2", "BB.1"}


def test_a_task_at_0_or_1_is_listed_and_no_other() -> None:
    report = a_report(answer={"option": "1"}, state="submitted")
    assert len(report.low_tasks) == 5
    report = a_report(answer={"option": "2"}, state="submitted")
    assert report.low_tasks == ()


def test_an_unanswered_task_is_open_and_not_low() -> None:
    report = a_report(state="draft", gaps=2, answer={"option": "3"})
    assert report.open_tasks == ("AA.2.2", "BB.1.1")
    assert report.low_tasks == ()


def test_the_effect_counts_what_verdicts_did() -> None:
    shelf = a_small_shelf()
    snapshot = a_snapshot(shelf)
    for id, (outcome, option) in {
        "AA.1.1": ("adjust", "0"),
        "AA.2.1": ("insufficient", None),
        "AA.2.2": ("agree", None),
    }.items():
        for verdict in snapshot["parts"][f"verdict/{id}"]["verdicts"]:
            verdict |= {"outcome": outcome, "option": option}
    effect = dict(report_of("executive", snapshot, shelf).effect)
    assert effect["lowered"] >= 1
    assert effect["not demonstrated"] == 1
    assert sum(effect.values()) == 6  # five questions, one of them answered for two units


def test_a_stale_verdict_has_no_effect_and_is_told() -> None:
    shelf = a_small_shelf()
    snapshot = a_snapshot(shelf)
    snapshot["parts"]["verdict/AA.1.1"]["verdicts"][0]["stale"] = True
    report = report_of("assessment", snapshot, shelf)
    assert dict(report.effect)["without a verdict"] == 1
    verdict = report.chapters[0].details[0].answers[0].verdict
    assert verdict is not None
    assert verdict.stale


def test_each_unit_has_its_own_answer_and_verdict() -> None:
    answers = a_report().chapters[0].details[1].answers
    assert [answer.unit for answer in answers] == ["Agent core", "Update service"]
    assert all(answer.verdict is not None for answer in answers)


@pytest.mark.parametrize(
    ("option", "ticked", "shown"),
    [
        ("2", ["1.0", "2.0"], [("1", True), ("2", True)]),
        ("2", ["2.0", "4.0"], [("1", False), ("2", True), ("4", True)]),
        ("0", [], [("0", False)]),
        ("na", [], []),
        (None, [], []),
    ],
)
def test_facts_are_those_the_answer_stands_on_and_those_ticked(
    option: str | None, ticked: list[str], shown: list[tuple[str, bool]]
) -> None:
    question = a_small_shelf().held.by_id["AA.1.1"]
    assert [(fact.level, fact.ticked) for fact in facts(question, option, ticked)] == shown


def test_labels() -> None:
    question = a_small_shelf().held.by_id["AA.1.1"]
    assert label(question, "3") == "3 · Step 3"
    assert label(question, "na") == "Not applicable"
    assert label(question, None) == "Not answered"
    assert label(question, "9") == "9"


def test_the_worked_example_keeps_exact_fractions() -> None:
    scoring = a_report(answer={"option": "3"}, state="submitted").scoring
    assert scoring is not None
    assert scoring.worked is not None
    (line,) = scoring.worked.equations
    assert line[0] == "Claimed"
    assert line[2] == "3/4"


def test_a_figure_says_by_shape_what_it_says_by_colour() -> None:
    row = Row("X.1", "A <b>", "task", Number("2.0 of 4", 500, 500), Number("1.0 of 4", 250, 750),
              0, 1, "partial", ())  # fmt: skip
    drawing = str(dot_range(row, 750, 4))
    assert "<circle" in drawing
    assert "stroke-dasharray" in drawing
    assert "&lt;b&gt;" in drawing
    assert 'role="img"' in drawing
    assert 'font-family="IBM Plex Sans"' in drawing
    assert sentence(row, 750, 4) == (
        "X.1 A <b>: claimed 2.0 of 4, assessed 1.0 of 4; the goal is level 3."
    )


def test_what_has_no_number_is_not_drawn() -> None:
    row = Row("X.1", "A", "task", Number("not applicable", None, None), None, 0, 0, "", ())
    assert "<circle" not in str(dot_range(row, 750, 4))
    assert str(axis(750, 4)).count("<text") == 5


def test_prose() -> None:
    assert prose.day("2026-11-24") == "24 November 2026"
    assert prose.day(None) == ""
    assert prose.moment("2026-11-24T10:00:00Z") == "24 November 2026, 10:00 UTC"
    assert prose.moment(None) == ""
    assert prose.paragraphs("a\nb\n\n\n c ") == ("a\nb", "c")
    assert prose.paragraphs(None) == ()
    assert prose.clip("abcdef", 6) == "abcdef"
    assert prose.clip("abcdefgh", 6) == "abcd …"
    assert prose.clip("one two, three", 11) == "one two …"
    assert prose.listed([]) == ""
    assert prose.listed(["a"]) == "a"
    assert prose.listed(["a", "b", "c"]) == "a, b and c"
    assert prose.counted(0, "task") == "no tasks"
    assert prose.counted(1, "task") == "1 task"
    assert prose.printable("a\r\nb\tc") == "a\nb\tc"
    assert prose.printable("\u200fשלום") == "\u200fשלום"
