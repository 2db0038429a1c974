"""When a question is shown: a closed set of operators. No expressions, no eval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Equals:
    """True when ``question`` was answered with ``option``."""

    question: str
    option: str


@dataclass(frozen=True, slots=True)
class AnyIn:
    """True when ``question`` was answered with one of ``options``."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negate:
    """True when the part is not."""

    part: Condition


Condition = Equals | AnyIn | AllOf | AnyOf | Negate


def holds(condition: Condition | None, answers: Mapping[str, str | None]) -> bool:
    """Tell whether ``condition`` holds over ``answers`` (question → option); None always does."""
    match condition:
        case None:
            return True
        case Equals(question, option):
            return answers.get(question) == option
        case AnyIn(question, options):
            return answers.get(question) in options
        case AllOf(parts):
            return all(holds(part, answers) for part in parts)
        case AnyOf(parts):
            return any(holds(part, answers) for part in parts)
        case _:
            return not holds(condition.part, answers)


def asked_in(condition: Condition | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (question id, option ids) for every leaf of ``condition``."""
    match condition:
        case None:
            return
        case Equals(question, option):
            yield question, (option,)
        case AnyIn(question, options):
            yield question, options
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from asked_in(part)
        case _:
            yield from asked_in(condition.part)
