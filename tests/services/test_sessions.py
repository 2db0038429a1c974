"""Signing in, and every way in which a session or a link ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from sdlc_assess import clock
from sdlc_assess.services import desk as desks
from sdlc_assess.services import people, sessions
from sdlc_assess.services.desk import NotSignedIn
from sdlc_assess.services.sessions import UnusableToken, WeakPassword, WrongCredentials
from sdlc_assess.store import accounts
from tests.builders import World

GOOD = "correct horse battery staple"
START = datetime(2026, 3, 1, 9, tzinfo=UTC)
ALICE = "alice@example.org"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(1, 8, 1)
    monkeypatch.setattr(sessions, "_hasher", cheap)
    sessions._nobodys_hash.cache_clear()


@pytest.fixture
def known(lite_world: World) -> Iterator[World]:
    """Alice has a password, and the clock stands still."""
    with clock.held_at(START):
        with lite_world.desk.database.write() as tx:
            accounts.set_password_hash(tx, lite_world.people["alice"], sessions.hash_password(GOOD))
        yield lite_world


def lives(lite_world: World, token: str) -> bool:
    try:
        with desks.visiting(lite_world.desk, sessions.token_hash(token)):
            return True
    except NotSignedIn:
        return False


def sql(lite_world: World, statement: str) -> Any:
    with lite_world.desk.database.write() as tx:
        return tx.execute(text(statement))


def link_of(letter: Any) -> str:
    return next(line for line in letter.text.splitlines() if line.startswith("http"))


def token_of(letter: Any) -> str:
    return link_of(letter).rsplit("/", 1)[1]


def test_the_right_password_opens_a_session_and_the_address_may_be_typed_loosely(
    known: World,
) -> None:
    assert lives(known, sessions.sign_in(known.desk, " Alice@Example.ORG ", GOOD))


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (ALICE, "wrong password here"),
        (ALICE, ""),
        (ALICE, GOOD + "x"),
        ("nobody@example.org", GOOD),
        ("bob@example.org", GOOD),  # invited: no password yet
        ("", ""),
        ("a\x00b@example.org", GOOD),
        ("x" * 100_000, GOOD),
        (ALICE, "x" * 100_000),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(known: World, email: str, password: str) -> None:
    with pytest.raises(WrongCredentials) as refused:
        sessions.sign_in(known.desk, email, password)
    assert refused.value.message == WrongCredentials().message


@pytest.mark.parametrize("email", ["a\x00b@example.org", "x" * 100_000, "\ud800@example.org"])
def test_no_address_breaks_the_look_up_in_either_database(world: World, email: str) -> None:
    with pytest.raises(WrongCredentials):
        sessions.sign_in(world.desk, email, GOOD)
    assert sessions.request_reset(world.desk, email) is None


def test_an_unknown_address_costs_a_hash_too(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    real = sessions._hasher
    sessions._nobodys_hash()

    class Watched:
        def verify(self, hash: str, password: str) -> bool:
            checked.append(hash)
            return real.verify(hash, password)

    monkeypatch.setattr(sessions, "_hasher", Watched())
    for email in (ALICE, "nobody@example.org", "bob@example.org", "\x00"):
        with pytest.raises(WrongCredentials):
            sessions.sign_in(known.desk, email, "wrong password")
    assert len(checked) == 4


def test_each_sign_in_has_a_session_of_its_own_and_ends_the_browsers_old_one(
    known: World,
) -> None:
    first = sessions.sign_in(known.desk, ALICE, GOOD)
    second = sessions.sign_in(known.desk, ALICE, GOOD, sessions.token_hash(first))
    elsewhere = sessions.sign_in(known.desk, ALICE, GOOD)
    assert len({first, second, elsewhere}) == 3
    assert [lives(known, t) for t in (first, second, elsewhere)] == [False, True, True]


def test_a_failed_sign_in_ends_nothing(known: World) -> None:
    token = sessions.sign_in(known.desk, ALICE, GOOD)
    with pytest.raises(WrongCredentials):
        sessions.sign_in(known.desk, ALICE, "wrong password", sessions.token_hash(token))
    assert lives(known, token)


def test_a_new_password_ends_every_session_and_opens_one(known: World) -> None:
    here, there = (sessions.sign_in(known.desk, ALICE, GOOD) for _ in range(2))
    fresh = sessions.change_password(known.desk, sessions.token_hash(here), GOOD, "another " + GOOD)
    assert [lives(known, t) for t in (here, there, fresh)] == [False, False, True]
    with pytest.raises(WrongCredentials):
        sessions.sign_in(known.desk, ALICE, GOOD)
    sessions.sign_in(known.desk, ALICE, "another " + GOOD)


def test_the_present_password_is_asked_for(known: World) -> None:
    token = sessions.sign_in(known.desk, ALICE, GOOD)
    with pytest.raises(WrongCredentials, match="present password"):
        sessions.change_password(known.desk, sessions.token_hash(token), "wrong", "another " + GOOD)
    assert lives(known, token)


def test_signing_out_here_and_elsewhere(known: World) -> None:
    here, there = (sessions.sign_in(known.desk, ALICE, GOOD) for _ in range(2))
    hashed = sessions.token_hash(here)
    with desks.visiting(known.desk, hashed, write=True) as visit:
        assert sessions.sign_out_elsewhere(visit, hashed) == 2  # there, and the cast's own
    assert [lives(known, t) for t in (here, there)] == [True, False]
    with desks.visiting(known.desk, hashed, write=True) as visit:
        sessions.sign_out(visit, hashed)
    assert not lives(known, here)


def test_a_session_ends_after_thirty_minutes_without_use(known: World) -> None:
    token = sessions.sign_in(known.desk, ALICE, GOOD)
    with clock.held_at(START + timedelta(minutes=30, microseconds=-1)):
        assert lives(known, token)
    with clock.held_at(START + timedelta(minutes=30)):
        assert not lives(known, token)


def test_a_session_in_use_ends_after_twelve_hours(known: World) -> None:
    token = sessions.sign_in(known.desk, ALICE, GOOD)
    hashed = sessions.token_hash(token)
    for minutes in range(0, 12 * 60, 20):
        at = START + timedelta(minutes=minutes)
        with clock.held_at(at):
            assert lives(known, token), minutes
            desks.touch(known.desk, hashed, at + sessions.IDLE)
    with clock.held_at(START + timedelta(hours=12)):
        assert not lives(known, token)


def test_touching_an_ended_session_does_not_bring_it_back(known: World) -> None:
    token = sessions.sign_in(known.desk, ALICE, GOOD)
    sql(known, "DELETE FROM session")
    desks.touch(known.desk, sessions.token_hash(token), START + timedelta(hours=1))
    assert not lives(known, token)


def test_a_disabled_person_is_out_at_once_and_stays_out(known: World) -> None:
    token = sessions.sign_in(known.desk, ALICE, GOOD)
    letter = sessions.request_reset(known.desk, ALICE)
    sql(known, f"UPDATE person SET disabled_at = 1 WHERE email = '{ALICE}'")
    assert not lives(known, token)
    with pytest.raises(WrongCredentials):
        sessions.sign_in(known.desk, ALICE, GOOD)
    with pytest.raises(UnusableToken):
        sessions.set_password(known.desk, token_of(letter), "reset", "another " + GOOD)
    assert sessions.request_reset(known.desk, ALICE) is None


def test_a_suspended_person_is_out_at_once(known: World) -> None:
    token = sessions.sign_in(known.desk, ALICE, GOOD)
    sql(known, "UPDATE session SET idle_until = absolute_until")
    with known.visiting("grace", write=True) as visit:
        people.suspend(visit, known.organisations["Northwind"], known.people["alice"])
    assert not lives(known, token)


def test_a_reset_link_works_once_and_for_an_hour(known: World) -> None:
    old = sessions.sign_in(known.desk, ALICE, GOOD)
    letter = sessions.request_reset(known.desk, ALICE)
    assert link_of(letter).startswith("http://localhost:8000/reset/")
    with clock.held_at(START + timedelta(hours=1)), pytest.raises(UnusableToken):
        sessions.token_owner(known.desk, token_of(letter), "reset")
    with clock.held_at(START + timedelta(minutes=59)):
        assert sessions.token_owner(known.desk, token_of(letter), "reset") == ALICE
        fresh = sessions.set_password(known.desk, token_of(letter), "reset", "another " + GOOD)
        assert lives(known, fresh)
        assert not lives(known, old)
        with pytest.raises(UnusableToken):
            sessions.set_password(known.desk, token_of(letter), "reset", "a third " + GOOD)
    with pytest.raises(WrongCredentials):
        sessions.sign_in(known.desk, ALICE, GOOD)


def test_a_weak_password_does_not_use_the_link_up(known: World) -> None:
    token = token_of(sessions.request_reset(known.desk, ALICE))
    with pytest.raises(WeakPassword):
        sessions.set_password(known.desk, token, "reset", "short")
    assert sessions.set_password(known.desk, token, "reset", "another " + GOOD)


def test_a_newer_link_ends_the_older_and_a_link_serves_its_purpose_alone(known: World) -> None:
    older = token_of(sessions.request_reset(known.desk, ALICE))
    newer = token_of(sessions.request_reset(known.desk, ALICE))
    for token, purpose in ((older, "reset"), (newer, "invitation"), ("", "reset"), ("x", "reset")):
        with pytest.raises(UnusableToken):
            sessions.set_password(known.desk, token, purpose, "another " + GOOD)
    assert sessions.set_password(known.desk, newer, "reset", "another " + GOOD)


@pytest.mark.parametrize("email", ["nobody@example.org", "bob@example.org", "", "\x00", "x" * 999])
def test_no_letter_goes_to_who_has_no_password_to_reset(known: World, email: str) -> None:
    assert sessions.request_reset(known.desk, email) is None


def test_no_token_is_kept_as_it_was_sent(known: World) -> None:
    session = sessions.sign_in(known.desk, ALICE, GOOD)
    link = token_of(sessions.request_reset(known.desk, ALICE))
    for table in ("session", "mail_token", "event", "opening"):
        rows = repr(sql(known, f"SELECT * FROM {table}").all())
        assert session not in rows
        assert link not in rows
        assert GOOD not in rows


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "at least 12"),
        ("eleven char", "at least 12"),
        ("x" * 201, "at most 200"),
        ("aaaaaaaaaaaaaaaa", "easily guessed"),
        ("abababababababab", "easily guessed"),
        ("password123456", "easily guessed"),
        ("PASSWORD-of-mine", "easily guessed"),
        ("123456789012", "easily guessed"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, words: str) -> None:
    with pytest.raises(WeakPassword, match=words):
        sessions.hash_password(password)


@pytest.mark.parametrize("password", [GOOD, "пароль из слов", "twelve chars", "   spaces hold"])
def test_length_is_all_that_is_asked(password: str) -> None:
    assert sessions.hash_password(password).startswith("$argon2id$")


def test_a_hash_of_weaker_settings_is_renewed_at_sign_in(
    known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = "SELECT password_hash FROM person WHERE email = 'alice@example.org'"
    before = sql(known, stored).scalar_one()
    monkeypatch.setattr(sessions, "_hasher", PasswordHasher(2, 16, 1))
    sessions.sign_in(known.desk, ALICE, GOOD)
    after = sql(known, stored).scalar_one()
    assert before != after
    sessions.sign_in(known.desk, ALICE, GOOD)
    assert sql(known, stored).scalar_one() == after
