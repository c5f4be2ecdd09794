"""The `fields` of a list call: columns, aliases, joins, aggregates, nested child tables."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

import re
from dataclasses import dataclass, field

from server_sync.embedded_erp.calls import Call, json_argument
from server_sync.embedded_erp.errors import refused
from server_sync.embedded_erp.forms import Form, literal, quoted
from server_sync.embedded_erp.meta import Row, Value
from server_sync.embedded_erp.permissions import hidden_fields

_ALIAS = re.compile(r"\s+as\s+", re.IGNORECASE)
_CALL = re.compile(r"\w+\s*\(")
_SELECTIONS_MAX = 100
"""Remembered for one doctype; callers ask for a handful, and texts are theirs to choose."""
_FUNCTIONS = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX"})


@dataclass(frozen=True, slots=True)
class Nested:
    """A child table wanted inside each row; `select` gives the parent's name before `columns`."""

    fieldname: str
    columns: tuple[str, ...]
    select: str


@dataclass
class Selection:
    """What the `fields` of a call ask for, and the joins that this needs."""

    select: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    joins: dict[str, str] = field(default_factory=dict)
    nested: list[Nested] = field(default_factory=list)
    times: list[str] = field(default_factory=list)


@dataclass
class Query:
    """One SELECT being put together."""

    call: Call
    form: Form
    chosen: Selection = field(default_factory=Selection)
    joins: dict[str, str] = field(default_factory=dict)
    where: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def column(self, name: str) -> str:
        """SQL of a column; `table.column` and `link.column` join. Raises ErpError 417 DataError."""
        return self.resolve(name)[0]

    def resolve(self, name: str) -> tuple[str, Form, str]:
        """SQL, form and bare name of the column that `name` means."""
        if name in self.form.column_set:
            return self.form.column_sql[name], self.form, name
        bare = name.replace("`", "").strip().removeprefix(f"tab{self.form.name}.")
        holder, dot, column = bare.partition(".")
        if not dot:
            if bare not in self.form.column_set:
                raise not_permitted(bare)
            return self.form.column_sql[bare], self.form, bare
        joined = self._join(holder)
        if column not in joined.column_set:
            raise not_permitted(column)
        return f"{quoted(holder)}.{quoted(column)}", joined, column

    def child_column(self, doctype: str, column: str) -> tuple[str, Form, str]:
        """The column of a child doctype named in a four-part filter."""
        for fieldname, child in self.form.tables.items():
            if child == doctype:
                return self.resolve(f"{fieldname}.{column}")
        return self.resolve(column)

    def _join(self, holder: str) -> Form:
        alias, table = quoted(holder), self.form.table
        if holder in self.form.tables:
            form = self.call.site.form(self.form.tables[holder])
            self.joins[holder] = (
                f"LEFT JOIN {form.table} AS {alias} ON {alias}.parent = {table}.name"
                f" AND {alias}.parentfield = {literal(holder)}"
            )
            return form
        item = self.form.fields.get(holder)
        if item is None or item.fieldtype != "Link" or item.options not in self.call.site.forms:
            raise not_permitted(holder)
        form = self.call.site.form(item.options)
        self.joins[holder] = (
            f"LEFT JOIN {form.table} AS {alias} ON {alias}.name = {table}.{quoted(holder)}"
        )
        return form


def not_permitted(name: str) -> Exception:
    """417 for a column that does not exist."""
    return refused(f"Field not permitted in query: {name}", "DataError")


def start_query(call: Call, form: Form, fields: Value) -> Query:
    """A query for the `fields` of a call. What a text asks for is worked out once."""
    hidden = hidden_fields(call.user, form, "read")
    if not isinstance(fields, str):
        return _selected(call, form, fields, hidden)
    asked = (fields, hidden)
    chosen = form.selections.get(asked)
    if chosen is not None:
        return Query(call, form, chosen, dict(chosen.joins))
    query = _selected(call, form, fields, hidden)
    if len(form.selections) >= _SELECTIONS_MAX:
        form.selections.clear()
    query.chosen.joins = dict(query.joins)
    form.selections[asked] = query.chosen
    return query


def _selected(call: Call, form: Form, fields: Value, hidden: frozenset[str]) -> Query:
    query, wanted = Query(call, form), _listed(fields)
    if "*" in wanted and len(wanted) > 1:
        raise not_permitted("*")
    for item in wanted:
        if isinstance(item, dict):
            _select_object(query, item)
        elif item == "*":
            for column in form.columns:
                _select_column(query, column, column, hidden)
        else:
            _select_text(query, str(item), hidden)
    if "name" not in query.chosen.keys:
        query.chosen.nested.clear()
    return query


def _listed(fields: Value) -> list[Value]:
    """The fields one by one: JSON text, JSON or names with commas; the name alone for none."""
    found = json_argument(fields)
    if isinstance(found, str):
        return [item.strip() for item in found.split(",")]
    return list(found) if found else ["name"]


def _select_text(query: Query, text: str, hidden: frozenset[str]) -> None:
    if _CALL.match(text):
        raise refused(
            f"SQL functions are not allowed as strings in SELECT: {text}. "
            "Use dict syntax like {'COUNT': '*'} instead."
        )
    name, *alias = _ALIAS.split(text.strip(), maxsplit=1)
    if name in query.form.tables:
        return
    bare = name.replace("`", "").rpartition(".")[2]
    _select_column(query, name, alias[0].strip(" `'\"") if alias else bare, hidden)


def _select_column(query: Query, name: str, key: str, hidden: frozenset[str]) -> None:
    if name in hidden:
        return
    sql, form, column = query.resolve(name)
    query.chosen.select.append(sql)
    query.chosen.keys.append(key)
    if column in form.bare_times:
        query.chosen.times.append(key)


def _select_object(query: Query, item: Row) -> None:
    for key, value in item.items():
        if key in query.form.tables and isinstance(value, list):
            _select_nested(query, key, value)
        elif key.upper() in _FUNCTIONS:
            inner = "*" if value == "*" else query.column(str(value))
            query.chosen.select.append(f"{key.upper()}({inner})")
            query.chosen.keys.append(str(item.get("as") or f"{key.upper()}({value})"))
        elif key != "as":
            raise not_permitted(key)


def _select_nested(query: Query, fieldname: str, columns: list[Value]) -> None:
    """A nested `["*"]` is dropped without a word, as on a site."""
    if "*" in columns:
        return
    form = query.call.site.form(query.form.tables[fieldname])
    for column in columns:
        if column not in form.column_set:
            raise not_permitted(str(column))
    names = tuple(str(column) for column in columns)
    listed = ", ".join(quoted(name) for name in ("parent", *names))
    select = f"SELECT {listed} FROM {form.table}"
    query.chosen.nested.append(Nested(fieldname, names, select))
