"""What the answers mean: pure functions on exact fractions, rounded only for display."""

from __future__ import annotations

from sdlc_assess.scoring.explain import explain
from sdlc_assess.scoring.headline import Headline, headline, headline_json
from sdlc_assess.scoring.measure import Measure, display
from sdlc_assess.scoring.node import Node
from sdlc_assess.scoring.score import Score, as_json, score
from sdlc_assess.scoring.sheet import Claims, Outcome, Verdicts

__all__ = [
    "Claims",
    "Headline",
    "Measure",
    "Node",
    "Outcome",
    "Score",
    "Verdicts",
    "as_json",
    "display",
    "explain",
    "headline",
    "headline_json",
    "score",
]
