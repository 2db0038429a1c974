"""One file → one object of the catalog, or every error in it with file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sdlc_assess.catalog.check import meaning_flaws
from sdlc_assess.catalog.draft import draft_questionnaire, make_questionnaire
from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.plain import content_digest
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.catalog.shelf import (
    FRAMEWORKS,
    SCORING,
    Shelf,
    examine_framework,
    examine_profile,
    name_of,
    place_flaws,
    shelf_at,
)
from sdlc_assess.catalog.source import read
from sdlc_assess.errors import Flaw, InputErrors
from sdlc_assess.resources import shipped


def load_questionnaire(path: Path) -> Questionnaire:
    """Load one questionnaire; what it refers to is looked up in its own library.

    A file that lies in no library refers to the shipped one. Raises InputErrors with every flaw,
    those of the library's frameworks and profiles included.
    """
    shelf = shelf_at(root_of(path) or shipped("questionnaires"))
    questionnaire, flaws = examine_questionnaire(path, shelf)
    if questionnaire is None or shelf.flaws:
        raise InputErrors([*shelf.flaws, *flaws])
    return questionnaire


def load_framework(path: Path) -> Framework:
    """Load one framework; raises InputErrors with every flaw."""
    root = root_of(path)
    framework, flaws = examine_framework(path, shelf_at(root or path.parent).published, bool(root))
    if framework is None:
        raise InputErrors(flaws)
    return framework


def load_profile(path: Path) -> ScoringProfile:
    """Load one scoring profile; raises InputErrors with every flaw."""
    root = root_of(path)
    profile, flaws = examine_profile(path, shelf_at(root or path.parent).published, bool(root))
    if profile is None:
        raise InputErrors(flaws)
    return profile


def root_of(path: Path) -> Path | None:
    """Return the library that a file lies in, or None: a library has a folder of frameworks."""
    above = path.resolve().parent.parent
    root = above.parent if above.name in (FRAMEWORKS, SCORING) else above
    return root if (root / FRAMEWORKS).is_dir() else None


def examine_questionnaire(path: Path, shelf: Shelf) -> tuple[Questionnaire | None, list[Flaw]]:
    """Return the questionnaire of a file, or None, and all its flaws."""
    try:
        draft = draft_questionnaire(read(path))
    except InputErrors as errors:
        return None, errors.errors
    flaws = [*draft.flaws]
    version = draft.head.get("version", "")
    root = root_of(path)
    before = version_before(path, version) if root and version else None
    flaws += meaning_flaws(draft, shelf, before)
    if root and version and "id" in draft.head:
        flaws += place_flaws(path, draft.source, draft.head["id"], "version", version)
    if flaws:
        return None, flaws
    questionnaire = make_questionnaire(draft)
    flaws += shelf.published.digest_flaws(questionnaire)
    if flaws:
        return None, flaws
    released = name_of(questionnaire) in shelf.published.entries
    digest = content_digest(questionnaire)
    return replace(questionnaire, digest=digest, released=released), []


def version_key(version: str) -> tuple[int, ...]:
    """Return what orders versions: their numbers, not their letters; () where it is no version."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(map(str.isdecimal, parts)) else ()


def version_before(path: Path, version: str) -> Questionnaire | None:
    """Return the version that ``version`` follows in the folder of ``path``, if it is sound."""
    earlier: Sequence[Path] = sorted(
        (file for file in path.parent.glob("*.yaml") if is_before(file.stem, version)),
        key=lambda file: version_key(file.stem),
    )
    if not earlier:
        return None
    try:
        draft = draft_questionnaire(read(earlier[-1]))
    except InputErrors:
        return None
    return None if draft.flaws else make_questionnaire(draft)


def is_before(version: str, other: str) -> bool:
    """Tell whether ``version`` is an earlier version than ``other``."""
    return () < version_key(version) < version_key(other)
