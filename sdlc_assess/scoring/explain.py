"""Any number of a score, told as the responses that made it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from fractions import Fraction
from operator import attrgetter

from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import NA
from sdlc_assess.errors import AssessError
from sdlc_assess.scoring.measure import Measure, display
from sdlc_assess.scoring.node import Ground, Node
from sdlc_assess.scoring.score import Score

NUMBERS = ("claimed", "assessed")


class UnknownNode(AssessError):
    """This score has no node {node}. Ask for {near}."""


def explain(score: Score, node_id: str, profile: ScoringProfile) -> list[str]:
    """Return lines that unfold the number of ``node_id`` down to answers, weights and rule.

    Parts are indented by two blanks a level. Raises UnknownNode.
    """
    node = score.nodes.get(node_id)
    if node is None:
        near = get_close_matches(node_id, score.nodes, n=3) or ["overall"]
        raise UnknownNode(node=node_id, near=" or ".join(near))
    digest = f", digest {score.digest}" if score.digest else ""
    return [
        *_told(node, profile, ""),
        f"Rule {profile.rule} of scoring profile {score.profile}; "
        f"questionnaire {score.questionnaire}{digest}.",
        "Unanswered counts 0 in the low end and 1 in the high end; the value is the low end.",
        *([profile.note] if profile.note else []),
    ]


def _told(node: Node, profile: ScoringProfile, indent: str) -> Iterator[str]:
    numbers = "; ".join(_named(name, attrgetter(name)(node), profile) for name in _worth(node))
    yield f"{indent}{node.id} {node.title}: {numbers}"
    indent += "  "
    words = [f"{n} {word.replace('_', ' ')}" for word, n in node.conformance.items() if n]
    if words:
        yield f"{indent}tasks, as claimed: {', '.join(words)}"
    if not node.parts and node.kind in ("task", "question"):
        yield from _stands_on(node, indent)
        return
    for name in NUMBERS:
        yield from _mean(node, name, indent)
    for part in node.parts:
        yield from _told(part, profile, indent)


def _worth(node: Node) -> tuple[str, ...]:
    """Return which numbers are worth a word: the assessed one only once something was examined."""
    return NUMBERS[:1] if node.assessed.absent == "not_examined" else NUMBERS


def _named(name: str, measure: Measure, profile: ScoringProfile) -> str:
    shown = f"{name} {display(measure, profile)}"
    return shown if measure.absent else f"{shown} (exactly {_exact(measure)})"


def _exact(measure: Measure) -> str:
    if measure.absent:
        return measure.absent.replace("_", " ")
    if measure.low == measure.high:
        return str(measure.low)
    return f"{measure.low} to {measure.high}"


def _mean(node: Node, name: str, indent: str) -> Iterator[str]:
    """Yield the sum that made ``node``'s number: one line, or one for each end of a range."""
    measure: Measure = attrgetter(name)(node)
    if measure.absent:
        return
    of = attrgetter(name)
    live = [part for part in node.parts if of(part).absent != "not_applicable"]
    ends = ("",) if all(of(part).ends[0] == of(part).ends[1] for part in live) else ("low", "high")
    for at, end in enumerate(ends):
        terms = [(part.weight, of(part).ends[at]) for part in live]
        yield f"{indent}{' '.join(filter(None, (name, end)))} = {_sum(terms)} = {measure.ends[at]}"
    if left := [part.id for part in node.parts if part not in live]:
        yield f"{indent}{name}, left out as not applicable: {', '.join(left)}"
    if unseen := [part.id for part in live if of(part).absent == "not_examined"]:
        yield f"{indent}{name}, not examined, so 0 to 1: {', '.join(unseen)}"


def _sum(terms: list[tuple[int, Fraction]]) -> str:
    total = sum(weight for weight, _ in terms)
    return f"({' + '.join(f'{weight} × {share}' for weight, share in terms)}) ÷ {total}"


def _stands_on(node: Node, indent: str) -> Iterator[str]:
    yield f"{indent}weight {node.weight}"
    if not node.grounds:
        yield f"{indent}not asked: its condition does not hold"
    for ground in node.grounds:
        yield indent + _answer(ground)
    if len(node.grounds) > 1:
        weakest = ", ".join(f"{name} {_exact(attrgetter(name)(node))}" for name in _worth(node))
        yield f"{indent}the weakest unit counts: {weakest}"


def _answer(ground: Ground) -> str:
    where = f"unit {ground.unit}" if ground.unit else "whole target"
    given = "unanswered" if ground.option is None else f"answered {_option(ground.option)}"
    told = f"{where}: {given} → {_exact(ground.claimed)}"
    if ground.outcome is None:
        return told
    verdict = ground.outcome.outcome.replace("_", " ")
    if ground.outcome.option is not None:
        verdict += f" to {_option(ground.outcome.option)}"
    return f"{told}; verdict {verdict} → {_exact(ground.assessed)}"


def _option(option: str) -> str:
    return "not applicable" if option == NA else option
