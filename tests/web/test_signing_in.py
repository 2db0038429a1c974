"""The door, over HTTP: where it leads, what it gives away, and which host a link names."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask

from sdlc_assess.services import sessions
from sdlc_assess.store import accounts
from tests.builders import World, an_assessment
from tests.web.client import Browser, text_of

GOOD = "correct horse battery staple"
ALICE = {"email": "alice@example.org", "password": GOOD}


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(1, 8, 1)
    monkeypatch.setattr(sessions, "_hasher", cheap)
    sessions._nobodys_hash.cache_clear()


@pytest.fixture
def door(app: Flask, lite_world: World) -> Browser:
    """A browser that is not signed in, at a service where Alice has a password."""
    with lite_world.desk.database.write() as tx:
        hashed = sessions.hash_password(GOOD)
        accounts.set_password_hash(tx, lite_world.people["alice"], hashed)
    return Browser(app)


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    sent: list[Any] = []
    monkeypatch.setattr("sdlc_assess.mail.send", lambda letter, *_: sent.append(letter))
    return sent


def session_of(browser: Browser) -> str | None:
    cookie = browser.client.get_cookie("sdlc_session")
    return cookie.value if cookie else None


def test_signing_in_gives_a_new_session_and_a_new_form_token(door: Browser) -> None:
    before = door.token()
    assert door.post("/sign-in", ALICE).headers["Location"] == "/assessments"
    first = session_of(door)
    stale = door.client.post("/sign-out", data={"csrf_token": before})
    assert stale.status_code == 400, "a form token from before signing in is worth nothing"
    assert door.post("/sign-in", ALICE).status_code == 303
    assert session_of(door) != first
    door.client.set_cookie("sdlc_session", str(first), domain="localhost")
    assert door.get("/assessments").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "alice@example.org", "password": "wrong password"},
        {"email": "nobody@example.org", "password": GOOD},
        {"email": "bob@example.org", "password": GOOD},
        {"email": "a\x00b", "password": "\x00"},
    ],
)
def test_whatever_is_wrong_the_page_is_the_same(door: Browser, typed: dict[str, str]) -> None:
    reply = door.post("/sign-in", typed)
    assert (reply.status_code, session_of(door)) == (422, None)
    assert "don't match an account" in text_of(reply.text)
    assert typed["password"] not in reply.text or typed["password"] == "\x00"
    plain = re.sub(r'value="[^"]*"|content="[^"]*"', "", reply.text)
    other = door.post("/sign-in", {"email": "someone@else.example", "password": "whatever"})
    assert plain == re.sub(r'value="[^"]*"|content="[^"]*"', "", other.text)


@pytest.mark.parametrize("form", [{}, {"email": "alice@example.org"}, {"password": GOOD}])
def test_what_is_missing_is_named(door: Browser, form: dict[str, str]) -> None:
    reply = door.post("/sign-in", form)
    assert (reply.status_code, "is missing" in reply.text) == (422, True)


ELSEWHERE = [
    "https://evil.example",
    "http://evil.example/assessments",
    "//evil.example",
    "///evil.example",
    "////evil.example/assessments",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/%5Cevil.example",
    "/%2F%2Fevil.example",
    "/%2Fevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/assessments/..//evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    " //evil.example",
    "%20//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "mailto:a@evil.example",
    "ftp://evil.example",
    "@evil.example",
    "/@evil.example",
    "evil.example",
    "evil.example/assessments",
    "http:\\\\evil.example",
    "http://localhost@evil.example",
    "http://localhost:8000/assessments",
    "/\u2028/evil.example",
    "/\u3000/evil.example",
    "/／evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "",
    "/sign-out",
    "/nothing/here",
    "/assessments//evil.example",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_never_leads_to_another_place(door: Browser, wanted: str) -> None:
    door.token()
    reply = door.client.post(
        "/sign-in", query_string={"next": wanted}, data={**ALICE, "csrf_token": door.token()}
    )
    assert (reply.status_code, reply.headers["Location"]) == (303, "/assessments")


@pytest.mark.parametrize("wanted", ["/assessments/{id}/questions/PO?a=b", "/account", "/reviews"])
def test_signing_in_leads_back_to_the_page_wanted(
    door: Browser, lite_world: World, wanted: str
) -> None:
    path = wanted.format(id=an_assessment(lite_world))
    there = door.get(path).headers["Location"]
    assert urlsplit(there).path == "/sign-in"
    reply = door.client.post(there, data={**ALICE, "csrf_token": door.token()})
    assert reply.headers["Location"] == path
    assert door.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/assessments", "/assessments/000000000000", "/nothing", "/reviews/x", "/reports/x/y"]
)
def test_without_a_session_no_address_tells_whether_it_exists(app: Flask, path: str) -> None:
    for cookie in (None, "made-up"):
        nobody = Browser(app)
        if cookie:
            nobody.client.set_cookie("sdlc_session", cookie, domain="localhost")
        reply = nobody.get(path)
        assert (reply.status_code, urlsplit(reply.headers["Location"]).path) == (303, "/sign-in")
        assert nobody.get(path, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org", "bob@example.org"])
def test_asking_for_a_reset_tells_nothing_about_who_is_known(
    door: Browser, letters: list[Any], email: str
) -> None:
    reply = door.post("/forgotten", {"email": email})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/sign-in")
    assert "If the address is known" in door.get("/sign-in").text
    assert [letter.to for letter in letters] == ([email] if email.startswith("alice") else [])


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "127.0.0.1"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        {"Forwarded": "host=evil.example;proto=https", "X-Host": "evil.example"},
        {"X-Original-URL": "/evil", "X-Forwarded-Prefix": "//evil.example"},
    ],
)
def test_a_link_starts_with_the_configured_address_whatever_was_sent(
    door: Browser, letters: list[Any], headers: dict[str, str]
) -> None:
    host = headers.get("Host", "localhost")
    token = re.search(
        r'csrf-token" content="([^"]+)', door.get("/forgotten", base_url=f"http://{host}").text
    )
    assert token is not None
    form = {"email": "alice@example.org", "csrf_token": token[1]}
    door.client.post("/forgotten", data=form, headers=headers, base_url=f"http://{host}")
    (letter,) = letters
    assert re.findall(r"https?://\S+", letter.text)[0].startswith("http://localhost:8000/reset/")
    assert "evil" not in letter.text


def test_a_foreign_host_gets_no_letter_sent(door: Browser, letters: list[Any]) -> None:
    form = {"email": "alice@example.org", "csrf_token": door.token()}
    reply = door.client.post("/forgotten", data=form, headers={"Host": "evil.example"})
    assert (reply.status_code, letters) == (400, [])


def test_a_letter_that_can_not_go_changes_nothing_on_the_page(
    door: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("no route to the mail server")

    monkeypatch.setattr("sdlc_assess.mail.send", fail)
    assert door.post("/forgotten", {"email": "alice@example.org"}).status_code == 303
    assert "could not be sent" in caplog.text


def test_a_reset_from_letter_to_work(door: Browser, letters: list[Any]) -> None:
    door.post("/forgotten", {"email": "alice@example.org"})
    path = urlsplit(re.findall(r"http\S+", letters[0].text)[0]).path
    assert "alice@example.org" in door.get(path).text
    weak = door.post(path, {"password": "short"})
    assert (weak.status_code, "at least 12" in weak.text) == (422, True)
    assert door.post(path, {"password": "another " + GOOD}).status_code == 303
    assert door.get("/assessments").status_code == 200
    assert door.get(path).status_code == 404


def test_a_new_password_on_the_account_page(door: Browser) -> None:
    door.post("/sign-in", ALICE)
    before = session_of(door)
    wrong = door.post("/account", {"current": "wrong", "password": "another " + GOOD})
    assert (wrong.status_code, "present password is not right" in wrong.text) == (422, True)
    done = door.post("/account", {"current": GOOD, "password": "another " + GOOD})
    assert (done.status_code, session_of(door) == before) == (303, False)
    assert "every other session has ended" in door.get("/account").text


def test_signing_out_ends_the_session_and_clears_the_browser(door: Browser) -> None:
    door.post("/sign-in", ALICE)
    token = session_of(door)
    reply = door.post("/sign-out")
    assert reply.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert session_of(door) is None
    door.client.set_cookie("sdlc_session", str(token), domain="localhost")
    assert door.get("/assessments").status_code == 303
