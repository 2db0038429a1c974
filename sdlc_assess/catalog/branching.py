"""Conditions: what they ask must be there, stand earlier, and be answerable so that they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from sdlc_assess.catalog.condition import (
    AllOf,
    AnyIn,
    AnyOf,
    Condition,
    Equals,
    asked_in,
    holds,
)
from sdlc_assess.catalog.draft import Asked, Draft
from sdlc_assess.catalog.questionnaire import NA, Question
from sdlc_assess.catalog.source import Place
from sdlc_assess.errors import Flaw

MOST_CASES = 20_000
"""Beyond this many combinations of answers a condition is taken to be able to hold."""


def branching_flaws(draft: Draft) -> Iterator[Flaw]:
    """Yield every flaw of the conditions; reach is looked at once all references are sound."""
    flaws = list(_reference_flaws(draft))
    yield from flaws
    if not flaws:
        yield from _reach_flaws(draft)


def _reference_flaws(draft: Draft) -> Iterator[Flaw]:
    position = {id: index for index, (_, id) in enumerate(draft.order)}
    sound = {asked.question.id: asked.question for asked in draft.asked}
    for asked in draft.asked:
        for place, question, options in _leaves(asked.question.when, (*asked.at, "when")):
            if question not in position:
                reason = f"There is no question {question}; name one that stands earlier."
                yield draft.source.flaw((*place, "question"), "unknown-question", reason)
            elif position[question] >= position[asked.question.id]:
                yield _order_flaw(draft, (*place, "question"), asked, question, sound)
            elif question in sound:
                yield from _option_flaws(draft, place, sound[question], options)


def _leaves(
    condition: Condition | None, place: Place
) -> Iterator[tuple[Place, str, dict[Place, str]]]:
    """Yield (place, question, options by their place) for every leaf of ``condition``."""
    match condition:
        case None:
            return
        case Equals(question, option):
            yield (*place, "equals"), question, {(*place, "equals", "option"): option}
        case AnyIn(question, options):
            at: Place = (*place, "any_in")
            yield at, question, {(*at, "options", i): option for i, option in enumerate(options)}
        case AllOf(parts) | AnyOf(parts):
            operator = "all_of" if isinstance(condition, AllOf) else "any_of"
            for index, part in enumerate(parts):
                yield from _leaves(part, (*place, operator, index))
        case _:
            yield from _leaves(condition.part, (*place, "negate"))


def _order_flaw(
    draft: Draft, place: Place, asked: Asked, question: str, sound: Mapping[str, Question]
) -> Flaw:
    if asked.question.id in _needed({question}, sound):
        reason = f"{asked.question.id} waits for {question} and so for itself; cut the circle."
        return draft.source.flaw(place, "cycle", reason)
    reason = f"{question} is asked later; a condition may look back only."
    return draft.source.flaw(place, "asks-later", reason)


def _option_flaws(
    draft: Draft, place: Place, question: Question, options: Mapping[Place, str]
) -> Iterator[Flaw]:
    known = _answers(question)
    for at, option in options.items():
        if option not in known:
            reason = f"{question.id} has no option '{option}'; it has {', '.join(known)}."
            yield draft.source.flaw(at, "unknown-option", reason)


def _answers(question: Question) -> list[str]:
    return [option.id for option in question.options] + ([NA] if question.na_when else [])


def _needed(start: set[str], sound: Mapping[str, Question]) -> set[str]:
    """Return ``start`` and every question whose answer decides whether those are asked."""
    needed: set[str] = set()
    waiting = set(start)
    while waiting:
        id = waiting.pop()
        needed.add(id)
        if id in sound:
            waiting |= {question for question, _ in asked_in(sound[id].when)} - needed
    return needed


def _reach_flaws(draft: Draft) -> Iterator[Flaw]:
    sound = {asked.question.id: asked.question for asked in draft.asked}
    for asked in draft.asked:
        needed = _needed({question for question, _ in asked_in(asked.question.when)}, sound)
        if needed <= sound.keys():
            before = [question for id, question in sound.items() if id in needed]
            if not _can_hold(asked.question.when, before):
                reason = "No answers make this condition hold, so nobody is ever asked; mend it."
                yield draft.source.flaw((*asked.at, "when"), "unreachable", reason)


def _can_hold(condition: Condition | None, before: list[Question]) -> bool:
    """Tell whether some answers to ``before`` (in the order asked) make ``condition`` hold."""
    told: dict[str, set[str]] = {question.id: set() for question in before}
    for each in (condition, *(question.when for question in before)):
        for id, options in asked_in(each):
            told[id] |= set(options)
    # options that no condition names can't be told apart: one of them stands for all
    cases = {question.id: _cases(question, told[question.id]) for question in before}
    if prod(len(answers) for answers in cases.values()) > MOST_CASES:
        return True
    return _some_hold(condition, before, cases, {})


def _cases(question: Question, named: set[str]) -> list[str]:
    answers = _answers(question)
    return [a for a in answers if a in named] + [a for a in answers if a not in named][:1]


def _some_hold(
    condition: Condition | None,
    before: list[Question],
    cases: Mapping[str, list[str]],
    answers: dict[str, str | None],
) -> bool:
    if len(answers) == len(before):
        return holds(condition, answers)
    question = before[len(answers)]
    is_asked = holds(question.when, answers)
    choices: list[str | None] = [*cases[question.id]] if is_asked else [None]
    return any(
        _some_hold(condition, before, cases, {**answers, question.id: choice}) for choice in choices
    )
