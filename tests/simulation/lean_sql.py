"""The server's own statements on SQLite without SQLAlchemy's machinery around each execution.

SQLAlchemy still compiles every statement, so the SQL, the values and their types are those of
production; what is left out is the pool, events, execution contexts and result proxies: four
tenths of a seed's time, and nothing that this world is about. A test lives seeds with and without
this, and they are the same lives.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.simulation.databases import SqliteDatabase
from tests.simulation.lean_plans import DIALECT, Form, plan_of


class LeanDatabase(SqliteDatabase):
    """The same without what SQLAlchemy does around each execution, once a server has started."""

    def __init__(self, before: Callable[[], None]) -> None:
        super().__init__(before)
        self._lean: Any = LeanConnection(self.raw, before)
        self._is_lean = True

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Go through SQLAlchemy: what migrations ask of it is none of our statements."""
        self._is_lean = False
        try:
            yield
        finally:
            self._is_lean = True

    @contextmanager
    def read(self) -> Iterator[Any]:
        """One consistent view."""
        if self._is_lean:
            yield from self._transaction("BEGIN")
        else:
            with super().read() as connection:
                yield connection

    @contextmanager
    def write(self) -> Iterator[Any]:
        """One writing transaction."""
        if self._is_lean:
            yield from self._transaction("BEGIN IMMEDIATE")
        else:
            with super().write() as connection:
                yield connection

    def _transaction(self, opening: str) -> Iterator[Any]:
        self._lean.exec_driver_sql(opening)
        try:
            yield self._lean
        except BaseException:
            self.raw.rollback()
            raise
        self.raw.commit()


class LeanConnection:
    """What the server uses of an SQLAlchemy connection."""

    def __init__(self, raw: sqlite3.Connection, before: Callable[[], None]) -> None:
        self._raw = raw
        self._before = before
        self.dialect = DIALECT

    def exec_driver_sql(self, text: str, values: Sequence[Any] = ()) -> None:
        """Run plain SQL."""
        self._before()
        self._raw.execute(text, values)

    def execute(self, statement: Any, given: Any = None) -> "LeanResult":
        """Run a statement once, or once for each of a list of rows."""
        if isinstance(given, list):
            if len(given) > 1:
                return self._execute_many(statement, given)
            given = given[0]
        plan = plan_of(statement, given or {})
        text, values = plan.bound(given or {})
        self._before()
        return LeanResult(plan.form, self._raw.execute(text, values))

    def _execute_many(self, statement: Any, rows: Sequence[dict[str, Any]]) -> "LeanResult":
        plan = plan_of(statement, rows[0])
        bound = [plan.bound(row) for row in rows]
        self._before()
        values = [values for _, values in bound]
        return LeanResult(plan.form, self._raw.executemany(bound[0][0], values))


class LeanResult:
    """The rows of one execution, all of them read."""

    def __init__(self, form: Form, cursor: sqlite3.Cursor) -> None:
        self.rowcount = cursor.rowcount
        self._rows = form.rows(cursor.fetchall()) if form.make else []

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Return every row."""
        return self._rows

    def first(self) -> Any:
        """Return the first row, None without any."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """Return the only row."""
        (row,) = self._rows
        return row

    def scalar(self) -> Any:
        """Return the first column of the first row."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """Return the first column of the only row."""
        return self.one()[0]

    def scalars(self) -> "LeanResult":
        """Leave only the first column."""
        self._rows = [row[0] for row in self._rows]
        return self
