"""Conformance: for each task one word against the profile's threshold, and the counts of words.

Satisfied at or above the threshold, partial above nothing and below it, else not satisfied
(record.md, "Scores, settled").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

from sdlc_assess.scoring.measure import Measure

Missing = Literal["unanswered", "not_examined"]

GRADES = ("satisfied", "partial", "not_satisfied", "not_applicable")


def grade(share: Fraction, threshold: Fraction) -> str:
    """Return the word for an exact share of 0–1."""
    if share >= threshold:
        return "satisfied"
    return "partial" if share > 0 else "not_satisfied"


def word(measure: Measure, threshold: Fraction, missing: Missing) -> str:
    """Return the word for a task; ``missing`` where what is missing could still change it."""
    if measure.low is None or measure.high is None:
        return "not_applicable" if measure.absent == "not_applicable" else missing
    low, high = grade(measure.low, threshold), grade(measure.high, threshold)
    return low if low == high else missing


def counts_of(words: Iterable[str], missing: Missing) -> dict[str, int]:
    """Return how often each word stands in ``words``, those that never do too."""
    counts = dict.fromkeys((*GRADES, missing), 0)
    for each in words:
        counts[each] += 1
    return counts


def total_of(counts: Iterable[Mapping[str, int]], missing: Missing) -> dict[str, int]:
    """Return the sum of ``counts``."""
    total = counts_of((), missing)
    for each in counts:
        for name, count in each.items():
            total[name] += count
    return total
