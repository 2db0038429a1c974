"""The whole life of assessments, walked at random by people of both tenants.

The table of transitions and roles below is typed from the product's rules, not taken from the code.
"""

from __future__ import annotations

import shutil
import tempfile
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

LEAD, EXECUTIVE = "alice", "dana"
ASSESSORS, REVIEWERS = ("charlie", "second"), ("erin", "second")

# act: (who may, from which states, to which state; "" stays)
TABLE: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "agree": (ASSESSORS, {"planned": "draft"}),
    "submit": ((LEAD,), {"draft": "submitted", "returned": "in_review"}),
    "recall": ((LEAD,), {"submitted": "draft"}),
    "open": (ASSESSORS, {"submitted": "in_review"}),
    "return": (ASSESSORS, {"in_review": "returned"}),
    "accept": (REVIEWERS, {"in_review": "accepted"}),
    "reopen": (ASSESSORS, {"accepted": "in_review"}),
    "answer": ((LEAD, "bob"), {"draft": "", "returned": ""}),
    "verdict": (ASSESSORS, {"in_review": ""}),
    "conclude": (ASSESSORS, {"in_review": ""}),
    "represent": ((EXECUTIVE,), {"submitted": "", "in_review": ""}),
}

WHO = st.sampled_from([*CAST, "second"])
LIKELY = {act: st.one_of(st.sampled_from(who), WHO) for act, (who, _) in TABLE.items()}
QUESTIONS = ("PO.1.1", "PO.1.2")


