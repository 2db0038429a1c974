"""The assessor's outcome per response, and what must hold before an assessment is accepted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sdlc_assess.assessment.response import clean_text, fact_text
from sdlc_assess.catalog.questionnaire import NA, Question
from sdlc_assess.errors import AssessError


class VerdictOutcome(StrEnum):
    """What an assessor concludes on one response."""

    AGREE = "agree"
    ADJUST = "adjust"
    INSUFFICIENT = "insufficient"
    NOT_EXAMINED = "not_examined"


class ConclusionKind(StrEnum):
    """The assessor's opinion on the whole, printed before any number."""

    UNMODIFIED = "unmodified"
    QUALIFIED = "qualified"
    ADVERSE = "adverse"
    DISCLAIMED = "disclaimed"


CONCLUSION_WORDS: dict[str, str] = {
    "unmodified": "Unmodified: the answers, as adjusted, are fairly stated",
    "qualified": "Qualified: fairly stated except for the matters named",
    "adverse": "Adverse: the answers are not fairly stated",
    "disclaimed": "Disclaimed: not enough could be examined for an opinion",
}


class InvalidVerdict(AssessError):
    """The verdict was not saved."""


class SeparationOfDuties(AssessError):
    """{who} can't do this: {why}. Nothing was changed; another person has to."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict as typed. ``failing_fact`` is a key ``"L.i"`` of the first fact that fails."""

    outcome: VerdictOutcome
    option: str | None = None
    failing_fact: str = ""
    looked_at: str = ""
    reason: str = ""
    remark: str = ""


def checked(question: Question, answered: str | None, verdict: Verdict) -> Verdict:
    """Return ``verdict`` cleaned against the response ``answered``, or raise InvalidVerdict."""
    clean = Verdict(
        outcome=verdict.outcome,
        option=verdict.option if verdict.outcome is VerdictOutcome.ADJUST else None,
        failing_fact=verdict.failing_fact if verdict.outcome is VerdictOutcome.ADJUST else "",
        looked_at=clean_text(verdict.looked_at, "note of what was looked at"),
        reason=clean_text(verdict.reason, "reason"),
        remark=clean_text(verdict.remark, "remark to the vendor"),
    )
    if clean.outcome is VerdictOutcome.AGREE:
        _check_agree(answered, clean)
    elif clean.outcome is VerdictOutcome.ADJUST:
        _check_adjust(question, answered, clean)
    elif not clean.reason:
        raise InvalidVerdict(
            "A verdict of insufficient or not examined needs a reason. The verdict was not saved: "
            "say what was asked for and did not come, or why this was left out."
        )
    return clean


def _check_agree(answered: str | None, verdict: Verdict) -> None:
    if answered is None:
        raise InvalidVerdict(
            "There is no answer to agree with. The verdict was not saved: choose insufficient, "
            "adjust or not examined, or return the question to the vendor."
        )
    if not verdict.looked_at:
        raise InvalidVerdict(
            "To agree, name what was looked at. The verdict was not saved: cite the document, "
            "record or interview."
        )


def _check_adjust(question: Question, answered: str | None, verdict: Verdict) -> None:
    if verdict.option != NA and question.option(verdict.option or "") is None:
        raise InvalidVerdict("To adjust, choose the option that holds. The verdict was not saved.")
    if verdict.option == answered:
        raise InvalidVerdict(
            "The adjusted option is the vendor's own answer. The verdict was not saved: agree "
            "instead, or choose another option."
        )
    if not verdict.reason:
        raise InvalidVerdict("To adjust, give the reason. The verdict was not saved.")
    needed = first_level_above(question, verdict.option)
    if needed and (
        verdict.failing_fact.partition(".")[0] != needed
        or not fact_text(question, verdict.failing_fact)
    ):
        raise InvalidVerdict(
            f"To set option {verdict.option}, name the first fact of option {needed} that fails. "
            "The verdict was not saved."
        )
    if not needed and verdict.failing_fact:
        raise InvalidVerdict("No fact can fail above this option. The verdict was not saved.")


