"""The `filters` of a list call, in every form the API takes, as SQL conditions."""

from __future__ import annotations

from server_sync.embedded_erp.columns import Query
from server_sync.embedded_erp.errors import ErpError, html_failure, not_found, refused
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import FLOAT_TYPES, INT_TYPES, TIME_TYPES, Value
from server_sync.embedded_erp.values import (
    BadTime,
    to_date,
    to_datetime,
    to_float,
    to_int,
    to_stamp,
    to_time,
)

Condition = tuple[str, list[Value]]
_COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">="})
_WITH_BLANKS = frozenset({"!=", "<", "<=", "not in", "not like"})
"""Operators for which an empty field counts as its fallback value, so that it can match."""
_NEVER_BLANK = frozenset({"name", "creation", "modified"})
_STAMPS = frozenset({"creation", "modified"})
_ZERO_DATE = "0000-00-00"
"""What MariaDB makes of an unparseable date in a comparison: everything is later."""
_FIRST_DATE = "0001-01-01"
_DAY_END = " 23:59:59.999999"


def conditions(query: Query, filters: Value) -> list[Condition]:
    """One condition for each filter of a dictionary or list."""
    if isinstance(filters, dict):
        return [_from_pair(query, name, value) for name, value in filters.items()]
    if not isinstance(filters, list):
        return []
    if filters and not isinstance(filters[0], list | dict):
        return [_from_list(query, filters)]
    return [_one(query, item) for item in filters]


def nested_condition(query: Query, tree: list[Value]) -> Condition:
    """API v2: `[A, "or", [B, "and", C]]`."""
    words = [item.lower() for item in tree if isinstance(item, str)]
    assert len(set(words)) == 1, "one level of a nested filter uses one conjunction"
    parts = [_branch(query, item) for item in tree if not isinstance(item, str)]
    return joined(parts, words[0].upper())


def is_nested(filters: Value) -> bool:
    """Whether a filter list holds conjunctions."""
    return (
        isinstance(filters, list)
        and any(isinstance(item, str) and item.lower() in {"and", "or"} for item in filters[1:2])
        and isinstance(filters[0], list)
    )


def joined(parts: list[Condition], conjunction: str) -> Condition:
    """Several conditions as one."""
    sql = f" {conjunction} ".join(text for text, _ in parts)
    return f"({sql})", [value for _, values in parts for value in values]


def _branch(query: Query, item: Value) -> Condition:
    return nested_condition(query, item) if is_nested(item) else _one(query, item)


def _one(query: Query, item: Value) -> Condition:
    if isinstance(item, dict):
        return joined(conditions(query, item), "AND")
    if isinstance(item, str):
        raise not_found("DocType", item[:1])
    return _from_list(query, item)


def _from_pair(query: Query, name: str, value: Value) -> Condition:
    match value:
        case [str() as operator, operand]:
            return _compare(query, query.resolve(name), operator, operand)
        case _:
            return _compare(query, query.resolve(name), "=", value)


def _from_list(query: Query, item: list[Value]) -> Condition:
    match item:
        case [str() as name, value]:
            return _compare(query, query.resolve(name), "=", value)
        case [str() as name, str() as operator, value]:
            return _compare(query, query.resolve(name), operator, value)
        case [str() as doctype, str() as name, str() as operator, value, *_]:
            place = (
                query.resolve(name)
                if doctype == query.form.name
                else query.child_column(doctype, name)
            )
            return _compare(query, place, operator, value)
        case _:
            raise refused(f"Invalid filter: {item}")


def _compare(query: Query, place: tuple[str, Form, str], operator: str, value: Value) -> Condition:
    sql, form, name = place
    operator = operator.strip().lower()
    kind = _kind(form, name)
    if operator == "is":
        blank = f"IFNULL({sql}, '') = ''"
        return (f"NOT ({blank})" if str(value).lower() == "set" else f"({blank})"), []
    if value is None and operator in {"=", "!="}:
        return f"{sql} IS {'NOT ' if operator == '!=' else ''}NULL", []
    left = sql
    if operator in _WITH_BLANKS and name not in _NEVER_BLANK:
        left = f"IFNULL({sql}, {_fallback(kind)})"
    if operator in {"in", "not in"}:
        return _membership(query, left, operator, kind, name, value)
    if operator == "between":
        return _between(query, sql, kind, name, value)
    if operator in {"like", "not like"}:
        return f"{left} {operator.upper()} ? ESCAPE '\\'", [str(value)]
    if operator in _COMPARISONS:
        return f"{left} {operator} ?", [_bound(query, kind, name, value)]
    raise refused(f"Invalid operator: {operator}")


def _membership(
    query: Query, left: str, operator: str, kind: str, name: str, value: Value
) -> Condition:
    items = value.split(",") if isinstance(value, str) else list(value or [""])
    bound = [_bound(query, kind, name, item) for item in items] or [""]
    return f"{left} {operator.upper()} ({', '.join('?' for _ in bound)})", bound


def _between(query: Query, sql: str, kind: str, name: str, value: Value) -> Condition:
    match value:
        case [first, last]:
            start, end = (_bound(query, kind, name, item) for item in (first, last))
        case _:
            raise refused("Between needs two values")
    if kind == "Datetime" and len(str(last)) == len("2026-01-01"):
        end = f"{last}{_DAY_END}"
    return f"{sql} BETWEEN ? AND ?", [start, end]


def _kind(form: Form, name: str) -> str:
    item = form.field(name)
    return item.fieldtype if item is not None else "Data"


def _fallback(kind: str) -> str:
    if kind in INT_TYPES | FLOAT_TYPES:
        return "0"
    return f"'{_FIRST_DATE}'" if kind in {"Date", "Datetime"} else "''"


def _bound(query: Query, kind: str, name: str, value: Value) -> Value:
    """A filter value in the stored form of its column."""
    if kind in INT_TYPES:
        return to_int(value)
    if kind in FLOAT_TYPES:
        return to_float(value)
    if kind not in TIME_TYPES:
        return value if isinstance(value, str) else str(value if value is not None else "")
    try:
        return _time_of(kind, name, value)
    except BadTime as error:
        raise_or_zero = _bad_filter(query.call.site.flavour)
        if isinstance(raise_or_zero, ErpError):
            raise raise_or_zero from error
        return raise_or_zero


def _time_of(kind: str, name: str, value: Value) -> str:
    if name in _STAMPS:
        return to_stamp(value) or ""
    if kind == "Time":
        return to_time(value) or ""
    return (to_date(value) if kind == "Date" else to_datetime(value)) or ""


def _bad_filter(flavour: str) -> ErpError | str:
    return html_failure() if flavour == "postgres" else _ZERO_DATE
