"""Every other form: what is wrong is said beside what was typed, and the second try works."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.services import reviews
from tests.builders import (
    World,
    an_assessment,
    answer,
    answer_return,
    first_questions,
    not_examined,
)
from tests.web.client import Browser, Fields, text_of

BELL = "Long words, typed with care. \x07"


@pytest.fixture
def alice(app: Flask, lite_world: World) -> Browser:
    return Browser(app, lite_world, "alice")


@pytest.fixture
def charlie(app: Flask, lite_world: World) -> Browser:
    return Browser(app, lite_world, "charlie")


def refused(reply: Any, *words: str, status: int = 422) -> Fields:
    """Check that a form came back with ``words``, and return what stands in it."""
    assert reply.status_code == status, reply.text
    said = text_of(reply.text)
    assert [word for word in words if word not in said] == []
    assert 'role="alert"' in reply.text
    return Fields(reply.text)


def status_of(world: World) -> str:
    with world.desk.database.read() as tx:
        return str(tx.exec_driver_sql("SELECT status FROM assessment").scalar())


# ---- size ---------------------------------------------------------------------------------------


def test_a_form_of_two_megabytes_is_too_much_at_once(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world)
    form = {"PO.1.1:justification": "x" * 2_097_152, "PO.1.1:version": "0"}
    reply = alice.post(f"/assessments/{id}/questions", form)
    assert (reply.status_code, "at most 2 MB" in reply.text) == (413, True)
    below = {"PO.1.1:justification": "x" * 1_900_000, "PO.1.1:version": "0"}
    refused(alice.post(f"/assessments/{id}/questions", below), "at most 20,000 fit")


def test_a_form_of_too_many_parts_is_too_much_at_once(alice: Browser, lite_world: World) -> None:
    id, token = an_assessment(lite_world), alice.token()
    form = {"csrf_token": token, **{f"field{n}": "x" for n in range(2_001)}}
    place = f"/assessments/{id}/questions"
    reply = alice.client.post(place, data=form, content_type="multipart/form-data")
    assert reply.status_code == 413
    form = dict(list(form.items())[:1_900])
    reply = alice.client.post(place, data=form, content_type="multipart/form-data")
    assert reply.status_code == 303


def test_a_form_of_ever_so_many_fields_is_still_answered(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world)
    body = f"csrf_token={alice.token()}&" + "&".join(f"a{n}=" for n in range(150_000))
    reply = alice.client.post(
        f"/assessments/{id}/questions",
        data=body,
        content_type="application/x-www-form-urlencoded",
    )
    assert reply.status_code == 303


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"{}", b"--x\r\n"])
def test_a_body_of_any_kind_is_no_form_of_ours(alice: Browser, kind: str, body: bytes) -> None:
    reply = alice.client.post("/assessments/new", data=body, content_type=kind)
    assert (reply.status_code, "safety token" in reply.text) == (400, True)


# ---- opening, and the terms ---------------------------------------------------------------------


def terms_form(world: World, **changes: Any) -> dict[str, Any]:
    values = {
        "vendor": str(world.organisations["Northwind"]),
        "assessor": str(world.organisations["Halden"]),
        "questionnaire": "ssdf@1.0.0",
        "target": "Sentry",
        "target_version": "1.0",
        "units": "",
        "period_from": "2025-01-01",
        "period_to": "2025-12-31",
        "goal": "3",
        "scope": "The agent.",
    }
    return values | changes


BAD_TERMS = {
    "no name": ({"target": " "}, "Name the product"),
    "no scope": ({"scope": ""}, "The scope is missing"),
    "one unit": ({"units": "Only one"}, "at least two units"),
    "many units": ({"units": "\n".join(map(str, range(41)))}, "At most 40 units"),
    "a period backwards": ({"period_from": "2026-01-01"}, "ends before it begins"),
    "no such day": ({"period_to": "2025-02-30"}, "Not a valid date"),
    "no such goal": ({"goal": "9"}, "Not a valid choice"),
    "the goal 0": ({"goal": "0"}, "Not a valid choice"),
    "no such questionnaire": ({"questionnaire": "../../etc/passwd"}, "Not a valid choice"),
    "another's organisation": ({"vendor": "3"}, "Not a valid choice"),
    "a vendor of no number": ({"vendor": "²"}, "Invalid Choice"),
    "a vendor as assessor": ({"assessor": "3"}, "Not a valid choice"),
    "a bell": ({"scope": BELL}, "U+0007"),
    "a long name": ({"target": "x" * 201}, "at most 200"),
}


@pytest.mark.parametrize("name", BAD_TERMS)
def test_terms_that_do_not_hold_come_back_with_what_was_typed(
    alice: Browser, lite_world: World, name: str
) -> None:
    changes, words = BAD_TERMS[name]
    form = terms_form(lite_world, exclusions="Kept words.", **changes)
    fields = refused(alice.post("/assessments/new", form), words)
    assert fields.one("exclusions") == "Kept words."
    with lite_world.desk.database.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM assessment").scalar() == 0
    assert alice.post("/assessments/new", terms_form(lite_world)).status_code == 303


def test_terms_can_be_changed_until_they_are_agreed(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world, Status.PLANNED)
    place = f"/assessments/{id}/terms"
    fields = refused(alice.post(place, terms_form(lite_world, scope=BELL)), "U+0007")
    assert fields.one("scope") == BELL
    form = terms_form(lite_world, units="One\r\nTwo", target="Another")
    assert alice.post(place, form).status_code == 303
    page = text_of(alice.get(f"/assessments/{id}").text)
    assert "One, Two" in page
    assert "Another" in page


# ---- submission ---------------------------------------------------------------------------------


def test_a_submit_with_gaps_asks_for_a_reason(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world)
    answer(lite_world, id, "PO.1.1", "3")
    place = f"/assessments/{id}/submit"
    page = text_of(alice.get(place).text)
    assert "1 of 42 questions are answered" in page
    refused(alice.post(place, {"reason": "  "}), "without an answer: 41", "why they stay")
    fields = refused(alice.post(place, {"reason": BELL}), "U+0007")
    assert fields.one("reason") == BELL
    assert status_of(lite_world) == "draft"
    assert alice.post(place, {"reason": "The rest is known in May."}).status_code == 303
    assert status_of(lite_world) == "submitted"


def test_a_submit_without_gaps_asks_for_nothing(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world)
    for question in first_questions(lite_world, 42):
        answer(lite_world, id, question, "3")
    assert alice.post(f"/assessments/{id}/submit").status_code == 303


def test_what_came_back_must_change_before_it_goes_again(alice: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world, Status.RETURNED)
    reply = alice.post(f"/assessments/{id}/submit", {"reason": "Gaps."})
    refused(reply, "with the answer that was sent back: PO.1.1")
    answer_return(lite_world, id)
    assert status_of(lite_world) == "in_review"


def test_a_statement_needs_its_mark(app: Flask, lite_world: World, charlie: Browser) -> None:
    id = an_assessment(lite_world, Status.SUBMITTED)
    dana = Browser(app, lite_world, "dana")
    for browser, path in (
        (dana, f"/assessments/{id}/representation"),
        (charlie, f"/reviews/{id}/open"),
    ):
        reply = browser.post(path, {"text": "I am independent."})
        assert "mark the box" in text_of(browser.get(reply.headers["Location"]).text)
    assert status_of(lite_world) == "submitted"
    form = {"text": "I am independent.", "confirmed": "y"}
    assert charlie.post(f"/reviews/{id}/open", form).status_code == 303
    assert status_of(lite_world) == "in_review"


# ---- the review ---------------------------------------------------------------------------------


def verdict_form(**changes: Any) -> dict[str, Any]:
    values = {
        "outcome": "not_examined",
        "reason": "Outside the sample.",
        "revision": "1",
        "number": "0",
    }
    return values | changes


BAD_VERDICTS = {
    "none chosen": ({"outcome": ""}, "Choose a verdict"),
    "unknown": ({"outcome": "perfect"}, "Choose a verdict"),
    "agree without a look": ({"outcome": "agree"}, "name what was looked at"),
    "no reason": ({"reason": ""}, "needs a reason"),
    "adjust to nothing": ({"outcome": "adjust"}, "choose the option"),
    "adjust to the same": ({"outcome": "adjust", "option": "0"}, "vendor's own answer"),
    "adjust without a fact": ({"outcome": "adjust", "option": "2"}, "name the first fact"),
    "a fact of no number": (
        {"outcome": "adjust", "option": "2", "failing_fact": "3.²"},
        "name the first fact",
    ),
    "a fact of a huge number": (
        {"outcome": "adjust", "option": "2", "failing_fact": "3." + "9" * 5_000},
        "name the first fact",
    ),
    "a bell": ({"reason": BELL}, "U+0007"),
}


@pytest.mark.parametrize("name", BAD_VERDICTS)
def test_a_verdict_that_does_not_hold_comes_back_with_what_was_typed(
    charlie: Browser, lite_world: World, name: str
) -> None:
    id = an_assessment(lite_world, Status.IN_REVIEW)
    changes, words = BAD_VERDICTS[name]
    place = f"/reviews/{id}/responses/PO.1.1"
    fields = refused(charlie.post(place, verdict_form(remark="Kept.", **changes)), words)
    assert fields.one("remark") == "Kept."
    assert charlie.post(place, verdict_form()).status_code == 303


@pytest.mark.parametrize(
    "late", [{"number": "0"}, {"revision": "0", "number": "1"}, {"number": "²"}]
)
def test_a_late_verdict_overwrites_nobody_and_can_be_saved_on_the_new_state(
    charlie: Browser, lite_world: World, late: dict[str, str]
) -> None:
    id = an_assessment(lite_world, Status.IN_REVIEW)
    place = f"/reviews/{id}/responses/PO.1.1"
    charlie.post(place, verdict_form(reason="The first one."))
    reply = charlie.post(place, verdict_form(reason="Typed meanwhile.", **late))
    fields = refused(reply, "changed while you wrote", status=409)
    assert fields.one("reason") == "Typed meanwhile."
    again = verdict_form(
        reason=fields.one("reason"), revision=fields.one("revision"), number=fields.one("number")
    )
    assert charlie.post(place, again).status_code == 303
    with lite_world.reading("charlie", id, Action.READ_REVIEW) as case:
        assert [row.number for row in reviews.history(case, "PO.1.1")] == [2, 1]


def test_a_return_names_something_and_loses_no_reason(charlie: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world, Status.IN_REVIEW)
    with lite_world.reading("charlie", id, Action.READ_REVIEW) as case:
        one, two = (item.row.id for item in reviews.items(case)[:2])
    place = f"/reviews/{id}/return"
    typed = {f"reason-{one}": "Which unit?", f"reason-{two}": ""}
    for mark in ([], ["²"], ["9" * 5_000], [str(two)]):
        fields = refused(charlie.post(place, {**typed, "mark": mark}), "Nothing was returned")
        assert fields.one(f"reason-{one}") == "Which unit?"
    assert status_of(lite_world) == "in_review"
    assert charlie.post(place, {**typed, "mark": [str(one)]}).status_code == 303
    assert status_of(lite_world) == "returned"


def test_a_late_conclusion_overwrites_nobody_and_can_be_saved_again(
    charlie: Browser, lite_world: World
) -> None:
    id = an_assessment(lite_world, Status.IN_REVIEW)
    place = f"/reviews/{id}/conclusion"
    form = {"kind": "qualified", "text": "Fair, mostly.", "version": "0"}
    refused(charlie.post(place, {**form, "kind": ""}), "Choose a kind")
    assert refused(charlie.post(place, {**form, "text": BELL}), "U+0007").one("text") == BELL
    assert charlie.post(place, form).status_code == 303
    fields = refused(charlie.post(place, {**form, "text": "Typed meanwhile."}), "changed while")
    assert fields.one("text") == "Typed meanwhile."
    again = {**form, "text": "Typed meanwhile.", "version": fields.one("version")}
    assert charlie.post(place, again).status_code == 303
    assert "Typed meanwhile." in charlie.get(f"/reviews/{id}").text


def test_an_acceptance_names_everything_that_stands_in_the_way(
    app: Flask, lite_world: World
) -> None:
    id = an_assessment(lite_world, Status.IN_REVIEW)
    erin = Browser(app, lite_world, "erin")
    reply = erin.post(f"/reviews/{id}/accept")
    said = text_of(reply.text)
    assert reply.status_code == 409
    assert "Without a current verdict (42)" in said
    assert "conclusion is not written" in said
    assert "executive has not yet signed" in said
    not_examined(lite_world, id)
    assert "no current verdict" not in text_of(erin.post(f"/reviews/{id}/accept").text)
    assert status_of(lite_world) == "in_review"


def test_a_reopening_needs_a_reason(charlie: Browser, lite_world: World) -> None:
    id = an_assessment(lite_world, Status.ACCEPTED)
    assert charlie.post(f"/reviews/{id}/reopen", {"reason": " "}).status_code == 422
    assert status_of(lite_world) == "accepted"
    assert charlie.post(f"/reviews/{id}/reopen", {"reason": "New facts."}).status_code == 303


# ---- people -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "", "email": "n@example.org", "role": "contributor"}, "The name is missing"),
        ({"name": "N", "email": "n@example.org", "role": "executive"}, "Not a valid choice"),
        ({"name": "N", "email": "a@b@c", "role": "contributor"}, "one mail address"),
        ({"name": BELL, "email": "n@example.org", "role": "contributor"}, "U+0007"),
    ],
)
def test_an_invitation_that_does_not_hold_goes_to_nobody(
    alice: Browser, lite_world: World, form: dict[str, str], words: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr("sdlc_assess.mail.send", lambda *_: pytest.fail("a letter went out"))
    place = f"/organisations/{lite_world.organisations['Northwind']}"
    fields = refused(alice.post(place, form), words)
    assert fields.one("email") == form["email"]


@pytest.mark.parametrize("number", ["0", "999999", "9" * 19, "9" * 40])
def test_an_organisation_that_is_not_there(app: Flask, lite_world: World, number: str) -> None:
    grace = Browser(app, lite_world, "grace")
    assert grace.get(f"/organisations/{number}").status_code == 404
    assert grace.post(f"/organisations/{number}/people/{number}/suspend").status_code == 404


@pytest.mark.parametrize("person", ["²", "-1", "x", "9" * 5_000, "999999"])
def test_a_question_is_delegated_to_nobody_unknown(
    alice: Browser, lite_world: World, person: str
) -> None:
    id = an_assessment(lite_world)
    reply = alice.post(f"/assessments/{id}/answers/PO.1.1/assign", {"person": person})
    assert reply.status_code in (400, 404)


ODD = [
    "/assessments/{id}/questions/%00",
    "/assessments/%00",
    "/assessments/" + "x" * 5_000,
    "/assessments/{id}/answers/%00",
    "/assessments/{id}/answers/XX.1",
    "/reviews/{id}/responses/PO.1.1?unit=%C2%B2",
    "/reviews/{id}/responses/PO.1.1?unit=999",
    "/reports/{id}/executive?snapshot=99",
    "/reports/{id}/other",
    "/reports/{id}/executive.pdf?snapshot=%00",
    "/reset/%00",
    "/invitation/" + "x" * 5_000,
    "/static/fonts/..%2f..%2fapp.py",
    "/static/..%2f..%2fconfig.py",
    "/static/fonts/secret_key",
]


@pytest.mark.parametrize("path", ODD)
def test_an_address_of_any_shape_finds_nothing(
    charlie: Browser, lite_world: World, path: str
) -> None:
    id = an_assessment(lite_world, Status.IN_REVIEW)
    reply = charlie.get(path.format(id=id))
    assert reply.status_code in (404, 409), reply.status_code
    assert not re.search(r"Traceback|sqlite|psycopg", reply.text)
