"""Where every use case starts: find and permit, in the transaction that will carry the act.

``reading`` and ``writing`` yield a Case, or raise: NotSignedIn without a live session, NotFound
when the row is not there for this person, NotNow when it is, but not in this state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sdlc_assess import clock
from sdlc_assess.assessment.actor import Actor
from sdlc_assess.assessment.role import (
    EVERY,
    ORGANISATION_PERMISSIONS,
    Action,
    OrganisationAction,
    OrganisationKind,
    Role,
    Side,
)
from sdlc_assess.assessment.status import WORDS, NotNow, Status
from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.library import Library
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Question, Questionnaire
from sdlc_assess.config import Config
from sdlc_assess.errors import AssessError
from sdlc_assess.store import access, accounts
from sdlc_assess.store.database import Database
from sdlc_assess.store.files import Files
from sdlc_assess.store.row import AnyRow

LONGEST_ID = 20


class NotSignedIn(AssessError):
    """You are not signed in, or your session ended. Sign in again; what you typed is kept."""


class NotFound(AssessError):
    """There is nothing here for you."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every use case needs: settings, database, questionnaire library, stored files."""

    config: Config
    database: Database
    library: Library
    files: Files


@dataclass(frozen=True, slots=True)
class Case:
    """One found and permitted assessment, with the transaction and the person who acts on it."""

    desk: Desk
    tx: Connection
    actor: Actor
    row: AnyRow
    now: datetime
    idle_until: datetime

    @property
    def id(self) -> str:
        """The assessment's id."""
        return str(self.row.id)

    @property
    def status(self) -> Status:
        """Where the assessment stands."""
        return Status(self.row.status)

    @property
    def questionnaire(self) -> Questionnaire:
        """The version that the assessment was opened on, for ever."""
        return self.desk.library.questionnaire(self.row.questionnaire)

    @property
    def framework(self) -> Framework:
        """The framework that the questionnaire is bound to."""
        return self.desk.library.framework(self.questionnaire.framework)

    @property
    def profile(self) -> ScoringProfile:
        """The scoring profile that the assessment was opened on."""
        return self.desk.library.profile(self.row.profile)

    @property
    def is_self_assessment(self) -> bool:
        """Whether no assessor is engaged."""
        return self.row.assessor_id is None

    def question(self, id: str) -> Question:
        """Return one question of the questionnaire or raise NotFound."""
        found = self.questionnaire.by_id.get(id)
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True, slots=True)
class Membership:
    """One active membership of the person who is signed in."""

    organisation_id: int
    organisation: str
    kind: OrganisationKind
    role: Role


@dataclass(frozen=True, slots=True)
class Visit:
    """A person who is signed in, outside any one assessment."""

    desk: Desk
    tx: Connection
    person_id: int
    name: str
    email: str
    memberships: tuple[Membership, ...]
    now: datetime
    idle_until: datetime

    def organisations(self, action: OrganisationAction) -> dict[int, str] | None:
        """Return {id: name} of organisations on which ``action`` is allowed; None for all."""
        rule = ORGANISATION_PERMISSIONS[action]
        reach = [(m, rule[m.role]) for m in self.memberships if m.role in rule]
        if any(extent == EVERY for _, extent in reach):
            return None
        return {m.organisation_id: m.organisation for m, _ in reach}

    def permit(self, action: OrganisationAction, organisation_id: int | None = None) -> None:
        """Raise NotFound unless ``action`` is allowed (on that organisation, when one is named)."""
        allowed = self.organisations(action)
        if allowed is None:
            return
        if not allowed or (organisation_id is not None and organisation_id not in allowed):
            raise NotFound

    def roles_in(self, organisation_id: int) -> frozenset[Role]:
        """Return the roles that count for an organisation: those held there, and the operator's."""
        return frozenset(
            m.role
            for m in self.memberships
            if m.organisation_id == organisation_id or m.role is Role.ADMINISTRATOR
        )


def _actor(rows: Sequence[AnyRow]) -> Actor:
    first = rows[0]
    side = Side.VENDOR if first.organisation_id == first.vendor_id else Side.ASSESSOR
    return Actor(
        person_id=first.person_id,
        name=first.person_name,
        email=first.email,
        organisation_id=first.organisation_id,
        organisation=first.vendor_name if side is Side.VENDOR else first.assessor_name,
        roles=frozenset(
            Role(row.role) for row in rows if row.organisation_id == first.organisation_id
        ),
        side=side,
    )


def _found(
    desk: Desk, tx: Connection, token: bytes, id: str, action: Action, *, lock: bool
) -> Case:
    now = clock.now()
    if len(id) > LONGEST_ID or not id.isalnum():  # a NUL would break PostgreSQL's look-up
        id = ""
    rows = access.find(tx, action, token, id, now, lock=lock)
    if not rows:
        _refuse(tx, token, id, action, now)
    return Case(desk, tx, _actor(rows), rows[0], now, rows[0].idle_until)


def _refuse(tx: Connection, token: bytes, id: str, action: Action, now: datetime) -> None:
    """Say which of the three it is; only somebody who may act in another state learns the state."""
    if not access.memberships(tx, token, now):
        raise NotSignedIn
    rows = access.find(tx, action, token, id, now, any_state=True)
    if rows and access.find(tx, Action.VIEW, token, id, now):
        raise NotNow(status=WORDS[Status(rows[0].status)])
    raise NotFound


@contextmanager
def reading(desk: Desk, token: bytes, id: str, action: Action) -> Iterator[Case]:
    """Yield the assessment for a use case that only reads."""
    with desk.database.read() as tx:
        yield _found(desk, tx, token, id, action, lock=False)


@contextmanager
def writing(desk: Desk, token: bytes, id: str, action: Action) -> Iterator[Case]:
    """Yield the assessment for a use case that writes; it commits once, when the block ends."""
    with desk.database.write() as tx:
        yield _found(desk, tx, token, id, action, lock=True)


def _visit(desk: Desk, tx: Connection, token: bytes) -> Visit:
    now = clock.now()
    rows = access.memberships(tx, token, now)
    if not rows:
        raise NotSignedIn
    held = tuple(
        Membership(
            row.organisation_id, row.organisation, OrganisationKind(row.kind), Role(row.role)
        )
        for row in rows
        if row.role is not None
    )
    first = rows[0]
    return Visit(
        desk, tx, first.person_id, first.person_name, first.email, held, now, first.idle_until
    )


@contextmanager
def visiting(desk: Desk, token: bytes, *, write: bool = False) -> Iterator[Visit]:
    """Yield who is signed in; with ``write`` in a transaction that commits at the end."""
    with desk.database.write() if write else desk.database.read() as tx:
        yield _visit(desk, tx, token)


def touch(desk: Desk, token: bytes, idle_until: datetime) -> None:
    """Move the idle end of the session on; called at most once a minute per session."""
    with desk.database.write() as tx:
        accounts.touch_session(tx, token, idle_until)
