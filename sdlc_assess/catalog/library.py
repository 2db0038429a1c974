"""Every questionnaire, framework and scoring profile by reference; the shipped ones are cached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.load import examine_questionnaire, version_key
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.catalog.shelf import shelf_at
from sdlc_assess.errors import AssessError, Flaw, InputErrors
from sdlc_assess.resources import shipped

Thing = TypeVar("Thing")


class UnknownQuestionnaire(AssessError):
    """There is no questionnaire {ref}. The library has: {known}."""


class UnknownFramework(AssessError):
    """There is no framework {ref}. The library has: {known}."""


class UnknownProfile(AssessError):
    """There is no scoring profile {ref}. The library has: {known}."""


@dataclass(frozen=True, slots=True)
class Library:
    """What one folder of questionnaires holds; all of it is sound."""

    root: Path
    _questionnaires: Mapping[str, Questionnaire]
    _frameworks: Mapping[str, Framework]
    _profiles: Mapping[str, ScoringProfile]

    def questionnaire(self, ref: str) -> Questionnaire:
        """Return the questionnaire ``id@version``, or the latest of a bare ``id``."""
        return _found(self._questionnaires, ref, UnknownQuestionnaire)

    def framework(self, ref: str) -> Framework:
        """Return the framework ``id@edition``, or the latest edition of a bare ``id``."""
        return _found(self._frameworks, ref, UnknownFramework)

    def profile(self, ref: str) -> ScoringProfile:
        """Return the scoring profile ``id@version``, or the latest of a bare ``id``."""
        return _found(self._profiles, ref, UnknownProfile)

    def questionnaires(self) -> tuple[Questionnaire, ...]:
        """Return every version of every questionnaire, by id, older versions first."""
        return tuple(self._questionnaires.values())


def _found(shelf: Mapping[str, Thing], ref: str, unknown: type[AssessError]) -> Thing:
    if ref in shelf:
        return shelf[ref]
    versions = [known for known in shelf if known.partition("@")[0] == ref]
    if not versions:
        raise unknown(ref=ref, known=", ".join(shelf) or "none")
    return shelf[max(versions, key=_order)]


def _order(ref: str) -> tuple[str, tuple[int, ...], str]:
    id, _, version = ref.partition("@")
    return id, version_key(version), version


def library(root: Path | None = None) -> Library:
    """Return the library at ``root``, by default the shipped one (read once per process).

    Raises InputErrors with every flaw of every file.
    """
    return _shipped() if root is None else _sound(root)


@cache
def _shipped() -> Library:
    return _sound(shipped("questionnaires"))


def _sound(root: Path) -> Library:
    found, flaws = survey(root)
    if flaws:
        raise InputErrors(flaws)
    return found


def survey(root: Path) -> tuple[Library, list[Flaw]]:
    """Read the library at ``root``: its sound part, and every flaw of the rest."""
    shelf = shelf_at(root)
    flaws = [*shelf.flaws]
    questionnaires: dict[str, Questionnaire] = {}
    for path in sorted(root.glob("*/*.yaml")):
        questionnaire, found = examine_questionnaire(path, shelf)
        flaws += found
        if questionnaire:
            questionnaires[questionnaire.ref] = questionnaire
    in_order = {ref: questionnaires[ref] for ref in sorted(questionnaires, key=_order)}
    return Library(root, in_order, shelf.frameworks, shelf.profiles), flaws
