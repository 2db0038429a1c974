"""A process that serves every page and takes orders for reports, and says which modules it loaded.

``python -m tests.web.walk FOLDER``: FOLDER holds a migrated test.db. With ``draw`` behind it the
process draws a report itself, which is what no web process may do.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sdlc_assess import clock
from sdlc_assess.app import create_app, make_desk, make_leader
from sdlc_assess.services import reports
from sdlc_assess.store import jobs
from tests.builders import World, a_world
from tests.conftest import a_config
from tests.web.matrix import POLICY, Stage, address, assessments_in_each_state


def walk(folder: Path) -> tuple[World, int]:
    """Ask for every GET page in two states as four people; order both reports of each."""
    config = a_config(folder)
    world = a_world(make_desk(config))
    stage = Stage(world, create_app(config, world.desk), assessments_in_each_state(world), "PO.1.1")
    make_leader(world.desk)
    served = 0
    for who in ("alice", "charlie", "dana", "grace"):
        client = stage.app.test_client()
        client.set_cookie("sdlc_session", world.tokens[who], domain="localhost")
        for route, method in sorted(POLICY.rules):
            for state in ("draft", "accepted") if method == "GET" else ():
                reply = client.get(address(stage, route, state))
                served += reply.status_code == 200
                reply.close()
        for state in ("draft", "accepted"):
            for kind in reports.KINDS:
                client.post(f"/reports/{stage.ids[state]}/{kind}")
    return world, served


def draw_here(world: World) -> None:
    """Do the render child's work in this process."""

    def render(function: Any, kind: str, snapshot: Any) -> bytes:
        return bytes(function(kind, snapshot))

    with world.desk.database.write() as tx:
        row = jobs.claim(tx, clock.now())
    assert row is not None
    reports.draw(world.desk, render, row.arguments)


if __name__ == "__main__":
    world, served = walk(Path(sys.argv[1]))
    with world.desk.database.read() as tx:
        ordered = tx.exec_driver_sql("SELECT count(*) FROM job WHERE state = 'queued'").scalar()
    if "draw" in sys.argv:
        draw_here(world)
    loaded = sorted({"weasyprint", "pydyf", "fontTools"} & set(sys.modules))
    print(served, ordered, *loaded)
