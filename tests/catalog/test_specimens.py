"""Each error of a questionnaire is told once, at its line; a good one is told none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sdlc_assess.catalog as catalog
from sdlc_assess.catalog.library import library
from sdlc_assess.catalog.lint import lint
from sdlc_assess.errors import InputErrors
from tests.catalog.specimens import BAD, GOOD, specimen

MADE_BY_A_TEST = {"unreadable", "file-too-large", "too-many-nodes"}
"""Codes whose specimen would be large or is no file; test_source.py makes them."""


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.name)
def test_each_specimen_is_told_exactly_its_error_at_its_line(file: Path, tmp_path: Path) -> None:
    bad = specimen(file)
    place = bad.put_into(tmp_path)

    _, flaws = lint([tmp_path])

    assert [(flaw.code, flaw.line, flaw.path) for flaw in flaws] == [
        (bad.code, bad.line, str(place))
    ]
    assert flaws[0].text.endswith(".")
    assert not re.search(r"<key>|\||\{|''", flaws[0].text)
    with pytest.raises(InputErrors):
        library(tmp_path)


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.name)
def test_a_specimen_is_named_after_its_error(file: Path) -> None:
    assert file.stem == specimen(file).code or file.stem.startswith(
        (f"{specimen(file).code}-", "condition-operator", "no-facts", "binary-file")
    )


def test_the_good_library_is_told_nothing() -> None:
    files, flaws = lint([GOOD])
    assert (files, flaws) == (5, [])


def test_every_code_has_a_specimen() -> None:
    told = {specimen(file).code for file in BAD}
    assert told | MADE_BY_A_TEST == _codes()


def _codes() -> set[str]:
    """Every error code that the source of the catalog names: ``"code|…`` or a flaw's argument."""
    folder = Path(catalog.__file__).parent
    source = "\n".join(file.read_text() for file in folder.glob("*.py"))
    in_messages = re.findall(r"[\"']([a-z]+(?:-[a-z0-9]+)*)\|", source)
    in_calls = re.findall(
        r"(?:flaw|Flaw|refuse|give_up)\((?:[^()]|\([^()]*\))*?\"([a-z]+(?:-[a-z0-9]+)*)\"", source
    )
    in_fields = re.findall(r"Whole\([^)\"]*\"([a-z-]+)\"", source)
    return {*in_messages, *in_calls, *in_fields, "no-threshold", "no-goal"}


def test_all_errors_of_shape_and_meaning_are_told_at_once(tmp_path: Path) -> None:
    names = ["unknown-key", "duplicate-key", "weight", "retired-task", "vague-word", "fact-twice"]
    text = (GOOD / "tiny" / "1.0.0.yaml").read_text()
    for old, new in (
        ("language: en", "language: en\nlanguage: de\nlangauge: en"),  # head, twice wrong
        ("weight: 2", "weight: 0"),  # A.1.2 is out of shape
        ("[tiny:A.1.1]", "[tiny:A.1.9]"),  # A.1.1 is sound in shape and wrong in meaning
        ("A camera covers the door.", "The door is watched properly."),
        ("No one stands at the door.", "No one knows where the key is."),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "wrong.yaml"
    file.write_text(text)

    _, flaws = lint([_in_a_library(tmp_path, text)])

    assert sorted(flaw.code for flaw in flaws) == sorted(names)
    lines = [flaw.line for flaw in flaws]
    assert lines == sorted(lines)
    assert all(lines)


def _in_a_library(root: Path, text: str) -> Path:
    bad = specimen(BAD[0])
    place = bad.put_into(root / "library")
    place.unlink()
    target = root / "library" / "tiny" / "1.0.0.yaml"
    target.write_text(text)
    (root / "library" / "tiny" / "1.1.0.yaml").unlink()
    return root / "library"
