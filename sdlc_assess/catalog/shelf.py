"""What a questionnaire may refer to in its library: frameworks, scoring profiles, PUBLISHED."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sdlc_assess.catalog.draft import draft_framework, draft_profile
from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.plain import content_digest
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.catalog.source import Place, Source, duplicates, read, text_of
from sdlc_assess.errors import Flaw, InputErrors

FRAMEWORKS = "frameworks"
SCORING = "scoring"
PUBLISHED = "PUBLISHED"

_ENTRY = re.compile(r"([a-z][a-z0-9-]*) ([0-9][0-9A-Za-z.-]*) ([0-9a-f]{64})\Z")

Name = tuple[str, str]
"""An id and a version (of a framework: its edition)."""


@dataclass(frozen=True, slots=True)
class Published:
    """The released files: digest and line by name, from the file PUBLISHED at ``path``."""

    path: str
    entries: Mapping[Name, tuple[str, int]]
    flaws: tuple[Flaw, ...] = ()

    def digest_flaws(self, thing: Questionnaire | Framework | ScoringProfile) -> Iterator[Flaw]:
        """Yield a flaw where ``thing`` was released with another content."""
        name = name_of(thing)
        listed, line = self.entries.get(name, ("", 0))
        if listed and listed != content_digest(thing):
            reason = (
                f"{' '.join(name)} was released with another content; put its file back and give "
                "the change a new version."
            )
            yield Flaw(self.path, line, reason, "published-digest")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The sound frameworks and profiles by reference; ``broken`` are files that are not sound."""

    root: Path
    frameworks: Mapping[str, Framework]
    profiles: Mapping[str, ScoringProfile]
    published: Published
    broken: frozenset[str]
    flaws: tuple[Flaw, ...]


def name_of(thing: Questionnaire | Framework | ScoringProfile) -> Name:
    """Return id and version of ``thing``."""
    return thing.id, thing.edition if isinstance(thing, Framework) else thing.version


def shelf_at(root: Path) -> Shelf:
    """Read frameworks, profiles and PUBLISHED of the library at ``root`` with all their flaws."""
    published = read_published(root)
    flaws = [*published.flaws]
    frameworks: dict[str, Framework] = {}
    profiles: dict[str, ScoringProfile] = {}
    broken = set()
    for path in sorted(root.glob(f"{FRAMEWORKS}/*/*.yaml")):
        framework, found = examine_framework(path, published)
        flaws += found
        if framework is None:
            broken.add(f"{path.parent.name}@{path.stem}")
        else:
            frameworks[framework.ref] = framework
    for path in sorted(root.glob(f"{SCORING}/*/*.yaml")):
        profile, found = examine_profile(path, published)
        flaws += found
        if profile is None:
            broken.add(f"{path.parent.name}@{path.stem}")
        else:
            profiles[profile.ref] = profile
    return Shelf(root, frameworks, profiles, published, frozenset(broken), tuple(flaws))


def examine_framework(
    path: Path, published: Published, is_placed: bool = True
) -> tuple[Framework | None, list[Flaw]]:
    """Return the framework of a file, or None, and all its flaws."""
    try:
        source = read(path)
    except InputErrors as errors:
        return None, errors.errors
    framework, flaws = draft_framework(source)
    if framework is None:
        return None, flaws
    flaws += _twice(source, framework)
    if is_placed:
        flaws += place_flaws(path, source, framework.id, "edition", framework.edition)
    return (None, flaws) if flaws else (framework, list(published.digest_flaws(framework)))


def _twice(source: Source, framework: Framework) -> Iterator[Flaw]:
    """Yield a flaw for each id that stands twice in a framework, retired ones included."""
    ids: list[tuple[Place, str]] = []
    for g, group in enumerate(framework.groups):
        ids.append((("groups", g), group.id))
        for p, practice in enumerate(group.practices):
            ids.append((("groups", g, "practices", p), practice.id))
            for t, task in enumerate(practice.tasks):
                ids.append((("groups", g, "practices", p, "tasks", t), task.id))
    ids += [(("retired", index), id) for index, id in enumerate(framework.retired)]
    for place, id in duplicates(ids):
        reason = f"The id {id} stands here a second time; a retired one is never used again."
        yield source.flaw(place, "duplicate-task", reason)


def examine_profile(
    path: Path, published: Published, is_placed: bool = True
) -> tuple[ScoringProfile | None, list[Flaw]]:
    """Return the scoring profile of a file, or None, and all its flaws."""
    try:
        source = read(path)
    except InputErrors as errors:
        return None, errors.errors
    profile, flaws = draft_profile(source)
    if profile is None:
        return None, flaws
    scale = [str(step) for step in range(profile.scale + 1)]
    for key in ("threshold", "goal"):
        if getattr(profile, key) not in scale:
            reason = f'\'{key}\' must be one of the scale\'s options, "0" to "{profile.scale}".'
            flaws.append(source.flaw((key,), "off-scale", reason))
    if is_placed:
        flaws += place_flaws(path, source, profile.id, "version", profile.version)
    if flaws:
        return None, flaws
    profile = replace(profile, digest=content_digest(profile))
    return profile, list(published.digest_flaws(profile))


def place_flaws(path: Path, source: Source, id: str, key: str, version: str) -> Iterator[Flaw]:
    """Yield a flaw where a file does not lie at ``<id>/<version>.yaml``."""
    folder = path.resolve().parent.name
    if folder != id:
        reason = f"The id is {id} and the folder {folder}; they must be equal."
        yield source.flaw(("id",), "folder-name", reason)
    if path.stem != version:
        reason = f"The {key} is {version} and the file {path.name}; call it {version}.yaml."
        yield source.flaw((key,), "file-name", reason)


def read_published(root: Path) -> Published:
    """Read PUBLISHED: a line ``id version sha256`` for each released file, ``#`` for remarks."""
    path = root / PUBLISHED
    if not path.is_file():
        return Published(str(path), {})
    try:
        text = text_of(path.read_bytes(), str(path))
    except InputErrors as errors:
        return Published(str(path), {}, tuple(errors.errors))
    return _published(root, str(path), text)


def _published(root: Path, path: str, text: str) -> Published:
    entries: dict[Name, tuple[str, int]] = {}
    flaws: list[Flaw] = []
    for number, line in enumerate(text.splitlines(), 1):
        found = _ENTRY.match(line)
        if found:
            name = (found[1], found[2])
            flaws += _entry_flaws(root, path, number, name, name in entries)
            entries.setdefault(name, (found[3], number))
        elif line.strip() and not line.startswith("#"):
            reason = "A line is 'id version sha256', or a remark that starts with #."
            flaws.append(Flaw(path, number, reason, "published-line"))
    return Published(path, entries, tuple(flaws))


def _entry_flaws(root: Path, path: str, line: int, name: Name, is_known: bool) -> Iterator[Flaw]:
    id, version = name
    if is_known:
        reason = f"{id} {version} is listed twice; keep the first line."
        yield Flaw(path, line, reason, "published-twice")
    places = (root / folder / id / f"{version}.yaml" for folder in (".", FRAMEWORKS, SCORING))
    if not any(place.is_file() for place in places):
        reason = f"{id} {version} is listed and its file is gone; put it back."
        yield Flaw(path, line, reason, "published-missing")
