"""Every route, method, person and state is answered as policy.csv says, and each check is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sdlc_assess.app import create_app
from sdlc_assess.assessment import role as roles
from sdlc_assess.assessment.role import Action, Grant, OrganisationAction, Role, Side
from sdlc_assess.assessment.status import Status
from sdlc_assess.services import answers
from sdlc_assess.services.desk import Desk
from sdlc_assess.store import access
from tests.builders import CAST, World
from tests.web import matrix
from tests.web.matrix import NOBODY, POLICY, Fault, Stage, ask

STATES = [str(status) for status in Status]
PEOPLE = [*CAST, NOBODY]


@pytest.fixture
def stage(lite_desk: Desk, lite_world: World) -> Iterator[Stage]:
    made = matrix.a_stage(lite_world, lambda: create_app(lite_desk.config, lite_desk))
    yield made
    made.close()


def run(stage: Stage, which: list[tuple[str, str]], states: list[str]) -> list[Fault]:
    return [
        fault
        for route, method in which
        for state in (states if "<id>" in route else states[:1])
        for who in PEOPLE
        for fault in ask(stage, route, method, who, state)
    ]


def test_every_route_is_listed_and_every_line_is_a_route(stage: Stage) -> None:
    assert matrix.routes(stage.app) == set(POLICY.rules)


def test_an_unlisted_route_would_be_noticed(stage: Stage) -> None:
    stage.app.url_map.add(stage.app.url_rule_class("/back-door", methods=["GET"], endpoint="x"))
    assert matrix.routes(stage.app) - set(POLICY.rules) == {("/back-door", "GET")}


@pytest.mark.parametrize("state", STATES)
def test_the_whole_matrix(stage: Stage, state: str) -> None:
    assert run(stage, sorted(POLICY.rules), [state]) == []


def test_an_id_that_does_not_exist_looks_like_one_that_is_not_yours(stage: Stage) -> None:
    client = stage.app.test_client()
    client.set_cookie("sdlc_session", stage.world.tokens["other_lead"], domain="localhost")
    foreign = client.get(f"/assessments/{stage.ids['draft']}")
    absent = client.get("/assessments/000000000000")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.data == absent.data


def _wide_open() -> tuple[Grant, ...]:
    everyone = frozenset(Role)
    return tuple(Grant(side, everyone, frozenset(Status)) for side in Side)


@pytest.fixture
def forget() -> Iterator[None]:
    """Drop compiled statements around a change of the table."""
    access.find_statement.cache_clear()
    access.list_statement.cache_clear()
    yield
    access.find_statement.cache_clear()
    access.list_statement.cache_clear()


def test_each_check_is_needed(stage: Stage, forget: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open one action to everybody, one after the other: the matrix goes red for each of them."""
    seen = matrix.observed_actions(stage, monkeypatch)
    assert set(seen) == set(Action), "an action that no route asks for is dead"
    survived = []
    for action in Action:
        with monkeypatch.context() as patch:
            patch.setitem(roles.PERMISSIONS, action, _wide_open())
            access.find_statement.cache_clear()
            if not _first_fault(stage, sorted(seen[action])):
                survived.append(action)
        access.find_statement.cache_clear()
    assert survived == []


def _first_fault(stage: Stage, which: list[tuple[str, str]]) -> bool:
    for route, method in which:
        for state in STATES:
            for who in PEOPLE:
                if list(ask(stage, route, method, who, state)):
                    return True
    return False


def test_the_tenant_check_is_needed(
    stage: Stage, forget: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import true

    monkeypatch.setattr(access, "stands_for", lambda _side: true())
    assert _first_fault(stage, [("/assessments/<id>", "GET")])


@pytest.mark.parametrize("action", OrganisationAction)
def test_each_check_on_organisations_is_needed(
    stage: Stage, action: OrganisationAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(roles.ORGANISATION_PERMISSIONS, action, dict.fromkeys(Role, roles.EVERY))
    if action is OrganisationAction.INVITE:
        monkeypatch.setattr(roles, "INVITABLE", dict.fromkeys(Role, frozenset(Role)))
    which = [r for r in sorted(POLICY.rules) if "<id>" not in r[0]]
    found = [
        f
        for route, method in which
        for who in PEOPLE
        for f in ask(stage, route, method, who, "draft")
    ]
    # seeing people guards the page on which people are invited, so inviting alone is its second lock
    assert found or action is OrganisationAction.INVITE


def test_the_rows_own_rule_is_needed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bob may answer what is delegated to him, and nothing else."""
    other = next(iter(_other_questions(stage)))
    assert _bob_saves(stage, stage.question).status_code == 200
    assert _bob_saves(stage, other).status_code == 404
    monkeypatch.setattr(answers, "_permit", lambda _case, _row: None)
    assert _bob_saves(stage, other).status_code == 200


def _other_questions(stage: Stage) -> list[str]:
    known = stage.world.desk.library.questionnaire("ssdf@1.0.0").by_id
    return [id for id in known if id != stage.question][8:]


def _bob_saves(stage: Stage, question: str) -> Any:
    client = stage.app.test_client()
    client.set_cookie("sdlc_session", stage.world.tokens["bob"], domain="localhost")
    id = stage.ids["draft"]
    version = stage.watch.execute(
        "SELECT version FROM response WHERE assessment_id = ? AND question_id = ?", (id, question)
    ).fetchone()[0]
    form = {f"{question}:option": "2", f"{question}:version": str(version)}
    return client.post(f"/assessments/{id}/answers/{question}", data=form)
