"""The stored numbers of an assessment, as pages show them. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sdlc_assess.catalog.framework import Framework


@dataclass(frozen=True, slots=True)
class Bar:
    """One range on a common scale: its display, and both ends in per mille for the drawing."""

    id: str
    title: str
    display: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class HeadlineView:
    """Progress and claimed range of an assessment."""

    answered: int
    total: int
    overall: Bar
    groups: tuple[Bar, ...]
    sections: Mapping[str, tuple[int, int]]

    @property
    def percent(self) -> int:
        """Answered questions per cent, rounded down: 100 only when all are answered."""
        return 100 * self.answered // self.total if self.total else 0


def _bar(id: str, value: Mapping[str, Any]) -> Bar:
    return Bar(
        id,
        value.get("title", ""),
        value["display"],
        per_mille(value["low"]),
        per_mille(value["high"]),
    )


@lru_cache(maxsize=4_096)
def per_mille(fraction: str | None) -> int | None:
    """Return an exact fraction of 0–1 as a whole number of thousandths, for drawing only."""
    return None if fraction is None else round(Fraction(fraction) * 1000)


def headline_view(headline: Mapping[str, Any]) -> HeadlineView:
    """Turn the stored headline into what templates show."""
    return HeadlineView(
        headline["answered"],
        headline["total"],
        _bar("overall", headline["overall"]),
        tuple(_bar(id, value) for id, value in headline["groups"].items()),
        {id: (value[0], value[1]) for id, value in headline["sections"].items()},
    )


def score_bars(nodes: Mapping[str, Any], framework: Framework) -> list[tuple[Bar, Bar]]:
    """Return (claimed, assessed) of the whole and of each group, as the review shows them."""
    ids = ["overall", *(group.id for group in framework.groups)]
    found = []
    for id in ids:
        if id in nodes:
            shown = "" if id == "overall" else id
            title = nodes[id]["title"]
            claimed = _bar(shown, {"title": title, **nodes[id]["claimed"]})
            found.append((claimed, _bar(shown, {"title": title, **nodes[id]["assessed"]})))
    return found
