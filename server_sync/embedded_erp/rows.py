"""Writing single rows, and translating what the database refuses."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.errors import ErpError, database_failure, html_failure, message
from server_sync.embedded_erp.faults import Fault
from server_sync.embedded_erp.forms import Form, quoted
from server_sync.embedded_erp.meta import Row, Value
from server_sync.embedded_erp.values import BadTime, bad_time

_CONSTRAINT = re.compile(r"UNIQUE constraint failed: tab(.+)\.(\w+)$")


def row_values(call: Call, form: Form, row: Row) -> list[Value]:
    """The row in column order, in stored forms. Raises ErpError 500 for what cannot be stored."""
    return [stored_value(call, form, column, row[column]) for column in form.columns]


def stored_value(call: Call, form: Form, column: str, value: Value) -> Value:
    """One value in its stored form."""
    store = form.stores.get(column)
    if store is None:
        return value
    try:
        stored = store(value)
    except BadTime as error:
        raise bad_time(form.fields[column], value, call.site.flavour) from error
    if type(stored) is str:
        if "\0" in stored and call.site.flavour == "postgres":
            text = "A string literal cannot contain NUL (0x00) characters."
            raise database_failure("ValueError", f"ValueError: {text}", text)
        if not stored and form.fields[column].unique:
            return None
    return stored


def insert_row(call: Call, form: Form, row: Row) -> None:
    """INSERT one row."""
    with refusals_translated(call, form, row):
        call.site.db.execute(form.insert, row_values(call, form, row))


def update_columns(call: Call, form: Form, row: Row, changed: Row) -> None:
    """UPDATE the columns in `changed` (stored forms) of the row called `row["name"]`."""
    assignments = ", ".join(f"{quoted(column)} = ?" for column in changed)
    with refusals_translated(call, form, row):
        call.site.db.execute(
            f"UPDATE {form.table} SET {assignments} WHERE name = ?",
            (*changed.values(), row["name"]),
        )


@contextmanager
def refusals_translated(call: Call, form: Form, row: Row) -> Iterator[None]:
    """Turn a violated key into Frappe's 409 (name) or 417 (another unique field)."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        match = _CONSTRAINT.search(str(error))
        if match is None:
            raise
        raise _violation(call, form, row, match.group(2)) from error


def _violation(call: Call, form: Form, row: Row, column: str) -> ErpError:
    if call.site.faults.pending is Fault.UNIQUE_AS_HTML_500:
        return html_failure()
    name, value = row["name"], row[column]
    postgres = call.site.flavour == "postgres"
    key = f"tab{form.name}_pkey" if column == "name" else f"tab{form.name}_{column}_key"
    detail = (
        f'duplicate key value violates unique constraint "{key}"\n'
        f"DETAIL:  Key ({column})=({value}) already exists.\n"
    )
    cause = f"UniqueViolation({detail!r})" if postgres else _mariadb_cause(column, value)
    debug = [f"Error in query:\n{detail}"] if postgres else []
    raised = f"('{form.name}', '{name}', {cause})"
    if column == "name":
        text = f"{form.name} <strong>{name}</strong> already exists"
        told = [message(text, title="Duplicate Name", indicator="red")]
        return ErpError(
            409, "DuplicateEntryError", raised, throws=False, announced=told, debug=debug
        )
    told = [] if postgres else [message(f"{form.labels[column]} must be unique")]
    return ErpError(417, "UniqueValidationError", raised, throws=False, announced=told, debug=debug)


def _mariadb_cause(column: str, value: Value) -> str:
    key = "PRIMARY" if column == "name" else column
    return f"IntegrityError(1062, \"Duplicate entry '{value}' for key '{key}'\")"
