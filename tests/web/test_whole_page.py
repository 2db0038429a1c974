"""Saving a page without scripts: each question on its own version, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.services import answers
from tests.builders import World, an_assessment, answer
from tests.web.client import Browser, Fields, text_of

ONE, TWO, THREE = "PO.1.1", "PO.1.2", "PO.1.3"


@pytest.fixture
def alice(app: Flask, lite_world: World) -> Browser:
    return Browser(app, lite_world, "alice")


def place(id: str, section: str = "PO") -> str:
    return f"/assessments/{id}/questions" + (f"/{section}" if section else "")


def seen(browser: Browser, path: str) -> Fields:
    return Fields(browser.get(path).text)


def typed(fields: Fields, **changes: dict[str, Any]) -> dict[str, Any]:
    """What the form sends: every field that is not disabled, with ``changes`` typed over it."""
    form: dict[str, Any] = {
        name: values
        for name, values in fields.values.items()
        if name not in fields.disabled and name != "csrf_token"
    }
    for question, parts in changes.items():
        form |= {f"{question.replace('_', '.')}:{part}": value for part, value in parts.items()}
    return form


def stored(world: World, id: str, question: str) -> tuple[Any, str, int]:
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        row = next(r for r in answers.load(case) if r.question_id == question)
        return row.option_id, row.justification, row.version


@pytest.mark.parametrize("section", ["PO", ""])
def test_a_form_saves_what_was_changed_and_nothing_else(
    alice: Browser, lite_world: World, section: str
) -> None:
    id = an_assessment(lite_world)
    answer(lite_world, id, TWO, "2", text="Stays as it is.")
    fields = seen(alice, place(id, section))
    form = typed(fields, PO_1_1={"option": "3", "justification": "New.", "fact": ["3.0", "1.0"]})
    reply = alice.post(place(id, section), form)
    assert (reply.status_code, reply.headers["Location"]) == (303, place(id, section))
    assert stored(lite_world, id, ONE) == ("3", "New.", 1)
    assert stored(lite_world, id, TWO) == ("2", "Stays as it is.", 1)
    assert stored(lite_world, id, THREE) == (None, "", 0)
    after = seen(alice, place(id, section))
    assert after.one(f"{ONE}:option") == "3"
    assert after.values[f"{ONE}:fact"] == ["1.0", "3.0"]
    assert (after.one(f"{ONE}:version"), after.one(f"{TWO}:version")) == ("1", "1")


def test_sending_a_form_twice_saves_once(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world)
    form = typed(seen(alice, place(id)), PO_1_1={"option": "3", "justification": "a\r\nb"})
    assert [alice.post(place(id), form).status_code for _ in range(2)] == [303, 303]
    assert stored(lite_world, id, ONE) == ("3", "a\nb", 1)


def test_one_stale_one_good_and_one_wrong(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world)
    fields = seen(alice, place(id))
    answer(lite_world, id, TWO, "1", text="Theirs, saved in the meantime.")
    form = typed(
        fields,
        PO_1_1={"option": "4", "justification": "Good."},
        PO_1_2={"option": "3", "justification": "Mine, typed on the old version."},
        PO_1_3={"option": "9", "justification": "Wrong option, a long text."},
    )
    reply = alice.post(place(id), form)
    assert reply.status_code == 422
    assert "2 answers could not be saved" in text_of(reply.text)
    assert stored(lite_world, id, ONE) == ("4", "Good.", 1)
    assert stored(lite_world, id, TWO) == ("1", "Theirs, saved in the meantime.", 1)
    assert stored(lite_world, id, THREE)[2] == 0
    again = Fields(reply.text)
    assert again.one(f"{TWO}:justification") == "Mine, typed on the old version."
    assert again.one(f"{TWO}:option") == "3"
    assert again.one(f"{THREE}:justification") == "Wrong option, a long text."
    assert "Theirs, saved in the meantime." in text_of(reply.text)
    assert 'href="#q-PO.1.2"' in reply.text
    # with both texts in view, saving again is a choice: it goes on top of theirs
    assert (again.one(f"{TWO}:version"), again.one(f"{ONE}:version")) == ("1", "1")
    final = typed(again, PO_1_3={"option": "0"})
    assert alice.post(place(id), final).status_code == 303
    assert stored(lite_world, id, TWO) == ("3", "Mine, typed on the old version.", 2)


@pytest.mark.parametrize("text", ["x" * 20_001, "a\x07b", "  \n two\n\n  lines "])
def test_a_refused_text_stands_in_the_form_as_it_was_typed(
    alice: Browser, lite_world: World, text: str
) -> None:
    id = an_assessment(lite_world)
    form = typed(seen(alice, place(id)), PO_1_1={"option": "9", "justification": text})
    reply = alice.post(place(id), form)
    assert reply.status_code == 422
    assert Fields(reply.text).one(f"{ONE}:justification") == text


def test_a_lead_and_a_contributor_on_one_page(
    app: Flask, alice: Browser, lite_world: World
) -> None:
    """Bob's page sends his own questions alone; what he forges of another one is refused."""
    id = an_assessment(lite_world)
    with lite_world.writing("alice", id, Action.ASSIGN) as case:
        answers.assign(case, TWO, lite_world.people["bob"])
    bob = Browser(app, lite_world, "bob")
    fields = seen(bob, place(id))
    open_fields = {name.split(":")[0] for name in fields.values if name not in fields.disabled}
    assert open_fields - {"csrf_token"} == {TWO}
    assert bob.post(place(id), typed(fields, PO_1_2={"option": "2"})).status_code == 303
    forged = {f"{ONE}:option": "4", f"{ONE}:version": "0"}
    assert bob.post(place(id), forged).status_code == 422
    assert stored(lite_world, id, ONE)[2] == 0


