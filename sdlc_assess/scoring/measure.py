"""One number with its bounds: exact fractions, or nothing with the word that says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from sdlc_assess.catalog.profile import ScoringProfile

Absent = Literal["", "not_applicable", "not_examined", "no_evidence"]

WORST, BEST = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Measure:
    """``low`` and ``high`` are exact shares from 0 to 1; both None where ``absent`` says why."""

    low: Fraction | None
    high: Fraction | None
    absent: Absent = ""

    @property
    def value(self) -> Fraction | None:
        """The number that is shown: what is missing counts worst (record.md, "Scores, settled")."""
        return self.low

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Both bounds as they count in a mean: what is absent may still be anything."""
        if self.low is None or self.high is None:
            return WORST, BEST
        return self.low, self.high


UNANSWERED = Measure(WORST, BEST)
NOT_APPLICABLE = Measure(None, None, "not_applicable")
NOT_EXAMINED = Measure(None, None, "not_examined")
NO_EVIDENCE = Measure(None, None, "no_evidence")


def _applicable(parts: Iterable[tuple[int, Measure]]) -> list[tuple[int, Measure]]:
    return [(weight, part) for weight, part in parts if part.absent != "not_applicable"]


def _nothing(live: Sequence[tuple[int, Measure]]) -> Measure | None:
    """Return what stands for a whole of which nothing applies or nothing is known, else None."""
    if not live:
        return NOT_APPLICABLE
    return None if any(not part.absent for _, part in live) else live[0][1]


def mean(parts: Iterable[tuple[int, Measure]]) -> Measure:
    """Return the weighted mean of (weight, measure); what is not applicable leaves it."""
    live = _applicable(parts)
    if (nothing := _nothing(live)) is not None:
        return nothing
    ends = [(weight, *part.ends) for weight, part in live]
    return Measure(
        _mean([(weight, low) for weight, low, _ in ends]),
        _mean([(weight, high) for weight, _, high in ends]),
    )


def _mean(terms: list[tuple[int, Fraction]]) -> Fraction:
    # over one common denominator: adding fractions one by one takes three times as long
    common = lcm(*(share.denominator for _, share in terms))
    total = sum(weight * share.numerator * (common // share.denominator) for weight, share in terms)
    return Fraction(total, common * sum(weight for weight, _ in terms))


def worst(parts: Iterable[Measure]) -> Measure:
    """Return the least low and the least high of ``parts``: the weakest unit speaks for all."""
    live = _applicable((1, part) for part in parts)
    if (nothing := _nothing(live)) is not None:
        return nothing
    ends = [part.ends for _, part in live]
    return Measure(min(low for low, _ in ends), min(high for _, high in ends))


def decimal(share: Fraction, profile: ScoringProfile) -> str:
    """Return a share of 0–1 on the profile's scale, rounded half up from the exact fraction."""
    shift = 10**profile.decimals
    # integers all the way: floor(x + 1/2) is half up, and no float ever rounds first
    units = (2 * share.numerator * profile.scale * shift + share.denominator) // (
        2 * share.denominator
    )
    whole, rest = divmod(units, shift)
    return f"{whole}.{rest:0{profile.decimals}}" if profile.decimals else str(whole)


def display(measure: Measure, profile: ScoringProfile) -> str:
    """Return "2.6 of 4", "1.2 to 3.4 of 4", "not examined", "not applicable" or "no evidence".

    A range that rounds to one number on both ends is shown as that number.
    """
    if measure.low is None or measure.high is None:
        return measure.absent.replace("_", " ")
    low, high = decimal(measure.low, profile), decimal(measure.high, profile)
    return f"{low} of {profile.scale}" if low == high else f"{low} to {high} of {profile.scale}"
