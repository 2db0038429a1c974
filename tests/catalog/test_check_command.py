"""``check`` prints every error, and its exit code tells how it went."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from sdlc_assess.cli import check as command
from tests.catalog.specimens import BAD, GOOD, specimen


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return specimen(next(file for file in BAD if file.stem == "vague-word")).put_into(tmp_path)


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser(prog="sdlc-assess")
    command.add(parser.add_subparsers(required=True))
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


def test_the_shipped_library_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", [("check",), ("library", "lint")])
def test_errors_are_printed_with_file_and_line(
    name: tuple[str, ...], bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*name, str(bad), str(GOOD)) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith(f"{bad}:21: 'properly' is vague; ")
    assert printed.out.count("\n") == 1
    assert printed.err == "6 files, 1 error\n"


def test_json_holds_every_error(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--json", str(bad)) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == 1
    assert [set(error) for error in told["errors"]] == [{"path", "line", "code", "text"}]
    assert told["errors"][0]["code"] == "vague-word"
    assert run("check", "--json", str(GOOD)) == 0
    assert json.loads(capsys.readouterr().out) == {"files": 5, "errors": []}


def test_several_errors_are_counted(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad.write_text(bad.read_text().replace("language: en\n", "langauge: en\n"))
    assert run("check", str(bad)) == 1
    assert capsys.readouterr().err == "1 file, 3 errors\n"


def test_a_path_that_is_not_there_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.check([str(tmp_path / "gone.yaml"), str(GOOD)]) == 2
    printed = capsys.readouterr()
    assert "gone.yaml" in printed.err
    assert printed.out == ""


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("check", "--help")
    assert stopped.value.code == 0
    assert "example: sdlc-assess check" in capsys.readouterr().out