class Life(RuleBasedStateMachine):
    """One assessment of two questions' worth of acts, tried by everybody."""

    template: Path
    reached: ClassVar[set[str]] = set()

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
        self.status, self.events, self.digests = "planned", 0, {}

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

    @rule(who=LIKELY["agree"])
    def agree(self, who: str) -> None:
        self.attempt("agree", who, Action.AGREE, assessments.agree)

    @rule(who=LIKELY["answer"], q=st.sampled_from(QUESTIONS), option=st.sampled_from("01234"))
    def answer(self, who: str, q: str, option: str) -> None:
        def do(case: Any) -> None:
            row = next(r for r in answers.load(case) if r.question_id == q)
            answers.save(case, q, "", Answer(option, f"Typed {option}."), row.version)

        self.attempt("answer", who, Action.ANSWER, do)

    @rule(who=LIKELY["submit"])
    def submit(self, who: str) -> None:
        self.attempt("submit", who, Action.SUBMIT, lambda c: submission.submit(c, "Gaps."))

    @rule(who=LIKELY["recall"])
    def recall(self, who: str) -> None:
        self.attempt("recall", who, Action.RECALL, submission.recall)

    @rule(who=LIKELY["open"])
    def open_it(self, who: str) -> None:
        def do(case: Any) -> None:
            reviews.open_review(case, reviews.INDEPENDENCE)

        self.attempt("open", who, Action.OPEN, do)

    @rule(who=LIKELY["verdict"], every=st.booleans(), declare=st.booleans())
    def verdict(self, who: str, every: bool, declare: bool) -> None:
        def do(case: Any) -> None:
            if declare:
                reviews.declare_independence(case, reviews.INDEPENDENCE)
            waiting = [i for i in reviews.items(case) if i.is_waiting]
            for item in waiting if every else waiting[:1]:
                number = 0 if item.verdict is None else item.verdict.number
                given = Verdict(VerdictOutcome.NOT_EXAMINED, reason="Outside the sample.")
                place = (item.row.question_id, item.row.unit)
                reviews.set_verdict(case, *place, given, item.row.version, number)

        self.attempt("verdict", who, Action.SET_VERDICT, do)

    @rule(who=LIKELY["return"])
    def give_back(self, who: str) -> None:
        def do(case: Any) -> None:
            reviews.return_to_vendor(case, {reviews.items(case)[0].row.id: "Which unit?"})

        self.attempt("return", who, Action.RETURN, do)

    @rule(who=LIKELY["conclude"])
    def conclude(self, who: str) -> None:
        def do(case: Any) -> None:
            _, version = reviews.conclusion(case)
            reviews.conclude(case, Conclusion("qualified", "Fair."), version)

        self.attempt("conclude", who, Action.CONCLUDE, do)

    @rule(who=LIKELY["represent"])
    def represent(self, who: str) -> None:
        self.attempt("represent", who, Action.REPRESENT, submission.represent)

    @rule(who=LIKELY["accept"])
    def accept(self, who: str) -> None:
        ready = self._ready()
        if self.attempt("accept", who, Action.ACCEPT, reviews.accept):
            assert all(ready.values()), f"accepted without {ready}"
            assert self.world.people[who] not in self._verdict_setters()

    @rule(who=LIKELY["reopen"])
    def reopen(self, who: str) -> None:
        self.attempt("reopen", who, Action.REOPEN, lambda c: reviews.reopen(c, "New facts."))

    @rule(far=st.integers(1, 7), examiner=st.sampled_from(ASSESSORS), end=WHO)
    def straight_on(self, far: int, examiner: str, end: str) -> None:
        """A shortcut, so that a short walk sees what lies late in a life."""
        way: list[Any] = [
            lambda: self.agree(examiner),
            lambda: self.submit(LEAD),
            lambda: self.open_it(examiner),
            lambda: self.verdict(examiner, every=True, declare=True),
            lambda: self.represent(EXECUTIVE),
            lambda: self.conclude(examiner),
            lambda: self.accept(end if end in REVIEWERS else "erin"),
        ]
        for act in way[:far]:
            act()

    # ---- what must hold, asked of the tables themselves -----------------------------------------

    def _all(self, sql: str) -> list[Any]:
        with self.database.read() as tx:
            return list(tx.execute(text(sql)))

    def _ready(self) -> dict[str, bool]:
        stale = self._all(
            "SELECT r.id FROM response r WHERE r.is_asked AND NOT EXISTS (SELECT 1 FROM verdict v"
            " WHERE v.response_id = r.id AND v.revision = r.version AND v.number ="
            " (SELECT max(number) FROM verdict w WHERE w.response_id = r.id))"
        )
        signed = self._all(
            "SELECT 1 FROM representation WHERE snapshot_id ="
            " (SELECT max(id) FROM snapshot WHERE state = 'submitted')"
        )
        concluded = self._all("SELECT 1 FROM conclusion")
        return {"verdicts": not stale, "signature": bool(signed), "conclusion": bool(concluded)}

    def _verdict_setters(self) -> set[int]:
        return {row[0] for row in self._all("SELECT DISTINCT author_id FROM verdict")}

    @invariant()
    def the_status_is_what_the_table_says(self) -> None:
        assert self._all("SELECT status FROM assessment") == [(self.status,)]

    @invariant()
    def only_the_vendor_answers(self) -> None:
        authors = {row[0] for row in self._all("SELECT DISTINCT author_id FROM response_revision")}
        authors |= {row[0] for row in self._all("SELECT DISTINCT answered_by FROM response")}
        assert authors <= {self.world.people["alice"], self.world.people["bob"], None}

    @invariant()
    def nobody_accepts_what_they_examined(self) -> None:
        accepted = {row[0] for row in self._all("SELECT reviewer_id FROM acceptance")}
        assert not accepted & self._verdict_setters()

    @invariant()
    def the_record_only_grows(self) -> None:
        now = self._all("SELECT count(*) FROM event")[0][0]
        assert now >= self.events
        self.events = now
        seen = dict(self._all("SELECT id, digest FROM snapshot"))
        assert self.digests.items() <= seen.items(), "a digest changed or a snapshot is gone"
        self.digests = seen

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.read() as tx:
            for snapshot in self.digests:
                opened = records.verify_snapshot(tx, snapshot)
                assert opened
                assert all(opened.values()), f"snapshot {snapshot} no longer verifies"
        self.database.dispose()
        shutil.rmtree(self.folder)


WALK = settings(
    max_examples=12,
    stateful_step_count=24,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_no_walk_breaks_a_rule(migrated_file: Path) -> None:
    machine = type("Walk", (Life,), {"template": migrated_file, "reached": set()})
    run_state_machine_as_test(machine, settings=WALK)
    assert machine.reached == set(TABLE), "an act that was never done was never tested"


def test_the_walk_would_see_a_person_who_accepts_their_own_work(
    migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database still refuses what the use case lets through, so the refusal is what is seen."""
    monkeypatch.setattr("sdlc_assess.assessment.review.check_reviewer", lambda *_: None)
    machine = type("Lax", (Life,), {"template": migrated_file, "reached": set()})
    with pytest.raises(IntegrityError, match="set no verdict"):
        run_state_machine_as_test(machine, settings=WALK)


def test_the_walk_would_see_a_wrong_transition(
    migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = (status.Status.SUBMITTED, status.Act.RECALL)
    monkeypatch.setitem(status.TRANSITIONS, there, status.Status.PLANNED)
    machine = type("Wrong", (Life,), {"template": migrated_file, "reached": set()})
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=WALK)
