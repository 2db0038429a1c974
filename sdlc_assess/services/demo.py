"""The demo story: a vendor with two products, an assessor, one accepted year and one in review.

It is told in ``demo_story.yaml`` and played through the same use cases that people use, on the days
the story says, so that everything it leaves behind is as real as any other record.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from sdlc_assess import clock
from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.review import Conclusion, Verdict, VerdictOutcome
from sdlc_assess.assessment.role import Action
from sdlc_assess.errors import AssessError
from sdlc_assess.services import answers, assessments, reviews, sessions, submission
from sdlc_assess.services.assessments import Terms
from sdlc_assess.services.desk import Case, Desk, reading, visiting, writing
from sdlc_assess.store import accounts

STORY = Path(__file__).with_name("demo_story.yaml")
FRIDAY = 4
ANSWERS_A_DAY = VERDICTS_A_DAY = 5
MINUTES_PER_ACT = timedelta(minutes=7)


class NotEmpty(AssessError):
    """The instance already has people, so the demo story was not added. Nothing was changed: use an
    empty SDLC_DATA_DIR for it."""


class NotHere(AssessError):
    """The demo story brings accounts with known roles, so it is never played in production."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the story, with the password that lets a visitor in."""

    name: str
    email: str
    role: str
    organisation: str
    password: str


def is_empty(desk: Desk) -> bool:
    """Tell whether nobody is known yet."""
    with desk.database.read() as tx:
        return not accounts.has_people(tx)


def sign_ins(people: list[Person]) -> str:
    """Return the sign-ins as lines for a console."""
    lines = ["Sign in as one of the demo story (all share one password):"]
    lines += [f"  {p.email:<34} {p.role.replace('_', ' ')}, {p.organisation}" for p in people]
    return "\n".join([*lines, f"  password: {people[0].password}"])


def _password_file(desk: Desk) -> Path:
    return desk.config.data_dir / "secrets" / "demo_password"


def _password(desk: Desk) -> str:
    """Return this instance's own demo password, made on first use, readable by its owner alone."""
    path = _password_file(desk)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def story() -> Mapping[str, Any]:
    """Return the story as data."""
    told: Mapping[str, Any] = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    return told


def _people(desk: Desk, told: Mapping[str, Any]) -> list[Person]:
    password = _password(desk)
    return [
        Person(p["name"], p["email"], p["role"], p["organisation"], password)
        for p in told["people"]
    ]


def known(desk: Desk) -> list[Person]:
    """Return the story's people when this instance plays it; none otherwise."""
    if not _password_file(desk).exists():
        return []
    people = _people(desk, story())
    with desk.database.read() as tx:
        return people if accounts.person_with_email(tx, people[0].email) is not None else []


def fill(desk: Desk) -> list[Person]:
    """Play the story into an empty instance; return its people."""
    if desk.config.production:
        raise NotHere
    if not is_empty(desk):
        raise NotEmpty
    told = story()
    people = _people(desk, told)
    begins = _morning(min(a["opened"] for a in told["assessments"])) - timedelta(days=30)
    with clock.held_at(begins):
        ids = _settle(desk, told, people)
    for chapter in told["assessments"]:
        _Chapter(desk, chapter, ids).play()
    return people


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


def _working_days_after(day: date, count: int) -> date:
    """Return the day ``count`` working days after ``day``; nobody works on the weekend."""
    for _ in range(count):
        day += timedelta(days=1 if day.weekday() < FRIDAY else 7 - day.weekday())
    return day


def _settle(desk: Desk, told: Mapping[str, Any], people: list[Person]) -> dict[str, int]:
    """Make organisations and people; return {first name: person id}."""
    hashed = sessions.hash_password(people[0].password)
    now, found = clock.now(), {}
    with desk.database.write() as tx:
        organisations = {
            o["name"]: accounts.add_organisation(tx, o["name"], o["kind"], now)
            for o in told["organisations"]
        }
        for person in people:
            id = accounts.add_person(tx, person.email, person.name, now, hashed)
            belongs = organisations[person.organisation]
            accounts.add_membership(tx, id, belongs, person.role, "active", now)
            found[person.name] = id
    return found


