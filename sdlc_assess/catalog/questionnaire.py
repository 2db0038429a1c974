"""A questionnaire version: frozen sections of questions, with a digest over its canonical form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sdlc_assess.catalog.condition import Condition

NA = "na"
"""The answer "not applicable": no option of the scale, and it needs a reason."""


@dataclass(frozen=True, slots=True)
class AnswerOption:
    """One choice: its id on the scale, a label, and the facts that an assessor would see."""

    id: str
    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceHint:
    """A piece of typical evidence; ``kind`` as in record.md (policy, record, tool output, …)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked. ``tasks`` are ids within the framework; ``na_when`` empty means never."""

    id: str
    text: str
    tasks: tuple[str, ...]
    options: tuple[AnswerOption, ...]
    guidance: str = ""
    evidence: tuple[EvidenceHint, ...] = ()
    weight: int = 1
    na_when: tuple[str, ...] = ()
    when: Condition | None = None
    counts_from: date | None = None

    def option(self, id: str) -> AnswerOption | None:
        """Return the option with this id, or None."""
        return next((option for option in self.options if option.id == id), None)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a questionnaire that is filled in together."""

    id: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One typed entry of the change list against the version before."""

    kind: str
    question: str | None = None
    source: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Questionnaire:
    """One immutable version. ``framework`` and ``scoring`` are ``id@version`` references."""

    id: str
    version: str
    title: str
    language: str
    framework: str
    scoring: str
    sections: tuple[Section, ...]
    changes: tuple[Change, ...] = ()
    digest: str = field(default="", compare=False)
    released: bool = field(default=False, compare=False)

    @property
    def ref(self) -> str:
        """The reference ``id@version``."""
        return f"{self.id}@{self.version}"

    def questions(self) -> Iterator[Question]:
        """Yield every question in the order asked."""
        for section in self.sections:
            yield from section.questions

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Every question by its id, in the order asked."""
        return {question.id: question for question in self.questions()}
