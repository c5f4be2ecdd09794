"""The `fields` of a list call: columns, aliases, joins, aggregates, nested child tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.errors import refused
from server_sync.embedded_erp.forms import Form, quoted
from server_sync.embedded_erp.meta import Row, Value
from server_sync.embedded_erp.permissions import hidden_fields

_ALIAS = re.compile(r"\s+as\s+", re.IGNORECASE)
_CALL = re.compile(r"\w+\s*\(")
_FUNCTIONS = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX"})


@dataclass(frozen=True, slots=True)
class Nested:
    """A child table wanted inside each row."""

    fieldname: str
    columns: tuple[str, ...]


@dataclass
class Query:
    """One SELECT being put together."""

    call: Call
    form: Form
    select: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    joins: dict[str, str] = field(default_factory=dict)
    nested: list[Nested] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def column(self, name: str) -> str:
        """SQL of a column; `table.column` and `link.column` join. Raises ErpError 417 DataError."""
        return self.resolve(name)[0]

    def resolve(self, name: str) -> tuple[str, Form, str]:
        """SQL, form and bare name of the column that `name` means."""
        bare = name.replace("`", "").strip().removeprefix(f"tab{self.form.name}.")
        holder, dot, column = bare.partition(".")
        if not dot:
            if bare not in self.form.column_set:
                raise not_permitted(bare)
            return f"{self.form.table}.{quoted(bare)}", self.form, bare
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
                f" AND {alias}.parentfield = '{holder}'"
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


def select_fields(query: Query, wanted: list[Value]) -> None:
    """Fill `query` with the wanted fields."""
    hidden = hidden_fields(query.call.user, query.form, "read")
    if "*" in wanted and len(wanted) > 1:
        raise not_permitted("*")
    for item in wanted:
        if isinstance(item, dict):
            _select_object(query, item)
        elif item == "*":
            for column in query.form.columns:
                _select_column(query, column, column, hidden)
        else:
            _select_text(query, str(item), hidden)
    if "name" not in query.keys:
        query.nested.clear()


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
    query.select.append(sql)
    query.keys.append(key)
    if column in form.bare_times:
        query.times.append(key)


def _select_object(query: Query, item: Row) -> None:
    for key, value in item.items():
        if key in query.form.tables and isinstance(value, list):
            _select_nested(query, key, value)
        elif key.upper() in _FUNCTIONS:
            inner = "*" if value == "*" else query.column(str(value))
            query.select.append(f"{key.upper()}({inner})")
            query.keys.append(str(item.get("as") or f"{key.upper()}({value})"))
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
    query.nested.append(Nested(fieldname, tuple(str(column) for column in columns)))
