"""Two scorers that share no code agree on every number."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings

from sdlc_assess.scoring import Measure, Node
from tests.scoring import second_scorer
from tests.scoring.second_scorer import second_score
from tests.scoring.strategies import Case, cases


def told(measure: Measure) -> object:
    return measure.absent or (measure.low, measure.high)


def words(node: Node) -> dict[str, dict[str, int]]:
    both = {"claimed": node.conformance, "assessed": node.assessed_conformance}
    return {name: {w: n for w, n in counts.items() if n} for name, counts in both.items()}


def first_score(case: Case) -> dict[str, object]:
    return {
        id: {"claimed": told(node.claimed), "assessed": told(node.assessed), "words": words(node)}
        for id, node in case.score().nodes.items()
        if node.kind != "question"
    }


def by_second(case: Case) -> dict[str, object]:
    return second_score(
        case.framework, case.questionnaire, case.threshold, case.claims, case.verdicts
    )


@given(cases())
@settings(max_examples=200, deadline=None)
def test_two_scorers_agree(case: Case) -> None:
    assert first_score(case) == by_second(case)


def test_a_wrong_second_scorer_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: were "insufficient" read as unknown, the two would part."""
    right = second_scorer.verdict_value

    def wrong(question: object, option: object, verdict: object) -> object:
        found = right(question, option, verdict)
        return second_scorer.UNKNOWN if found == 0 else found

    @given(cases())
    @settings(max_examples=200, deadline=None, database=None, phases=[Phase.generate])
    def agree(case: Case) -> None:
        assert first_score(case) == by_second(case)

    monkeypatch.setattr(second_scorer, "verdict_value", wrong)
    with pytest.raises(AssertionError):
        agree()