def first_level_above(question: Question, option: str | None) -> str:
    """Return the id of the option next above ``option``; empty at the top and for N/A."""
    ids = [o.id for o in question.options]
    if option not in ids or option == ids[-1]:
        return ""
    return ids[ids.index(option) + 1]


@dataclass(frozen=True, slots=True)
class Effect:
    """The assessor's effect on the answers: counts of responses, by what the verdict did."""

    agreed: int = 0
    lowered: int = 0
    raised: int = 0
    insufficient: int = 0
    to_na: int = 0
    from_na: int = 0
    not_examined: int = 0
    waiting: int = 0


def effect(
    items: Sequence[tuple[Question, str | None, VerdictOutcome | None, str | None]],
) -> Effect:
    """Count what verdicts did to ``items``: (question, answered, outcome or None, option)."""
    counts: dict[str, int] = dict.fromkeys(Effect.__slots__, 0)
    for question, answered, outcome, option in items:
        counts[_effect_of(question, answered, outcome, option)] += 1
    return Effect(**counts)


def _effect_of(
    question: Question, answered: str | None, outcome: VerdictOutcome | None, option: str | None
) -> str:
    match outcome:
        case None:
            return "waiting"
        case VerdictOutcome.AGREE:
            return "agreed"
        case VerdictOutcome.INSUFFICIENT:
            return "insufficient"
        case VerdictOutcome.NOT_EXAMINED:
            return "not_examined"
    if option == NA:
        return "to_na"
    if answered == NA:
        return "from_na"
    ids = [o.id for o in question.options]
    before = ids.index(answered) if answered in ids else -1
    return "raised" if ids.index(option or "") > before else "lowered"


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The assessor's opinion and the prompted sentences beside it."""

    kind: str = ""
    text: str = ""
    strongest: str = ""
    greatest_risk: str = ""
    limitation: str = ""


def checked_conclusion(conclusion: Conclusion) -> Conclusion:
    """Return ``conclusion`` cleaned, or raise InvalidVerdict."""
    if conclusion.kind not in set(ConclusionKind):
        raise InvalidVerdict("Choose the kind of conclusion. Nothing was saved.")
    clean = Conclusion(
        conclusion.kind,
        clean_text(conclusion.text, "conclusion"),
        clean_text(conclusion.strongest, "sentence on what is strongest"),
        clean_text(conclusion.greatest_risk, "sentence on the greatest customer risk"),
        clean_text(conclusion.limitation, "sentence on limitations"),
    )
    if not clean.text:
        raise InvalidVerdict("Write the conclusion in a sentence or two. Nothing was saved.")
    return clean


def acceptance_blockers(
    without_verdict: Collection[str], has_conclusion: bool, is_represented: bool
) -> list[str]:
    """Return what still stands in the way of acceptance, each as a sentence (record.md, States)."""
    blockers = []
    if without_verdict:
        blockers.append(
            f"Without a current verdict ({len(without_verdict)}): "
            + ", ".join(without_verdict)
            + ". Set one on each; “not examined” with a reason is a verdict too."
        )
    if not has_conclusion:
        blockers.append(
            "The conclusion is not written yet; an assessor of the engagement writes it."
        )
    if not is_represented:
        blockers.append(
            "The vendor's executive has not yet signed, for what was last submitted, that records "
            "are complete and known incidents disclosed."
        )
    return blockers


def check_reviewer(name: str, user_id: int, verdict_setters: Collection[int]) -> None:
    """Raise SeparationOfDuties when the technical reviewer set a verdict in this assessment."""
    if user_id in verdict_setters:
        raise SeparationOfDuties(
            who=name, why="the person who accepts must have set no verdict here"
        )


def check_assessor(name: str, is_vendor_member: bool) -> None:
    """Raise SeparationOfDuties when an assessor belongs to the vendor that is assessed."""
    if is_vendor_member:
        raise SeparationOfDuties(who=name, why="nobody reviews an organisation they belong to")


def is_stale(verdict_revision: int, response_revision: int) -> bool:
    """A verdict belongs to one revision of a response; a later revision makes it stale."""
    return verdict_revision != response_revision
