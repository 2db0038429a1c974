"""This project's own answers: readable, whole, and resting on files that are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdlc_assess import __version__, cli
from sdlc_assess.catalog.library import library
from sdlc_assess.catalog.questionnaire import NA
from sdlc_assess.exchange import answers
from sdlc_assess.exchange.answers import AnswersFile

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "self-assessment" / "ssdf.yaml"


@pytest.fixture(scope="module")
def own() -> AnswersFile:
    """The file, read without an error."""
    return answers.read(FILE, library())


def test_it_answers_every_question_of_the_questionnaire(own: AnswersFile) -> None:
    asked = library().questionnaire(own.questionnaire).by_id
    assert list(own.responses) == list(asked)
    assert all(response.option is not None for response in own.responses.values())


def test_it_speaks_of_this_version(own: AnswersFile) -> None:
    assert own.subject == f"sdlc_assess {__version__}"


def missing(own: AnswersFile) -> list[str]:
    """Return the files that are named as evidence and are not in the repository."""
    named = [e.location for r in own.responses.values() for e in r.evidence]
    assert named
    return [name for name in named if not (ROOT / name).is_file()]


def test_every_file_named_as_evidence_exists(own: AnswersFile) -> None:
    assert missing(own) == []


def test_a_file_that_is_gone_would_be_noticed(tmp_path: Path) -> None:
    stale = tmp_path / "stale.yaml"
    text = FILE.read_text(encoding="utf-8").replace("file: SECURITY.md", "file: GONE.md")
    stale.write_text(text, encoding="utf-8")
    assert set(missing(answers.read(stale, library()))) == {"GONE.md"}


def test_every_answer_says_why_and_every_claim_points_at_a_file(own: AnswersFile) -> None:
    for id, response in own.responses.items():
        assert response.justification or response.na_reason, id
        assert response.option in ("0", NA) or response.evidence, id


def test_the_reason_of_nothing_released_is_still_true(own: AnswersFile) -> None:
    # the first release takes the ground from these answers: answer them anew, then
    resting = [id for id, r in own.responses.items() if "No release has been" in r.na_reason]
    headings = [
        line
        for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("## ")
    ]
    assert not resting or headings == ["## Unreleased"]


def test_its_score_can_be_had(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["score", str(FILE)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"sdlc_assess {__version__}: ")
    assert "42 of 42 questions are answered" in said
