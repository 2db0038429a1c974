"""The kinds of scoring rule, by the name a scoring profile calls them."""

from __future__ import annotations

from collections.abc import Callable

from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.errors import AssessError
from sdlc_assess.scoring.node import Node
from sdlc_assess.scoring.rules import coverage
from sdlc_assess.scoring.sheet import Sheet, Verdicts

Rule = Callable[[Questionnaire, Framework, ScoringProfile, Sheet, Verdicts], Node]

RULES: dict[str, Rule] = {"ordinal-coverage": coverage.tree}


class UnknownRule(AssessError):
    """Scoring profile {profile} names the rule {rule}, which this release does not know. Nothing
    was scored: use a release that has it, or another profile."""


def rule_of(profile: ScoringProfile) -> Rule:
    """Return the function that builds the tree. Raises UnknownRule."""
    if profile.rule not in RULES:
        raise UnknownRule(profile=profile.ref, rule=profile.rule)
    return RULES[profile.rule]
