"""Every number printed is the one of the snapshot: the text is extracted and compared."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.reporting.builders import a_small_shelf
from tests.reporting.drawing import EDITIONS, STATES, Drawn, drawn, pdf_of, read_back

NUMBER = re.compile(r"\d+\.\d(?: to \d+\.\d)? of 4")


def nodes(made: Drawn, *kinds: str) -> dict[str, dict[str, Any]]:
    parts = made.snapshot["parts"]
    found = {name[6:]: part for name, part in parts.items() if name.startswith("score/")}
    return {id: node for id, node in found.items() if node["kind"] in kinds}


def has_assessed(made: Drawn) -> bool:
    basis = made.snapshot["parts"]["basis"]
    overall = made.snapshot["parts"]["score/overall"]
    return basis["kind"] != "self" and overall["assessed"]["low"] is not None


def row_of(made: Drawn, id: str, node: dict[str, Any]) -> str:
    """Return the row of a node as it stands in the tables."""
    cells = [id, node["title"], node["claimed"]["display"]]
    if has_assessed(made):
        cells.append(node["assessed"]["display"])
    return " ".join(" ".join(cells).split())


def wrong_rows(made: Drawn, *kinds: str) -> list[str]:
    rows = [row_of(made, id, node) for id, node in nodes(made, *kinds).items()]
    return [row for row in rows if row not in made.text]


@pytest.mark.parametrize("state", list(STATES))
def test_the_executive_summary_prints_the_numbers_of_every_practice(state: str) -> None:
    made = drawn("executive", state, "ssdf")
    assert len(nodes(made, "practice")) > 2
    assert wrong_rows(made, "practice") == []


@pytest.mark.parametrize(
    ("state", "content"), [("accepted", "ssdf"), ("draft", "small"), ("self submitted", "small")]
)
def test_the_assessment_report_prints_the_numbers_of_every_practice_and_task(
    state: str, content: str
) -> None:
    made = drawn("assessment", state, content)
    assert wrong_rows(made, "practice", "task") == []


def test_a_wrong_number_would_be_seen() -> None:
    # control: one digit of one task in the snapshot, the paper left as it was
    made = drawn("assessment", "accepted", "ssdf")
    id = next(iter(nodes(made, "task")))
    parts = made.snapshot["parts"]
    node = parts[f"score/{id}"]
    changed = node | {"claimed": node["claimed"] | {"display": "3.3 of 4"}}
    other = Drawn({"parts": parts | {f"score/{id}": changed}}, made.body, made.pages)
    assert len(wrong_rows(other, "practice", "task")) == 1


@pytest.mark.parametrize(("kind", "state"), EDITIONS)
def test_no_number_is_printed_that_the_snapshot_does_not_hold(kind: str, state: str) -> None:
    made = drawn(kind, state, "small")
    names = ["claimed", "assessed"] if has_assessed(made) else ["claimed"]
    every = nodes(made, "overall", "group", "practice", "task")
    held = {node[name]["display"] for node in every.values() for name in names}
    # "1.2 to 3.4 of 4" stands in the glossary as the example of a range
    printed = set(NUMBER.findall(made.text)) - {"1.2 to 3.4 of 4"}
    assert printed
    assert printed <= held


def test_the_headline_is_the_count_of_the_snapshot() -> None:
    made = drawn("executive", "accepted", "ssdf")
    counts = made.snapshot["parts"]["score/overall"]["assessed_conformance"]
    applicable = sum(counts.values()) - counts["not_applicable"]
    assert f"{counts['satisfied']} of {applicable} applicable tasks meet level 3" in made.text


def test_numbers_are_printed_and_never_made() -> None:
    shelf = a_small_shelf()
    made = drawn("executive", "accepted")
    parts = dict(made.snapshot["parts"])
    node = parts["score/AA.1"]
    parts["score/AA.1"] = node | {"claimed": node["claimed"] | {"display": "9.9 of 4"}}
    snapshot = made.snapshot | {"parts": parts}
    assert "AA.1 Rules 9.9 of 4" in read_back(snapshot, pdf_of("executive", snapshot, shelf)).text


def test_the_worked_example_adds_up() -> None:
    from fractions import Fraction

    text = drawn("assessment", "accepted", "ssdf").text
    sums = re.findall(r"(Claimed|Assessed): \(([^)]*)\) ÷ (\d+) = ([\d/]+),", text)
    assert [name for name, *_ in sums] == ["Claimed", "Assessed"]
    for _, terms, count, result in sums:
        total = sum(Fraction(term) for term in terms.split(" + "))
        assert total / int(count) == Fraction(result)
