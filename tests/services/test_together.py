"""Several people at once: one winner per version, nothing lost, numbers that fit the answers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from sdlc_assess import scoring
from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.role import Action
from sdlc_assess.services import answers
from sdlc_assess.services.answers import Saved, StaleAnswer, Typed
from tests.builders import World, an_assessment, first_questions

Q = "PO.1.1"


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """Run ``act(0)`` … at the same moment; return what each returned or raised."""
    gate = Barrier(count)

    def one(number: int) -> object:
        gate.wait(timeout=20)
        try:
            return act(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def save(world: World, id: str, text: str, version: int, key: str | None = None) -> Saved:
    with world.writing("alice", id, Action.ANSWER) as case:
        return answers.save(case, Q, "", Answer("2", text), version, key)


def revisions(world: World, id: str) -> list[int]:
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        return [r.number for r in answers.history(case, Q)]


def test_twenty_repeats_of_one_save_at_once_are_one_save(world: World) -> None:
    id = an_assessment(world)
    outcomes = at_once(20, lambda _: save(world, id, "Once.", 0, "the-key"))
    assert {type(outcome) for outcome in outcomes} == {Saved}, outcomes
    assert {outcome.version for outcome in outcomes} == {1}  # type: ignore[attr-defined]
    assert revisions(world, id) == [1]


@pytest.mark.parametrize("people", [2, 8])
def test_each_version_has_exactly_one_winner(world: World, people: int) -> None:
    id = an_assessment(world)
    for version in range(5):
        outcomes = at_once(people, lambda n, v=version: save(world, id, f"By {n} on {v}.", v))  # type: ignore[misc]
        winners = [o for o in outcomes if isinstance(o, Saved)]
        losers = [o for o in outcomes if isinstance(o, StaleAnswer)]
        assert (len(winners), len(losers)) == (1, people - 1), outcomes
        # whoever lost is shown what stands now, not what stood when the transaction began
        assert {o.theirs.justification for o in losers} == {winners[0].answer.justification}
        assert {o.theirs.version for o in losers} == {version + 1}
    assert revisions(world, id) == [5, 4, 3, 2, 1]


def test_people_on_different_questions_do_not_lose_each_others_numbers(world: World) -> None:
    id = an_assessment(world)
    asked = first_questions(world, 8)

    def one(number: int) -> Saved:
        with world.writing("alice", id, Action.ANSWER) as case:
            return answers.save(case, asked[number], "", Answer("3", "Here."), 0)

    assert {type(outcome) for outcome in at_once(8, one)} == {Saved}
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        claims = answers.claims(answers.load(case))
        fresh = scoring.headline(case.questionnaire, case.framework, case.profile, claims)
        assert case.row.headline == scoring.headline_json(fresh, case.profile)
        assert case.row.headline["answered"] == 8


def test_two_whole_forms_at_once_overwrite_nobody(world: World) -> None:
    id = an_assessment(world)
    asked = first_questions(world, 6)

    def one(number: int) -> tuple[int, int]:
        typed = [Typed(q, "", Answer("1", f"Form {number}."), 0) for q in asked]
        with world.writing("alice", id, Action.ANSWER) as case:
            outcome = answers.save_many(case, typed)
        assert all(isinstance(r.error, StaleAnswer) for r in outcome.refused.values())
        return len(outcome.saved), len(outcome.refused)

    outcomes = at_once(3, one)
    assert sorted(outcomes, key=str) == [(0, 6), (0, 6), (6, 0)], outcomes
