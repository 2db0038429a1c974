"""``sdlc-assess report``: an answers file in, a PDF out, exit codes as the contract gives them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from sdlc_assess.cli import main

ANSWERS = """
questionnaire: ssdf@1.0.0
subject: Sentry Agent 4.2
as_of: 2026-11-24
responses:
  PO.1.1: {answer: "3", justification: Chapter 4 of the handbook.}
"""


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(ANSWERS)
    return path


def test_it_writes_the_report_and_names_it(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "executive.pdf"
    assert main(["report", str(answers), "--kind", "executive", "-o", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    text = PdfReader(out).pages[0].extract_text()
    assert "Sentry Agent 4.2" in text
    assert "Self-assessment · DRAFT — not a record" in " ".join(text.split())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.yaml", "executive.pdf"]


def test_the_same_file_gives_the_same_report(answers: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for out in outs:
        assert main(["report", str(answers), "--kind", "executive", "-o", str(out)]) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_errors_of_the_file_are_listed_with_their_lines_and_nothing_is_written(
    answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers.write_text(ANSWERS.replace('"3"', '"9"') + "  XX.1: {answer: 1}\n")
    out = tmp_path / "executive.pdf"
    assert main(["report", str(answers), "--kind", "executive", "-o", str(out)]) == 1
    said = capsys.readouterr().err
    assert f"{answers}:6:" in said
    assert f"{answers}:7:" in said
    assert not out.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--kind", "poem", "-o", "x.pdf"],
        ["--kind", "blank", "-o", "x.pdf"],
        ["--kind", "executive"],
        ["-o", "x.pdf"],
    ],
)
def test_wrong_usage_ends_with_2(answers: Path, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["report", str(answers), *wrong])
    assert caught.value.code == 2


@pytest.mark.parametrize("place", ["", "missing/executive.pdf"])
def test_a_place_that_cannot_be_written_is_named_before_drawing(
    answers: Path, tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / place
    assert main(["report", str(answers), "--kind", "executive", "-o", str(out)]) == 2
    assert f"{out} was not written" in capsys.readouterr().err


def test_a_full_disk_leaves_no_half_report(
    answers: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sdlc_assess.cli.report.os.replace", full)
    out = tmp_path / "executive.pdf"
    assert main(["report", str(answers), "--kind", "executive", "-o", str(out)]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["answers.yaml"]
