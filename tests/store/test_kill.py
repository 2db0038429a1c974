"""No acknowledged answer is lost when the process that saves is killed at any moment.

30 rounds here; ``SDLC_KILLS=300`` runs the long form. A killed process proves nothing about a power
cut: what was written and not yet synced survives it. The settings against that are read back in
test_database.py.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sdlc_assess import clock, scoring
from sdlc_assess.assessment.role import Action
from sdlc_assess.services import answers
from sdlc_assess.services.desk import Desk
from sdlc_assess.store.database import Database
from tests.builders import World, an_assessment
from tests.store import saver

REVISIONS = "SELECT count(*), count(DISTINCT opening_id) FROM response_revision"
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.store.saver"])  # a child costs a fork, not a start
ROUNDS = int(os.environ.get("SDLC_KILLS", "30"))


Told = tuple[str, int, str]


def kill_at_random(folder: Path, id: str, seed: int, chance: random.Random) -> list[Told]:
    """Let a process save, kill it at a random moment after its first answer; return all it told."""
    ours, theirs = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=saver.save_for_ever, args=(folder, id, seed, theirs))
    process.start()
    theirs.close()
    told = [ours.recv()]
    time.sleep(chance.uniform(0, 0.12))
    process.kill()
    try:
        while True:
            told.append(ours.recv())
    except (EOFError, OSError):  # what was cut short was never acknowledged in full
        pass
    process.join()
    process.close()
    ours.close()
    return told


def revisions(database: Database) -> dict[tuple[str, int], str]:
    """What the record holds: {(question, version): text}."""
    with database.read() as tx:
        rows = tx.exec_driver_sql(
            "SELECT r.question_id, v.number, o.text FROM response_revision v"
            " JOIN response r ON r.id = v.response_id JOIN opening o ON o.id = v.opening_id"
        )
        return {(q, n): json.loads(text)["justification"] for q, n, text in rows}


def lost(database: Database, acknowledged: list[Told]) -> list[Told]:
    """Return every acknowledged answer that the record does not hold."""
    held = revisions(database)
    return [told for told in acknowledged if held.get(told[:2]) != told[2].strip()]


def assert_whole(world: World, id: str) -> None:
    """The file is sound, each response is its newest revision, events and numbers fit."""
    with world.desk.database.read() as tx:
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        saved = tx.exec_driver_sql("SELECT count(*) FROM event WHERE kind = 'answer.saved'")
        held = tx.exec_driver_sql(REVISIONS)
        count = saved.scalar()
        assert held.one() == (count, count)
        torn = tx.exec_driver_sql(
            "SELECT r.question_id FROM response r WHERE r.version <> (SELECT count(*)"
            " FROM response_revision v WHERE v.response_id = r.id)"
        )
        assert torn.all() == []
    newest = revisions(world.desk.database)
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        rows = answers.load(case)
        for row in rows:
            assert row.justification == newest.get((row.question_id, row.version), "")
        fresh = scoring.headline(
            case.questionnaire, case.framework, case.profile, answers.claims(rows)
        )
        assert case.row.headline == scoring.headline_json(fresh, case.profile)


@pytest.fixture
def long_session(lite_world: World) -> World:
    """A session that outlives the long form."""
    at = clock.now() + timedelta(hours=11)
    with lite_world.desk.database.write() as tx:
        tx.exec_driver_sql("UPDATE session SET idle_until = ?", (int(at.timestamp() * 1e6),))
    return lite_world


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost(long_session: World) -> None:
    id, chance = an_assessment(long_session), random.Random(20261124)
    folder, acknowledged = long_session.desk.config.data_dir, []
    for number in range(ROUNDS):
        acknowledged += kill_at_random(folder, id, number, chance)
        if number % 10 == 9:
            assert lost(long_session.desk.database, acknowledged) == []
            assert_whole(long_session, id)
    assert len(acknowledged) > 2 * ROUNDS, "hardly anything was saved, so this would prove nothing"
    assert lost(long_session.desk.database, acknowledged) == []
    assert_whole(long_session, id)
    print(f"{ROUNDS} kills, {len(acknowledged)} acknowledged answers, none lost")


def test_a_lost_answer_would_be_seen(lite_desk: Desk, long_session: World, tmp_path: Path) -> None:
    """The control: one acknowledged answer is taken from a copy of the file, and is missed."""
    id = an_assessment(long_session)
    folder = long_session.desk.config.data_dir
    acknowledged = kill_at_random(folder, id, 1, random.Random(1))
    with long_session.desk.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = tmp_path / "copy.db"
    shutil.copy(folder / "test.db", copy)
    database: Any = Database(f"sqlite:///{copy}")
    assert lost(database, acknowledged) == []
    with database.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER keep_response_revision_delete")
        tx.exec_driver_sql("DELETE FROM response_revision WHERE id = 1")
    assert lost(database, acknowledged) == acknowledged[:1]
    database.dispose()
