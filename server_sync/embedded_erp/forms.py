"""Compiled doctypes: what every request needs of a doctype, worked out once."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from server_sync.embedded_erp.meta import (
    CHILD_COLUMNS,
    LAYOUT_TYPES,
    NUMBER_TYPES,
    STANDARD_COLUMNS,
    TABLE_TYPES,
    TIME_TYPES,
    VARCHAR_LENGTH,
    VARCHAR_TYPES,
    DocField,
    DocPerm,
    DocType,
    Row,
    Value,
)
from server_sync.embedded_erp.settings import Flavour
from server_sync.embedded_erp.values import Store, echo_for, store_for, to_int

if TYPE_CHECKING:
    from server_sync.embedded_erp.catalogue import Forms
    from server_sync.embedded_erp.columns import Selection

_STANDARD_FIELDS = {
    "docstatus": DocField("docstatus", "Int"),
    "idx": DocField("idx", "Int"),
    "creation": DocField("creation", "Datetime"),
    "modified": DocField("modified", "Datetime"),
}


class Form:
    """One doctype ready for use: columns, tables, checks and the SQL that never changes.

    What follows from the doctype alone is worked out once in a process, and nothing can change it;
    `within` adds what depends on the site. A site drops its forms when a doctype or permission
    changes.
    """

    forms: Forms
    permissions: tuple[DocPerm, ...]
    """The permissions that count: custom ones, where there are any, and the doctype's own."""
    granted: dict[tuple[tuple[str, ...], str], bool]
    """What was worked out of them: roles and right to whether a role gives it at level 0."""
    selections: dict[tuple[str, frozenset[str]], Selection]
    """What list calls have asked for, by their words and the fields hidden from the caller."""

    def __init__(self, doctype: DocType, flavour: Flavour) -> None:
        self.doctype = doctype
        self.name = doctype.name
        self.table = quoted(f"tab{doctype.name}")
        self.is_child = doctype.is_child
        data = [f for f in doctype.fields if f.fieldtype not in LAYOUT_TYPES]
        tables = {f.fieldname: f.options for f in data if f.fieldtype in TABLE_TYPES}
        fields = {f.fieldname: f for f in data if f.fieldtype not in TABLE_TYPES}
        self.tables: Mapping[str, str] = MappingProxyType(tables)
        self.fields: Mapping[str, DocField] = MappingProxyType(fields)
        self.own = tuple(self.fields)
        end = CHILD_COLUMNS if doctype.is_child else ()
        self.columns = (*STANDARD_COLUMNS, *self.own, *end)
        self.column_set = frozenset(self.columns)
        labels = {f.fieldname: f.title for f in doctype.fields}
        self.labels: Mapping[str, str] = MappingProxyType(labels)
        self._compile_checks(data)
        self._compile_values(flavour)
        self._compile_sql()

    def _compile_checks(self, data: list[DocField]) -> None:
        scalars = list(self.fields.values())
        self.mandatory = tuple(f for f in data if f.reqd)
        self.links = tuple(f for f in scalars if f.fieldtype == "Link" and f.options)
        selects = [f for f in scalars if f.fieldtype == "Select" and any(f.choices)]
        self.selects = tuple((f, f.choices) for f in selects)
        self.lengths = tuple(
            (f, f.length or VARCHAR_LENGTH)
            for f in scalars
            if f.fieldtype in VARCHAR_TYPES or f.length
        )
        self.uniques = tuple(f for f in scalars if f.unique)
        self.passwords = tuple(f for f in scalars if f.fieldtype == "Password")
        self.guarded = tuple(f for f in scalars if f.permlevel)
        self.texts = frozenset(
            f.fieldname
            for f in scalars
            if f.fieldtype not in NUMBER_TYPES | TIME_TYPES | {"Attach", "Attach Image", "Code"}
            and f.options != "Email"
        )

    def _compile_values(self, flavour: Flavour) -> None:
        stores = {n: store_for(f, flavour) for n, f in self.fields.items()}
        stores |= {"docstatus": to_int, "idx": to_int}
        self.stores: Mapping[str, Store] = MappingProxyType(stores)
        self._stores_in_order = tuple((column, self.stores.get(column)) for column in self.columns)
        echoes = {n: e for n, f in self.fields.items() if (e := echo_for(f)) is not None}
        self.echoes: Mapping[str, Store] = MappingProxyType(echoes)
        times = [n for n, f in self.fields.items() if f.fieldtype == "Time"]
        self.bare_times = tuple(times) if flavour == "mariadb" else ()
        self.numbers = frozenset(n for n, f in self.fields.items() if f.fieldtype in NUMBER_TYPES)

    def _compile_sql(self) -> None:
        names = ", ".join(quoted(column) for column in self.columns)
        marks = ", ".join("?" for _ in self.columns)
        self.select = f"SELECT {names} FROM {self.table}"
        self.select_one = f"{self.select} WHERE name = ?"
        self.insert = f"INSERT INTO {self.table} ({names}) VALUES ({marks})"
        qualified = {column: f"{self.table}.{quoted(column)}" for column in self.columns}
        self.column_sql: Mapping[str, str] = MappingProxyType(qualified)
        assigned = ", ".join(f"{quoted(column)} = ?" for column in self.columns[1:])
        self.update = f"UPDATE {self.table} SET {assigned} WHERE name = ?"
        self.has = f"SELECT name FROM {self.table} WHERE name = ?"
        if self.is_child:
            self._compile_row_sql()

    def _compile_row_sql(self) -> None:
        place = "parent = ? AND parenttype = ? AND parentfield = ?"
        self.select_rows = f"{self.select} WHERE {place}"
        self.stamp_rows = f"UPDATE {self.table} SET modified = ?, modified_by = ? WHERE {place}"
        self.delete_rows = f"DELETE FROM {self.table} WHERE {place}"

    def within(self, forms: Forms, custom_permissions: tuple[DocPerm, ...]) -> Form:
        """This form as one site has it: among its other forms, with its custom permissions."""
        own = copy(self)
        own.forms = forms
        own.permissions = custom_permissions or self.doctype.permissions
        own.granted = {}
        own.selections = {}
        return own

    @cached_property
    def children(self) -> dict[str, Form]:
        """The forms of the child tables, by table field. Raises ErpError 500, as `Forms.get`."""
        return {fieldname: self.forms.get(child) for fieldname, child in self.tables.items()}

    @cached_property
    def select_whole(self) -> str:
        """The columns of one document by its name, then of each table whether it has rows of it."""
        mine = f"held.parent = {self.table}.name AND held.parenttype = {literal(self.name)}"
        questions = [
            f"EXISTS (SELECT 1 FROM {child.table} AS held"
            f" WHERE {mine} AND held.parentfield = {literal(fieldname)})"
            for fieldname, child in self.children.items()
        ]
        names = [quoted(column) for column in self.columns]
        return f"SELECT {', '.join([*names, *questions])} FROM {self.table} WHERE name = ?"

    def stored(self, column: str, value: Value) -> Value:
        """One value in its stored form. Raises ErpError 500 for what cannot be stored."""
        store = self.stores.get(column)
        return value if store is None else store(value)

    def stored_row(self, row: Row) -> list[Value]:
        """The row in column order, in stored forms. Raises ErpError 500."""
        return [
            row[column] if store is None else store(row[column])
            for column, store in self._stores_in_order
        ]

    def field(self, name: str) -> DocField | None:
        """The field or standard column called `name`, None when there is none."""
        found = self.fields.get(name) or _STANDARD_FIELDS.get(name)
        if found is None and name in self.column_set:
            return DocField(name)
        return found

    def value_default(self, name: str) -> Value:
        """What a column holds when nobody set it: 0 for numbers, nothing otherwise."""
        store = self.echoes.get(name)
        return store(None) if store else None


def quoted(name: str) -> str:
    """An SQL identifier; doctype and field names may hold spaces."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def literal(text: str) -> str:
    """An SQL text."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
