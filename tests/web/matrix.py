"""The matrix: every route and method, for every person, on an assessment in every state.

Expected answers come from policy.csv, typed by hand; nothing here reads the code's own permission
table. A denied request must find nothing and change nothing; a permitted one that changes something
must leave an event.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict

from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.store.database import sqlite_module
from tests.builders import CAST, World, an_assessment, first_questions

NOBODY = "nobody"
OWN = {name for name, (organisation, _) in CAST.items() if organisation in ("Northwind", "Halden")}


@dataclass(frozen=True)
class Rule:
    """One line of policy.csv."""

    roles: frozenset[str]
    states: frozenset[str]


@dataclass
class Policy:
    """All lines, by route and method."""

    rules: dict[tuple[str, str], list[Rule]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Policy:
        policy = cls()
        lines = Path(__file__).with_name("policy.csv").read_text(encoding="utf-8").splitlines()
        rows = csv.DictReader([line for line in lines if not line.startswith("#")], delimiter=";")
        for row in rows:
            rule = Rule(frozenset(row["who"].split()), frozenset(row["states"].split()))
            policy.rules.setdefault((row["route"], row["method"]), []).append(rule)
        return policy

    def expected(self, route: str, method: str, who: str, state: str) -> str:
        """Return allowed, sign-in, not-now or nothing."""
        rules = self.rules[route, method]
        if any("anyone" in rule.roles for rule in rules):
            return "allowed"
        if who == NOBODY:
            return "sign-in"
        role = CAST[who][1]
        if any("signed-in" in rule.roles for rule in rules):
            return "allowed"
        if any("any-lead" in rule.roles for rule in rules):
            return "allowed" if role == "lead" else "nothing"
        mine = [rule for rule in rules if role in rule.roles]
        if role == "administrator":
            return "allowed" if mine else "nothing"
        if not mine or who not in OWN:
            return "nothing"
        if any("-" in rule.states or state in rule.states for rule in mine):
            return "allowed"
        return "not-now"


def routes(app: Flask) -> set[tuple[str, str]]:
    """Return every (rule, method) of the application, HEAD and OPTIONS left out."""
    return {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@dataclass
class Stage:
    """A world with one assessment in each state, and a way to set it back after each change."""

    world: World
    app: Flask
    ids: dict[str, str]
    question: str

    def __post_init__(self) -> None:
        self.app.config["WTF_CSRF_ENABLED"] = False
        path = self.world.desk.database.url.database
        assert path is not None
        self.watch = sqlite_module.connect(path)
        self.watch.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.kept = sqlite_module.connect(":memory:")
        self.watch.backup(self.kept)

    def version(self) -> int:
        return int(self.watch.execute("PRAGMA data_version").fetchone()[0])

    def events(self) -> int:
        return int(self.watch.execute("SELECT count(*) FROM event").fetchone()[0])

    def rows(self) -> list[Any]:
        """Every row of every table but events, to see whether a change went without an event."""
        tables = self.watch.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        return [self.watch.execute(f"SELECT count(*) FROM {t[0]}").fetchone() for t in tables]

    def restore(self) -> None:
        self.kept.backup(self.watch)

    def close(self) -> None:
        self.watch.close()
        self.kept.close()


def assessments_in_each_state(world: World) -> dict[str, str]:
    """Build one assessment per state; the first question is Bob's and is the returned one."""
    question = first_questions(world, 1)[0]
    ids = {}
    for status in Status:
        ids[str(status)] = an_assessment(world, status, target=f"Sentry {status}")
    for id in ids.values():
        with world.desk.database.write() as tx:
            tx.exec_driver_sql(
                "UPDATE response SET assignee_id = ? WHERE assessment_id = ? AND question_id = ?",
                (world.people["bob"], id, question),
            )
    return ids


def address(stage: Stage, route: str, state: str) -> str:
    """Fill a rule's variables with the ids of the assessment in ``state``."""
    own = stage.world.organisations["Northwind"]
    return (
        route.replace("<int:id>", str(own))
        .replace("<int:person_id>", str(stage.world.people["bob"]))
        .replace("<id>", stage.ids[state])
        .replace("<question_id>", stage.question)
        .replace("<section>", "PO")
        .replace("<kind>", "executive")
        .replace("<path:filename>", "css/base.css")
        .replace("<name>", "IBMPlexSans-Regular.woff2")
        .replace("<any(invitation, reset):purpose>/<token>", "reset/no-such-token")
    )


