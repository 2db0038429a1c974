"""The whole life of assessments, walked at random by people of both tenants.

The table of transitions and roles below is typed from the product's rules, not taken from the code.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from sdlc_assess import clock
from sdlc_assess.assessment import status
from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.review import Conclusion, Verdict, VerdictOutcome
from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import NotNow
from sdlc_assess.catalog.library import library
from sdlc_assess.errors import AssessError
from sdlc_assess.services import answers, assessments, reviews, sessions, submission
from sdlc_assess.services.desk import Desk, NotFound
from sdlc_assess.store import accounts, records
from sdlc_assess.store.database import Database
from sdlc_assess.store.files import Files
from tests.builders import CAST, a_world, terms
from tests.conftest import a_config

ASSESSORS, REVIEWERS = ("charlie", "second"), ("erin", "second")

# act: (who may, from which states, to which state; "" stays)
TABLE: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "agree": (ASSESSORS, {"planned": "draft"}),
    "submit": (("alice",), {"draft": "submitted", "returned": "in_review"}),
    "recall": (("alice",), {"submitted": "draft"}),
    "open": (ASSESSORS, {"submitted": "in_review"}),
    "return": (ASSESSORS, {"in_review": "returned"}),
    "accept": (REVIEWERS, {"in_review": "accepted"}),
    "reopen": (ASSESSORS, {"accepted": "in_review"}),
    "answer": (("alice", "bob"), {"draft": "", "returned": ""}),
    "verdict": (ASSESSORS, {"in_review": ""}),
    "conclude": (ASSESSORS, {"in_review": ""}),
    "represent": (("dana",), {"submitted": "", "in_review": ""}),
}

WHO = st.sampled_from([*CAST, "second"])
QUESTIONS = ("PO.1.1", "PO.1.2")


def _answer(case: Any, pick: int) -> None:
    question = QUESTIONS[pick % 2]
    row = next(r for r in answers.load(case) if r.question_id == question)
    answers.save(case, question, "", Answer(str(pick % 5), f"Typed {pick}."), row.version)


def _verdict(case: Any, pick: int) -> None:
    """Set a verdict on all that waits, or on one alone; the statement first, or not."""
    if pick % 7:
        reviews.declare_independence(case, reviews.INDEPENDENCE)
    waiting = [i for i in reviews.items(case) if i.is_waiting]
    for item in waiting if pick % 5 else waiting[:1]:
        number = 0 if item.verdict is None else item.verdict.number
        given = Verdict(VerdictOutcome.NOT_EXAMINED, reason="Outside the sample.")
        place = (item.row.question_id, item.row.unit)
        reviews.set_verdict(case, *place, given, item.row.version, number)


def _return(case: Any, _: int) -> None:
    rows = [r for r in answers.load(case) if r.question_id in QUESTIONS]
    reviews.return_to_vendor(case, {rows[0].id: "Which unit?"})


def _conclude(case: Any, _: int) -> None:
    reviews.conclude(case, Conclusion("qualified", "Fair."), reviews.conclusion(case)[1])


DEEDS: dict[str, tuple[Action, Callable[[Any, int], object]]] = {
    "agree": (Action.AGREE, lambda c, _: assessments.agree(c)),
    "submit": (Action.SUBMIT, lambda c, _: submission.submit(c, "Gaps.")),
    "recall": (Action.RECALL, lambda c, _: submission.recall(c)),
    "open": (Action.OPEN, lambda c, _: reviews.open_review(c, reviews.INDEPENDENCE)),
    "return": (Action.RETURN, _return),
    "accept": (Action.ACCEPT, lambda c, _: reviews.accept(c)),
    "reopen": (Action.REOPEN, lambda c, _: reviews.reopen(c, "New facts.")),
    "answer": (Action.ANSWER, _answer),
    "verdict": (Action.SET_VERDICT, _verdict),
    "conclude": (Action.CONCLUDE, _conclude),
    "represent": (Action.REPRESENT, lambda c, _: submission.represent(c)),
}


class Life(RuleBasedStateMachine):
    """One assessment of two questions' worth of acts, tried by everybody."""

    template: Path
    reached: ClassVar[set[str]] = set()
    favourite: ClassVar[str] = ""

    @initialize()
    def open_assessment(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "test.db")
        config = a_config(self.folder)
        self.database = Database(config.database_url)
        desk = Desk(config, self.database, library(), Files(config.files_dir))
        self.world = a_world(desk)
        self._second()
        with self.world.visiting("alice", write=True) as visit:
            vendor, assessor = (self.world.organisations[n] for n in ("Northwind", "Halden"))
            self.id = assessments.create(visit, vendor, assessor, "ssdf@1.0.0", terms())
        self.status, self.events = "planned", 0
        self.digests: set[Any] = set()

    def _second(self) -> None:
        """Add one person who is assessor and technical reviewer: the one who could do both."""
        now, halden = clock.now(), self.world.organisations["Halden"]
        self.world.tokens["second"] = "token-of-second"
        with self.database.write() as tx:
            id = accounts.add_person(tx, "second@example.org", "Second", now)
            for role in ("assessor", "technical_reviewer"):
                accounts.add_membership(tx, id, halden, role, "active", now)
            sessions.open_session(tx, id, "token-of-second", now)
        self.world.people["second"] = id

    def attempt(self, act: str, who: str, action: Action, do: Any) -> bool:
        """Try an act; hold the outcome against the table; return whether it was done."""
        allowed, moves = TABLE[act]
        refusal: AssessError | None = None
        try:
            with self.world.writing(who, self.id, action) as case:
                do(case)
        except AssessError as error:
            refusal = error
        if isinstance(refusal, NotFound | NotNow):
            return False
        # any other refusal is told to nobody but those who may try at all
        assert who in allowed, f"{who} did {act}"
        assert self.status in moves, f"{act} while {self.status}"
        if refusal is not None:
            return False
        self.status = moves[self.status] or self.status
        self.reached.add(act)
        return True

    @rule(
        kind=st.sampled_from(["fitting", "fitting", "fitting", "any"]),
        pick=st.integers(0, 9999),
        who=WHO,
    )
    def act(self, kind: str, pick: int, who: str) -> None:
        """Three of four acts fit the state, by somebody who may; the fourth is anybody's anything.

        One rule for all of it: of several, Hypothesis leaves some out of each walk.
        """
        acts = [act for act, (_, moves) in TABLE.items() if kind == "any" or self.status in moves]
        act = acts[pick % len(acts)]
        allowed = TABLE[act][0]
        actor = who if kind == "any" else allowed[pick // 11 % len(allowed)]
        if kind != "any" and self.favourite in allowed:
            actor = self.favourite
        action, do = DEEDS[act]
        ready = self._ready() if act == "accept" else {}
        if self.attempt(act, actor, action, lambda case: do(case, pick // 100)):
            assert all(ready.values()), f"accepted without {ready}"

    # ---- what must hold, asked of the tables themselves -----------------------------------------

    def _all(self, *statements: str) -> list[set[Any]]:
        with self.database.read() as tx:
            return [{tuple(row) for row in tx.execute(text(sql))} for sql in statements]

    def _ready(self) -> dict[str, bool]:
        stale, signed, concluded = self._all(
            "SELECT r.id FROM response r WHERE r.is_asked AND NOT EXISTS (SELECT 1 FROM verdict v"
            " WHERE v.response_id = r.id AND v.revision = r.version AND v.number ="
            " (SELECT max(number) FROM verdict w WHERE w.response_id = r.id))",
            "SELECT 1 FROM representation WHERE snapshot_id ="
            " (SELECT max(id) FROM snapshot WHERE state = 'submitted')",
            "SELECT 1 FROM conclusion",
        )
        return {"verdicts": not stale, "signature": bool(signed), "conclusion": bool(concluded)}

    @invariant()
    def every_rule_holds(self) -> None:
        status, authors, examined, accepted, events, snapshots = self._all(
            "SELECT status FROM assessment",
            "SELECT author_id FROM response_revision UNION SELECT answered_by FROM response",
            "SELECT author_id FROM verdict",
            "SELECT reviewer_id FROM acceptance",
            "SELECT count(*) FROM event",
            "SELECT id, digest FROM snapshot",
        )
        assert status == {(self.status,)}
        answering = {(self.world.people["alice"],), (self.world.people["bob"],), (None,)}
        assert authors <= answering, "somebody outside the vendor's team answered"
        assert not accepted & examined, "somebody accepted what they examined"
        assert events >= {(self.events,)} or max(events)[0] > self.events, "an event is gone"
        self.events = max(events)[0]
        assert self.digests <= snapshots, "a digest changed or a snapshot is gone"
        self.digests = snapshots

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.read() as tx:
            for snapshot, _ in self.digests:
                opened = records.verify_snapshot(tx, snapshot)
                assert opened
                assert all(opened.values()), f"snapshot {snapshot} no longer verifies"
        self.database.dispose()
        shutil.rmtree(self.folder)


WALK = settings(
    max_examples=6,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def a_machine(migrated_file: Path) -> type[Life]:
    return type("Walk", (Life,), {"template": migrated_file, "reached": set()})


def wander(machine: type[Life], lives: int = 4, steps: int = 50, seed: int = 20261124) -> None:
    """Walk by a plain random generator: the very same walks in every process and release."""
    chance = random.Random(seed)
    for _ in range(lives):
        life = machine()
        life.open_assessment()
        try:
            for _ in range(steps):
                kind = chance.choice(["fitting", "fitting", "fitting", "any"])
                life.act(kind, chance.randrange(10_000), chance.choice([*CAST, "second"]))  # type: ignore[call-arg]
                life.every_rule_holds()
        finally:
            life.teardown()


def test_no_walk_breaks_a_rule(migrated_file: Path) -> None:
    run_state_machine_as_test(a_machine(migrated_file), settings=WALK)


def test_each_act_is_reached_and_no_rule_broken(migrated_file: Path) -> None:
    machine = a_machine(migrated_file)
    wander(machine)
    assert machine.reached == set(TABLE), "an act that was never done was never tested"


def test_the_walk_would_see_a_person_who_accepts_their_own_work(
    migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database still refuses what the use case lets through, so the refusal is what is seen."""
    machine = a_machine(migrated_file)
    machine.favourite = "second"
    monkeypatch.setattr("sdlc_assess.assessment.review.check_reviewer", lambda *_: None)
    with pytest.raises(IntegrityError, match="set no verdict"):
        wander(machine, seed=0)


def test_the_walk_would_see_a_wrong_transition(
    migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = (status.Status.SUBMITTED, status.Act.RECALL)
    monkeypatch.setitem(status.TRANSITIONS, there, status.Status.PLANNED)
    with pytest.raises(AssertionError):
        wander(a_machine(migrated_file))