def test_two_units_have_fields_of_their_own(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world, units=("Core", "Update"))
    with lite_world.writing("alice", id, Action.ASSIGN) as case:
        answers.answer_by_unit(case, ONE, True)
    fields = seen(alice, place(id))
    keys = sorted(n.removesuffix(":version") for n in fields.values if n.startswith(f"{ONE}@"))
    keys = sorted({k.split(":")[0] for k in keys})
    assert len(keys) == 2
    form = typed(fields) | {f"{keys[0]}:option": "4", f"{keys[1]}:option": "1"}
    assert alice.post(place(id), form).status_code == 303
    after = seen(alice, place(id))
    assert [after.one(f"{key}:option") for key in keys] == ["4", "1"]


def test_a_field_of_no_question_here_saves_nothing(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world)
    form = {f"{ONE}:option": "3", f"{ONE}:version": "0", "XX.1:version": "0"}
    assert alice.post(place(id), form).status_code == 404
    assert stored(lite_world, id, ONE)[2] == 0


def test_a_section_that_is_not_there(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world)
    assert alice.get(place(id, "XX")).status_code == 404
    assert alice.get(place(id, "PO@@questions@@")).status_code == 404


WHY = {
    ("alice", Status.PLANNED): "Answering starts when the assessor has agreed",
    ("alice", Status.SUBMITTED): "nothing can be changed unless the lead recalls it",
    ("alice", Status.IN_REVIEW): "nothing can be changed unless the assessor returns it",
    ("alice", Status.RETURNED): "Only the questions that the assessor sent back can be changed",
    ("alice", Status.ACCEPTED): "Accepted: nothing can be changed any more",
    ("dana", Status.DRAFT): "Your role reads answers and does not change them",
    ("charlie", Status.RETURNED): "Your role reads answers and does not change them",
    ("bob", Status.DRAFT): "You can change the questions that are delegated to you",
}


@pytest.mark.parametrize(("who", "status"), WHY)
def test_a_page_that_can_not_be_changed_says_why(
    app: Flask, lite_world: World, who: str, status: Status
) -> None:
    id = an_assessment(lite_world, status)
    page = Browser(app, lite_world, who).get(place(id)).text
    assert WHY[who, status] in text_of(page)
    fields = Fields(page)
    questions = {name for name in fields.values if ":" in name}
    open_ones = {name.split(":")[0] for name in questions - fields.disabled}
    assert open_ones == ({ONE} if (who, status) == ("alice", Status.RETURNED) else set())


def test_a_page_that_can_be_changed_says_nothing_of_the_kind(
    alice: Browser, lite_world: World
) -> None:
    words = text_of(alice.get(place(an_assessment(lite_world))).text)
    assert [why for why in WHY.values() if why in words] == []
