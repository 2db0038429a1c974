"""How many SQL statements an act costs: the ceilings of the hot paths."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from sdlc_assess.app import create_app
from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.services import answers
from sdlc_assess.store.database import Database
from tests.builders import World, an_assessment

Q = "PO.1.1"


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements sent meanwhile; BEGIN, COMMIT and ROLLBACK are not counted."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def browser(world: World, who: str = "alice") -> Any:
    app = create_app(world.desk.config, world.desk)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.set_cookie("sdlc_session", world.tokens[who], domain="localhost")
    return client


def test_the_counter_counts(lite_world: World) -> None:
    with counted(lite_world.desk.database) as seen:
        lite_world.desk.database.ping()
    assert seen == ["SELECT 1"]


@pytest.mark.parametrize("by_unit", [False, True])
def test_an_autosave_takes_at_most_seven(world: World, by_unit: bool) -> None:
    id = an_assessment(world, units=("One", "Two"))
    key = Q
    if by_unit:
        with world.writing("alice", id, Action.ASSIGN) as case:
            answers.answer_by_unit(case, Q, True)
            key = f"{Q}@{next(r.unit_id for r in answers.load(case) if r.unit == 'One')}"
    client = browser(world)
    for version in (0, 1):
        form = {f"{key}:option": str(version), f"{key}:version": str(version)}
        with counted(world.desk.database) as seen:
            reply = client.post(
                f"/assessments/{id}/answers/{Q}",
                data=form,
                headers={"HX-Request": "true", "Idempotency-Key": f"key-{version}"},
            )
        assert reply.status_code == 200, reply.text
        assert len(seen) <= 7, seen


PAGES = {
    "/assessments/{id}/questions": 3,
    "/assessments/{id}/questions/PO": 3,
    "/assessments": 3,
    "/assessments/{id}": 6,
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("status", [Status.DRAFT, Status.ACCEPTED])
def test_a_page_takes_few_statements(world: World, page: str, status: Status) -> None:
    id, client = an_assessment(world, status), browser(world)
    with counted(world.desk.database) as seen:
        assert client.get(page.format(id=id)).status_code == 200
    assert len(seen) <= PAGES[page], seen


def test_more_assessments_and_answers_take_no_more_statements(lite_world: World) -> None:
    found = []
    for number in range(6):
        id = an_assessment(lite_world, target=f"Target {number}")
        with lite_world.writing("alice", id, Action.ANSWER) as case:
            answers.save(case, Q, "", Answer("3", "Words."), 0)
        client = browser(lite_world)
        with counted(lite_world.desk.database) as seen:
            client.get("/assessments")
            client.get(f"/assessments/{id}/questions")
        found.append(len(seen))
    assert len(set(found)) == 1, found
