"""Writing single rows, and translating what the database refuses."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

import re
import sqlite3

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.errors import ErpError, html_failure, message
from server_sync.embedded_erp.faults import Fault
from server_sync.embedded_erp.forms import Form, quoted
from server_sync.embedded_erp.meta import Row, Value

_CONSTRAINT = re.compile(r"UNIQUE constraint failed: tab(.+)\.(\w+)$")


def insert_row(call: Call, form: Form, row: Row) -> None:
    """INSERT one row. Raises ErpError 500 for what cannot be stored, 409 or 417 for a used key."""
    _write(call, form, row, form.insert, form.stored_row(row))


def update_row(call: Call, form: Form, row: Row) -> None:
    """UPDATE every column of the row called `row["name"]`; none there changes nothing, silently."""
    name, *values = form.stored_row(row)
    _write(call, form, row, form.update, [*values, name])


def update_columns(call: Call, form: Form, row: Row, changed: Row) -> None:
    """UPDATE the columns in `changed` (stored forms) of the row called `row["name"]`."""
    assignments = ", ".join(f"{quoted(column)} = ?" for column in changed)
    sql = f"UPDATE {form.table} SET {assignments} WHERE name = ?"
    _write(call, form, row, sql, [*changed.values(), row["name"]])


def _write(call: Call, form: Form, row: Row, sql: str, values: list[Value]) -> None:
    """Run a statement; a violated key is Frappe's 409 (name) or 417 (another unique field)."""
    try:
        call.site.db.execute(sql, values)
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
