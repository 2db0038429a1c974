"""Reports: asked for in the web process, drawn in the render child, kept by snapshot digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sdlc_assess import clock
from sdlc_assess.assessment.status import Status
from sdlc_assess.errors import AssessError
from sdlc_assess.reporting.pdf import KINDS as KINDS
from sdlc_assess.reporting.pdf import render_pdf, template_digest
from sdlc_assess.services import snapshots
from sdlc_assess.services.desk import Case, Desk, NotFound
from sdlc_assess.store import jobs, records
from sdlc_assess.store.row import AnyRow

RENDER = "render_report"

Render = Callable[[Callable[..., bytes], str, dict[str, Any]], bytes]
"""Runs ``function(kind, snapshot)`` in the render child and returns its bytes."""


class NotReady(AssessError):
    """The report is still being drawn. Nothing is lost: it will be here in a few seconds."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One report that can be had: kind, the snapshot it is drawn from, and where it stands."""

    kind: str
    digest: str
    state: str
    status: str
    error: str = ""
    sha256: str = ""
    size: int = 0


def frozen(case: Case) -> list[AnyRow]:
    """Return the stored snapshots of the assessment, newest first."""
    return records.snapshots(case.tx, case.id)[::-1]


def edition(case: Case, kind: str, number: int | None = None) -> Edition:
    """Return where the report of ``kind`` stands, without asking for it to be drawn.

    ``number`` names a stored snapshot; without it the newest state is meant: the newest snapshot,
    or the working state while the vendor or the assessor still works on it.
    """
    source, state = _source(case, kind, number)
    return _edition(case, kind, source["digest"], state)


def ask_for(case: Case, kind: str, number: int | None = None) -> Edition:
    """Have the report drawn unless it is there already; return where it stands."""
    source, state = _source(case, kind, number)
    found = _edition(case, kind, source["digest"], state)
    if found.status in ("ready", "drawing"):
        return found
    key = key_of(kind, source["digest"])
    jobs.enqueue(case.tx, RENDER, key, {"kind": kind, "snapshot": source}, case.now)
    return _edition(case, kind, source["digest"], state)


def content(case: Case, kind: str, number: int | None = None) -> tuple[bytes, Edition]:
    """Return the PDF's bytes, or raise NotReady or DamagedFile."""
    found = edition(case, kind, number)
    # a damaged file has its digest here too, and raises: it is never served
    stored = case.desk.files.get(found.sha256) if found.sha256 else None
    if stored is None:
        raise NotReady
    return stored, found


def key_of(kind: str, digest: str) -> str:
    """Return the name a report is kept under: kind, snapshot and templates decide its bytes."""
    return f"{kind}:{digest}:{template_digest()[:16]}"


def _source(case: Case, kind: str, number: int | None) -> tuple[dict[str, Any], str]:
    if kind not in KINDS:
        raise NotFound
    stored = records.snapshots(case.tx, case.id)
    if number is None:
        if not stored or case.status not in (Status.ACCEPTED, Status.SUBMITTED):
            return snapshots.working(case), str(case.status)
        number = stored[-1].number
    for row in stored:
        if row.number == number:
            return records.read_snapshot(case.tx, row.id), row.state
    raise NotFound


def _edition(case: Case, kind: str, digest: str, state: str) -> Edition:
    key = key_of(kind, digest)
    kept = jobs.report_file_of(case.tx, key)
    if kept is not None and case.desk.files.is_whole(kept.sha256):
        return Edition(kind, digest, state, "ready", sha256=kept.sha256, size=kept.size)
    job = jobs.by_key(case.tx, key)
    if job is None or job.state == "done":
        return Edition(kind, digest, state, "absent", sha256=kept.sha256 if kept else "")
    if job.state == "failed":
        return Edition(kind, digest, state, "failed", error=job.error)
    return Edition(kind, digest, state, "drawing")


def draw(desk: Desk, render: Render, arguments: dict[str, Any]) -> None:
    """The job itself: draw in the render child, store the bytes, then the row that names them."""
    kind, snapshot = arguments["kind"], arguments["snapshot"]
    body = render(render_pdf, kind, snapshot)
    sha256 = desk.files.put(body)
    with desk.database.write() as tx:
        key = key_of(kind, snapshot["digest"])
        jobs.add_report_file(tx, key, sha256, len(body), clock.now())
