"""Statements of the hot path: built with Core, compiled once, run by the driver.

Core compiles from its cache at each call and makes a result with types anew, which costs two to
three times what the statement itself does. A save has seven statements and a page has two, so these
go this way (docs/decisions/0004).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect, Select, exc
from sqlalchemy.sql.compiler import Compiled
from sqlalchemy.sql.dml import UpdateBase

from sdlc_assess.store.row import AnyRow

Form = tuple[str, Callable[[Mapping[str, Any]], Any]]
"""The SQL text of one kind of database, and what turns named values into its parameters."""

Turn: TypeAlias = Callable[[Any], Any] | None
"""What turns a value on its way to or from the driver; None where it stays as it is."""


class Prepared:
    """One writing statement; every value it takes is a named bind parameter."""

    def __init__(self, statement: UpdateBase) -> None:
        """Keep ``statement``; it is compiled when a kind of database first runs it."""
        self._statement = statement
        self._forms: dict[str, Form] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run the statement with ``values`` by name; count the rows it wrote."""
        text, filled = self._form(connection)
        if connection.dialect.name != "sqlite":
            return connection.exec_driver_sql(text, filled(values)).rowcount
        with _driven(connection, text, filled(values)) as cursor:
            return int(cursor.rowcount)

    def one(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Run the statement with ``values`` by name; return the one value it returns."""
        text, filled = self._form(connection)
        if connection.dialect.name != "sqlite":
            return connection.exec_driver_sql(text, filled(values)).scalar_one()
        with _driven(connection, text, filled(values)) as cursor:
            ((value,),) = cursor.fetchall()
            return value

    def _form(self, connection: Connection) -> Form:
        form = self._forms.get(connection.dialect.name)
        if form is None:
            dialect = connection.dialect
            form = self._forms[dialect.name] = _form(
                self._statement.compile(dialect=dialect), dialect
            )
        return form


class PreparedRead:
    """One reading statement; its rows are named tuples with the values of each column's type."""

    def __init__(self, statement: Select[Any], *, kept: int = 0) -> None:
        """Keep ``statement``; it is compiled when a kind of database first runs it.

        With ``kept`` so many rows are made once and given again while the driver's values are the
        same; only for columns whose values nobody can change, so not for JSON.
        """
        self._statement, self._kept = statement, kept
        self._forms: dict[str, tuple[Form, Callable[[Any], Any]]] = {}

    def all(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[AnyRow]:
        """Return every row that the statement finds with ``values`` by name."""
        found = self._forms.get(connection.dialect.name)
        if found is None:
            dialect = connection.dialect
            form = _form(self._statement.compile(dialect=dialect), dialect)
            found = self._forms[dialect.name] = form, self._turned(dialect)
        (text, filled), turned = found
        if connection.dialect.name != "sqlite":
            return [turned(row) for row in connection.exec_driver_sql(text, filled(values)).all()]
        with _driven(connection, text, filled(values)) as cursor:
            return [turned(row) for row in cursor.fetchall()]

    def _turned(self, dialect: Dialect) -> Callable[[Sequence[Any]], Any]:
        """Return what makes a row of what the driver gave."""
        columns = self._statement.selected_columns
        kind = namedtuple("Found", columns.keys())  # type: ignore[misc]
        turns: list[tuple[int, Any]] = []
        for place, column in enumerate(columns):
            turn: Turn = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if turn is not None:
                turns.append((place, turn))

        def turned(row: Sequence[Any]) -> Any:
            values = list(row)
            for place, turn in turns:
                values[place] = turn(values[place])
            return kind._make(values)

        return lru_cache(self._kept)(turned) if self._kept else turned


@contextmanager
def _driven(connection: Connection, text: str, values: Any) -> Iterator[Any]:
    """Run a statement by SQLite's driver; give its cursor. SQLAlchemy's listeners are told of it.

    For a text SQLAlchemy describes the result's columns anew at each call, which takes three times
    as long as a look-up. Its errors stay SQLAlchemy's: whoever waits for those need not know.
    """
    cursor = connection.connection.cursor()
    try:
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, text, values, None, False)
        yield cursor.execute(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise exc.DBAPIError.instance(
            text, values, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
        ) from error
    finally:
        cursor.close()


def _form(compiled: Compiled, dialect: Dialect) -> Form:
    binds: Mapping[str, Any] = getattr(compiled, "binds", {})
    turns: dict[str, Turn] = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for name, bind in binds.items()
    }
    # values that the statement itself compares with, like a state
    own = {name: bind.value for name, bind in binds.items() if not bind.required}
    names = getattr(compiled, "positiontup", None)
    order = [(name, turns[name]) for name in (binds if names is None else names)]

    def by_place(values: Mapping[str, Any]) -> Any:
        values = {**own, **values}
        return tuple([values[name] if turn is None else turn(values[name]) for name, turn in order])

    def by_name(values: Mapping[str, Any]) -> Any:
        return dict(zip(binds, by_place(values), strict=True))

    return str(compiled), by_name if names is None else by_place
