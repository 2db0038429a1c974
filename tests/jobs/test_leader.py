"""One leader works the job table, one child does the work, and nothing outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sdlc_assess import clock
from sdlc_assess.errors import StoreFull
from sdlc_assess.jobs.child import Child, ChildFailed
from sdlc_assess.jobs.leader import Leader
from sdlc_assess.services.desk import Desk
from sdlc_assess.store import jobs
from sdlc_assess.store.database import Database
from tests.jobs import work

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def until(what: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until ``what()`` is true; fail after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # a process that ended and was not yet waited for is still listed
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return not Path("/proc").is_dir()  # it ended just now; or there is no such folder here
    return state != "Z"


def enqueue(database: Database, name: str = "job", key: str = "k", **arguments: Any) -> None:
    with database.write() as tx:
        jobs.enqueue(tx, name, key, arguments, clock.now())


def job(database: Database, key: str = "k") -> Any:
    with database.read() as tx:
        return jobs.by_key(tx, key)


@pytest.fixture
def lite(lite_desk: Desk) -> Database:
    return lite_desk.database


def a_leader(database: Database, tmp_path: Path, handler: Any) -> Leader:
    return Leader(database, tmp_path / "leader.lock", {"job": handler})


# ---- the table ----------------------------------------------------------------------------------


def test_a_job_is_queued_once_per_key(database: Database, tmp_path: Path) -> None:
    done: list[dict[str, Any]] = []
    for number in range(3):
        enqueue(database, number=number)
    leader = a_leader(database, tmp_path, lambda _child, arguments: done.append(arguments))
    assert [leader.work_once() for _ in range(2)] == [True, False]
    assert done == [{"number": 0}]
    assert (job(database).state, job(database).arguments) == ("done", {})


def test_jobs_are_worked_in_the_order_asked(lite: Database, tmp_path: Path) -> None:
    done: list[str] = []
    for key in "cab":
        enqueue(lite, key=key, key_again=key)
    leader = a_leader(lite, tmp_path, lambda _child, a: done.append(a["key_again"]))
    while leader.work_once():
        pass
    assert done == ["c", "a", "b"]


def test_three_attempts_then_it_failed_with_a_word(database: Database, tmp_path: Path) -> None:
    tries = []

    def fail(_child: Child, _arguments: Any) -> None:
        tries.append(1)
        raise ValueError("there is no such font")

    enqueue(database)
    leader = a_leader(database, tmp_path, fail)
    while leader.work_once():
        pass
    assert len(tries) == 3
    assert (job(database).state, job(database).error) == ("failed", "there is no such font")
    enqueue(database, again=True)
    assert (job(database).state, job(database).attempts) == ("queued", 0)


def test_a_job_that_nobody_can_do_fails_and_holds_nobody_up(lite: Database, tmp_path: Path) -> None:
    done: list[Any] = []
    enqueue(lite, "unknown", "a")
    enqueue(lite, "job", "b")
    leader = a_leader(lite, tmp_path, lambda _child, a: done.append(a))
    while leader.work_once():
        pass
    assert (job(lite, "a").state, job(lite, "b").state, len(done)) == ("failed", "done", 1)


def test_a_job_whose_worker_died_runs_again_when_its_lease_is_over(database: Database) -> None:
    enqueue(database)

    def claim(at: datetime) -> Any:
        with database.write() as tx:
            return jobs.claim(tx, at)

    assert claim(START).attempts == 0
    assert claim(START + jobs.LEASE) is None, "while the lease runs nobody else may"
    assert claim(START + jobs.LEASE + timedelta(seconds=1)).attempts == 1
    assert claim(START + 3 * jobs.LEASE).attempts == 2
    assert claim(START + 5 * jobs.LEASE) is None
    assert job(database).state == "failed"
    assert "died" in job(database).error


def test_whatever_ails_the_database_the_leader_stays(
    lite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full just when a finished job is to be marked: nobody dies of it."""
    done: list[Any] = []
    enqueue(lite)
    real, broken = jobs.finish, [StoreFull(), OSError("gone")]

    def finish(*arguments: Any, **named: Any) -> None:
        if broken:
            raise broken.pop()
        real(*arguments, **named)

    monkeypatch.setattr(jobs, "finish", finish)
    monkeypatch.setattr(jobs, "LEASE", timedelta(0))
    leader = a_leader(lite, tmp_path, lambda _child, a: done.append(a))
    leader.start()
    try:
        until(lambda: job(lite).state == "done")
        assert leader._thread.is_alive()
    finally:
        leader.stop()
    assert len(done) == 3


