"""The worked example and the answers file in docs/scoring.md are true."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from sdlc_assess.catalog.library import library
from sdlc_assess.exchange.answers import read
from sdlc_assess.scoring import display, score
from tests.scoring.builders import a_framework, a_profile, a_questionnaire, whole

DOCUMENT = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text("utf-8")
EXAMPLE = DOCUMENT.partition("## A worked example")[2].partition("\n## ")[0]


def test_the_worked_example_is_right() -> None:
    told = re.findall(r"^\| (PO\.\d\.\d) \| (\w+) \| ([^|]+) \|$", EXAMPLE, re.M)
    answers = {task: None if answer == "unanswered" else answer for task, answer, _ in told}
    assert len(answers) == 6
    found = score(a_questionnaire(*answers), a_framework(*answers), a_profile(), whole(answers))
    for task, answer, counts in told:
        ends = found.nodes[task].claimed.ends
        shown = "leaves" if answer == "na" else " to ".join(dict.fromkeys(map(str, ends)))
        assert counts == shown
    rows = re.findall(
        r"^\| (PO[.\d]*) \| \((.+)\) ÷ (\d) = (\S+) \| .* = (\S+) \| (.+) \|$", EXAMPLE, re.M
    )
    assert [row[0] for row in rows] == ["PO.1", "PO.2", "PO"]
    for id, terms, count, low, high, shown in rows:
        node = found.nodes[id]
        assert sum(map(Fraction, terms.split(" + "))) / int(count) == Fraction(low)
        assert node.claimed.ends == (Fraction(low), Fraction(high))
        assert display(node.claimed, a_profile()) == shown
    (met,) = re.findall(r'"(\d) of 6 tasks meet level 3"', EXAMPLE)
    assert found.overall.conformance["satisfied"] == int(met)
    assert sum(found.overall.conformance.values()) == 6


def test_the_answers_file_shown_can_be_read(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.S)
    path = tmp_path / "answers.yaml"
    path.write_text(block, "utf-8")
    found = read(path, library())
    assert found.responses["PO.1.1"].option == "3"
    assert found.responses["PO.1.1"].evidence[0].title == "Development security policy"
