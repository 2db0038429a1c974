"""Reports are ordered here, drawn in the render child, and kept by what they are drawn from."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sdlc_assess.app import create_app, make_leader
from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.services import reports, submission
from sdlc_assess.services.desk import NotFound
from sdlc_assess.services.reports import Edition, NotReady
from sdlc_assess.store import jobs
from sdlc_assess.store.files import DamagedFile, Files
from tests.builders import World, an_assessment, answer, submit


def order(world: World, id: str, kind: str = "executive", number: int | None = None) -> Edition:
    with world.writing("alice", id, Action.READ_REPORT) as case:
        return reports.ask_for(case, kind, number)


def stands(world: World, id: str, kind: str = "executive", number: int | None = None) -> Edition:
    with world.reading("alice", id, Action.READ_REPORT) as case:
        return reports.edition(case, kind, number)


def content(world: World, id: str, number: int | None = None) -> bytes:
    with world.reading("alice", id, Action.READ_REPORT) as case:
        return reports.content(case, "executive", number)[0]


def queued(world: World) -> int:
    with world.desk.database.read() as tx:
        return int(tx.exec_driver_sql("SELECT count(*) FROM job WHERE state = 'queued'").scalar())


def work(world: World, render: Any = None) -> list[str]:
    """Do every queued job with a cheap renderer; return the digests it drew from."""
    drawn: list[str] = []

    def cheap(_: Any, kind: str, snapshot: Any) -> bytes:
        drawn.append(snapshot["digest"])
        return f"%PDF {kind} {snapshot['digest']}".encode()

    leader = make_leader(world.desk)
    leader.handlers = {  # type: ignore[assignment]
        reports.RENDER: lambda _child, a: reports.draw(world.desk, render or cheap, a)
    }
    while leader.work_once():
        pass
    return drawn


def test_a_report_is_ordered_drawn_and_kept(world: World) -> None:
    id = an_assessment(world, Status.SUBMITTED)
    assert stands(world, id).status == "absent"
    with pytest.raises(NotReady):
        content(world, id)
    assert order(world, id).status == "drawing"
    assert len(work(world)) == 1
    ready = stands(world, id)
    assert (ready.status, ready.state) == ("ready", "submitted")
    assert hashlib.sha256(content(world, id)).hexdigest() == ready.sha256


def test_the_same_record_is_drawn_once_however_often_it_is_asked_for(world: World) -> None:
    id = an_assessment(world, Status.SUBMITTED)
    for _ in range(3):
        order(world, id)
    assert queued(world) == 1
    assert len(work(world)) == 1
    assert order(world, id).status == "ready"
    assert order(world, id, number=1).status == "ready", "the newest snapshot is number 1"
    assert queued(world) == 0


def test_kinds_and_snapshots_are_kept_apart(lite_world: World) -> None:
    id = an_assessment(lite_world, Status.RETURNED)
    orders = [order(lite_world, id, kind, n) for kind in reports.KINDS for n in (None, 1, 2)]
    assert queued(lite_world) == 6
    assert len({(o.kind, o.digest) for o in orders}) == 6
    assert {o.state for o in orders} == {"returned", "submitted"}
    assert len(set(work(lite_world))) == 3


def test_a_draft_is_drawn_anew_when_it_changed_and_only_then(lite_world: World) -> None:
    id = an_assessment(lite_world)
    first = order(lite_world, id)
    work(lite_world)
    assert order(lite_world, id).status == "ready"
    answer(lite_world, id, "PO.1.1", "3")
    assert stands(lite_world, id).status == "absent"
    assert stands(lite_world, id).digest != first.digest


def test_a_submitted_record_stays_what_it_was(lite_world: World) -> None:
    id = an_assessment(lite_world)
    submit(lite_world, id)
    order(lite_world, id)
    work(lite_world)
    before = content(lite_world, id, 1)
    with lite_world.writing("alice", id, Action.RECALL) as case:
        submission.recall(case)
    answer(lite_world, id, "PO.1.1", "3")
    assert content(lite_world, id, 1) == before


@pytest.mark.parametrize(("kind", "number"), [("other", None), ("executive", 99), ("", 1)])
def test_what_is_no_report_is_not_found(lite_world: World, kind: str, number: int | None) -> None:
    id = an_assessment(lite_world, Status.SUBMITTED)
    with pytest.raises(NotFound):
        order(lite_world, id, kind, number)


def test_three_failures_are_told_and_can_be_tried_again(lite_world: World) -> None:
    id = an_assessment(lite_world, Status.SUBMITTED)
    order(lite_world, id)

    def fail(*_: Any) -> bytes:
        raise ValueError("there is no such font")

    work(lite_world, fail)
    failed = stands(lite_world, id)
    assert (failed.status, failed.error) == ("failed", "there is no such font")
    assert order(lite_world, id).status == "drawing"
    assert len(work(lite_world)) == 1


def test_a_damaged_file_is_never_served_and_can_be_drawn_again(lite_world: World) -> None:
    id = an_assessment(lite_world, Status.SUBMITTED)
    order(lite_world, id)
    work(lite_world)
    whole, ready = content(lite_world, id), stands(lite_world, id)
    path = lite_world.desk.files.path(ready.sha256)
    path.write_bytes(whole[:-1] + b"!")
    with pytest.raises(DamagedFile, match="not served"):
        content(lite_world, id)
    client = create_app(lite_world.desk.config, lite_world.desk).test_client()
    client.set_cookie("sdlc_session", lite_world.tokens["alice"], domain="localhost")
    reply = client.get(f"/reports/{id}/executive.pdf")
    assert (reply.status_code, reply.mimetype) == (500, "text/html")
    assert "Draw the report" in client.get(f"/reports/{id}/executive").text
    assert order(lite_world, id).status == "drawing"
    work(lite_world)
    assert content(lite_world, id) == whole


def test_a_file_that_is_gone_is_drawn_again(lite_world: World) -> None:
    id = an_assessment(lite_world, Status.SUBMITTED)
    order(lite_world, id)
    work(lite_world)
    shutil.rmtree(lite_world.desk.files.folder)
    with pytest.raises(NotReady):
        content(lite_world, id)
    order(lite_world, id)
    work(lite_world)
    assert content(lite_world, id).startswith(b"%PDF")


def test_a_stored_file_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(tmp_path / "files")

    def fail(*_: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="disk is full"):
            files.put(b"words")
    sha256 = hashlib.sha256(b"words").hexdigest()
    assert files.get(sha256) is None
    assert list((tmp_path / "files").rglob("*")) == [tmp_path / "files" / sha256[:2]], "a half file"
    assert files.put(b"words") == files.put(b"words") == sha256
    assert files.get(sha256) == b"words"


@pytest.mark.slow
def test_the_real_child_draws_the_same_bytes_each_time(lite_world: World) -> None:
    id = an_assessment(lite_world, Status.SUBMITTED)
    leader = make_leader(lite_world.desk)
    drawn = []
    try:
        for _ in range(2):
            order(lite_world, id)
            assert leader.work_once()
            drawn.append(content(lite_world, id))
            shutil.rmtree(lite_world.desk.files.folder)
    finally:
        leader.child.stop()
    assert drawn[0].startswith(b"%PDF-1.7")
    assert drawn[0] == drawn[1]


@pytest.mark.slow
@pytest.mark.parametrize("draws", [False, True])
def test_the_web_process_never_loads_the_renderer(
    tmp_path: Path, migrated_file: Path, draws: bool
) -> None:
    """With ``draws`` the process does what it must not, and the check sees it."""
    shutil.copy(migrated_file, tmp_path / "test.db")
    command = [sys.executable, "-m", "tests.web.walk", str(tmp_path), *(["draw"] if draws else [])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    served, ordered, *loaded = done.stdout.split()
    assert int(served) > 100
    assert int(ordered) == 4
    assert ("weasyprint" in loaded) is draws


def test_a_job_that_is_done_leaves_no_text_behind(lite_world: World) -> None:
    id = an_assessment(lite_world)
    answer(lite_world, id, "PO.1.1", "3", text="A canary sings.")
    order(lite_world, id)
    with lite_world.desk.database.read() as tx:
        key = tx.exec_driver_sql("SELECT key FROM job").scalar()
        assert "canary" in str(jobs.by_key(tx, key).arguments)  # type: ignore[union-attr]
    work(lite_world)
    with lite_world.desk.database.read() as tx:
        assert "canary" not in repr(tx.exec_driver_sql("SELECT * FROM job").all())
