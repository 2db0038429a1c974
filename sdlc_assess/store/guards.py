"""The guards of the record: triggers from one list, made again after each migration.

Alembic's batch mode drops a table's triggers without a word, so they are never part of a migration:
``install`` runs after every one, and a test compares the live schema with ``statements``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

from sdlc_assess.store import tables
from sdlc_assess.store.columns import metadata

FIELDWORKER = "the person who accepts must have set no verdict here"
OWN_WORK = "nobody reviews an organisation they belong to"
NOT_THE_VENDOR = "only the vendor writes answers"


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: refuse ``operation`` on ``table`` ``when`` (SQL over NEW/OLD; empty: always)."""

    name: str
    table: str
    operation: str
    message: str
    when: str = ""


def guards() -> Iterator[Guard]:
    """Yield every guard of the schema."""
    for table in tables.APPEND_ONLY:
        for operation in ("UPDATE", "DELETE"):
            name = f"keep_{table.name}_{operation.lower()}"
            yield Guard(name, table.name, operation, f"{table.name} is append-only")
    yield Guard("keep_opening_delete", "opening", "DELETE", "an opening is blanked, never deleted")
    blanked = "NOT (NEW.id = OLD.id AND NEW.salt IS NULL AND NEW.text IS NULL)"
    yield Guard("keep_opening_update", "opening", "UPDATE", "an opening is only blanked", blanked)
    yield Guard("separate_acceptance", "acceptance", "INSERT", FIELDWORKER, _SET_A_VERDICT)
    yield Guard("separate_verdict", "verdict", "INSERT", OWN_WORK, _OF_THE_VENDOR)
    yield Guard(
        "separate_answer", "response_revision", "INSERT", NOT_THE_VENDOR, f"NOT ({_OF_THE_VENDOR})"
    )


_SET_A_VERDICT = (
    "EXISTS (SELECT 1 FROM verdict v JOIN response r ON r.id = v.response_id"
    " WHERE r.assessment_id = NEW.assessment_id AND v.author_id = NEW.reviewer_id)"
)
_OF_THE_VENDOR = (
    "EXISTS (SELECT 1 FROM response r JOIN assessment a ON a.id = r.assessment_id"
    " JOIN membership m ON m.organisation_id = a.vendor_id"
    " WHERE r.id = NEW.response_id AND m.person_id = NEW.author_id)"
)


def install(connection: Connection) -> None:
    """Drop and make every guard; an emptied schema (a downgrade) has none."""
    for name, table in sorted(installed(connection)):
        on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
    present = set(inspect(connection).get_table_names())
    if present >= {table.name for table in metadata.sorted_tables}:
        for statement in statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


def installed(connection: Connection) -> set[tuple[str, str]]:
    """Return (trigger, table) of every trigger in the live schema."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE NOT tgisinternal AND n.nspname = current_schema()"
        )
    return {(name, table) for name, table in connection.exec_driver_sql(query)}


def expected(dialect: str) -> set[tuple[str, str]]:
    """Return (trigger, table) of every trigger that must exist."""
    names = {(guard.name, guard.table) for guard in guards()}
    if dialect != "sqlite":
        names |= {(f"keep_{table}_truncate", table) for table in _kept_tables()}
    return names


def _kept_tables() -> list[str]:
    return [*(table.name for table in tables.APPEND_ONLY), "opening"]


def statements(dialect: str) -> Iterator[str]:
    """Yield the SQL that makes every guard in ``dialect`` (sqlite or postgresql)."""
    if dialect == "sqlite":
        for guard in guards():
            when = f" WHEN {guard.when}" if guard.when else ""
            yield (
                f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table}{when}"
                f" BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
            )
        return
    for guard in guards():
        body = (
            f"RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'integrity_constraint_violation';"
        )
        if guard.when:
            body = f"IF {guard.when} THEN {body} END IF;"
        result = "OLD" if guard.operation == "DELETE" else "NEW"
        yield _function(guard.name, f"{body} RETURN {result};")
        yield (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table}"
            f" FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
        )
    for table in _kept_tables():
        name = f"keep_{table}_truncate"
        yield _function(name, f"RAISE EXCEPTION '{table} is append-only'; RETURN NULL;")
        yield (
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        f" AS $guard$ BEGIN {body} END $guard$"
    )
