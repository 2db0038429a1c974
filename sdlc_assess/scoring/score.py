"""The score of one set of answers: a tree that unfolds down to answers, weights and rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.scoring.measure import Measure, display
from sdlc_assess.scoring.node import Node
from sdlc_assess.scoring.rules import rule_of
from sdlc_assess.scoring.sheet import Claims, Outcome, Verdicts, is_answered, sheet_of

__all__ = [
    "Claims",
    "Measure",
    "Node",
    "Outcome",
    "Score",
    "Verdicts",
    "as_json",
    "display",
    "score",
]


@dataclass(frozen=True, slots=True)
class Score:
    """``questionnaire`` and ``profile`` are references; ``digest`` is the questionnaire's.

    ``answered`` of ``total`` counts the questions asked that have an answer for every unit;
    ``nodes`` holds each node of the tree under ``overall`` by its id.
    """

    questionnaire: str
    digest: str
    profile: str
    answered: int
    total: int
    overall: Node
    nodes: dict[str, Node]


def score(
    questionnaire: Questionnaire,
    framework: Framework,
    profile: ScoringProfile,
    claims: Claims,
    verdicts: Verdicts | None = None,
) -> Score:
    """Score ``claims``, and ``verdicts`` where an assessor set some, by the profile's rule.

    Raises UnknownQuestion and UnknownOption for answers that another version was asked, and
    UnknownRule.
    """
    sheet = sheet_of(questionnaire, claims)
    overall = rule_of(profile)(questionnaire, framework, profile, sheet, verdicts or {})
    answered = sum(is_answered(given) for given in sheet.values())
    return Score(
        questionnaire.ref,
        questionnaire.digest,
        profile.ref,
        answered,
        len(sheet),
        overall,
        _by_id(overall),
    )


def _by_id(overall: Node) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for node in overall.walk():
        # a question asked for two tasks may be one of them, and then the task has the name
        if node.kind != "question" or node.id not in found:
            found[node.id] = node
    return found


def as_json(score: Score, profile: ScoringProfile) -> dict[str, Any]:
    """Return the JSON of ``score --json`` (docs/scoring.md); exact fractions are strings."""
    id, _, version = score.questionnaire.partition("@")
    return {
        "questionnaire": id,
        "version": version,
        "digest": score.digest,
        "profile": score.profile,
        "answered": score.answered,
        "total": score.total,
        "nodes": {id: _node_json(node, profile) for id, node in score.nodes.items()},
    }


def _node_json(node: Node, profile: ScoringProfile) -> dict[str, Any]:
    return {
        "title": node.title,
        "kind": node.kind,
        "weight": node.weight,
        "claimed": measure_json(node.claimed, profile),
        "assessed": measure_json(node.assessed, profile),
        "evidenced": measure_json(node.evidenced, profile),
        "conformance": dict(node.conformance),
        "assessed_conformance": dict(node.assessed_conformance),
        "parts": [part.id for part in node.parts],
    }


def measure_json(measure: Measure, profile: ScoringProfile) -> dict[str, str | None]:
    """Return value, low and high as exact fractions (null where absent), and the display."""
    return {
        "value": _exact(measure.value),
        "low": _exact(measure.low),
        "high": _exact(measure.high),
        "display": display(measure, profile),
    }


def _exact(share: Fraction | None) -> str | None:
    return None if share is None else str(share)
