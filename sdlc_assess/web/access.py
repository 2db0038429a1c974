"""Find and permit for a request: the session cookie's token goes with every look-up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import cast

from flask import Response, current_app, g, request

from sdlc_assess.assessment.role import Action
from sdlc_assess.errors import AssessError
from sdlc_assess.services import desk as desks
from sdlc_assess.services import sessions
from sdlc_assess.services.desk import Case, Desk, NotSignedIn, Visit

TOUCH_EVERY = timedelta(minutes=1)


def desk() -> Desk:
    """Return what the use cases of this application need."""
    return cast(Desk, current_app.extensions["desk"])


def cookie_name() -> str:
    """Return the session cookie's name; the prefix makes browsers keep it to this very host."""
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]
    return "__Host-sdlc_session" if is_secure else "sdlc_session"


def token() -> bytes:
    """Return the hash of this request's session token, or raise NotSignedIn."""
    found = old_token()
    if found is None:
        raise NotSignedIn
    return found


def old_token() -> bytes | None:
    """Return the hash of the session token that the browser came with, if any."""
    value = request.cookies.get(cookie_name())
    return sessions.token_hash(value) if value else None


@contextmanager
def reading(id: str, action: Action) -> Iterator[Case]:
    """Find an assessment on which the person may do ``action``, to read."""
    with desks.reading(desk(), token(), id, action) as case:
        g.actor = case.actor
        _note_idle(case.idle_until, case.now)
        yield case


@contextmanager
def writing(id: str, action: Action) -> Iterator[Case]:
    """Find an assessment on which the person may do ``action``, to write."""
    with desks.writing(desk(), token(), id, action) as case:
        g.actor = case.actor
        _note_idle(case.idle_until, case.now)
        yield case


@contextmanager
def visiting(*, write: bool = False) -> Iterator[Visit]:
    """Find the person who is signed in."""
    with desks.visiting(desk(), token(), write=write) as visit:
        g.visit = visit
        _note_idle(visit.idle_until, visit.now)
        yield visit


def _note_idle(idle_until: datetime, now: datetime) -> None:
    fresh = now + sessions.IDLE
    if fresh - idle_until > TOUCH_EVERY:
        g.touch_until = fresh


def move_idle_end(response: Response) -> Response:
    """Move the session's idle end on, at most once a minute, after the request's transaction."""
    until = g.pop("touch_until", None)
    if until is not None:
        try:
            desks.touch(desk(), token(), until)
        except AssessError:
            # the answer stands as it is: on a full disk pages can still be read
            current_app.logger.exception("the idle end of a session could not be moved")
    return response


def let_in(response: Response, session_token: str) -> Response:
    """Give the browser its session token."""
    response.set_cookie(
        cookie_name(),
        session_token,
        max_age=int(sessions.ABSOLUTE.total_seconds()),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def let_out(response: Response) -> Response:
    """Take the session token from the browser, with all it kept of this site."""
    response.delete_cookie(
        cookie_name(), path="/", secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
