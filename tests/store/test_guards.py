"""Append-only rows can't be changed by any statement, and the live schema has every guard."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, exc, insert, text

from sdlc_assess.assessment.status import Status
from sdlc_assess.store import guards, migrate, records, tables
from sdlc_assess.store.database import Database
from tests.builders import World, an_assessment


def test_the_live_schema_has_exactly_the_listed_triggers(database: Database) -> None:
    with database.read() as tx:
        assert guards.installed(tx) == guards.expected(tx.dialect.name)


def test_the_comparison_would_see_a_lost_trigger(database: Database) -> None:
    with database.write() as tx:
        on = "" if database.is_sqlite else " ON event"
        tx.exec_driver_sql(f"DROP TRIGGER keep_event_update{on}")
        assert guards.installed(tx) != guards.expected(tx.dialect.name)
        guards.install(tx)
        assert guards.installed(tx) == guards.expected(tx.dialect.name)


@pytest.fixture
def accepted(world: World) -> World:
    """A world whose record has at least one row of every append-only table."""
    an_assessment(world, Status.ACCEPTED)
    return world


def test_no_statement_changes_a_recorded_row(accepted: World) -> None:
    database, tried = accepted.desk.database, 0
    for table in [t.name for t in tables.APPEND_ONLY] + ["opening"]:
        before = _rows(database, table)
        assert before, f"the story left no row in {table}, so this test would prove nothing"
        for statement in ("update", "delete", "replace", "truncate"):
            sql = _attack(database, table, statement)
            if sql is None:
                continue
            with pytest.raises(exc.DBAPIError, match=r"append-only|blanked"):
                _run_sql(database, sql)
            assert _rows(database, table) == before, (table, statement)
            tried += 1
    assert tried == 3 * (len(tables.APPEND_ONLY) + 1)


def _run_sql(database: Database, sql: str) -> None:
    with database.write() as tx:
        tx.exec_driver_sql(sql)


def _attack(database: Database, table: str, statement: str) -> str | None:
    column = tables.metadata.tables[table].columns.keys()[-1]
    match statement:
        case "update":
            return f"UPDATE {table} SET {column} = {column}"
        case "delete":
            return f"DELETE FROM {table}"
        case "replace":
            return (
                f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
                if (database.is_sqlite)
                else None
            )
        case _:
            return None if database.is_sqlite else f"TRUNCATE {table} CASCADE"


def _rows(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.read() as tx:
        return sorted((tuple(r) for r in tx.execute(text(f"SELECT * FROM {table}"))), key=repr)


def test_an_opening_can_be_blanked_and_nothing_else(database: Database) -> None:
    with database.write() as tx:
        id, digest = records.add_opening(tx, {"justification": "Bob's home address"})
    assert len(digest) == 32
    with pytest.raises(exc.DBAPIError), database.write() as tx:
        tx.execute(text("UPDATE opening SET text = 'other' WHERE id = :id"), {"id": id})
    with database.write() as tx:
        records.erase_opening(tx, id)
    with database.read() as tx:
        row = tx.execute(text("SELECT salt, text FROM opening WHERE id = :id"), {"id": id}).one()
    assert tuple(row) == (None, None)


def test_an_erased_part_leaves_the_rest_of_a_snapshot_provable(accepted: World) -> None:
    with accepted.desk.database.write() as tx:
        snapshot = tx.execute(text("SELECT max(id) FROM snapshot")).scalar_one()
        assert all(records.verify_snapshot(tx, snapshot).values())
        opening = tx.execute(
            text("SELECT opening_id FROM snapshot_part WHERE snapshot_id = :s AND name = 'basis'"),
            {"s": snapshot},
        ).scalar_one()
        digest = records.read_snapshot(tx, snapshot)["digest"]
        records.erase_opening(tx, opening)
        opened = records.verify_snapshot(tx, snapshot)
        assert [name for name, ok in opened.items() if not ok] == ["basis"]
        assert records.read_snapshot(tx, snapshot)["digest"] == digest
        assert records.read_snapshot(tx, snapshot)["parts"]["basis"] is None


def test_the_database_itself_refuses_the_acceptance_of_a_verdict_setter(world: World) -> None:
    id = an_assessment(world, Status.ACCEPTED)
    with world.desk.database.read() as tx:
        snapshot = tx.execute(text("SELECT max(id) FROM snapshot")).scalar_one()
    row = {"assessment_id": id, "snapshot_id": snapshot, "at": 0}
    with pytest.raises(exc.DBAPIError, match="set no verdict"):
        _insert(world, "acceptance", {**row, "reviewer_id": world.people["charlie"]})


def test_the_database_itself_refuses_the_vendors_own_verdict(world: World) -> None:
    an_assessment(world, Status.IN_REVIEW)
    with pytest.raises(exc.DBAPIError, match="they belong to"):
        _insert(world, "verdict", {**_a_verdict(world), "author_id": world.people["alice"]})


def test_the_database_itself_refuses_an_assessors_answer(world: World) -> None:
    an_assessment(world, Status.IN_REVIEW)
    verdict = _a_verdict(world)
    row = {
        "response_id": verdict["response_id"],
        "number": 99,
        "digest": bytes(32),
        "opening_id": verdict["opening_id"],
        "at": 0,
        "author_id": world.people["charlie"],
    }
    with pytest.raises(exc.DBAPIError, match="only the vendor"):
        _insert(world, "response_revision", row)


def _a_verdict(world: World) -> dict[str, object]:
    with world.desk.database.read() as tx:
        response = tx.execute(text("SELECT min(id) FROM response")).scalar_one()
        opening = tx.execute(text("SELECT min(id) FROM opening")).scalar_one()
    return {
        "response_id": response,
        "number": 1,
        "revision": 1,
        "outcome": "agree",
        "failing_fact": "",
        "digest": bytes(32),
        "opening_id": opening,
        "at": 0,
    }


def _insert(world: World, table: str, row: dict[str, object]) -> None:
    from datetime import UTC, datetime

    with world.desk.database.write() as tx:
        values = {**row, "at": datetime(2026, 1, 1, tzinfo=UTC)}
        _run(tx, table, values)


def _run(tx: Connection, table: str, values: dict[str, object]) -> None:
    tx.execute(insert(tables.metadata.tables[table]), values)


def test_one_organisation_is_never_both_sides(world: World) -> None:
    id = an_assessment(world)
    with pytest.raises(exc.IntegrityError), world.desk.database.write() as tx:
        tx.execute(text("UPDATE assessment SET assessor_id = vendor_id WHERE id = :i"), {"i": id})


def test_the_migrated_schema_is_the_one_in_the_code(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
    assert migrate.current(database) == migrate.head()
