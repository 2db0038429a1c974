"""The tree, its JSON, its words, and what is refused."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdlc_assess.catalog.condition import Equals
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.errors import AssessError
from sdlc_assess.scoring import Measure, Outcome, as_json, display, explain, headline, score
from sdlc_assess.scoring.score import Score
from tests.scoring.builders import (
    a_framework,
    a_profile,
    a_question,
    a_questionnaire,
    whole,
)


def a_score(
    answers: dict[str, str | None], verdicts: dict[str, dict[str, Outcome]] | None = None
) -> Score:
    return score(a_questionnaire(), a_framework(), a_profile(), whole(answers), verdicts)


def test_the_tree_has_the_frameworks_own_ids_and_lists_parts() -> None:
    nodes = as_json(a_score({}), a_profile())["nodes"]
    assert list(nodes) == [
        *("overall", "PO", "PO.1", "PO.1.1", "PO.1.2", "PO.2", "PO.2.1", "PS", "PS.1", "PS.1.1")
    ]
    assert nodes["overall"]["parts"] == ["PO", "PS"]
    assert nodes["PO.1"]["parts"] == ["PO.1.1", "PO.1.2"]
    assert nodes["PO.1.1"]["parts"] == []
    assert [nodes[id]["kind"] for id in ("overall", "PO", "PO.1", "PO.1.1")] == [
        *("overall", "group", "practice", "task")
    ]


def test_json_has_the_promised_shape() -> None:
    found = as_json(a_score({"PO.1.1": "3"}, {"PO.1.1": {"": Outcome("adjust", "2")}}), a_profile())
    json.dumps(found)
    head = {key: value for key, value in found.items() if key != "nodes"}
    assert head == {
        "questionnaire": "tiny",
        "version": "1.0.0",
        "digest": "d" * 64,
        "profile": "tiny-maturity@1.0.0",
        "answered": 1,
        "total": 4,
    }
    assert found["nodes"]["PO.1"] == {
        "title": "Practice PO.1",
        "kind": "practice",
        "weight": 1,
        "claimed": {"value": "3/8", "low": "3/8", "high": "7/8", "display": "1.5 to 3.5 of 4"},
        "assessed": {"value": "1/4", "low": "1/4", "high": "3/4", "display": "1.0 to 3.0 of 4"},
        "evidenced": {"value": None, "low": None, "high": None, "display": "no evidence"},
        "conformance": {
            "satisfied": 1,
            "partial": 0,
            "not_satisfied": 0,
            "not_applicable": 0,
            "unanswered": 1,
        },
        "assessed_conformance": {
            "satisfied": 0,
            "partial": 1,
            "not_satisfied": 0,
            "not_applicable": 0,
            "not_examined": 1,
        },
        "parts": ["PO.1.1", "PO.1.2"],
    }


def test_tasks_that_nobody_asks_about_are_not_in_the_score() -> None:
    found = score(a_questionnaire("PO.1.2"), a_framework(), a_profile(), {})
    assert list(found.nodes) == ["overall", "PO", "PO.1", "PO.1.2"]


def test_a_questionnaire_without_questions_has_no_number() -> None:
    empty = Questionnaire("none", "1.0.0", "Empty", "en", "tiny@1", "tiny-maturity@1.0.0", ())
    assert score(empty, a_framework(), a_profile(), {}).overall.claimed.absent == "not_applicable"


def test_a_question_for_two_tasks_counts_in_both() -> None:
    asked = a_questionnaire(a_question("PO.1.1", "PO.1.1", "PO.2.1"))
    found = score(asked, a_framework(), a_profile(), whole({"PO.1.1": "2"}))
    assert found.total == 1
    assert found.nodes["PO.2.1"].claimed.value == Fraction(1, 2)
    assert found.nodes["PO.1.1"].kind == "task"
    assert [part.id for part in found.nodes["PO.2.1"].parts] == ["PO.1.1"]


def test_a_question_that_shares_the_task_it_is_named_after_has_a_node_of_its_own() -> None:
    asked = a_questionnaire(a_question("PO.1.1"), a_question("more", "PO.1.1"))
    found = score(asked, a_framework(), a_profile(), whole({"PO.1.1": "4", "more": "0"}))
    assert found.nodes["PO.1.1"].claimed.value == Fraction(1, 2)
    assert found.nodes["PO.1.1/question"].claimed.value == 1


def test_a_scale_without_the_threshold_asks_for_its_top() -> None:
    asked = a_questionnaire(a_question("PO.1.1", highest=1), a_question("PO.1.2", highest=1))
    found = score(asked, a_framework(), a_profile("3"), whole({"PO.1.1": "1", "PO.1.2": "0"}))
    assert found.nodes["PO.1.1"].conformance["satisfied"] == 1
    assert found.nodes["PO.1.2"].conformance["not_satisfied"] == 1


@pytest.mark.parametrize(
    ("claims", "profile", "words"),
    [
        ({"PO.9.9": {"": "1"}}, a_profile(), "tiny@1.0.0 has no question PO.9.9"),
        ({"PO.1.1": {"": "7"}}, a_profile(), "PO.1.1 has no answer option 7"),
        ({}, a_profile(rule="astrology"), "names the rule astrology"),
    ],
)
def test_what_another_version_was_asked_is_refused(
    claims: dict[str, dict[str, str | None]], profile: object, words: str
) -> None:
    for function in (score, headline):
        with pytest.raises(AssessError, match=words):
            function(a_questionnaire(), a_framework(), profile, claims)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("low", "high", "decimals", "shown"),
    [
        ("1/80", "1/80", 1, "0.1 of 4"),  # 0.05 exactly: half goes up
        ("1/16", "1/16", 1, "0.3 of 4"),  # 0.25, where a float would round to even
        ("29/80", "29/80", 1, "1.5 of 4"),  # 1.45, which no float holds
        ("13/20", "13/20", 1, "2.6 of 4"),
        ("3/10", "17/20", 1, "1.2 to 3.4 of 4"),
        ("13/20", "651/1000", 1, "2.6 of 4"),
        ("13/20", "13/20", 2, "2.60 of 4"),
        ("5/8", "5/8", 0, "3 of 4"),
        ("1", "1", 1, "4.0 of 4"),
    ],
)
def test_display_rounds_half_up_from_the_exact_fraction(
    low: str, high: str, decimals: int, shown: str
) -> None:
    measure = Measure(Fraction(low), Fraction(high))
    assert display(measure, a_profile(decimals=decimals)) == shown


@given(st.fractions(0, 1), st.integers(0, 3))
def test_display_is_within_half_a_step(share: Fraction, decimals: int) -> None:
    shown = display(Measure(share, share), a_profile(decimals=decimals)).split()[0]
    off = Fraction(shown) - share * 4
    assert -Fraction(1, 2 * 10**decimals) < off <= Fraction(1, 2 * 10**decimals)


def test_the_headline_is_the_fast_path() -> None:
    """As a ratio within one run, so that a slow machine does not matter."""
    ids = [f"G{g}.{p}.{t}" for g in range(4) for p in range(4) for t in range(3)]
    asked, framework, claims = (
        a_questionnaire(*ids),
        a_framework(*ids),
        whole(dict.fromkeys(ids, "3")),
    )

    def fastest(function: object) -> float:
        times = []
        for _ in range(20):
            start = time.perf_counter()
            function(asked, framework, a_profile(), claims)  # type: ignore[operator]
            times.append(time.perf_counter() - start)
        return min(times)

    assert fastest(headline) * 5 < fastest(score)


def test_explain_unfolds_to_answers_weights_rule_and_release() -> None:
    asked = a_questionnaire(
        a_question("PO.1.1", weight=2), "PO.1.2", a_question("PO.1.3"), a_question("PO.1.4")
    )
    claims: dict[str, dict[str, str | None]] = {
        "PO.1.1": {"Agent": "3", "Update service": "1"},
        "PO.1.2": {"Agent": "na", "Update service": "na"},
        "PO.1.3": {"": "4"},
    }
    verdicts = {
        "PO.1.1": {"Agent": Outcome("adjust", "2"), "Update service": Outcome("agree")},
        "PO.1.2": dict.fromkeys(("Agent", "Update service"), Outcome("agree")),
    }
    framework = a_framework("PO.1.1", "PO.1.2", "PO.1.3", "PO.1.4")
    found = score(asked, framework, a_profile(), claims, verdicts)
    told = "\n".join(explain(found, "PO.1", a_profile()))
    for words in (
        "PO.1 Practice PO.1: claimed 1.5 to 2.5 of 4 (exactly 3/8 to 5/8)",
        "assessed 0.5 to 2.5 of 4 (exactly 1/8 to 5/8)",
        "tasks, as claimed: 1 satisfied, 1 partial, 1 not applicable, 1 unanswered",
        "claimed low = (2 × 1/4 + 1 × 1 + 1 × 0) ÷ 4 = 3/8",
        "claimed high = (2 × 1/4 + 1 × 1 + 1 × 1) ÷ 4 = 5/8",
        "claimed, left out as not applicable: PO.1.2",
        "assessed low = (2 × 1/4 + 1 × 0 + 1 × 0) ÷ 4 = 1/8",
        "assessed, not examined, so 0 to 1: PO.1.3, PO.1.4",
        "unit Agent: answered 3 → 3/4; verdict adjust to 2 → 1/2",
        "unit Update service: answered 1 → 1/4; verdict agree → 1/4",
        "the weakest unit counts: claimed 1/4, assessed 1/4",
        "unit Agent: answered not applicable → not applicable; verdict agree → not applicable",
        "whole target: answered 4 → 1",
        "whole target: unanswered → 0 to 1",
        "weight 2",
        "Rule ordinal-coverage of scoring profile tiny-maturity@1.0.0",
        f"questionnaire tiny@1.0.0, digest {'d' * 64}",
        "Nobody publishes a score",
    ):
        assert words in told


def test_explain_mentions_every_part_and_every_unanswered_question() -> None:
    told = explain(a_score({"PO.1.1": "3"}), "overall", a_profile())
    for id in ("PO", "PO.1", "PO.1.1", "PO.1.2", "PO.2", "PO.2.1", "PS", "PS.1", "PS.1.1"):
        assert any(line.strip().startswith(f"{id} ") for line in told)
    assert sum("unanswered → 0 to 1" in line for line in told) == 3


def test_explain_tells_a_question_that_was_not_asked() -> None:
    asked = a_questionnaire("PO.1.1", a_question("PO.1.2", when=Equals("PO.1.1", "4")))
    found = score(asked, a_framework(), a_profile(), whole({"PO.1.1": "1"}))
    assert "  not asked: its condition does not hold" in explain(found, "PO.1.2", a_profile())
    assert any("= (1 × 1/4) ÷ 1 = 1/4" in line for line in explain(found, "PO.1", a_profile()))


def test_explain_tells_the_questions_of_a_task_that_has_several() -> None:
    asked = a_questionnaire(a_question("A", "PO.1.1", weight=3), a_question("B", "PO.1.1"))
    found = score(asked, a_framework(), a_profile(), whole({"A": "4", "B": "0"}))
    told = explain(found, "PO.1.1", a_profile())
    assert "  claimed = (3 × 1 + 1 × 0) ÷ 4 = 3/4" in told
    assert "  A What about A?: claimed 4.0 of 4 (exactly 1)" in told
    assert "    weight 3" in told


def test_explain_without_note_and_digest_says_nothing_in_their_place() -> None:
    bare = replace(a_questionnaire(), digest="")
    profile = replace(a_profile(), note="")
    found = score(bare, a_framework(), profile, {})
    told = explain(found, "overall", profile)
    assert told[-1].startswith("Unanswered counts 0")
    assert not any("digest" in line for line in told)


def test_an_unknown_node_is_named_with_what_is_near() -> None:
    with pytest.raises(AssessError, match=r"no node PO\.1\.9\. Ask for PO\.1"):
        explain(a_score({}), "PO.1.9", a_profile())
    with pytest.raises(AssessError, match="Ask for overall"):
        explain(a_score({}), "zzz", a_profile())
