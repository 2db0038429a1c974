"""Signing in and out, invitations and password resets. Identity is ours (record.md)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from sdlc_assess import clock
from sdlc_assess.errors import AssessError
from sdlc_assess.mail import Letter
from sdlc_assess.services.desk import Desk, Visit, visiting
from sdlc_assess.store import accounts, records
from sdlc_assess.store.row import AnyRow

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
RESET_LIFE = timedelta(hours=1)
INVITATION_LIFE = timedelta(days=7)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200

_hasher = PasswordHasher()
# one hash takes 64 MiB and 160 ms of a core: two at a time, so that sign-ins can't stall saving
_turns = BoundedSemaphore(2)


@cache
def _nobodys_hash() -> str:
    """Return a hash that no password fits; made on first use, since it takes as long as any."""
    return _hasher.hash(secrets.token_hex(16))


class WrongCredentials(AssessError):
    """This address and password don't match an account. Check both, or ask for a new password."""


class UnusableToken(AssessError):
    """This link was used already, has expired, or is not whole. Ask for a new one."""


class WeakPassword(AssessError):
    """The password was not set."""


def token_hash(token: str) -> bytes:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password that keeps the rules, or raise WeakPassword.

    NIST SP 800-63B, 5.1.1: length counts, no composition rules, common ones refused.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(
            f"A password needs at least {SHORTEST_PASSWORD} characters; a few words make a good "
            "one. It was not set."
        )
    if len(password) > LONGEST_PASSWORD:
        raise WeakPassword(f"A password has at most {LONGEST_PASSWORD} characters. It was not set.")
    if len(set(password.lower())) < 5 or password.lower().startswith(("password", "12345678")):
        raise WeakPassword("This password is easily guessed. It was not set: choose another.")
    with _turns:
        return _hasher.hash(password)


def sign_in(desk: Desk, email: str, password: str, before: bytes | None = None) -> str:
    """Check the password and open a session; return its token, or raise WrongCredentials.

    An unknown address costs the same hash as a known one, so that time tells nothing. ``before`` is
    the session that the browser came with: it ends.
    """
    person = _known(desk, email)
    is_open = person is not None and person.disabled_at is None
    stored = person.password_hash if person is not None and is_open else None
    if not _fits(stored, password) or person is None:
        raise WrongCredentials
    rehashed = _hasher.hash(password) if _hasher.check_needs_rehash(stored or "") else None
    token = secrets.token_urlsafe(32)
    with desk.database.write() as tx:
        if rehashed is not None:
            accounts.set_password_hash(tx, person.id, rehashed)
        if before is not None:
            accounts.end_session(tx, before)
        open_session(tx, person.id, token, clock.now())
    return token


def _known(desk: Desk, email: str) -> AnyRow | None:
    """Return the person of a typed address; nobody has one that can't be printed."""
    typed = email.strip().lower()
    if not typed.isprintable():
        return None
    with desk.database.read() as tx:
        return accounts.person_with_email(tx, typed)


def open_session(tx: Connection, person_id: int, token: str, now: datetime) -> None:
    """Open a session under a fresh ``token``; the one before, if any, is not carried on."""
    accounts.add_session(tx, token_hash(token), person_id, now, now + IDLE, now + ABSOLUTE)
    records.add_event(tx, now, "session.opened", actor_id=person_id)


def sign_out(visit: Visit, token: bytes) -> None:
    """End this session."""
    accounts.end_session(visit.tx, token)
    records.add_event(visit.tx, visit.now, "session.ended", actor_id=visit.person_id)


def sign_out_elsewhere(visit: Visit, token: bytes) -> int:
    """End every other session of the person; return how many there were."""
    ended = accounts.end_sessions_of(visit.tx, visit.person_id, keep=token)
    records.add_event(visit.tx, visit.now, "session.ended_elsewhere", actor_id=visit.person_id)
    return ended


def change_password(desk: Desk, token: bytes, current: str, new: str) -> str:
    """Change the password, end every session and open a new one; return its token.

    Hashes are computed between the transactions: no save waits for a hash.
    """
    with visiting(desk, token) as visit:
        person = accounts.person_with_email(visit.tx, visit.email)
    stored = person.password_hash if person is not None else None
    if not _fits(stored, current):
        raise WrongCredentials("The present password is not right. Nothing was changed.")
    hashed, fresh = hash_password(new), secrets.token_urlsafe(32)
    with visiting(desk, token, write=True) as visit:
        accounts.set_password_hash(visit.tx, visit.person_id, hashed)
        accounts.end_sessions_of(visit.tx, visit.person_id)
        records.add_event(visit.tx, visit.now, "password.changed", actor_id=visit.person_id)
        open_session(visit.tx, visit.person_id, fresh, visit.now)
    return fresh


def _fits(stored: str | None, password: str) -> bool:
    """Tell whether a password fits a stored hash; without one it costs the same and never does."""
    try:
        with _turns:
            _hasher.verify(stored or _nobodys_hash(), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def mail_link(desk: Desk, tx: Connection, person_id: int, purpose: str, life: timedelta) -> str:
    """Make a single-use link for a mail; it starts with the configured public address."""
    token = secrets.token_urlsafe(32)
    accounts.add_mail_token(tx, token_hash(token), person_id, purpose, clock.now() + life)
    return f"{desk.config.public_url}/{purpose}/{token}"


def request_reset(desk: Desk, email: str) -> Letter | None:
    """Make the letter that resets a password; None for an unknown address, and nobody is told."""
    person = _known(desk, email)
    if person is None or person.disabled_at is not None or person.password_hash is None:
        return None
    with desk.database.write() as tx:
        link = mail_link(desk, tx, person.id, "reset", RESET_LIFE)
        records.add_event(tx, clock.now(), "password.reset_asked", actor_id=person.id)
    return Letter(
        person.email,
        "Set a new password",
        f"Somebody, probably you, asked for a new password for {person.email}.\n\n{link}\n\n"
        "The link works once, within one hour. If it was not you, nothing needs to be done.\n",
    )


def token_owner(desk: Desk, token: str, purpose: str) -> str:
    """Return the address behind a live mail token, or raise UnusableToken."""
    with desk.database.read() as tx:
        person = accounts.mail_token_person(tx, token_hash(token), purpose, clock.now())
    if person is None:
        raise UnusableToken
    return str(person.email)


def set_password(desk: Desk, token: str, purpose: str, password: str) -> str:
    """Use a mail token to set a password; every session ends, a new one opens; return its token."""
    hashed = hash_password(password)
    now = clock.now()
    with desk.database.write() as tx:
        person = accounts.mail_token_person(tx, token_hash(token), purpose, now)
        if person is None or not accounts.use_mail_token(tx, token_hash(token), now):
            raise UnusableToken
        accounts.set_password_hash(tx, person.id, hashed)
        accounts.end_sessions_of(tx, person.id)
        if purpose == "invitation":
            accounts.activate_memberships(tx, person.id, now)
        records.add_event(tx, now, f"{purpose}.used", actor_id=person.id)
        session_token = secrets.token_urlsafe(32)
        open_session(tx, person.id, session_token, now)
    return session_token
