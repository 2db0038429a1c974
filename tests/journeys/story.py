"""What is claimed and concluded on the journey: the same answers and verdicts on every run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle

from sdlc_assess.catalog.library import library
from sdlc_assess.catalog.questionnaire import Question
from sdlc_assess.scoring.score import Outcome

QUESTIONNAIRE = library().questionnaire("ssdf@1.0.0")
QUESTIONS: tuple[Question, ...] = tuple(QUESTIONNAIRE.questions())
UNITS = ("Agent core", "Update service")
BY_UNIT = "PW.7.2"
DELEGATED = "PS.2.1"
RETURNED = "PO.3.2"
LAST = "RV.3.4"
NOT_APPLICABLE = "PW.9.2"
NA_REASON = "No product has settings that a customer or an operator can change."

Place = tuple[str, str]
"""Question id and unit; "" is the whole target."""


def places() -> Iterator[Place]:
    """Yield every response in the order asked."""
    for question in QUESTIONS:
        for unit in UNITS if question.id == BY_UNIT else ("",):
            yield question.id, unit


LEVELS = dict(zip(places(), cycle("3231243203"), strict=False))
CLAIMED: dict[Place, str] = LEVELS | {(NOT_APPLICABLE, ""): "na", (DELEGATED, ""): "3"}
"""What the vendor hands in first."""

CHANGED = "1"
"""What the vendor claims for RETURNED after it came back."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict as the assessor types it."""

    outcome: str
    option: str = ""
    failing: str = ""


def _lowered(place: Place) -> Finding:
    claimed = CLAIMED[place]
    return Finding("adjust", str(int(claimed) - 1), f"{claimed}.0")


LOWERED = (
    ("PO.1.1", ""),
    ("PO.2.2", ""),
    ("PS.1.1", ""),
    ("PW.4.1", ""),
    (BY_UNIT, UNITS[1]),
)
RAISED = next(place for place, level in CLAIMED.items() if level == "1" and place not in LOWERED)
FINDINGS: dict[Place, Finding] = (
    dict.fromkeys(places(), Finding("agree"))
    | {place: _lowered(place) for place in LOWERED}
    | {RAISED: Finding("adjust", "2", "3.0"), ("PO.5.2", ""): Finding("insufficient")}
    | {(f"RV.3.{task}", ""): Finding("not_examined") for task in (1, 2, 3, 4)}
)

LOOKED_AT = "Ten changes drawn from July, the release log, and an interview with two developers."
REASON = "Two of the ten changes drawn carried no such record; the release log names neither."
REMARK = "Please keep the record of every change, hot fixes too."


def reason_for(place: Place) -> str:
    """Return what the vendor writes beside an answer; each says another thing."""
    question, unit = place
    of = f" of {unit}" if unit else ""
    return f"The records{of} for {question} are in the tracker, and the last release links each."


def claims(changes: Mapping[Place, str] | None = None) -> dict[str, dict[str, str | None]]:
    """Return what is claimed as a scorer takes it."""
    found: dict[str, dict[str, str | None]] = {}
    for (question, unit), option in (CLAIMED | dict(changes or {})).items():
        found.setdefault(question, {})[unit] = option
    return found


def verdicts() -> dict[str, dict[str, Outcome]]:
    """Return what the assessor concludes as a scorer takes it."""
    found: dict[str, dict[str, Outcome]] = {}
    for (question, unit), finding in FINDINGS.items():
        found.setdefault(question, {})[unit] = Outcome(finding.outcome, finding.option or None)
    return found
