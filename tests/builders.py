"""Builders with sane defaults: organisations and people, and assessments in any state."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta

from sdlc_assess import clock
from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.review import Conclusion, Verdict, VerdictOutcome
from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Status
from sdlc_assess.services import answers, assessments, reviews, sessions, submission
from sdlc_assess.services import desk as desks
from sdlc_assess.services.assessments import Terms
from sdlc_assess.services.desk import Case, Desk, Visit
from sdlc_assess.store import accounts

ORGANISATIONS = {
    "Northwind": "vendor",
    "Halden": "assessor",
    "Contoso": "vendor",
    "Fjord": "assessor",
    "Operator": "operator",
}

CAST = {
    # name: (organisation, role); the second of each role belongs to the other tenant
    "alice": ("Northwind", "lead"),
    "bob": ("Northwind", "contributor"),
    "dana": ("Northwind", "executive"),
    "charlie": ("Halden", "assessor"),
    "erin": ("Halden", "technical_reviewer"),
    "frank": ("Halden", "signing_assessor"),
    "other_lead": ("Contoso", "lead"),
    "other_contributor": ("Contoso", "contributor"),
    "other_executive": ("Contoso", "executive"),
    "other_assessor": ("Fjord", "assessor"),
    "other_reviewer": ("Fjord", "technical_reviewer"),
    "other_signer": ("Fjord", "signing_assessor"),
    "grace": ("Operator", "administrator"),
}


@dataclass
class World:
    """A desk with the cast: raw session tokens, person ids and organisation ids by name."""

    desk: Desk
    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)

    def token(self, name: str) -> bytes:
        return sessions.token_hash(self.tokens[name])

    def reading(self, name: str, id: str, action: Action) -> AbstractContextManager[Case]:
        return desks.reading(self.desk, self.token(name), id, action)

    def writing(self, name: str, id: str, action: Action) -> AbstractContextManager[Case]:
        return desks.writing(self.desk, self.token(name), id, action)

    def visiting(self, name: str, *, write: bool = False) -> AbstractContextManager[Visit]:
        return desks.visiting(self.desk, self.token(name), write=write)


def a_world(desk: Desk) -> World:
    """Make organisations, people and a session each."""
    world, now = World(desk), clock.now()
    with desk.database.write() as tx:
        for name, kind in ORGANISATIONS.items():
            world.organisations[name] = accounts.add_organisation(tx, name, kind, now)
        for name, (organisation, role) in CAST.items():
            id = accounts.add_person(tx, f"{name}@example.org", name.title(), now)
            accounts.add_membership(tx, id, world.organisations[organisation], role, "active", now)
            world.people[name], world.tokens[name] = id, f"token-of-{name}"
            accounts.add_session(
                tx,
                world.token(name),
                id,
                now,
                now + timedelta(minutes=30),
                now + timedelta(hours=12),
            )
    return world


def terms(**changes: object) -> Terms:
    """Sane terms."""
    values: dict[str, object] = {
        "target": "Sentry",
        "target_version": "1.0",
        "units": (),
        "period_from": None,
        "period_to": None,
        "goal": "3",
        "scope": "The agent and its update service.",
    }
    return Terms(**(values | changes))  # type: ignore[arg-type]


def an_assessment(
    world: World,
    status: Status = Status.DRAFT,
    *,
    units: tuple[str, ...] = (),
    independent: bool = True,
    target: str = "Sentry",
) -> str:
    """Open an assessment of Northwind by Halden and bring it to ``status`` by the real acts."""
    with world.visiting("alice", write=True) as visit:
        id = assessments.create(
            visit,
            world.organisations["Northwind"],
            world.organisations["Halden"] if independent else None,
            "ssdf@1.0.0",
            terms(units=units, target=target),
        )
    steps = STEPS if independent else []
    for reached, step in steps:
        if status is Status.PLANNED:
            break
        step(world, id)
        if reached is status:
            break
    return id


def agree(world: World, id: str) -> None:
    with world.writing("charlie", id, Action.AGREE) as case:
        assessments.agree(case)


def answer(
    world: World,
    id: str,
    question: str,
    option: str | None,
    *,
    by: str = "alice",
    unit: str = "",
    version: int | None = None,
    text: str = "As the record shows.",
) -> answers.Saved:
    """Save one answer on the version that stands (or on ``version``)."""
    with world.writing(by, id, Action.ANSWER) as case:
        if version is None:
            version = next(
                row.version
                for row in answers.load(case)
                if row.question_id == question and row.unit == unit
            )
        given = Answer(option, text, "It does not exist here." if option == "na" else "")
        return answers.save(case, question, unit, given, version)


def submit(world: World, id: str) -> None:
    with world.writing("alice", id, Action.SUBMIT) as case:
        submission.submit(case, "Not all is known yet.")


def fill_and_submit(world: World, id: str) -> None:
    for number, question in enumerate(first_questions(world, 6)):
        answer(world, id, question, str(number % 5))
    submit(world, id)


def first_questions(world: World, count: int) -> list[str]:
    return list(world.desk.library.questionnaire("ssdf@1.0.0").by_id)[:count]


def open_review(world: World, id: str) -> None:
    with world.writing("charlie", id, Action.OPEN) as case:
        reviews.open_review(case, reviews.INDEPENDENCE)


def not_examined(world: World, id: str) -> None:
    """Set the plainest verdict on whatever still waits for one."""
    with world.writing("charlie", id, Action.SET_VERDICT) as case:
        for item in reviews.items(case):
            if item.is_waiting:
                last = 0 if item.verdict is None else item.verdict.number
                verdict = Verdict(VerdictOutcome.NOT_EXAMINED, reason="Outside the sample.")
                place = (item.row.question_id, item.row.unit)
                reviews.set_verdict(case, *place, verdict, item.row.version, last)


def return_first(world: World, id: str) -> None:
    with world.writing("charlie", id, Action.RETURN) as case:
        first = reviews.items(case)[0]
        reviews.return_to_vendor(case, {first.row.id: "Which unit is meant?"})


def answer_return(world: World, id: str) -> None:
    with world.reading("alice", id, Action.READ_ANSWERS) as case:
        row = next(row for row in answers.load(case) if row.is_returned)
    answer(world, id, row.question_id, "1", text="The agent's own repository.")
    submit(world, id)


def represent(world: World, id: str) -> None:
    with world.writing("dana", id, Action.REPRESENT) as case:
        submission.represent(case)


def conclude(world: World, id: str) -> None:
    with world.writing("charlie", id, Action.CONCLUDE) as case:
        _, version = reviews.conclusion(case)
        reviews.conclude(case, Conclusion("qualified", "Fair, except for what is named."), version)


def accept(world: World, id: str) -> None:
    with world.writing("erin", id, Action.ACCEPT) as case:
        reviews.accept(case)


def to_accepted(world: World, id: str) -> None:
    answer_return(world, id)
    not_examined(world, id)
    represent(world, id)
    conclude(world, id)
    accept(world, id)


STEPS = [
    (Status.DRAFT, agree),
    (Status.SUBMITTED, fill_and_submit),
    (Status.IN_REVIEW, open_review),
    (Status.RETURNED, return_first),
    (Status.ACCEPTED, to_accepted),
]
