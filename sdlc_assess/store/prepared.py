"""Statements of the hot path: built with Core, compiled once, run by the driver.

Core compiles from its cache at each call, which costs two to three times what the statement itself
does. A save has seven statements, so the ones that write go this way (docs/decisions/0004).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.sql.dml import UpdateBase

Form = tuple[str, Callable[[Mapping[str, Any]], Any]]
"""The SQL text of one kind of database, and what turns named values into its parameters."""


class Prepared:
    """One writing statement; every value it takes is a named bind parameter."""

    def __init__(self, statement: UpdateBase) -> None:
        """Keep ``statement``; it is compiled when a kind of database first runs it."""
        self._statement = statement
        self._forms: dict[str, Form] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Run the statement with ``values`` by name."""
        form = self._forms.get(connection.dialect.name)
        if form is None:
            form = self._forms[connection.dialect.name] = self._compile(connection.dialect)
        text, filled = form
        return connection.exec_driver_sql(text, filled(values))

    def _compile(self, dialect: Dialect) -> Form:
        compiled = self._statement.compile(dialect=dialect)
        binds: Mapping[str, Any] = getattr(compiled, "binds", {})
        turns = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in binds.items()
        }
        names = getattr(compiled, "positiontup", None)
        if names is not None:
            order = [(name, turns[name]) for name in names]
            return str(compiled), lambda values: tuple(
                [values[name] if turn is None else turn(values[name]) for name, turn in order]
            )
        return str(compiled), lambda values: {
            name: values[name] if turn is None else turn(values[name])
            for name, turn in turns.items()
        }
