"""What must hold for every assessment, whatever was asked, answered and concluded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from sdlc_assess.catalog.questionnaire import NA
from sdlc_assess.scoring import Measure, Outcome, as_json, headline, headline_json
from tests.scoring.builders import a_profile
from tests.scoring.strategies import Case, cases, options_of

unconditional = cases(conditions=False)


def inside(inner: Measure, outer: Measure) -> bool:
    return outer.ends[0] <= inner.ends[0] and inner.ends[1] <= outer.ends[1]


@given(cases())
@settings(max_examples=100, deadline=None)
def test_low_is_the_value_and_never_above_high(case: Case) -> None:
    for node in case.score().nodes.values():
        for measure in (node.claimed, node.assessed):
            assert measure.value == measure.low
            assert (measure.low is None) == (measure.high is None) == bool(measure.absent)
            assert 0 <= measure.ends[0] <= measure.ends[1] <= 1
        assert node.evidenced == Measure(None, None, "no_evidence")


@given(cases())
@settings(max_examples=100, deadline=None)
def test_every_task_is_counted_once_under_each_node(case: Case) -> None:
    for node in case.score().nodes.values():
        tasks = [each for each in node.walk() if each.kind == "task"]
        assert sum(node.conformance.values()) == len(tasks)
        assert sum(node.assessed_conformance.values()) == len(tasks)


@given(unconditional, st.data())
@settings(max_examples=100, deadline=None)
def test_answering_narrows_the_range(case: Case, data: st.DataObject) -> None:
    open_answers = [
        (id, unit) for id, given in case.claims.items() for unit in given if given[unit] is None
    ]
    if not open_answers:
        return
    id, unit = data.draw(st.sampled_from(open_answers))
    option = data.draw(st.sampled_from(options_of(case.questionnaire.by_id[id])))
    before = case.score()
    after = case.score({**case.claims, id: {**case.claims[id], unit: option}})
    for node_id, node in before.nodes.items():
        assert inside(after.nodes[node_id].claimed, node.claimed)
    assert after.answered >= before.answered


@given(unconditional, st.data())
@settings(max_examples=100, deadline=None)
def test_a_higher_option_never_lowers_and_no_answer_never_raises(
    case: Case, data: st.DataObject
) -> None:
    answered = [
        (id, unit, option)
        for id, given in case.claims.items()
        for unit, option in given.items()
        if option not in (None, NA)
    ]
    if not answered:
        return
    id, unit, option = data.draw(st.sampled_from(answered))
    higher = data.draw(
        st.sampled_from([o for o in options_of(case.questionnaire.by_id[id]) if o >= option])
    )
    before = case.score()
    raised = case.score({**case.claims, id: {**case.claims[id], unit: higher}})
    emptied = case.score({**case.claims, id: {**case.claims[id], unit: None}})
    for node_id, node in before.nodes.items():
        ends = node.claimed.ends
        assert all(a >= b for a, b in zip(raised.nodes[node_id].claimed.ends, ends, strict=True))
        assert emptied.nodes[node_id].claimed.ends[0] <= ends[0]


@given(cases())
@settings(max_examples=50, deadline=None)
def test_the_order_of_answers_changes_nothing(case: Case) -> None:
    turned = {id: dict(reversed(given.items())) for id, given in reversed(case.claims.items())}
    verdicts = {id: dict(reversed(given.items())) for id, given in reversed(case.verdicts.items())}
    again = replace(case, claims=turned, verdicts=verdicts)
    assert as_json(again.score(), a_profile()) == as_json(case.score(), a_profile())


@given(unconditional)
@settings(max_examples=50, deadline=None)
def test_agreeing_with_every_answer_assesses_what_was_claimed(case: Case) -> None:
    units = {unit for given in case.claims.values() for unit in given if unit}
    full = {
        id: dict.fromkeys(units or [""], options_of(question)[-2])
        for id, question in case.questionnaire.by_id.items()
    }
    agreed = {id: dict.fromkeys(given, Outcome("agree")) for id, given in full.items()}
    for node in replace(case, verdicts=agreed).score(full).nodes.values():
        assert node.assessed == node.claimed == Measure(Fraction(3, 4), Fraction(3, 4))


@given(cases())
@settings(max_examples=200, deadline=None)
def test_the_headline_equals_the_score(case: Case) -> None:
    found = headline(case.questionnaire, case.framework, case.profile, case.claims)
    score = case.score()
    groups = {node.id: node for node in score.overall.parts}
    assert (found.answered, found.total) == (score.answered, score.total)
    assert found.overall == score.overall.claimed
    assert found.groups == {id: node.claimed for id, node in groups.items()}
    assert found.titles == {id: node.title for id, node in groups.items()}
    assert [sum(each) for each in zip(*found.sections.values(), strict=True)] == [
        score.answered,
        score.total,
    ]
    whole = as_json(score, case.profile)["nodes"]
    as_stored = headline_json(found, case.profile)
    assert as_stored["overall"] == whole["overall"]["claimed"]
    for id, group in as_stored["groups"].items():
        assert group == {"title": whole[id]["title"], **whole[id]["claimed"]}
