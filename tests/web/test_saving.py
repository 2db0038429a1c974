"""The save of one answer over HTTP: the replies that the page's script relies on (js/app.js)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.errors import AssessError, StoreBusy, StoreFull
from sdlc_assess.services import answers
from tests.builders import World, an_assessment, answer
from tests.web.client import Browser, text_of

Q = "PO.1.1"


@pytest.fixture
def alice(app: Flask, lite_world: World) -> Browser:
    return Browser(app, lite_world, "alice")


@pytest.fixture
def draft(lite_world: World) -> str:
    return an_assessment(lite_world)


def form(option: str = "3", text: str = "In the handbook.", version: int = 0, **more: Any) -> Any:
    return {
        f"{Q}:option": option,
        f"{Q}:justification": text,
        f"{Q}:version": str(version),
        **{f"{Q}:{name}": value for name, value in more.items()},
    }


def place(id: str, question: str = Q) -> str:
    return f"/assessments/{id}/answers/{question}"


def stored(world: World, id: str, question: str = Q, unit: str = "") -> tuple[Any, str, int]:
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        row = next(r for r in answers.load(case) if r.question_id == question and r.unit == unit)
        return row.option_id, row.justification, row.version


def test_200_brings_the_state_line_and_the_chips(
    alice: Browser, lite_world: World, draft: str
) -> None:
    reply = alice.save(place(draft), form(fact=["1.0", "3.0"]))
    assert reply.status_code == 200
    assert re.match(r'<p class="save-state" data-version="1">Saved \d\d:\d\d UTC', reply.text)
    assert len(re.findall(r'data-version="', reply.text)) == 1
    assert 'id="progress"' in reply.text
    assert 'hx-swap-oob="true"' in reply.text
    assert "1 of 42" in text_of(reply.text)
    assert stored(lite_world, draft) == ("3", "In the handbook.", 1)


def test_a_repeat_under_its_key_gets_the_same_reply(
    alice: Browser, lite_world: World, draft: str
) -> None:
    for _ in range(3):
        reply = alice.save(place(draft), form(), key="a-key")
        assert (reply.status_code, 'data-version="1"' in reply.text) == (200, True)
    reply = alice.save(place(draft), form(text="Other words."), key="a-key")
    assert (reply.status_code, "field-error" in reply.text) == (422, True)
    assert stored(lite_world, draft) == ("3", "In the handbook.", 1)


def test_an_answer_can_be_taken_back(alice: Browser, lite_world: World, draft: str) -> None:
    alice.save(place(draft), form())
    reply = alice.save(place(draft), {f"{Q}:justification": "", f"{Q}:version": "1"})
    assert reply.status_code == 200
    assert stored(lite_world, draft) == (None, "", 2)
    page = alice.get(f"/assessments/{draft}/questions/PO").text
    assert 'class="question unanswered" id="q-PO.1.1"' in page


def test_a_unit_is_saved_under_its_id(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world, units=("Core", "Update"))
    with lite_world.writing("alice", id, Action.ASSIGN) as case:
        answers.answer_by_unit(case, Q, True)
        number = next(r.unit_id for r in answers.load(case) if r.unit == "Update")
    body = {f"{Q}@{number}:option": "2", f"{Q}@{number}:version": "0"}
    assert alice.save(place(id), body).status_code == 200
    assert stored(lite_world, id, Q, "Update")[0] == "2"
    assert stored(lite_world, id, Q, "Core")[0] is None


def test_401_says_that_the_session_ended(app: Flask, lite_world: World, draft: str) -> None:
    nobody = Browser(app)
    reply = nobody.save(place(draft), form())
    assert (reply.status_code, "field-error" in reply.text) == (401, True)
    assert "Sign in again" in reply.text
    assert stored(lite_world, draft)[2] == 0


def test_without_a_script_a_lost_session_leads_to_the_sign_in(app: Flask, draft: str) -> None:
    reply = Browser(app).post(place(draft), form())
    assert (reply.status_code, reply.headers["Location"]) == (303, "/sign-in")


@pytest.mark.parametrize("who", ["bob", "dana", "charlie", "other_lead", "grace"])
def test_404_for_whoever_may_not_with_nothing_saved(
    app: Flask, lite_world: World, draft: str, who: str
) -> None:
    reply = Browser(app, lite_world, who).save(place(draft), form())
    assert (reply.status_code, "field-error" in reply.text) == (404, True)
    assert stored(lite_world, draft)[2] == 0


def test_409_shows_both_texts_and_the_version_to_save_on(
    alice: Browser, lite_world: World, draft: str
) -> None:
    answer(lite_world, draft, Q, "1", text="Their <words>.")
    reply = alice.save(place(draft), form(text="My <words>."))
    assert reply.status_code == 409
    assert "data-conflict-panel" in reply.text
    assert 'data-version="1"' in reply.text
    assert 'data-option="1"' in reply.text
    assert "My &lt;words&gt;." in reply.text
    assert "Their &lt;words&gt;." in reply.text
    assert "Alice changed this answer" in text_of(reply.text)
    assert stored(lite_world, draft)[1] == "Their <words>."
    assert alice.save(place(draft), form(text="My words.", version=1)).status_code == 200


@pytest.mark.parametrize("status", [Status.PLANNED, Status.SUBMITTED, Status.IN_REVIEW])
def test_409_says_why_it_can_not_be_now(alice: Browser, lite_world: World, status: Status) -> None:
    id = an_assessment(lite_world, status)
    reply = alice.save(place(id), form(version=1))
    assert (reply.status_code, "field-error" in reply.text) == (409, True)
    assert "This can't be done while the assessment is" in text_of(reply.text)


def test_409_names_the_question_that_was_not_returned(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world, Status.RETURNED)
    body = {"PO.1.2:option": "4", "PO.1.2:version": "1"}
    reply = alice.save(place(id, "PO.1.2"), body)
    assert (reply.status_code, "was not sent back" in text_of(reply.text)) == (409, True)


def test_413_for_two_megabytes(alice: Browser, lite_world: World, draft: str) -> None:
    reply = alice.save(place(draft), form(text="x" * 2_100_000))
    assert (reply.status_code, "field-error" in reply.text) == (413, True)
    assert "at most 2 MB" in reply.text
    assert stored(lite_world, draft)[2] == 0


BAD = {
    "unknown option": (form("9"), "no option"),
    "no reason": (form("na"), "not applicable"),
    "a megabyte": (form(text="x" * 1_000_000), "at most 20,000"),
    "a control character": (form(text="a\x07b"), "U+0007"),
    "no number as version": (form(version="²"), "without the version"),  # type: ignore[arg-type]
    "no version": ({f"{Q}:option": "3", f"{Q}:version": ""}, "without the version"),
    "unknown fact": (form(fact=["9.9"]), "no fact"),
    "a fact of no shape": (form(fact=["3.²"]), "no fact"),
}


@pytest.mark.parametrize("name", BAD)
def test_422_says_what_to_mend(alice: Browser, lite_world: World, draft: str, name: str) -> None:
    body, words = BAD[name]
    reply = alice.save(place(draft), body)
    assert (reply.status_code, "field-error" in reply.text) == (422, True)
    assert words in text_of(reply.text)
    assert stored(lite_world, draft)[2] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"PO.1.2:option": "3", "PO.1.2:version": "0"}, 400),
        ({**form(), "PO.1.2:version": "0"}, 400),
        ({f"{Q}@²:option": "3", f"{Q}@²:version": "0"}, 404),
        ({f"{Q}@{'9' * 5000}:option": "3", f"{Q}@{'9' * 5000}:version": "0"}, 404),
        ({f"{Q}@:option": "3", f"{Q}@:version": "0"}, 404),
        ({f"{Q}@999:option": "3", f"{Q}@999:version": "0"}, 404),
    ],
)
def test_a_body_of_another_shape_saves_nothing(
    alice: Browser, lite_world: World, draft: str, body: Any, status: int
) -> None:
    reply = alice.save(place(draft), body)
    assert (reply.status_code, "field-error" in reply.text) == (status, True), reply.text
    assert stored(lite_world, draft)[2] == 0


def test_the_whole_target_has_no_unit_id_of_its_own(
    alice: Browser, lite_world: World, draft: str
) -> None:
    """What the page never sends is no second door: it means the very same row."""
    with lite_world.reading("alice", draft, Action.READ_ANSWERS) as case:
        number = next(r.unit_id for r in answers.load(case) if r.question_id == Q)
    body = {f"{Q}@{number}:option": "3", f"{Q}@{number}:version": "0"}
    assert alice.save(place(draft), body).status_code == 200
    assert stored(lite_world, draft) == ("3", "", 1)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [(StoreFull, 507, "disk that holds the data is full"), (StoreBusy, 503, "Try again")],
)
@pytest.mark.parametrize("script", [True, False])
def test_503_and_507_keep_the_text_and_say_what_to_do(
    alice: Browser,
    lite_world: World,
    draft: str,
    error: type[AssessError],
    status: int,
    words: str,
    script: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("sdlc_assess.services.answers.records.add_event", fail)
        reply = (alice.save if script else alice.post)(place(draft), form())
        assert reply.status_code == status
        assert words in text_of(reply.text)
        assert ("field-error" if script else "<h1>") in reply.text
    assert stored(lite_world, draft)[2] == 0
    assert alice.save(place(draft), form()).status_code == 200


def test_on_a_full_disk_pages_can_still_be_read(
    alice: Browser, lite_world: World, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moving a session's idle end is a write; when it fails, the page that was asked for stands."""
    with lite_world.desk.database.write() as tx:
        tx.exec_driver_sql("UPDATE session SET idle_until = idle_until - 600000000")
    moved = []

    def fail(*_: Any) -> None:
        moved.append(1)
        raise StoreFull

    monkeypatch.setattr("sdlc_assess.services.desk.accounts.touch_session", fail)
    assert alice.get(f"/assessments/{draft}/questions/PO").status_code == 200
    assert alice.save(place(draft), form()).status_code == 200
    assert moved


def test_a_busy_database_is_told_by_its_own_word(
    alice: Browser, lite_world: World, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not simulated: somebody else holds the write lock for longer than the wait."""
    with lite_world.desk.database.engine.connect() as connection:
        token = alice.token()
        lite_world.desk.database.dispose()
        monkeypatch.setattr("sdlc_assess.store.database.BUSY_MILLISECONDS", 50)
        connection.exec_driver_sql("UPDATE response SET version = version")
        lite_world.desk.database.engine.pool.dispose()
        reply = alice.client.post(
            place(draft), data=form(), headers={"HX-Request": "true", "X-CSRFToken": token}
        )
    assert (reply.status_code, "field-error" in reply.text) == (503, True)
