"""Converting values: what the API accepts loosely, what is stored, what is echoed.

Frappe casts numbers silently ("ninety" is 0), hands dates to the database as text and drops zone
suffixes without converting. Stored forms here: dates `YYYY-MM-DD`, datetimes
`YYYY-MM-DD HH:MM:SS[.ffffff]` (naive, site-local), times `HH:MM:SS[.ffffff]`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache

from server_sync.embedded_erp.errors import ErpError, database_failure
from server_sync.embedded_erp.meta import FLOAT_TYPES, INT_TYPES, DocField, Value
from server_sync.embedded_erp.settings import Flavour

_DATE = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_CLOCK = r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6})\d*)?)?"
_ZONE = r"\s*(?:Z|[+-]\d{2}:?\d{2})?"
_DATETIME_TEXT = re.compile(rf"{_DATE}(?:[ T]{_CLOCK}{_ZONE})?")
_TIME_TEXT = re.compile(rf"{_CLOCK}{_ZONE}")
_CANONICAL_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)")
_TIMES_KEPT = 1024
"""A stored time is written again with every save of its document, and asked for by every poll."""
_NUMBER_HEAD = re.compile(r"\s*[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?\s*$")

Store = Callable[[Value], Value]


class BadTime(ValueError):
    """A text that no database would take for a date or time."""


def to_int(value: Value) -> int:
    """Frappe's `cint`: 0 for anything that is not a number, truncated otherwise."""
    if type(value) is int:
        return value
    return int(to_float(value))


def to_float(value: Value) -> float:
    """Frappe's `flt`: 0.0 for anything that is not a number, thousands commas allowed."""
    if type(value) is float:
        return value
    if isinstance(value, str):
        text = value.replace(",", "")
        return float(text) if _NUMBER_HEAD.match(text) else 0.0
    return float(value) if isinstance(value, int) else 0.0


def to_text(value: Value) -> Value:
    """Text as a text column keeps it; lists and objects become JSON."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value)


def to_datetime(value: Value) -> str | None:
    """A datetime as stored; a zone suffix is dropped, not converted. Raises BadTime."""
    return None if value is None or value == "" else _datetime_of(str(value))


@lru_cache(_TIMES_KEPT)
def _datetime_of(text: str) -> str:
    match = _DATETIME_TEXT.fullmatch(text.strip())
    if match is None:
        raise BadTime(text)
    year, month, day, hour, minute, second, fraction = match.groups()
    try:
        moment = datetime(  # noqa: DTZ001 - naive on purpose: Frappe keeps site-local times
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")),
        )
    except ValueError as error:
        raise BadTime(text) from error
    return moment.isoformat(sep=" ")


def to_stamp(value: Value) -> str | None:
    """A datetime with microseconds always written: the form of `creation` and `modified`."""
    text = to_datetime(value)
    return (
        f"{text}.000000" if text is not None and len(text) == len("2026-01-01 00:00:00") else text
    )


def to_date(value: Value) -> str | None:
    """A date as stored; a time of day is cut off. Raises BadTime."""
    if value is None or value == "":
        return None
    text = str(value)
    if _CANONICAL_DATE.fullmatch(text):
        return text
    moment = to_datetime(text)
    return moment[:10] if moment else None


def to_time(value: Value) -> str | None:
    """A time of day as stored. Raises BadTime."""
    if value is None or value == "":
        return None
    match = _TIME_TEXT.fullmatch(str(value).strip())
    if match is None:
        raise BadTime(str(value))
    hour, minute, second, fraction = match.groups()
    try:
        text = time(int(hour), int(minute), int(second or 0)).isoformat()
    except ValueError as error:
        raise BadTime(str(value)) from error
    return f"{text}.{fraction.ljust(6, '0')}" if fraction and int(fraction) else text


def mariadb_time(stored: str | None) -> str | None:
    """How MariaDB hands a time back: a duration, so without the leading zero."""
    return stored[1:] if stored and stored[0] == "0" else stored


_TIME_STORES: dict[str, Store] = {"Date": to_date, "Datetime": to_datetime, "Time": to_time}


def store_for(field: DocField, flavour: Flavour) -> Store:
    """The function that turns a payload value of `field` into its stored form.

    It raises ErpError 500 for what the database refuses to store.
    """
    if field.fieldtype in INT_TYPES:
        return to_int
    if field.fieldtype in FLOAT_TYPES:
        return to_float
    if field.fieldtype in _TIME_STORES:
        return _time_store(field, flavour)
    text_of = _text_without_nul if flavour == "postgres" else to_text
    # Empty texts of a unique field do not collide: they are not there.
    return (lambda value: text_of(value) or None) if field.unique else text_of


def _time_store(field: DocField, flavour: Flavour) -> Store:
    convert = _TIME_STORES[field.fieldtype]

    def store(value: Value) -> Value:
        try:
            return convert(value)
        except BadTime as error:
            raise bad_time(field, value, flavour) from error

    return store


def _text_without_nul(value: Value) -> Value:
    text = to_text(value)
    if text is not None and "\0" in text:
        sentence = "A string literal cannot contain NUL (0x00) characters."
        raise database_failure("ValueError", f"ValueError: {sentence}", sentence)
    return text


def echo_for(field: DocField) -> Store | None:
    """What the answer to a write shows instead of the payload: only numbers are cast."""
    if field.fieldtype in INT_TYPES:
        return to_int
    return to_float if field.fieldtype in FLOAT_TYPES else None


def bad_time(field: DocField, value: Value, flavour: Flavour) -> ErpError:
    """500 of the database for an unparseable date: the driver's own error class shows through."""
    kind = {"Date": "date", "Datetime": "timestamp", "Time": "time"}.get(field.fieldtype, "date")
    if flavour == "postgres":
        text = f'invalid input syntax for type {kind}: "{value}"'
        return database_failure("InvalidDatetimeFormat", "", text)
    text = f"Incorrect {kind} value: '{value}' for column `{field.fieldname}` at row 1"
    return database_failure("OperationalError", f"pymysql.err.OperationalError: (1292, {text!r})")


def days_between(start: str, end: str) -> int:
    """Whole days from one stored date to another."""
    return (date.fromisoformat(end[:10]) - date.fromisoformat(start[:10])).days
