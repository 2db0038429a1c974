"""Writing and reading the record: openings, events, ledger entries and snapshots."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exc, insert, select

from sdlc_assess.assessment.snapshot import Snapshot
from sdlc_assess.errors import AssessError
from sdlc_assess.ledger.canonical import canonical
from sdlc_assess.ledger.salted_digest import fresh_salt
from sdlc_assess.store.prepared import Prepared
from sdlc_assess.store.row import AnyRow
from sdlc_assess.store.tables import (
    event_table,
    ledger_entry,
    opening,
    snapshot,
    snapshot_part,
)


class KeyReused(AssessError):
    """This save came under the key of another one that was already taken. Nothing was changed; what
    you typed is still in the form: change a word, and it is saved anew."""


_ADD_OPENING = Prepared(
    insert(opening).values(salt=bindparam("salt"), text=bindparam("text")).returning(opening.c.id)
)
_ADD_EVENT = Prepared(
    insert(event_table).values({c.name: bindparam(c.name) for c in event_table.c if c.name != "id"})
)


def add_opening(connection: Connection, value: Any, salt: bytes | None = None) -> tuple[int, bytes]:
    """Store ``value`` with a salt; return the opening's id and the salted digest over both."""
    salt = fresh_salt() if salt is None else salt
    body = canonical(value)
    id = _ADD_OPENING.one(connection, {"salt": salt, "text": body.decode()})
    return id, hashlib.sha256(salt + body).digest()


def add_event(
    connection: Connection,
    at: datetime,
    kind: str,
    *,
    actor_id: int | None = None,
    organisation_id: int | None = None,
    assessment_id: str | None = None,
    subject: str = "",
    detail: Any = None,
    idempotency_key: str | None = None,
) -> None:
    """Add the audit row of one act: who, what, when, always in the act's own transaction.

    Raises KeyReused when the assessment already has an act under ``idempotency_key``.
    """
    opening_id = None if detail is None else add_opening(connection, detail)[0]
    row = {
        "at": at,
        "kind": kind,
        "actor_id": actor_id,
        "organisation_id": organisation_id,
        "assessment_id": assessment_id,
        "subject": subject,
        "opening_id": opening_id,
        "idempotency_key": idempotency_key,
    }
    try:
        _ADD_EVENT.run(connection, row)
    except exc.IntegrityError as error:
        if idempotency_key is None or "idempotency_key" not in str(error.orig):
            raise
        raise KeyReused from error


def add_ledger_entry(connection: Connection, at: datetime, kind: str, value: Any) -> None:
    """Add an entry on which outsiders rely; the tree over these entries comes later."""
    opening_id, digest = add_opening(connection, value)
    connection.execute(
        insert(ledger_entry), {"at": at, "kind": kind, "digest": digest, "opening_id": opening_id}
    )


def add_snapshot(
    connection: Connection,
    assessment_id: str,
    state: str,
    author_id: int,
    at: datetime,
    frozen: Snapshot,
    number: int,
) -> int:
    """Store ``frozen``, a part a row, each with an opening of its own; return the snapshot's id."""
    statement = insert(snapshot).returning(snapshot.c.id)
    id: int = connection.execute(
        statement,
        {
            "assessment_id": assessment_id,
            "number": number,
            "state": state,
            "digest": frozen.digest,
            "author_id": author_id,
            "at": at,
        },
    ).scalar_one()
    rows = []
    for part in frozen.parts:
        opening_id, digest = add_opening(connection, part.value, part.salt)
        rows.append(
            {"snapshot_id": id, "name": part.name, "digest": digest, "opening_id": opening_id}
        )
    connection.execute(insert(snapshot_part), rows)
    return id


def snapshots(connection: Connection, assessment_id: str) -> list[AnyRow]:
    """Return the assessment's snapshots, oldest first."""
    statement = (
        select(snapshot)
        .where(snapshot.c.assessment_id == assessment_id)
        .order_by(snapshot.c.number)
    )
    return list(connection.execute(statement))


def read_snapshot(connection: Connection, snapshot_id: int) -> dict[str, Any]:
    """Return a stored snapshot as reports take it; a part that was erased is None."""
    digest = connection.execute(
        select(snapshot.c.digest).where(snapshot.c.id == snapshot_id)
    ).scalar_one()
    parts = connection.execute(
        select(snapshot_part.c.name, opening.c.text)
        .join(opening, opening.c.id == snapshot_part.c.opening_id)
        .where(snapshot_part.c.snapshot_id == snapshot_id)
    )
    return {
        "digest": digest,
        "parts": {name: None if text is None else json.loads(text) for name, text in parts},
    }


def verify_snapshot(connection: Connection, snapshot_id: int) -> Mapping[str, bool]:
    """Return for each part whether its stored salt and text still open its digest."""
    rows = connection.execute(
        select(snapshot_part.c.name, snapshot_part.c.digest, opening.c.salt, opening.c.text)
        .join(opening, opening.c.id == snapshot_part.c.opening_id)
        .where(snapshot_part.c.snapshot_id == snapshot_id)
    )
    return {
        name: text is not None and hashlib.sha256(salt + text.encode()).digest() == digest
        for name, digest, salt, text in rows
    }


def erase_opening(connection: Connection, opening_id: int) -> None:
    """Blank one opening: its text and salt are gone, and every digest over them still stands."""
    connection.execute(
        opening.update().where(opening.c.id == opening_id).values(salt=None, text=None)
    )