def payload(stage: Stage, route: str, state: str) -> MultiDict[str, str]:
    """Return a form that the use case behind ``route`` can take."""
    id = stage.ids[state]
    version = stage.watch.execute(
        "SELECT version FROM response WHERE assessment_id = ? AND question_id = ?",
        (id, stage.question),
    ).fetchone()[0]
    row = stage.watch.execute(
        "SELECT id FROM response WHERE assessment_id = ? AND question_id = ?", (id, stage.question)
    ).fetchone()[0]
    verdicts = stage.watch.execute(
        "SELECT count(*) FROM verdict WHERE response_id = ?", (row,)
    ).fetchone()[0]
    q = stage.question
    return MultiDict(
        {
            f"{q}:option": "4",
            f"{q}:justification": "New words.",
            f"{q}:version": str(version),
            "person": str(stage.world.people["alice"]),
            "by_unit": "yes",
            "reason": "There is a reason.",
            "confirmed": "y",
            "outcome": "not_examined",
            "looked_at": "The tracker.",
            "remark": "Thank you.",
            "revision": str(version),
            "number": str(verdicts),
            "mark": str(row),
            f"reason-{row}": "Which unit?",
            "kind": "vendor" if route == "/organisations" else "adverse",
            "text": "Words of the person.",
            "version": "1",
            "vendor": str(stage.world.organisations["Northwind"]),
            "assessor": str(stage.world.organisations["Halden"]),
            "questionnaire": "ssdf@1.0.0",
            "target": "Another",
            "goal": "3",
            "scope": "All of it.",
            "name": "Niobe",
            "email": "niobe@example.org",
            "role": "contributor",
            "password": "correct horse battery",
            "current": "not the password",
        }
    )


@dataclass(frozen=True)
class Fault:
    """One request that was answered otherwise than the policy says."""

    route: str
    method: str
    who: str
    state: str
    expected: str
    got: str


def meaning(status: int, location: str) -> str:
    """Return what an answer means to the one who asked."""
    if status in (302, 303) and "/sign-in" in location:
        return "sign-in"
    return {404: "nothing", 409: "not-now"}.get(status, "allowed")


BUSINESS = {
    # allowed by role and state, yet the use case itself may say "not now" or find nothing
    "/reviews/<id>/accept": "not-now",
    "/reports/<id>/<kind>.pdf": "not-now",
    "/assessments/<id>/answers/<question_id>/units": "nothing",
    "/<any(invitation, reset):purpose>/<token>": "nothing",
    "/forgotten": "sign-in",
}


def ask(stage: Stage, route: str, method: str, who: str, state: str) -> Iterator[Fault]:
    """Send one request; yield what is wrong with the answer."""
    expected = POLICY.expected(route, method, who, state)
    client = stage.app.test_client()
    if who != NOBODY:
        client.set_cookie("sdlc_session", stage.world.tokens[who], domain="localhost")
    before, events = stage.version(), stage.events()
    form = payload(stage, route, state) if method == "POST" else None
    response = client.open(address(stage, route, state), method=method, data=form)
    response.close()  # a file that is sent stays open until its response is closed
    got = meaning(response.status_code, response.headers.get("Location", ""))
    changed = stage.version() != before
    if got != expected and not (expected == "allowed" and BUSINESS.get(route) == got):
        yield Fault(route, method, who, state, expected, f"{response.status_code} {got}")
    if expected != "allowed" and changed:
        yield Fault(route, method, who, state, "an unchanged database", "a change")
    if response.status_code >= 500:
        yield Fault(route, method, who, state, expected, str(response.status_code))
    if changed and expected == "allowed" and stage.events() == events and route not in QUIET:
        yield Fault(route, method, who, state, "an event beside the change", "no event")
    if changed:
        stage.restore()


QUIET = {"/reports/<id>/<kind>", "/reports/<id>/<kind>.pdf"}
"""Asking for a report queues a job and changes no record."""

POLICY = Policy.read()


def observed_actions(stage: Stage, monkeypatch: Any) -> dict[Action, set[tuple[str, str]]]:
    """Return which routes ask for which action, by watching the look-ups."""
    from sdlc_assess.store import access

    seen: dict[Action, set[tuple[str, str]]] = {}
    now: list[tuple[str, str]] = []
    real = access.find

    def watching(connection: Any, action: Action, *rest: Any, **more: Any) -> Any:
        if now and not more.get("any_state"):
            seen.setdefault(action, set()).add(now[0])
        return real(connection, action, *rest, **more)

    monkeypatch.setattr(access, "find", watching)
    for route, method in sorted(POLICY.rules):
        now[:] = [(route, method)]
        for who in ("alice", "charlie", "dana", "erin"):
            list(ask(stage, route, method, who, "in_review"))
    monkeypatch.setattr(access, "find", real)
    return seen
