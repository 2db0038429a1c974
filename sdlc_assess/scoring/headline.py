"""The few numbers stored at each save, by a path that computes only what the save changed.

Equal to what ``score`` finds by ordinal coverage, which a property test holds it to; another kind
of rule needs a path of its own here. Practices and groups are kept by the answers they were
computed from, so one changed answer costs one practice and one group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import NA, Question, Questionnaire
from sdlc_assess.scoring.measure import Measure, mean, worst
from sdlc_assess.scoring.rules import coverage, rule_of
from sdlc_assess.scoring.score import measure_json
from sdlc_assess.scoring.sheet import Claims, sheet_of

Options = tuple[str | None, ...]
"""The answers to one question, one for each unit."""

NOT_ASKED: Options = (NA,)
"""A question that is not asked weighs like one that does not apply."""


@dataclass(frozen=True, slots=True)
class Headline:
    """Answered of total questions, the claimed number overall and by group, progress by section."""

    answered: int
    total: int
    overall: Measure
    groups: Mapping[str, Measure]
    titles: Mapping[str, str]
    sections: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class _Practice:
    """The questions of each task, in one row; compared by identity, which is fast to hash."""

    ids: tuple[str, ...]
    questions: tuple[Question, ...]
    tasks: tuple[tuple[int, slice], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    id: str
    title: str
    practices: tuple[_Practice, ...]


class _Same:
    """A key that is equal to nothing but the very same object: hashing all its text takes long."""

    __slots__ = ("it",)

    def __init__(self, it: Any) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it


def headline(
    questionnaire: Questionnaire, framework: Framework, profile: ScoringProfile, claims: Claims
) -> Headline:
    """Return the headline of ``claims``. Raises what ``score`` raises."""
    rule_of(profile)
    options = {id: tuple(given.values()) for id, given in sheet_of(questionnaire, claims).items()}
    groups: dict[str, Measure] = {}
    titles: dict[str, str] = {}
    for group in _plan(_Same(questionnaire), _Same(framework)):
        key = tuple(
            [
                tuple([options.get(id, NOT_ASKED) for id in practice.ids])
                for practice in group.practices
            ]
        )
        groups[group.id], titles[group.id] = _group_mean(group, key), group.title
    sections = {}
    for section in questionnaire.sections:
        asked = [options[question.id] for question in section.questions if question.id in options]
        sections[section.id] = (sum([None not in given for given in asked]), len(asked))
    answered = sum(count for count, _ in sections.values())
    overall = mean((1, group) for group in groups.values())
    return Headline(answered, len(options), overall, groups, titles, sections)


def headline_json(headline: Headline, profile: ScoringProfile) -> dict[str, Any]:
    """Return the headline as JSON: exact fractions as strings, sections as [answered, total]."""
    shown = _Same(profile)
    return {
        "answered": headline.answered,
        "total": headline.total,
        "overall": measure_json(headline.overall, profile),
        "groups": {
            id: {"title": headline.titles[id], **_group_json(_Same(measure), shown)}
            for id, measure in headline.groups.items()
        },
        "sections": {id: list(counts) for id, counts in headline.sections.items()},
    }


@lru_cache(maxsize=4096)
def _group_json(measure: _Same, profile: _Same) -> Mapping[str, str | None]:
    """Return a group's numbers as JSON; a group that a save left alone has the same measure."""
    return MappingProxyType(measure_json(measure.it, profile.it))


@lru_cache(maxsize=64)
def _plan(questionnaire: _Same, framework: _Same) -> tuple[_Group, ...]:
    """Lay out once which questions each group and practice rests on."""
    asked = coverage.tasks_asked(questionnaire.it, framework.it)
    groups = []
    for group in framework.it.groups:
        practices = [
            _practice([asked[task.id] for task in practice.tasks if task.id in asked])
            for practice in group.practices
        ]
        if found := tuple(practice for practice in practices if practice.tasks):
            groups.append(_Group(group.id, group.title, found))
    return tuple(groups)


def _practice(tasks: list[tuple[Question, ...]]) -> _Practice:
    row: list[Question] = []
    places = []
    for questions in tasks:
        weight = max(question.weight for question in questions)
        places.append((weight, slice(len(row), len(row) + len(questions))))
        row += questions
    return _Practice(tuple(question.id for question in row), tuple(row), tuple(places))


@lru_cache(maxsize=4096)
def _group_mean(group: _Group, options: tuple[tuple[Options, ...], ...]) -> Measure:
    return mean(
        (1, _practice_mean(practice, each))
        for practice, each in zip(group.practices, options, strict=True)
    )


@lru_cache(maxsize=16384)
def _practice_mean(practice: _Practice, options: tuple[Options, ...]) -> Measure:
    leaves = [
        (question.weight, worst(coverage.claimed(question, option) for option in each))
        for question, each in zip(practice.questions, options, strict=True)
    ]
    return mean((weight, mean(leaves[place])) for weight, place in practice.tasks)
