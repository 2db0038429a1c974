"""Every route, method, person and state is answered by policy.csv; each check is needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sdlc_assess.app import create_app
from sdlc_assess.assessment import role as roles
from sdlc_assess.assessment.role import Action, Grant, OrganisationAction, Role, Side
from sdlc_assess.assessment.status import Status
from sdlc_assess.catalog.library import library
from sdlc_assess.services import answers, sessions
from sdlc_assess.services.desk import Desk
from sdlc_assess.store import access
from sdlc_assess.store.database import Database
from sdlc_assess.store.files import Files
from tests.builders import CAST, World, a_world, first_questions
from tests.conftest import a_config
from tests.web import matrix
from tests.web.matrix import NOBODY, POLICY, Fault, Stage, ask

STATES = [str(status) for status in Status]
PEOPLE = [*CAST, NOBODY]


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> tuple[Path, World, dict[str, str]]:
    """The stage's database file, built once and copied by each test."""
    folder = tmp_path_factory.mktemp("stage")
    shutil.copy(migrated_file, folder / "test.db")
    config = a_config(folder)
    desk = Desk(config, Database(config.database_url), library(), Files(config.files_dir))
    world = a_world(desk)
    ids = matrix.assessments_in_each_state(world)
    with desk.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.database.dispose()
    return folder / "test.db", world, ids


@pytest.fixture
def stage(built: tuple[Path, World, dict[str, str]], tmp_path: Path) -> Iterator[Stage]:
    file, world, ids = built
    shutil.copy(file, tmp_path / "test.db")
    config = a_config(tmp_path)
    desk = Desk(config, Database(config.database_url), library(), Files(config.files_dir))
    there = World(desk, world.tokens, world.people, world.organisations)
    made = Stage(there, create_app(config, desk), ids, first_questions(there, 1)[0])
    yield made
    made.close()
    desk.database.dispose()


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash cheaply here: the matrix asks who may, not how well a password is kept."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(sessions, "_hasher", PasswordHasher(1, 8, 1))


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


WITH_STATE = [rule for rule in sorted(POLICY.rules) if "<id>" in rule[0]]
WITHOUT = [rule for rule in sorted(POLICY.rules) if "<id>" not in rule[0]]


@pytest.mark.parametrize("state", STATES)
def test_every_route_of_an_assessment(stage: Stage, state: str) -> None:
    assert run(stage, WITH_STATE, [state]) == []


def test_every_other_route(stage: Stage) -> None:
    assert run(stage, WITHOUT, STATES) == []


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
    # whoever belongs to either side may view in every state: the tenant check guards the view
    assert survived == [Action.VIEW]


def test_the_tenant_check_of_each_action_is_needed(
    stage: Stage, forget: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import true

    seen = matrix.observed_actions(stage, monkeypatch)
    monkeypatch.setattr(access, "stands_for", lambda _side: true())
    access.find_statement.cache_clear()
    survived = [a for a in Action if not _first_fault(stage, sorted(seen[a]))]
    assert survived == []


def _first_fault(stage: Stage, which: list[tuple[str, str]]) -> bool:
    for route, method in which:
        for state in STATES if "<id>" in route else STATES[:1]:
            for who in PEOPLE:
                if list(ask(stage, route, method, who, state)):
                    return True
    return False


FIRST_LOCKS = [
    OrganisationAction.LIST_ORGANISATIONS,
    OrganisationAction.SEE_PEOPLE,
    OrganisationAction.SUSPEND,
    OrganisationAction.CREATE_ASSESSMENT,
]


def _open_to_all(patch: pytest.MonkeyPatch, *actions: OrganisationAction) -> None:
    for action in actions:
        everybody = dict.fromkeys(Role, roles.EVERY)
        patch.setitem(roles.ORGANISATION_PERMISSIONS, action, everybody)


@pytest.mark.parametrize("action", FIRST_LOCKS)
def test_each_check_on_organisations_is_needed(
    stage: Stage, action: OrganisationAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open_to_all(monkeypatch, action)
    assert _first_fault(stage, [rule for rule in WITHOUT if "/static" not in rule[0]])


def _post(stage: Stage, who: str, address: str, **fields: str) -> int:
    client = stage.app.test_client()
    client.set_cookie("sdlc_session", stage.world.tokens[who], domain="localhost")
    form = matrix.payload(stage, "/organisations", "draft")
    for name, value in fields.items():
        form[name] = value  # update() would add a second value
    return client.post(address, data=form).status_code


def test_making_an_organisation_has_a_lock_behind_that_of_the_list(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open_to_all(monkeypatch, OrganisationAction.LIST_ORGANISATIONS)
    assert _post(stage, "alice", "/organisations") == 404
    _open_to_all(monkeypatch, OrganisationAction.CREATE_ORGANISATION)
    assert _post(stage, "alice", "/organisations") == 303


def test_inviting_has_two_locks_behind_that_of_seeing_people(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A technical reviewer sees the own organisation's people, and invites nobody."""
    address = f"/organisations/{stage.world.organisations['Halden']}"
    assert _post(stage, "erin", address, role="assessor") == 404
    _open_to_all(monkeypatch, OrganisationAction.INVITE)
    assert _post(stage, "erin", address, role="assessor") == 422
    monkeypatch.setattr(roles, "INVITABLE", dict.fromkeys(Role, frozenset(Role)))
    assert _post(stage, "erin", address, role="assessor") == 303


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
