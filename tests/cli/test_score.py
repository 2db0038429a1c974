"""``sdlc-assess score``: what is printed, where, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sdlc_assess.catalog.library import library
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.cli import main
from sdlc_assess.exchange.answers import read
from sdlc_assess.scoring import as_json, score


def asked() -> Questionnaire:
    return library().questionnaire("ssdf")


def a_file(folder: Path, extra: str = "") -> Path:
    """Write a file that answers the first three questions of the shipped questionnaire."""
    ids = list(asked().by_id)[:3]
    lines = [f"  {id}: {{answer: {n}}}" for n, id in zip((3, 2, 0), ids, strict=True)]
    path = folder / "answers.yaml"
    head = f"questionnaire: {asked().ref}\nsubject: Sentry Agent\nresponses:\n"
    path.write_text(head + "\n".join(lines) + "\n" + extra, "utf-8")
    return path


def expected(path: Path) -> dict[str, object]:
    found, shelf = read(path, library()), library()
    profile = shelf.profile(asked().scoring)
    framework = shelf.framework(asked().framework)
    return as_json(score(asked(), framework, profile, found.claims), profile)


def test_the_headline_is_a_count_and_comes_before_any_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path)
    assert main(["score", str(path)]) == 0
    out = capsys.readouterr().out
    total = len(asked().by_id)
    assert out.startswith(f"Sentry Agent: {asked().title}, ssdf@")
    headline = f"1 of {total} tasks meet level 3 ({total - 3} unanswered); 3 of {total} questions"
    assert headline in out
    assert out.index(headline) < out.index(" of 4")
    assert "NIST publishes no score" in " ".join(out.split())


def test_the_table_shows_the_numbers_of_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path)
    main(["score", str(path)])
    lines = capsys.readouterr().out.splitlines()
    nodes = expected(path)["nodes"]
    assert isinstance(nodes, dict)
    for id, node in nodes.items():
        if node["kind"] not in ("group", "practice"):
            continue
        (line,) = [line for line in lines if line.strip().startswith(f"{id}  ")]
        counts = [str(count) for count in node["conformance"].values()]
        assert node["title"] in line
        assert node["claimed"]["display"] in line
        assert line.split()[-5:] == counts


def test_json_is_the_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = a_file(tmp_path)
    assert main(["score", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == expected(path)


def test_a_released_questionnaire_is_not_called_a_candidate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["score", str(a_file(tmp_path))])
    shown = "(candidate, not released)" in capsys.readouterr().out
    assert shown is not asked().released


def test_the_profile_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(a_file(tmp_path))
    assert main(["score", path, "--profile", asked().scoring]) == 0
    assert f"by {asked().scoring}." in capsys.readouterr().out
    assert main(["score", path, "--profile", "astrology@1"]) == 2
    assert "There is no scoring profile astrology@1" in capsys.readouterr().err


def test_explain_tells_one_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(a_file(tmp_path))
    first = next(iter(asked().by_id))
    assert main(["score", path, "--explain", first]) == 0
    assert "whole target: answered 3 → 3/4" in capsys.readouterr().out
    assert main(["score", path, "--explain", "PO.77"]) == 2
    assert "no node PO.77" in capsys.readouterr().err


def test_all_errors_are_listed_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, "  PO.77: {answer: 3}\nas_of: soon\n")
    assert main(["score", str(path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    first, second = printed.err.splitlines()
    assert first.startswith(f"{path}:7: ")
    assert second.startswith(f"{path}:8: ")


def test_with_json_errors_are_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = a_file(tmp_path, "  PO.77: {answer: 3}\n")
    assert main(["score", str(path), "--json"]) == 1
    printed = capsys.readouterr()
    (error,) = json.loads(printed.out)["errors"]
    assert (error["path"], error["line"], error["code"]) == (str(path), 7, "unknown-question")
    assert error["text"] in printed.err


def test_a_missing_file_is_an_error_of_the_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(tmp_path / "gone.yaml")]) == 1
    assert "gone.yaml: The file cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["x.yaml", "--json", "--explain", "PO"], ["--what"]])
def test_wrong_usage_ends_with_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["score", *arguments])
    assert ended.value.code == 2
    assert "--help" in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["score", "--help"])
    assert ended.value.code == 0
    assert "example: sdlc-assess score" in capsys.readouterr().out
