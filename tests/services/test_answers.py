"""One save is one act: response, revision and event together, on the version it was typed on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from sdlc_assess.assessment.response import Answer, InvalidAnswer
from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import NotNow, Status
from sdlc_assess.services import answers
from sdlc_assess.services.answers import KeyReused, NotReturned, Saved, StaleAnswer, Typed
from sdlc_assess.services.desk import NotFound
from tests.builders import World, an_assessment, answer, first_questions

Q = "PO.1.1"


def save(
    world: World, id: str, given: Answer, version: int, *, by: str = "alice", key: str | None = None
) -> Saved:
    with world.writing(by, id, Action.ANSWER) as case:
        return answers.save(case, Q, "", given, version, key)


def row(world: World, id: str, question: str = Q, unit: str = "") -> Any:
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        return next(r for r in answers.load(case) if r.question_id == question and r.unit == unit)


def count(world: World, table: str) -> int:
    with world.desk.database.read() as tx:
        return int(tx.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def revisions(world: World, id: str, question: str = Q) -> list[Any]:
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        return answers.history(case, question)


WRITTEN = ("response_revision", "event", "opening")


def test_a_save_writes_response_revision_and_event(world: World) -> None:
    id = an_assessment(world)
    before = [count(world, table) for table in WRITTEN]
    done = save(world, id, Answer("3", "In the handbook.", facts=("1.0", "3.0")), 0)
    assert [count(world, table) for table in WRITTEN] == [n + 1 for n in before]
    stored = row(world, id)
    assert (stored.option_id, stored.justification, stored.version) == ("3", "In the handbook.", 1)
    assert (tuple(stored.facts), stored.author) == (("1.0", "3.0"), "Alice")
    assert done.version == 1
    assert done.headline["answered"] == 1


@pytest.mark.parametrize("table", ["response_revision", "event"])
def test_a_save_that_fails_half_way_leaves_nothing(
    lite_world: World, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = an_assessment(lite_world)
    before = [count(lite_world, t) for t in WRITTEN]

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power is gone")

    name = {"response_revision": "responses.add_revision", "event": "records.add_event"}[table]
    monkeypatch.setattr(f"sdlc_assess.services.answers.{name}", fail)
    with pytest.raises(RuntimeError):
        save(lite_world, id, Answer("3"), 0)
    assert [count(lite_world, t) for t in WRITTEN] == before
    assert row(lite_world, id).version == 0


def test_a_stale_version_overwrites_nothing_and_shows_both_texts(world: World) -> None:
    id = an_assessment(world)
    save(world, id, Answer("2", "Theirs."), 0)
    with pytest.raises(StaleAnswer) as refused:
        save(world, id, Answer("4", "Mine."), 0)
    assert refused.value.mine.justification == "Mine."
    assert refused.value.theirs.justification == "Theirs."
    assert (refused.value.theirs.author, refused.value.theirs.version) == ("Alice", 1)
    assert (row(world, id).justification, len(revisions(world, id))) == ("Theirs.", 1)


@pytest.mark.parametrize("version", [-1, 1, 2, 10**12])
def test_a_version_that_never_was_is_stale(lite_world: World, version: int) -> None:
    id = an_assessment(lite_world)
    with pytest.raises(StaleAnswer):
        save(lite_world, id, Answer("4"), version)


def test_the_same_answer_again_is_no_new_revision(world: World) -> None:
    id = an_assessment(world)
    save(world, id, Answer("2", "It holds."), 0)
    assert save(world, id, Answer("2", "It holds.  \r\n"), 1).version == 1
    assert len(revisions(world, id)) == 1


def test_a_save_repeated_under_its_key_is_one_save(world: World) -> None:
    id = an_assessment(world)
    first = save(world, id, Answer("2", "Once."), 0, key="k1")
    again = save(world, id, Answer("2", "Once."), 0, key="k1")
    assert (first.version, again.version) == (1, 1)
    assert len(revisions(world, id)) == 1


def test_a_late_repeat_never_hands_out_a_version_that_overwrites_another(world: World) -> None:
    """The reply was lost, somebody else saved; the repeat is taken, the next edit is a conflict."""
    id = an_assessment(world)
    save(world, id, Answer("2", "Mine."), 0, key="k1")
    save(world, id, Answer("3", "Theirs."), 1)
    again = save(world, id, Answer("2", "Mine."), 0, key="k1")
    assert (again.version, again.answer.justification) == (1, "Mine.")
    with pytest.raises(StaleAnswer):
        save(world, id, Answer("2", "Mine, longer."), again.version, key="k2")
    assert row(world, id).justification == "Theirs."


@pytest.mark.parametrize(("option", "words", "version"), [("2", "Other.", 0), ("4", "Once.", 1)])
def test_a_key_never_stands_for_another_content(
    world: World, option: str, words: str, version: int
) -> None:
    id = an_assessment(world)
    save(world, id, Answer("2", "Once."), 0, key="k1")
    with pytest.raises(KeyReused, match="still in the form"):
        save(world, id, Answer(option, words), version, key="k1")
    assert (row(world, id).option_id, row(world, id).justification) == ("2", "Once.")


def test_a_key_belongs_to_one_question_and_one_assessment(world: World) -> None:
    id, other = an_assessment(world), an_assessment(world, target="Console")
    save(world, id, Answer("2"), 0, key="k1")
    with pytest.raises(KeyReused), world.writing("alice", id, Action.ANSWER) as case:
        answers.save(case, "PO.1.2", "", Answer("2"), 0, "k1")
    assert save(world, other, Answer("2"), 0, key="k1").version == 1


BAD = {
    "na without a reason": (Answer("na"), "needs a reason"),
    "na with a blank reason": (Answer("na", na_reason=" \n "), "needs a reason"),
    "unknown option": (Answer("7"), "no option '7'"),
    "unknown fact": (Answer("2", facts=("9.9",)), "no fact '9.9'"),
    "a megabyte": (Answer("2", "x" * 1_000_000), "1,000,000 characters; at most 20,000"),
    "a megabyte of reason": (Answer("na", na_reason="x" * 1_000_000), "shorten it"),
    "nul": (Answer("2", "a\x00b"), "U\\+0000"),
    "escape": (Answer("2", "a\x1b[31mb"), "U\\+001B"),
    "c1 control": (Answer("2", "a\x85b"), "U\\+0085"),
    "lone surrogate": (Answer("2", "a\ud800b"), "U\\+D800"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_refused_with_a_word_and_changes_nothing(world: World, name: str) -> None:
    given, words = BAD[name]
    id, question = an_assessment(world), _with_na(world)
    before = count(world, "event")
    with (
        pytest.raises(InvalidAnswer, match=words),
        world.writing("alice", id, Action.ANSWER) as case,
    ):
        answers.save(case, question, "", given, 0)
    assert (row(world, id, question).version, count(world, "event")) == (0, before)


def _with_na(world: World) -> str:
    asked = world.desk.library.questionnaire("ssdf@1.0.0").questions()
    return next(q.id for q in asked if q.na_when)


def test_a_question_that_always_applies_is_never_not_applicable(lite_world: World) -> None:
    id = an_assessment(lite_world)
    asked = lite_world.desk.library.questionnaire("ssdf@1.0.0").questions()
    always = next(q.id for q in asked if not q.na_when)
    with (
        pytest.raises(InvalidAnswer, match="applies to every vendor"),
        lite_world.writing("alice", id, Action.ANSWER) as case,
    ):
        answers.save(case, always, "", Answer("na", na_reason="We are special."), 0)


@pytest.mark.parametrize(
    ("question", "unit"), [("XX.9.9", ""), (Q, "No such unit"), (Q, 999_999), (Q, -1), ("", "")]
)
def test_an_unknown_question_or_unit_is_not_found(
    world: World, question: str, unit: str | int
) -> None:
    id = an_assessment(world)
    with pytest.raises(NotFound), world.writing("alice", id, Action.ANSWER) as case:
        answers.save(case, question, unit, Answer("2"), 0)


@pytest.mark.parametrize("id", ["", "nothing", "a\x00b", "x" * 500, "' OR 1=1 --", "é"])
def test_an_id_of_any_shape_is_simply_not_found(world: World, id: str) -> None:
    with pytest.raises(NotFound), world.writing("alice", id, Action.ANSWER):
        pass


def test_a_contributor_answers_what_is_delegated_and_nothing_else(world: World) -> None:
    id = an_assessment(world)
    with pytest.raises(NotFound):
        save(world, id, Answer("2"), 0, by="bob")
    with world.writing("alice", id, Action.ASSIGN) as case:
        answers.assign(case, Q, world.people["bob"])
    assert save(world, id, Answer("2"), 0, by="bob").version == 1
    with world.writing("alice", id, Action.ASSIGN) as case:
        answers.assign(case, Q, None)
    with pytest.raises(NotFound):
        save(world, id, Answer("3"), 1, by="bob")


@pytest.mark.parametrize("who", ["dana", "charlie", "erin", "other_lead", "other_contributor"])
def test_a_question_is_delegated_to_leads_and_contributors_of_the_vendor_alone(
    lite_world: World, who: str
) -> None:
    id = an_assessment(lite_world)
    with pytest.raises(NotFound), lite_world.writing("alice", id, Action.ASSIGN) as case:
        answers.assign(case, Q, lite_world.people[who])


def test_after_a_return_only_the_returned_question_can_be_changed(world: World) -> None:
    id = an_assessment(world, Status.RETURNED)
    returned, other = first_questions(world, 2)
    assert answer(world, id, returned, "1", text="Another word.").version == 2
    with pytest.raises(NotReturned, match=f"{other} was not sent back"):
        answer(world, id, other, "1", text="Another word.")
    assert row(world, id, other).version == 1


@pytest.mark.parametrize(
    "status", [Status.PLANNED, Status.SUBMITTED, Status.IN_REVIEW, Status.ACCEPTED]
)
def test_in_every_other_state_nothing_can_be_answered(lite_world: World, status: Status) -> None:
    id = an_assessment(lite_world, status)
    with pytest.raises(NotNow), lite_world.writing("alice", id, Action.ANSWER):
        pass


def test_a_whole_form_saves_the_good_and_reports_the_bad(world: World) -> None:
    id = an_assessment(world)
    one, two, three, four = first_questions(world, 4)
    answer(world, id, two, "2", text="Theirs.")
    answer(world, id, four, "2", text="Stays.")
    typed = [
        Typed(one, "", Answer("1", "Mine."), 0),
        Typed(two, "", Answer("4", "Mine."), 0),
        Typed(three, "", Answer("9", "Mine."), 0),
        Typed(four, "", Answer("2", "Stays."), 0),
    ]
    with world.writing("alice", id, Action.ANSWER) as case:
        outcome = answers.save_many(case, typed)
    assert outcome.saved == (one,)
    assert {place: type(r.error) for place, r in outcome.refused.items()} == {
        (two, ""): StaleAnswer,
        (three, ""): InvalidAnswer,
    }
    assert {r.typed.justification for r in outcome.refused.values()} == {"Mine."}
    stored = [(row(world, id, q).option_id, row(world, id, q).version) for q in (one, two, three)]
    assert stored == [("1", 1), ("2", 1), (None, 0)]
    assert row(world, id, four).version == 1


def test_the_history_shows_every_revision_newest_first(world: World) -> None:
    id = an_assessment(world)
    for number in range(5):
        save(world, id, Answer(str(number), f"Word {number}."), number)
    save(world, id, Answer(None), 5)
    found = revisions(world, id)
    assert [(r.number, r.option_id) for r in found] == [
        (6, None),
        *((n + 1, str(n)) for n in range(4, -1, -1)),
    ]
    assert all(f"Word {r.number - 1}." in r.text for r in found[1:])
    assert {r.author for r in found} == {"Alice"}
