"""Every number printed in both papers of an answers file is the one of its `score --json`."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.journeys import printed

ROOT = Path(__file__).parents[2]
FILES = {
    "self-assessment": ROOT / "docs" / "self-assessment" / "ssdf.yaml",
    # every kind of answer, and some missing, so that there are ranges
    "unfinished": Path(__file__).parent / "answers.yaml",
}


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sdlc_assess", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def score_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("score", str(FILES[name]), "--json"))
    return found


@pytest.mark.parametrize("name", list(FILES))
@pytest.mark.parametrize("kind", printed.KINDS)
def test_a_paper_prints_the_numbers_of_the_score(name: str, kind: str, tmp_path: Path) -> None:
    score, paper = score_of(name), tmp_path / "paper.pdf"
    run("report", str(FILES[name]), "--kind", kind, "-o", str(paper))
    text = printed.text_of(PdfReader(paper))
    assert printed.wrong_numbers(text, kind, score["nodes"]) == []
    assert f"{score['answered']} of {score['total']}" in text
    _control(text, kind, score["nodes"])


def _control(text: str, kind: str, nodes: dict[str, Any]) -> None:
    """A number that differs in one place is found; so is a count, and one printed too many."""
    number = nodes["PO.1"]["claimed"]
    other = nodes | {"PO.1": nodes["PO.1"] | {"claimed": number | {"display": "3.9 of 4"}}}
    assert printed.wrong_numbers(text, kind, other)
    counts = nodes["PS"]["conformance"]
    changed = counts | {"satisfied": counts["satisfied"] + 1}
    for id in ("overall", "PO.1"):
        other = nodes | {id: nodes[id] | {"conformance": changed}}
        assert printed.wrong_numbers(text, kind, other)
    assert printed.wrong_numbers(text + " 4.1 of 4", kind, nodes) == ["4.1 of 4"]


def test_the_unfinished_file_has_every_kind_of_answer() -> None:
    nodes = score_of("unfinished")["nodes"]
    counts = nodes["overall"]["conformance"]
    assert all(counts.values()), counts
    assert nodes["overall"]["claimed"]["low"] != nodes["overall"]["claimed"]["high"]


def test_a_sum_that_does_not_add_up_is_found() -> None:
    nodes = score_of("unfinished")["nodes"]
    low = nodes["PO.1"]["claimed"]["low"]
    text = f"One practice worked out: PO.1 Claimed: (3/4 + 1) ÷ 2 = {low}, printed as 1.0 of 4"
    assert printed.wrong_sums(text, nodes)
