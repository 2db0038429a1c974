"""Verdicts, the assessor's effect, conclusions, and what stands in the way of acceptance."""

from __future__ import annotations

import pytest

from sdlc_assess.assessment import review
from sdlc_assess.assessment.review import (
    Conclusion,
    Effect,
    InvalidVerdict,
    SeparationOfDuties,
    Verdict,
    VerdictOutcome,
    checked,
)
from tests.assessment.test_response import LOOSE, STRICT

AGREE, ADJUST = VerdictOutcome.AGREE, VerdictOutcome.ADJUST
INSUFFICIENT, NOT_EXAMINED = VerdictOutcome.INSUFFICIENT, VerdictOutcome.NOT_EXAMINED


def test_agreeing_names_what_was_looked_at() -> None:
    with pytest.raises(InvalidVerdict, match="name what was looked at"):
        checked(STRICT, "1", Verdict(AGREE))
    kept = checked(STRICT, "1", Verdict(AGREE, "2", "2.0", "The tracker."))
    assert kept == Verdict(AGREE, looked_at="The tracker.")


def test_there_is_nothing_to_agree_with_in_silence() -> None:
    with pytest.raises(InvalidVerdict, match="no answer to agree with"):
        checked(STRICT, None, Verdict(AGREE, looked_at="The tracker."))


def test_adjusting_names_option_reason_and_the_first_fact_that_fails() -> None:
    whole = Verdict(ADJUST, "1", "2.0", reason="No record in unit B.")
    assert checked(STRICT, "2", whole) == whole
    for broken, word in [
        (Verdict(ADJUST, None, "2.0", reason="x"), "choose the option"),
        (Verdict(ADJUST, "7", "2.0", reason="x"), "choose the option"),
        (Verdict(ADJUST, "2", "", reason="x"), "own answer"),
        (Verdict(ADJUST, "1", "2.0"), "give the reason"),
        (Verdict(ADJUST, "1", "", reason="x"), "first fact of option 2"),
        (Verdict(ADJUST, "1", "1.0", reason="x"), "first fact of option 2"),
        (Verdict(ADJUST, "1", "2.9", reason="x"), "first fact of option 2"),
    ]:
        with pytest.raises(InvalidVerdict, match=word):
            checked(STRICT, "2", broken)


def test_at_the_top_and_at_not_applicable_no_fact_can_fail() -> None:
    assert checked(STRICT, "0", Verdict(ADJUST, "2", reason="Seen in all units.")).option == "2"
    assert checked(LOOSE, "0", Verdict(ADJUST, "na", reason="There is none.")).option == "na"
    with pytest.raises(InvalidVerdict, match="No fact can fail"):
        checked(STRICT, "0", Verdict(ADJUST, "2", "1.0", reason="x"))


@pytest.mark.parametrize("outcome", [INSUFFICIENT, NOT_EXAMINED])
def test_the_other_outcomes_need_a_reason(outcome: VerdictOutcome) -> None:
    with pytest.raises(InvalidVerdict, match="needs a reason"):
        checked(STRICT, "1", Verdict(outcome, looked_at="Asked twice."))
    assert checked(STRICT, None, Verdict(outcome, reason="Not in the sample.")).reason


def test_the_effect_counts_each_response_once() -> None:
    items = [
        (STRICT, "1", AGREE, None),
        (STRICT, "2", ADJUST, "1"),
        (STRICT, "0", ADJUST, "1"),
        (STRICT, None, ADJUST, "0"),
        (STRICT, "1", INSUFFICIENT, None),
        (LOOSE, "1", ADJUST, "na"),
        (LOOSE, "na", ADJUST, "1"),
        (STRICT, "1", NOT_EXAMINED, None),
        (STRICT, "1", None, None),
    ]
    expected = Effect(
        agreed=1,
        lowered=1,
        raised=2,
        insufficient=1,
        to_na=1,
        from_na=1,
        not_examined=1,
        waiting=1,
    )
    assert review.effect(items) == expected


def test_a_conclusion_has_a_kind_and_words() -> None:
    with pytest.raises(InvalidVerdict, match="kind of conclusion"):
        review.checked_conclusion(Conclusion("fine", "All is well."))
    with pytest.raises(InvalidVerdict, match="sentence or two"):
        review.checked_conclusion(Conclusion("adverse", "  "))
    kept = review.checked_conclusion(Conclusion("adverse", " Not fair. ", "a", "b", "c"))
    assert kept == Conclusion("adverse", "Not fair.", "a", "b", "c")
    assert set(review.CONCLUSION_WORDS) == set(review.ConclusionKind)


def test_each_blocker_is_named() -> None:
    assert review.acceptance_blockers([], True, True) == []
    named = review.acceptance_blockers(["PO.1.1", "PO.1.2"], False, False)
    assert len(named) == 3
    assert "PO.1.1, PO.1.2" in named[0]


def test_duties_are_separate() -> None:
    review.check_reviewer("Erin", 5, {1, 2})
    with pytest.raises(SeparationOfDuties, match=r"Charlie can't.*no verdict"):
        review.check_reviewer("Charlie", 1, {1, 2})
    review.check_assessor("Charlie", False)
    with pytest.raises(SeparationOfDuties, match="belong"):
        review.check_assessor("Alice", True)


def test_a_later_revision_makes_a_verdict_stale() -> None:
    assert not review.is_stale(3, 3)
    assert review.is_stale(3, 4)
