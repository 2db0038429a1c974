"""Form tokens by kept signers: Flask's and Flask-WTF's own code and ours read each other's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, generate_csrf, validate_csrf
from itsdangerous import BadSignature, SignatureExpired
from wtforms.validators import ValidationError

from sdlc_assess.web.form_token import KeptSessions, form_token


@pytest.fixture
def asked(app: Flask) -> Iterator[Flask]:
    with app.test_request_context("/", method="POST", headers={"X-CSRFToken": "none"}):
        yield app


def test_flask_wtf_takes_our_token_and_gives_it_again(asked: Flask) -> None:
    first = form_token()  # the session has none yet
    g.pop("csrf_token")
    again = form_token()
    validate_csrf(first)
    validate_csrf(again)
    assert generate_csrf() == again


def protect(app: Flask, token: str | None, kept: str | None, **more: str) -> None:
    """Ask for a page with a token while the session keeps ``kept``; CSRFError when refused."""
    base = more.pop("base", "http://localhost")
    headers = {**more, **({} if token is None else {"X-CSRFToken": token})}
    with app.test_request_context("/", method="POST", headers=headers, base_url=base):
        if kept is not None:
            session["csrf_token"] = kept
        app.extensions["csrf"].protect()
        assert g.csrf_valid


def test_we_take_flask_wtf_s_token_and_no_other(asked: Flask) -> None:
    token, kept = generate_csrf(), session["csrf_token"]
    protect(asked, token, kept)
    for bad, held in [
        (None, kept),
        ("", kept),
        ("made up", kept),
        (token[:-1], kept),
        (token, None),
        (token, "another's"),
        (token, ""),
    ]:
        with pytest.raises(CSRFError):
            protect(asked, bad, held)


def test_over_https_the_page_must_be_ours(asked: Flask) -> None:
    token, kept = generate_csrf(), session["csrf_token"]
    here = "https://localhost"
    protect(asked, token, kept, base=here, Referer="https://localhost/assessments")
    for referrer in ({}, {"Referer": "https://elsewhere.example/"}):
        with pytest.raises(CSRFError):
            protect(asked, token, kept, base=here, **referrer)


def test_a_time_limit_holds(asked: Flask) -> None:
    token, kept = generate_csrf(), session["csrf_token"]
    asked.config["WTF_CSRF_TIME_LIMIT"] = -1
    with pytest.raises(CSRFError, match="expired"):
        protect(asked, token, kept)
    with pytest.raises(ValidationError):
        validate_csrf(token)


def test_cookies_are_flask_s_own(app: Flask) -> None:
    ours = KeptSessions(app).get_signing_serializer(app)
    theirs = SecureCookieSessionInterface().get_signing_serializer(app)
    assert theirs is not None
    kept = {"csrf_token": "a", "_flashes": [("message", "Saved.")]}
    assert theirs.loads(ours.dumps(kept)) == ours.loads(theirs.dumps(kept)) == kept
    with pytest.raises(SignatureExpired):
        ours.loads(theirs.dumps(kept), max_age=-1)
    with pytest.raises(BadSignature):
        ours.loads(theirs.dumps(kept)[:-1] + "!")


def test_an_old_secret_still_reads_cookies(app: Flask) -> None:
    old = SecureCookieSessionInterface().get_signing_serializer(app)
    assert old is not None
    cookie = old.dumps({"a": 1})
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "a new secret of the tests"
    assert KeptSessions(app).get_signing_serializer(app).loads(cookie) == {"a": 1}
    with pytest.raises(BadSignature):
        old.loads(KeptSessions(app).get_signing_serializer(app).dumps({"a": 1}))
