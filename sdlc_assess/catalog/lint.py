"""Every error of a set of files and folders, whatever kind of file of the catalog each one is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sdlc_assess.catalog.library import survey
from sdlc_assess.catalog.load import examine_questionnaire, root_of
from sdlc_assess.catalog.shelf import (
    FRAMEWORKS,
    Shelf,
    examine_framework,
    examine_profile,
    shelf_at,
)
from sdlc_assess.catalog.source import read
from sdlc_assess.errors import Flaw, InputErrors
from sdlc_assess.resources import shipped


def lint(paths: Iterable[Path]) -> tuple[int, list[Flaw]]:
    """Return how many files were read and all their flaws, sorted by place.

    A folder with a folder ``frameworks`` in it is checked as a library, with its PUBLISHED; in any
    other folder each YAML file is checked by itself.
    """
    files = 0
    flaws: set[Flaw] = set()
    for path in paths:
        if not path.is_dir():
            files += 1
            flaws |= _file_flaws(path)
        elif (path / FRAMEWORKS).is_dir():
            files += len(list(path.glob("**/*.yaml")))
            flaws |= set(survey(path)[1])
        else:
            for file in sorted(path.glob("**/*.yaml")):
                files += 1
                flaws |= _file_flaws(file)
    return files, sorted(flaws, key=lambda flaw: (flaw.path, flaw.line, flaw.text))


def _file_flaws(path: Path) -> set[Flaw]:
    """Return the flaws of one file, and of the frameworks and profiles beside it."""
    root = root_of(path)
    shelf = shelf_at(root or shipped("questionnaires"))
    return {*shelf.flaws, *_own_flaws(path, shelf, root is not None)}


def _own_flaws(path: Path, shelf: Shelf, is_placed: bool) -> list[Flaw]:
    try:
        data = read(path).data
    except InputErrors as errors:
        return errors.errors
    keys = data.keys() if isinstance(data, dict) else set()
    if "groups" in keys:
        return examine_framework(path, shelf.published, is_placed)[1]
    if "rule" in keys:
        return examine_profile(path, shelf.published, is_placed)[1]
    return examine_questionnaire(path, shelf)[1]
