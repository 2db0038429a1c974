"""What every response carries, refused ones too; tokens of forms; flags of cookies."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from sdlc_assess.app import create_app
from sdlc_assess.assessment.status import Status
from sdlc_assess.services import sessions
from sdlc_assess.store import accounts
from sdlc_assess.web import filters
from tests.builders import World, an_assessment
from tests.conftest import a_config
from tests.web.client import Browser
from tests.web.matrix import POLICY

CREDENTIALS = {"email": "alice@example.org", "password": "correct horse battery"}

PROMISED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def faults(reply: TestResponse) -> list[str]:
    """What is missing from a response."""
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in reply.headers.get("Content-Security-Policy", "").split(";")
    )
    wrong = [name for name, value in PROMISED.items() if reply.headers.get(name) != value]
    if policy.get("default-src") != "'none'" or policy.get("frame-ancestors") != "'none'":
        wrong.append("Content-Security-Policy")
    if any("unsafe" in value or "*" in value or "http" in value for value in policy.values()):
        wrong.append("a Content-Security-Policy that lets others in")
    if reply.headers.get("Cache-Control") != "no-store" and "/static/" not in reply.request.path:
        wrong.append("Cache-Control")
    return wrong


@pytest.fixture
def alice(app: Flask, lite_world: World) -> Browser:
    return Browser(app, lite_world, "alice")


def test_every_page_carries_the_headers(app: Flask, lite_world: World, alice: Browser) -> None:
    id = an_assessment(lite_world, Status.ACCEPTED)
    own = str(lite_world.organisations["Northwind"])
    asked = 0
    for who in (alice, Browser(app), Browser(app, lite_world, "charlie")):
        for route, method in sorted(POLICY.rules):
            path = route.replace("<id>", id).replace("<int:id>", own)
            path = path.replace("<question_id>", "PO.1.1").replace("<section>", "PO")
            path = path.replace("<kind>", "executive").replace("<path:filename>", "css/base.css")
            if "<" in path:
                continue
            reply = who.client.open(path, method=method)
            assert faults(reply) == [], (method, path, reply.status_code)
            asked += 1
            reply.close()
    assert asked > 150


def _too_large(alice: Browser) -> TestResponse:
    return alice.post("/sign-in", {"email": "x" * 3_000_000})


def _broken(alice: Browser) -> TestResponse:
    def fail() -> None:
        raise RuntimeError("a fault of ours")

    alice.client.application.view_functions["health.alive"] = fail
    return alice.get("/healthz")


REFUSED: dict[str, tuple[int, Any]] = {
    "nothing there": (404, lambda b: b.get("/nothing/here")),
    "nothing there for a file": (404, lambda b: b.get("/static/css/none.css")),
    "another method": (405, lambda b: b.client.delete("/assessments")),
    "no token": (400, lambda b: b.client.post("/sign-out")),
    "a bad token": (400, lambda b: b.client.post("/sign-out", data={"csrf_token": "x"})),
    "too large": (413, _too_large),
    "a fault": (500, _broken),
    "another host": (400, lambda b: b.get("/sign-in", headers={"Host": "evil.example"})),
    "a host of no shape": (400, lambda b: b.get("/sign-in", headers={"Host": "a b"})),
    "a link used up": (404, lambda b: b.get("/reset/used-up")),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("script", [False, True])
def test_a_refusal_carries_the_headers_and_a_sentence(
    alice: Browser, name: str, script: bool, caplog: pytest.LogCaptureFixture
) -> None:
    filters.page_url.cache_clear()
    filters.static_url.cache_clear()
    status, ask = REFUSED[name]
    if script:
        alice.client.environ_base["HTTP_HX_REQUEST"] = "true"
    reply = ask(alice)
    assert reply.status_code == status
    assert faults(reply) == [] or "static" in reply.request.path
    if "host" in name:
        assert "does not go by the name" in reply.text
    else:
        assert ("field-error" if script else "<h1>") in reply.text
    assert "Traceback" not in reply.text


def test_the_check_of_headers_can_fail(app: Flask) -> None:
    app.after_request_funcs[None].insert(0, _strip)  # the last one registered runs first
    assert "Content-Security-Policy" in faults(Browser(app).get("/sign-in"))


def _strip(response: Any) -> Any:
    del response.headers["Content-Security-Policy"]
    return response


@pytest.mark.parametrize("form", [{}, {"csrf_token": ""}, {"csrf_token": "made up"}])
def test_nothing_is_done_without_a_good_form_token(
    alice: Browser, lite_world: World, form: dict[str, str]
) -> None:
    id = an_assessment(lite_world, Status.SUBMITTED)
    reply = alice.client.post(f"/assessments/{id}/recall", data=form)
    assert reply.status_code == 400
    assert "Nothing was changed" in reply.text
    with lite_world.desk.database.read() as tx:
        assert tx.exec_driver_sql("SELECT status FROM assessment").scalar() == "submitted"
    assert alice.post(f"/assessments/{id}/recall").status_code == 303


def test_another_browsers_token_is_no_good(app: Flask, lite_world: World, alice: Browser) -> None:
    id = an_assessment(lite_world, Status.SUBMITTED)
    alice.token()
    other = Browser(app, lite_world, "charlie").token()
    reply = alice.client.post(f"/assessments/{id}/recall", data={"csrf_token": other})
    assert reply.status_code == 400


@pytest.fixture
def https(lite_world: World) -> Browser:
    config = a_config(
        lite_world.desk.config.data_dir, public_url="https://assess.example.org", production=True
    )
    browser = Browser(create_app(config, lite_world.desk))
    browser.client.environ_base.update(HTTP_HOST="assess.example.org")
    browser.client.environ_base["wsgi.url_scheme"] = "https"
    return browser


def cookies(reply: TestResponse) -> dict[str, set[str]]:
    found = {}
    for line in reply.headers.getlist("Set-Cookie"):
        name, *flags = (part.strip() for part in line.split(";"))
        found[name.partition("=")[0]] = {f for f in flags if not f.startswith("Expires")}
    return found


def test_over_https_cookies_are_bound_to_this_host_and_sent_by_https_alone(
    https: Browser, lite_world: World
) -> None:
    with lite_world.desk.database.write() as tx:
        hashed = sessions.hash_password("correct horse battery")
        accounts.set_password_hash(tx, lite_world.people["alice"], hashed)
    reply = https.client.get("/sign-in", base_url="https://assess.example.org")
    assert reply.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    form = cookies(reply)["__Host-sdlc_form"]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= form
    token = reply.text.partition('name="csrf-token" content="')[2].partition('"')[0]
    entered = https.client.post(
        "/sign-in",
        data={
            "csrf_token": token,
            "email": "alice@example.org",
            "password": "correct horse battery",
        },
        headers={"Referer": "https://assess.example.org/sign-in"},
        base_url="https://assess.example.org",
    )
    assert entered.status_code == 303, entered.text
    session = cookies(entered)["__Host-sdlc_session"]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=43200"} <= session
    assert not any(flag.startswith("Domain") for flag in session | form)


def test_in_development_cookies_do_without_secure_and_nothing_else(alice: Browser) -> None:
    reply = Browser(alice.client.application).get("/sign-in")
    flags = cookies(reply)["sdlc_form"]
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= flags
    assert "Secure" not in flags
    assert "Strict-Transport-Security" not in reply.headers


@pytest.mark.parametrize(
    ("host", "status"),
    [("assess.example.org", 200), ("localhost", 400), ("127.0.0.1", 400), ("evil.org", 400)],
)
def test_in_production_the_service_answers_to_its_own_name_alone(
    https: Browser, host: str, status: int
) -> None:
    assert https.client.get("/sign-in", base_url=f"https://{host}").status_code == status
