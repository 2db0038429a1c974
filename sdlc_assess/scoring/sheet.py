"""What was answered and concluded, in the shape every rule takes it: per question, per unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from sdlc_assess.catalog.condition import Condition, holds
from sdlc_assess.catalog.questionnaire import Question, Questionnaire
from sdlc_assess.errors import AssessError

WHOLE = ""
"""The name of the unit that is the whole target."""

Claims = Mapping[str, Mapping[str, str | None]]
"""Question id → unit name ("" = whole target) → option id, "na", or None (unanswered)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The assessor's verdict on one answer; ``option`` (an option id or "na") only with adjust."""

    outcome: Literal["agree", "adjust", "insufficient", "not_examined"]
    option: str | None = None


Verdicts = Mapping[str, Mapping[str, Outcome]]
"""Question id → unit name → the outcome that stands; a stale verdict is left out."""

Sheet = Mapping[str, Mapping[str, str | None]]
"""Claims completed: each question that is asked, each with an entry for each of its units."""

_NOTHING: Mapping[str, str | None] = {WHOLE: None}


class UnknownQuestion(AssessError):
    """Questionnaire {questionnaire} has no question {question}, so nothing was scored. Check that
    the answers belong to this version."""


class UnknownOption(AssessError):
    """Question {question} has no answer option {option}, so nothing was scored. Check that the
    answers belong to this version."""


def sheet_of(questionnaire: Questionnaire, claims: Claims) -> Sheet:
    """Return the answers of every question that is asked, in the order asked.

    A question answered for any unit is answered for all units that ``claims`` names anywhere: a
    unit left out is unanswered, and an answer for the whole target beside it does not count.
    A question whose condition does not hold is not asked and missing here. Raises UnknownQuestion.
    """
    if unknown := claims.keys() - questionnaire.by_id.keys():
        raise UnknownQuestion(questionnaire=questionnaire.ref, question=min(unknown))
    units = sorted({unit for given in claims.values() for unit in given if unit})
    sheet: dict[str, Mapping[str, str | None]] = {}
    for id, question in questionnaire.by_id.items():
        if question.when is None or _is_asked(question.when, sheet, units):
            sheet[id] = _by_unit(claims.get(id), units)
    return sheet


def _by_unit(given: Mapping[str, str | None] | None, units: list[str]) -> Mapping[str, str | None]:
    if not given:
        return _NOTHING
    if WHOLE in given and len(given) == 1:
        return given
    return {unit: given.get(unit) for unit in units}


def _is_asked(condition: Condition, sheet: Sheet, units: Collection[str]) -> bool:
    """Tell whether ``condition`` holds in at least one unit, over the earlier questions asked."""
    return any(
        holds(condition, {id: given.get(unit, given.get(WHOLE)) for id, given in sheet.items()})
        for unit in units or (WHOLE,)
    )


def is_answered(given: Mapping[str, str | None]) -> bool:
    """Tell whether every unit has an answer (not applicable is one)."""
    return None not in given.values()


def index_of(question: Question, option: str) -> int:
    """Return the place of ``option`` on the question's scale, 0 for the worst. UnknownOption."""
    for index, known in enumerate(question.options):
        if known.id == option:
            return index
    raise UnknownOption(question=question.id, option=option)
