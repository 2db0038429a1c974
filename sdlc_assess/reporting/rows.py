"""From the score parts of a snapshot to the rows that a report prints and ranks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from sdlc_assess.reporting import words
from sdlc_assess.reporting.source import Source
from sdlc_assess.reporting.view import Number, Row


def per_mille(fraction: str | None) -> int | None:
    """Return an exact fraction of 0–1 in thousandths, for drawing only."""
    return None if fraction is None else round(Fraction(fraction) * 1000)


def number(measure: Mapping[str, Any]) -> Number:
    """Take display and ends of one measure of a score part."""
    return Number(measure["display"], per_mille(measure["low"]), per_mille(measure["high"]))


def row(source: Source, id: str) -> Row:
    """Return the node ``id`` with everything under it, down to tasks."""
    node = source.part(f"score/{id}")
    shows = source.shows_assessed
    counts = node["assessed_conformance"] if shows else node["conformance"]
    named = tuple((words.CONFORMANCE[key], int(counts.get(key, 0))) for key in words.CONFORMANCE)
    applicable = sum(count for _, count in named) - int(counts.get("not_applicable", 0))
    below = () if node["kind"] in ("task", "question") else tuple(node["parts"])
    return Row(
        id=id,
        title=node["title"],
        kind=node["kind"],
        claimed=number(node["claimed"]),
        assessed=number(node["assessed"]) if shows else None,
        met=int(counts.get("satisfied", 0)),
        applicable=applicable,
        standing=next((word for word, count in named if count), ""),
        counts=tuple((word, count) for word, count in named if count),
        parts=tuple(row(source, part) for part in below),
    )


def below(top: Row, kind: str) -> Iterator[Row]:
    """Yield every row of ``kind`` under ``top``, in the framework's order."""
    for part in top.parts:
        if part.kind == kind:
            yield part
        yield from below(part, kind)


def shown(found: Row) -> Number:
    """Return the number that counts in this report: assessed where it has one, else claimed."""
    return found.assessed or found.claimed


def ranked(top: Row) -> tuple[Row, ...]:
    """Return the practices, weakest first; those without a number last, in their own order."""

    def key(found: Row) -> tuple[bool, int, int]:
        counts = shown(found)
        return counts.low is None, counts.low or 0, found.claimed.low or 0

    return tuple(sorted(below(top, "practice"), key=key))


def is_low(found: Row, scale: int) -> bool:
    """Tell whether a task is known to be at 0 or 1: even its best case is not above 1."""
    high = shown(found).high
    # per mille is exact enough here: neighbouring options lie 250 apart on a scale of 4
    return high is not None and high * scale <= 1000 + scale
