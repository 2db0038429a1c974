"""The tree of a score: every node keeps its parts, and every leaf the answers it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sdlc_assess.scoring.measure import NO_EVIDENCE, Measure
from sdlc_assess.scoring.sheet import Outcome

Kind = Literal["overall", "group", "practice", "task", "question"]


@dataclass(frozen=True, slots=True)
class Ground:
    """One answer that a leaf stands on: for ``unit`` ("" = whole target), with what it counts."""

    unit: str
    option: str | None
    outcome: Outcome | None
    claimed: Measure
    assessed: Measure


@dataclass(frozen=True, slots=True)
class Node:
    """One node with its three numbers.

    ``weight`` counts in the parent's mean. The counts of both conformances are over the tasks at
    and under the node. ``grounds`` are a leaf's answers, empty where its question was not asked.
    """

    id: str
    title: str
    kind: Kind
    weight: int
    claimed: Measure
    assessed: Measure
    conformance: Mapping[str, int]
    assessed_conformance: Mapping[str, int]
    parts: tuple[Node, ...] = ()
    grounds: tuple[Ground, ...] = ()
    evidenced: Measure = NO_EVIDENCE

    def walk(self) -> Iterator[Node]:
        """Yield this node and every node under it, parents first."""
        yield self
        for part in self.parts:
            yield from part.walk()
