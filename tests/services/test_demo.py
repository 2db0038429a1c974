"""The demo story fills an empty instance by the real use cases, and nothing else."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sdlc_assess.assessment.review import Effect, VerdictOutcome
from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.catalog.library import library
from sdlc_assess.services import demo, reports, reviews, sessions
from sdlc_assess.services.desk import Desk, reading, visiting
from sdlc_assess.store import access, records
from sdlc_assess.store.database import Database
from sdlc_assess.store.files import Files
from tests.conftest import a_config

SECONDS = 20


@dataclass
class Played:
    """An instance with the story in it."""

    desk: Desk
    people: list[demo.Person]
    seconds: float

    def token(self, name: str) -> bytes:
        person = next(p for p in self.people if p.name == name)
        return sessions.token_hash(sessions.sign_in(self.desk, person.email, person.password))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(migrated_file, folder / "test.db")
    config = a_config(folder)
    database = Database(config.database_url)
    desk = Desk(config, database, library(), Files(config.files_dir))
    begun = time.monotonic()
    people = demo.fill(desk)
    yield Played(desk, people, time.monotonic() - begun)
    database.dispose()


@pytest.fixture(scope="module")
def ids(played: Played) -> dict[str, str]:
    """{target: assessment id}, as the assessor's list has them."""
    token = played.token("Charlie")
    with visiting(played.desk, token) as visit:
        rows = access.listed(visit.tx, Action.VIEW, token, visit.now, 10)
    return {row.target_name: row.id for row in rows}


def _items(played: Played, id: str) -> tuple[Status, list[reviews.Item], Effect]:
    with reading(played.desk, played.token("Charlie"), id, Action.READ_REVIEW) as case:
        found = reviews.items(case)
        return case.status, found, reviews.effect(case, found)


def test_the_story_fills_an_empty_instance_in_seconds(played: Played) -> None:
    assert played.seconds < SECONDS
    assert [p.name for p in played.people] == [
        "Alice", "Bob", "Dana", "Charlie", "Erin", "Frank", "Grace",
    ]  # fmt: skip


def test_every_person_of_the_story_can_sign_in(played: Played) -> None:
    for person in played.people:
        with visiting(played.desk, played.token(person.name)) as visit:
            assert [m.role for m in visit.memberships] == [person.role]
            assert [m.organisation for m in visit.memberships] == [person.organisation]
    assert demo.known(played.desk) == played.people
    assert played.people[0].password in demo.sign_ins(played.people)


def test_one_assessment_is_accepted_and_one_stands_in_review(
    played: Played, ids: dict[str, str]
) -> None:
    assert {target: _items(played, id)[0] for target, id in ids.items()} == {
        "Sentry Agent": Status.ACCEPTED,
        "Sentry Console": Status.IN_REVIEW,
    }


def test_effects_are_those_the_story_tells(played: Played, ids: dict[str, str]) -> None:
    # counted by hand in demo_story.yaml: 42 questions, four of them asked of two units
    _, _, agent = _items(played, ids["Sentry Agent"])
    assert agent == Effect(agreed=31, lowered=10, raised=1, insufficient=2, not_examined=2)
    _, _, console = _items(played, ids["Sentry Console"])
    assert console == Effect(agreed=17, lowered=2, insufficient=1, waiting=22)


def test_every_outcome_of_a_verdict_occurs(played: Played, ids: dict[str, str]) -> None:
    _, found, _ = _items(played, ids["Sentry Agent"])
    seen = Counter(item.verdict.outcome for item in found if item.verdict is not None)
    assert set(seen) == set(VerdictOutcome)
    assert sum(seen.values()) == len(found) == 46


def test_the_levels_are_those_of_a_serious_and_uneven_vendor(
    played: Played, ids: dict[str, str]
) -> None:
    _, found, _ = _items(played, ids["Sentry Agent"])
    levels = Counter(item.row.option_id for item in found)
    assert set(levels) == {"0", "1", "2", "3", "4", "na"}
    assert levels["2"] + levels["3"] > 35
    assert all(0 < levels[few] <= 3 for few in ("0", "1", "4", "na"))
    assert all(item.row.justification or item.row.na_reason for item in found)


def test_nobody_judged_what_they_may_not(played: Played, ids: dict[str, str]) -> None:
    for id in ids.values():
        _, found, _ = _items(played, id)
        assert {item.row.author for item in found if item.row.author} == {"Alice", "Bob"}
        assert {item.verdict.author for item in found if item.verdict} == {"Charlie"}


def test_nothing_is_dated_before_what_it_rests_on(played: Played, ids: dict[str, str]) -> None:
    for id in ids.values():
        for item in _items(played, id)[1]:
            if item.verdict is not None:
                assert item.verdict.at > item.row.answered_at
                assert item.verdict.at.weekday() < 5
                assert item.row.answered_at.weekday() < 5


def _snapshots(played: Played, id: str) -> list[Any]:
    with reading(played.desk, played.token("Charlie"), id, Action.READ_REPORT) as case:
        return reports.frozen(case)


def test_what_both_reports_are_drawn_from_verifies(played: Played, ids: dict[str, str]) -> None:
    for target, states in (
        ("Sentry Agent", {"submitted", "accepted"}),
        ("Sentry Console", {"submitted"}),
    ):
        rows = _snapshots(played, ids[target])
        assert {row.state for row in rows} == states
        with played.desk.database.read() as tx:
            for row in rows:
                checked = records.verify_snapshot(tx, row.id)
                assert checked
                assert all(checked.values())


def test_the_accepted_record_says_who_signed_and_what_was_concluded(
    played: Played, ids: dict[str, str]
) -> None:
    row = next(r for r in _snapshots(played, ids["Sentry Agent"]) if r.state == "accepted")
    with played.desk.database.read() as tx:
        parts = records.read_snapshot(tx, row.id)["parts"]
    summary = parts["summary"]
    assert summary["conclusion"] == "qualified"
    assert all(summary[k] for k in ("text", "strongest", "greatest_risk", "limitation"))
    assert summary["representation"]["by"] == "Dana"
    assert parts["basis"]["frozen_at"].startswith("2025-12-")
    assert parts["basis"]["units"] == ["Agent core", "Update service"]


def test_a_second_fill_is_refused_and_changes_nothing(played: Played, ids: dict[str, str]) -> None:
    with pytest.raises(demo.NotEmpty):
        demo.fill(played.desk)
    token = played.token("Charlie")
    with visiting(played.desk, token) as visit:
        rows = access.listed(visit.tx, Action.VIEW, token, visit.now, 10)
    assert {row.id for row in rows} == set(ids.values())


def test_it_is_never_played_in_production(lite_desk: Desk) -> None:
    desk = replace(lite_desk, config=replace(lite_desk.config, production=True))
    with pytest.raises(demo.NotHere):
        demo.fill(desk)
    assert demo.is_empty(desk)
    assert demo.known(desk) == []
    assert not (desk.config.data_dir / "secrets").exists()
