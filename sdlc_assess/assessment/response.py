"""What the vendor claims for one question: the rules an answer must keep before it is saved."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sdlc_assess.catalog.questionnaire import NA, Question
from sdlc_assess.errors import AssessError

TEXT_LIMIT = 20_000
"""Characters of one text field. A million would fit the database and break every page."""

ALLOWED_CONTROLS = frozenset("\n\t")


class InvalidAnswer(AssessError):
    """The answer was not saved."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as typed: option id, ``na`` or None (unanswered); facts are ``"L.i"`` ticks."""

    option: str | None = None
    justification: str = ""
    na_reason: str = ""
    facts: tuple[str, ...] = ()


def clean_text(text: str, name: str, limit: int = TEXT_LIMIT) -> str:
    """Return ``text`` with line ends made one kind and outer blanks dropped.

    Raises InvalidAnswer for a text over ``limit`` characters or one with control characters.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > limit:
        raise InvalidAnswer(
            f"The {name} has {len(text):,} characters; at most {limit:,} fit. It was not saved and "
            "still stands in the form: shorten it, or link to a document."
        )
    for character in text:
        # surrogates (Cs) can't be stored, other controls (Cc) hide text from a reader
        if unicodedata.category(character) in ("Cc", "Cs") and character not in ALLOWED_CONTROLS:
            raise InvalidAnswer(
                f"The {name} holds the control character U+{ord(character):04X}, which can't be "
                "printed. It was not saved: remove it (it often comes from pasting)."
            )
    return text


def checked(question: Question, answer: Answer) -> Answer:
    """Return ``answer`` cleaned, or raise InvalidAnswer with a sentence for the person typing."""
    justification = clean_text(answer.justification, "justification")
    na_reason = clean_text(answer.na_reason, "reason for not applicable")
    if answer.option == NA:
        _check_na(question, na_reason)
    elif answer.option is not None and question.option(answer.option) is None:
        raise InvalidAnswer(
            f"{question.id} has no option {answer.option!r}. Nothing was saved: choose one of "
            + ", ".join(option.id for option in question.options)
            + "."
        )
    known = frozenset(fact_keys(question))
    unknown = sorted(set(answer.facts) - known)
    if unknown:
        raise InvalidAnswer(
            f"{question.id} has no fact {unknown[0]!r}. Nothing was saved: reload the page."
        )
    facts = tuple(key for key in fact_keys(question) if key in answer.facts)
    return Answer(answer.option, justification, na_reason if answer.option == NA else "", facts)


def _check_na(question: Question, na_reason: str) -> None:
    if not question.na_when:
        raise InvalidAnswer(
            f"{question.id} applies to every vendor, so it can't be answered as not applicable. "
            'Nothing was saved: choose the option that holds, "0" if nothing shows it.'
        )
    if not na_reason:
        raise InvalidAnswer(
            f"{question.id}: not applicable needs a reason. Nothing was saved: say why the thing "
            "asked about does not exist here."
        )


def fact_keys(question: Question) -> list[str]:
    """Return the keys ``"L.i"`` of every fact of ``question``, lowest option first."""
    return [f"{o.id}.{i}" for o in question.options for i in range(len(o.facts))]


def fact_text(question: Question, key: str) -> str:
    """Return the fact behind a key ``"L.i"``; empty for an unknown one."""
    option_id, _, index = key.partition(".")
    option = question.option(option_id)
    facts = () if option is None else option.facts
    return {str(i): text for i, text in enumerate(facts)}.get(index, "")


@dataclass(frozen=True, slots=True)
class Checklist:
    """What stands between a draft and its submission: ids of questions, in the order asked."""

    unanswered: tuple[str, ...]
    unexplained: tuple[str, ...]
    answered: int
    total: int

    @property
    def has_gaps(self) -> bool:
        """Whether submitting needs a reason."""
        return bool(self.unanswered)


def checklist(questions: Iterable[Question], answers: Mapping[str, Iterable[Answer]]) -> Checklist:
    """Compare ``answers`` (question id → one per unit) with all ``questions`` asked.

    ``unexplained`` are answered above "0" without a justification: no gap, yet an assessor asks.
    """
    unanswered, unexplained, total = [], [], 0
    for question in questions:
        total += 1
        given = list(answers.get(question.id, ()))
        if not given or any(answer.option is None for answer in given):
            unanswered.append(question.id)
        elif any(a.option not in (NA, "0") and not a.justification for a in given):
            unexplained.append(question.id)
    return Checklist(tuple(unanswered), tuple(unexplained), total - len(unanswered), total)
