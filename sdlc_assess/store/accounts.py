"""People, organisations, memberships, sessions and the tokens that go out by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from sdlc_assess.store.row import AnyRow
from sdlc_assess.store.tables import mail_token, membership, organisation, person, session


def add_organisation(connection: Connection, name: str, kind: str, at: datetime) -> int:
    """Add an organisation; return its id."""
    statement = insert(organisation).returning(organisation.c.id)
    row = {"name": name, "kind": kind, "created_at": at}
    return int(connection.execute(statement, row).scalar_one())


def organisation_named(connection: Connection, name: str) -> AnyRow | None:
    """Return the organisation of this exact name."""
    return connection.execute(select(organisation).where(organisation.c.name == name)).one_or_none()


def organisation_by_id(connection: Connection, id: int) -> AnyRow | None:
    """Return one organisation."""
    return connection.execute(select(organisation).where(organisation.c.id == id)).one_or_none()


def organisations(connection: Connection, kind: str | None = None) -> list[AnyRow]:
    """Return all organisations, or those of one kind, by name."""
    statement = select(organisation).order_by(organisation.c.name)
    if kind is not None:
        statement = statement.where(organisation.c.kind == kind)
    return list(connection.execute(statement))


def add_person(
    connection: Connection, email: str, name: str, at: datetime, password_hash: str | None = None
) -> int:
    """Add a person (``email`` in lower case); return the id."""
    row = {"email": email, "name": name, "created_at": at, "password_hash": password_hash}
    return int(connection.execute(insert(person).returning(person.c.id), row).scalar_one())


def person_with_email(connection: Connection, email: str) -> AnyRow | None:
    """Return the person with this address (lower case)."""
    return connection.execute(select(person).where(person.c.email == email)).one_or_none()


def has_people(connection: Connection) -> bool:
    """Tell whether anybody is known yet."""
    return connection.execute(select(person.c.id).limit(1)).first() is not None


def set_password_hash(connection: Connection, person_id: int, password_hash: str) -> None:
    """Replace a person's password hash."""
    connection.execute(
        update(person).where(person.c.id == person_id).values(password_hash=password_hash)
    )


def add_membership(
    connection: Connection,
    person_id: int,
    organisation_id: int,
    role: str,
    state: str,
    at: datetime,
) -> None:
    """Add a membership, or set the state of the one that exists."""
    found = connection.execute(
        update(membership)
        .where(
            membership.c.person_id == person_id,
            membership.c.organisation_id == organisation_id,
            membership.c.role == role,
        )
        .values(state=state, since=at)
    )
    if not found.rowcount:
        connection.execute(
            insert(membership),
            {
                "person_id": person_id,
                "organisation_id": organisation_id,
                "role": role,
                "state": state,
                "since": at,
            },
        )


def people_of(connection: Connection, organisation_id: int) -> list[AnyRow]:
    """Return a row per membership of an organisation, by name."""
    return list(
        connection.execute(
            select(
                membership.c.id,
                membership.c.role,
                membership.c.state,
                membership.c.since,
                person.c.id.label("person_id"),
                person.c.name,
                person.c.email,
            )
            .join(person, person.c.id == membership.c.person_id)
            .where(membership.c.organisation_id == organisation_id)
            .order_by(person.c.name, membership.c.role)
        )
    )


def organisations_of(connection: Connection, person_id: int) -> set[int]:
    """Return the ids of every organisation that a person belongs to, in whatever state."""
    statement = select(membership.c.organisation_id).where(membership.c.person_id == person_id)
    return set(connection.scalars(statement))


def set_membership_state(
    connection: Connection,
    organisation_id: int,
    person_id: int,
    states: Iterable[str],
    to: str,
    at: datetime,
) -> int:
    """Move a person's memberships in an organisation from ``states`` to ``to``; count them."""
    return connection.execute(
        update(membership)
        .where(
            membership.c.organisation_id == organisation_id,
            membership.c.person_id == person_id,
            membership.c.state.in_(list(states)),
        )
        .values(state=to, since=at)
    ).rowcount


def activate_memberships(connection: Connection, person_id: int, at: datetime) -> None:
    """Make every invited membership of a person active."""
    connection.execute(
        update(membership)
        .where(membership.c.person_id == person_id, membership.c.state == "invited")
        .values(state="active", since=at)
    )


def add_session(
    connection: Connection,
    token_hash: bytes,
    person_id: int,
    at: datetime,
    idle_until: datetime,
    absolute_until: datetime,
) -> None:
    """Add a server-side session; only the hash of its token is kept."""
    connection.execute(
        insert(session),
        {
            "token_hash": token_hash,
            "person_id": person_id,
            "created_at": at,
            "idle_until": idle_until,
            "absolute_until": absolute_until,
            "factor_at": at,
        },
    )


def touch_session(connection: Connection, token_hash: bytes, idle_until: datetime) -> None:
    """Move the idle end of a session."""
    connection.execute(
        update(session).where(session.c.token_hash == token_hash).values(idle_until=idle_until)
    )


def end_session(connection: Connection, token_hash: bytes) -> None:
    """End one session."""
    connection.execute(delete(session).where(session.c.token_hash == token_hash))


def end_sessions_of(connection: Connection, person_id: int, keep: bytes | None = None) -> int:
    """End every session of a person, except the one to ``keep``; count them."""
    statement = delete(session).where(session.c.person_id == person_id)
    if keep is not None:
        statement = statement.where(session.c.token_hash != keep)
    return connection.execute(statement).rowcount


def add_mail_token(
    connection: Connection, token_hash: bytes, person_id: int, purpose: str, expires_at: datetime
) -> None:
    """Add a single-use token; earlier ones of the same person and purpose no longer work."""
    connection.execute(
        delete(mail_token).where(
            mail_token.c.person_id == person_id, mail_token.c.purpose == purpose
        )
    )
    connection.execute(
        insert(mail_token),
        {
            "token_hash": token_hash,
            "person_id": person_id,
            "purpose": purpose,
            "expires_at": expires_at,
        },
    )


def mail_token_person(
    connection: Connection, token_hash: bytes, purpose: str, now: datetime
) -> AnyRow | None:
    """Return the person behind an unused, unexpired token."""
    return connection.execute(
        select(person)
        .join(mail_token, mail_token.c.person_id == person.c.id)
        .where(
            mail_token.c.token_hash == token_hash,
            mail_token.c.purpose == purpose,
            mail_token.c.used_at.is_(None),
            mail_token.c.expires_at > now,
            person.c.disabled_at.is_(None),
        )
    ).one_or_none()


def use_mail_token(connection: Connection, token_hash: bytes, at: datetime) -> bool:
    """Use a token up; False when somebody else did in the meantime."""
    return (
        connection.execute(
            update(mail_token)
            .where(mail_token.c.token_hash == token_hash, mail_token.c.used_at.is_(None))
            .values(used_at=at)
        ).rowcount
        == 1
    )