class _Chapter:
    """One assessment of the story, from the first day to where the story leaves it."""

    def __init__(self, desk: Desk, told: Mapping[str, Any], people: Mapping[str, int]) -> None:
        self.desk, self.told, self.people = desk, told, people
        self.id = ""
        self.last = _morning(told["opened"])

    def _moment(self, day: date) -> datetime:
        """Return the next moment of ``day``: nobody does everything on the stroke of eight."""
        self.last = max(_morning(day), self.last) + MINUTES_PER_ACT
        return self.last

    @contextmanager
    def _as(self, name: str, day: date) -> Iterator[bytes]:
        """Give a session of ``name`` that lives for one act on ``day``."""
        secret = secrets.token_urlsafe(16)
        with clock.held_at(self._moment(day)):
            with self.desk.database.write() as tx:
                sessions.open_session(tx, self.people[name], secret, clock.now())
            yield sessions.token_hash(secret)
            with self.desk.database.write() as tx:
                accounts.end_session(tx, sessions.token_hash(secret))

    @contextmanager
    def _acting(self, name: str, day: date, action: Action) -> Iterator[Case]:
        with (
            self._as(name, day) as token,
            writing(self.desk, token, self.id, action) as case,
        ):
            yield case

    def play(self) -> None:
        """Play every act that the story tells, in order."""
        told = self.told
        self._open()
        for delegated, name in told.get("delegated", {}).items():
            with self._acting(told["lead"], told["agreed"], Action.ASSIGN) as case:
                answers.assign(case, delegated, self.people[name])
        for number, (question, given) in enumerate(told["answers"].items()):
            day = _working_days_after(told["agreed"], 1 + number // ANSWERS_A_DAY)
            self._answer(question, given, day)
        if "submitted" not in told:
            return
        with self._acting(told["lead"], told["submitted"], Action.SUBMIT) as case:
            submission.submit(case, told.get("gaps", ""))
        if "review" in told:
            self._review(told["review"])

    def _open(self) -> None:
        told = self.told
        with (
            self._as(told["lead"], told["opened"]) as token,
            visiting(self.desk, token, write=True) as visit,
        ):
            vendor = visit.memberships[0].organisation_id
            assessor = accounts.organisation_named(visit.tx, told["assessor"])
            terms = Terms(
                told["target"],
                told["version"],
                tuple(told.get("units", ())),
                told["period"]["from"],
                told["period"]["to"],
                told.get("goal", "3"),
                told["scope"],
                told.get("exclusions", ""),
                assessments.default_requests(
                    visit.desk.library.questionnaire(told["questionnaire"])
                ),
            )
            self.id = assessments.create(
                visit, vendor, assessor.id if assessor else None, told["questionnaire"], terms
            )
        with self._acting(told["examiner"], told["agreed"], Action.AGREE) as case:
            assessments.agree(case)

    def _answer(self, question: str, given: Mapping[str, Any], day: date) -> None:
        told = self.told
        by = told.get("delegated", {}).get(question, told["lead"])
        if "units" in given:
            with self._acting(told["lead"], day, Action.ASSIGN) as case:
                answers.answer_by_unit(case, question, True)
                answers.assign(case, question, self.people[by])
        for unit, said in given.get("units", {"": given}).items():
            with self._acting(by, day, Action.ANSWER) as case:
                answers.save(case, question, unit, _answer_of(case, question, said), 0)

    def _review(self, told: Mapping[str, Any]) -> None:
        examiner = self.told["examiner"]
        with self._acting(examiner, told["opened"], Action.OPEN) as case:
            reviews.open_review(case, reviews.INDEPENDENCE)
        self._set_verdicts(told, examiner)
        if "represented" in told:
            with self._acting(
                self.told["executive"], told["represented"], Action.REPRESENT
            ) as case:
                submission.represent(case)
        if "conclusion" in told:
            with self._acting(examiner, told["concluded"], Action.CONCLUDE) as case:
                reviews.conclude(case, Conclusion(**told["conclusion"]), 0)
        if "accepted" in told:
            with self._acting(self.told["reviewer"], told["accepted"], Action.ACCEPT) as case:
                reviews.accept(case)

    def _set_verdicts(self, told: Mapping[str, Any], examiner: str) -> None:
        with (
            self._as(examiner, told["examined"]) as token,
            reading(self.desk, token, self.id, Action.READ_REVIEW) as case,
        ):
            found = reviews.items(case)
        by_number = list(told["verdicts"])
        for item in found:
            place = (item.row.question_id, item.row.unit)
            said = told["verdicts"].get(place[0])
            if said is None:
                continue
            said = said.get("units", {}).get(place[1], said)
            after = by_number.index(place[0]) // VERDICTS_A_DAY
            day = _working_days_after(told["examined"], after)
            with self._acting(examiner, day, Action.SET_VERDICT) as case:
                reviews.set_verdict(case, *place, _verdict_of(said), item.row.version, 0)


def _answer_of(case: Case, question: str, said: Mapping[str, Any]) -> Answer:
    """Turn a story's answer into a typed one, its option's facts and those below ticked."""
    option = said.get("answer")
    asked = case.question(question)
    ticked = tuple(
        f"{o.id}.{i}"
        for o in asked.options[1:]
        for i in range(len(o.facts))
        if option != "na" and option is not None and o.id <= option
    )
    return Answer(option, said.get("justification", ""), said.get("na_reason", ""), ticked)


def _verdict_of(said: Mapping[str, Any]) -> Verdict:
    return Verdict(
        VerdictOutcome(said["outcome"]),
        said.get("option"),
        said.get("failing_fact", ""),
        said.get("looked_at", ""),
        said.get("reason", ""),
        said.get("remark", ""),
    )
