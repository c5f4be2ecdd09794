"""Lists: the arguments of a list call, run as one SELECT and one more for each nested table."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

import re
from dataclasses import dataclass

from server_sync.embedded_erp.calls import Call, json_argument
from server_sync.embedded_erp.columns import Nested, Query, start_query
from server_sync.embedded_erp.errors import refused
from server_sync.embedded_erp.filters import (
    conditions,
    is_nested,
    joined,
    nested_condition,
)
from server_sync.embedded_erp.forms import quoted
from server_sync.embedded_erp.meta import Row, Value
from server_sync.embedded_erp.permissions import check_list
from server_sync.embedded_erp.values import mariadb_time, to_int

PAGE_LENGTH = 20
"""Frappe's default page."""
_NAMES_PER_QUERY = 500
_ORDER = re.compile(r"\s*([`\w. ]+?)(?:\s+(asc|desc))?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class ListArguments:
    """A list call, parsed, but for what it wants of each row."""

    fields: Value
    filters: Value
    or_filters: Value
    order_by: str
    group_by: str
    start: int
    length: int
    parent: str | None


def parse_arguments(sent: Row) -> ListArguments:
    """The arguments as Frappe names them; JSON text or JSON both work."""
    length = sent.get("limit_page_length", sent.get("limit", sent.get("page_length", PAGE_LENGTH)))
    start = sent.get("limit_start", sent.get("start", 0))
    parent = sent.get("parent") or sent.get("parent_doctype")
    return ListArguments(
        fields=sent.get("fields"),
        filters=json_argument(sent.get("filters")),
        or_filters=json_argument(sent.get("or_filters")),
        order_by=str(sent.get("order_by") or ""),
        group_by=str(sent.get("group_by") or ""),
        start=to_int(start),
        length=to_int(length),
        parent=str(parent) if parent else None,
    )


def list_documents(
    call: Call, doctype: str, arguments: ListArguments, *, nested: bool = False
) -> list[Row]:
    """The rows of a list. Raises ErpError 403, 417 or 500."""
    form = call.site.form(doctype)
    check_list(call, form, arguments.parent)
    query = start_query(call, form, arguments.fields)
    chosen = query.chosen
    if not chosen.select:
        return []
    _filter(query, arguments, nested=nested)
    sql = _statement(query, arguments)
    found = call.site.db.execute(sql, query.values).fetchall()
    rows = [dict(zip(chosen.keys, row, strict=True)) for row in found]
    for key in chosen.times:
        for row in rows:
            row[key] = mariadb_time(row[key])
    for table in chosen.nested:
        _attach(query, table, rows)
    return rows


def count_documents(call: Call, doctype: str, sent: Row) -> int:
    """How many documents a filter finds."""
    arguments = parse_arguments({**sent, "fields": ["name"]})
    form = call.site.form(doctype)
    check_list(call, form, arguments.parent)
    query = Query(call, form)
    _filter(query, arguments, nested=True)
    where = f" WHERE {' AND '.join(query.where)}" if query.where else ""
    joins = " ".join(query.joins.values())
    sql = f"SELECT COUNT(DISTINCT {form.table}.name) FROM {form.table} {joins}{where}"
    return int(call.site.db.value(sql, query.values))


def _filter(query: Query, arguments: ListArguments, *, nested: bool) -> None:
    if nested and is_nested(arguments.filters):
        parts = [nested_condition(query, arguments.filters)]
    else:
        parts = conditions(query, arguments.filters)
    alternatives = conditions(query, arguments.or_filters)
    if alternatives:
        parts.append(joined(alternatives, "OR"))
    for text, values in parts:
        query.where.append(text)
        query.values.extend(values)


def _statement(query: Query, arguments: ListArguments) -> str:
    order, group = _order_by(query, arguments), _group_by(query, arguments)
    parts = [
        f"SELECT {', '.join(query.chosen.select)} FROM {query.form.table}",
        *query.joins.values(),
    ]
    if query.where:
        parts.append(f"WHERE {' AND '.join(query.where)}")
    parts += [group, order]
    if arguments.length > 0:
        parts.append("LIMIT ? OFFSET ?")
        query.values += [arguments.length, arguments.start]
    elif arguments.start:
        parts.append("LIMIT -1 OFFSET ?")
        query.values.append(arguments.start)
    return " ".join(part for part in parts if part)


def _group_by(query: Query, arguments: ListArguments) -> str:
    if not arguments.group_by:
        return ""
    columns = [query.column(name) for name in arguments.group_by.split(",")]
    return f"GROUP BY {', '.join(columns)}"


def _order_by(query: Query, arguments: ListArguments) -> str:
    if not arguments.order_by:
        aggregated = arguments.group_by or any("(" in item for item in query.chosen.select)
        return "" if aggregated else f"ORDER BY {query.form.table}.creation DESC"
    terms = []
    for text in arguments.order_by.split(","):
        match = _ORDER.fullmatch(text)
        if match is None:
            raise refused(f"Invalid order by: {text}")
        name = match.group(1)
        column = quoted(name) if _is_alias(query, name) else query.column(name)
        terms.append(f"{column} {(match.group(2) or 'asc').upper()}")
    return f"ORDER BY {', '.join(terms)}"


def _is_alias(query: Query, name: str) -> bool:
    return name in query.chosen.keys and name not in query.form.column_set


def _attach(query: Query, table: Nested, rows: list[Row]) -> None:
    """Put the rows of a child table into their parents' rows."""
    by_parent: dict[str, list[Row]] = {}
    for row in rows:
        by_parent[row["name"]] = row[table.fieldname] = []
    names = list(by_parent)
    for start in range(0, len(names), _NAMES_PER_QUERY):
        part = names[start : start + _NAMES_PER_QUERY]
        sql = (
            f"{table.select} WHERE parent IN ({', '.join('?' for _ in part)})"
            " AND parenttype = ? AND parentfield = ? ORDER BY idx"
        )
        place = (*part, query.form.name, table.fieldname)
        for parent, *values in query.call.site.db.execute(sql, place):
            by_parent[parent].append(dict(zip(table.columns, values, strict=True)))
