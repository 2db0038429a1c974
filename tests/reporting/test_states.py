"""What kind of paper this is stands on every page, and a self-assessment claims nothing more."""

from __future__ import annotations

import re

import pytest

from sdlc_assess.reporting.pdf import KINDS
from tests.reporting.drawing import EDITIONS, drawn

MARKS = {
    "accepted": "Accepted",
    "submitted": "Submitted by the vendor, not yet assessed",
    "returned": "Returned to the vendor, review not finished",
    "in review": "DRAFT — not a record",
    "draft": "DRAFT — not a record",
    "self submitted": "Self-assessment · Submitted by the vendor",
    "self draft": "Self-assessment · DRAFT — not a record",
}


@pytest.mark.parametrize(("kind", "state"), EDITIONS)
def test_the_mark_stands_on_every_page(kind: str, state: str) -> None:
    made = drawn(kind, state)
    assert [p for p in made.pages if MARKS[state] not in " ".join(p.split())] == []


@pytest.mark.parametrize(("kind", "state"), EDITIONS)
def test_the_mark_of_another_state_stands_nowhere(kind: str, state: str) -> None:
    others = {other for other in MARKS.values() if other not in MARKS[state]}
    assert [other for other in others if other in drawn(kind, state).text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_says_its_number_and_of_how_many(kind: str) -> None:
    pages = drawn(kind, "accepted").pages
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in " ".join(page.split())


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_after_the_first_names_the_subject(kind: str) -> None:
    assert all("Sentry Agent 4.2" in page for page in drawn(kind, "accepted").pages)


@pytest.mark.parametrize(("kind", "state"), [one for one in EDITIONS if "self" in one[1]])
def test_a_self_assessment_never_says_assessed_or_verified(kind: str, state: str) -> None:
    text = drawn(kind, state).text.lower()
    assert re.findall(r"\b(?:assessed|verif\w+|halden)\b", text) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_self_assessment_with_verdicts_in_it_shows_none(kind: str) -> None:
    from tests.reporting.builders import a_small_shelf, a_snapshot
    from tests.reporting.drawing import pdf_of, read_back

    shelf = a_small_shelf()
    snapshot = a_snapshot(shelf, kind="self", state="accepted", examined=True)
    text = read_back(snapshot, pdf_of(kind, snapshot, shelf)).text.lower()
    assert re.findall(r"\b(?:assessed|adjusted|not demonstrated|charlie)\b", text) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_assessment_does_say_assessed(kind: str) -> None:
    # control of the two tests above
    assert "Assessed" in drawn(kind, "accepted").text


@pytest.mark.parametrize(("kind", "state"), [*EDITIONS[1:2], ("assessment", "draft")])
def test_what_nobody_examined_has_no_assessed_number(kind: str, state: str) -> None:
    text = drawn(kind, state).text
    assert "no assessor has examined them" in text
    assert "assessed by Halden" not in text


@pytest.mark.parametrize(("kind", "state"), EDITIONS)
def test_no_placeholder_prints(kind: str, state: str) -> None:
    text = drawn(kind, state).text
    found = r"\bNone (?!of\b|yet\b)\w|\bUndefined|\bTODO|\{\{|\{%|\bnull\b|\bTrue\b|\bFalse\b|\(\)"
    assert re.findall(found, text) == []


@pytest.mark.parametrize(("kind", "state"), EDITIONS)
def test_the_fixed_line_on_limits_is_in_every_report(kind: str, state: str) -> None:
    line = "does not say that the product is free of vulnerabilities or of hidden functions"
    assert line in drawn(kind, state).text


def test_the_conclusion_comes_before_any_number_of_the_result() -> None:
    first = " ".join(drawn("executive", "accepted", "ssdf").pages[0].split())
    assert first.index("Qualified: fairly stated") < first.index("applicable tasks meet level 3")


def test_the_first_page_of_the_executive_summary_stands_alone() -> None:
    made = drawn("executive", "accepted", "ssdf")
    first = " ".join(made.pages[0].split())
    overall = made.snapshot["parts"]["score/overall"]
    for wanted in (
        "Agent core and Update service",
        "Sentry Console and the hosted analysis service",
        "Halden Assurance examined the answers",
        "lowered",
        "raised",
        "not demonstrated",
        "Weakest practice",
        "Tasks at 0 or 1",
        overall["claimed"]["display"],
        overall["assessed"]["display"],
        "hidden functions",
    ):
        assert wanted in first, wanted


def test_the_full_report_tells_each_question_in_full() -> None:
    made = drawn("assessment", "accepted")
    for n in (1, 2):
        assert f"What shows Task {n} of Rules?" in made.text
    for wanted in (
        "Handbook chapter 4; ten changes of the weakest unit",
        "First fact that fails",
        "Keep the register of bypasses with the release.",
        "collected 1 October 2026, valid until 1 October 2028",
        "Unit Update service",
        "candidate, not released",
        made.snapshot["digest"],
        made.snapshot["parts"]["basis"]["questionnaire"]["digest"],
        "The vendor’s representation",
    ):
        assert wanted in made.text, wanted