# ---- the child ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def warm() -> Iterator[Child]:
    """One child for the tests that don't harm it."""
    child = Child()
    yield child
    child.stop()


def test_the_child_is_one_other_process_and_stays_warm(warm: Child) -> None:
    first, second = warm.run(work.greet, "Alice"), warm.run(work.greet, "Alice")
    assert first == second
    assert int(first.split()[-1]) != os.getpid()
    assert len(warm.process_ids()) == 1


def test_an_error_in_the_child_comes_back_as_it_is(warm: Child) -> None:
    with pytest.raises(ValueError, match="no such font"):
        warm.run(work.break_down, "no such font")
    assert warm.run(work.greet, "Bob").startswith(b"Bob")


def test_a_child_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = Child()
    child.run(work.greet, "warm")
    pid = child.process_ids()[0]
    monkeypatch.setattr("sdlc_assess.jobs.child.TIMEOUT_SECONDS", 0.2)
    with pytest.raises(ChildFailed, match="tried again"):
        child.run(work.slow, str(tmp_path / "notes"))
    until(lambda: not is_alive(pid))
    child.stop()


def test_a_killed_child_costs_one_attempt_and_leaves_no_orphan(
    lite: Database, tmp_path: Path
) -> None:
    notes, done = tmp_path / "notes", tmp_path / "done"
    enqueue(lite, notes=str(notes), done=str(done))
    leader = a_leader(lite, tmp_path, work.handler)
    leader.start()
    try:
        first = until(lambda: notes.exists() and notes.read_text().split())[0]
        os.kill(int(first), signal.SIGKILL)
        until(lambda: job(lite).state == "done")
        assert done.read_bytes() == b"drawn"
        pids = [int(pid) for pid in notes.read_text().split()]
        assert len(pids) == 2
        assert job(lite).attempts == 2
        assert leader.child.process_ids() == pids[1:]
    finally:
        leader.stop()
    for pid in pids:
        until(lambda p=pid: not is_alive(p))


# ---- the election -------------------------------------------------------------------------------


def test_one_of_two_leaders_is_elected_and_the_other_takes_over(
    lite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sdlc_assess.jobs.leader.ELECTION_SECONDS", 0.05)
    one, two = (a_leader(lite, tmp_path, work.handler) for _ in range(2))
    one.start()
    assert one.elected.wait(5)
    two.start()
    assert not two.elected.wait(0.3)
    one.stop()
    assert two.elected.wait(5)
    two.stop()


def test_of_two_processes_one_is_elected_and_when_killed_its_child_goes_too(
    lite_desk: Desk, tmp_path: Path
) -> None:
    notes, done, lock = tmp_path / "notes", tmp_path / "done", tmp_path / "leader.lock"
    with lite_desk.database.write() as tx:
        arguments = {"notes": str(notes), "done": str(done)}
        jobs.enqueue(tx, "slow", "k", arguments, clock.now())
    marks = [tmp_path / "one", tmp_path / "two"]
    url = lite_desk.config.database_url
    processes = [
        subprocess.Popen([sys.executable, "-m", "tests.jobs.work", url, str(lock), str(mark)])
        for mark in marks
    ]
    try:
        until(lambda: any(mark.exists() for mark in marks))
        drawing = int(until(lambda: notes.exists() and notes.read_text().split())[0])
        elected = [mark.exists() for mark in marks]
        assert sorted(elected) == [False, True], "exactly one"
        processes[elected.index(True)].kill()
        processes[elected.index(True)].wait()
        until(lambda: not is_alive(drawing))
        until(lambda: marks[elected.index(False)].exists())
        with lite_desk.database.write() as tx:
            tx.exec_driver_sql("UPDATE job SET lease_until = 0")
        until(lambda: done.exists())
        assert job(lite_desk.database).attempts == 2
    finally:
        for process in processes:
            process.kill()
            process.wait()
