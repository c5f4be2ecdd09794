"""Between an ERP document and ours: only modelled columns, in one canonical form.

What no model describes never enters, and so no RADIUS password does. Nulls and empty texts are
absent, check marks are booleans, datetimes are UTC, times have two-digit hours, numbers have the
type of their column. A child row's `id` is its `sync_key`, else its ERP name; the ERP's row names
stay in `Decoded.row_names`, which lives only while a write is under way.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from field_core.canon import Body, Json
from field_core.doctypes import Spec
from field_core.fields import Column, Kind
from server_sync.erp.site_time import SiteTime
from server_sync.sync.remerge import as_text, defused, normal_number

SYNC_KEY: Final = "sync_key"
Files = Mapping[str, str]
"""From the address of a file in the ERP to the sha256 of the blob it was uploaded from."""
Urls = Mapping[str, str]
"""The other way round."""

_NUMBERS: Final = frozenset({Kind.INT, Kind.FLOAT, Kind.CURRENCY})
_TEXTS: Final = frozenset({Kind.DATA, Kind.TEXT})
_NUMBER_KINDS: Final = frozenset({"number", "reading"})
_NOT_IN_BODY: Final = frozenset({"id"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """An ERP document in our form, and what is needed to write to it."""

    name: str
    modified: str
    creation: str
    sync_key: str | None
    body: Body
    row_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Table → row id → the ERP's name of the row."""


class Codec:
    """Reads and writes documents of one site."""

    def __init__(self, time: SiteTime) -> None:
        self.time = time
        self._kinds: dict[Kind, Callable[[Json], Json]] = {
            Kind.CHECK: lambda value: bool(_int(value)),
            Kind.TIME: _time,
            Kind.DATE: lambda value: str(value)[:10],
        }

    # --- reading

    def decode(
        self,
        spec: Spec,
        raw: Mapping[str, Any],
        *,
        held: Body | None = None,
        files: Files | None = None,
    ) -> Decoded:
        """Read a document. held: our body, for times that are ambiguous by themselves."""
        body = self._row(spec, raw, held or {}, files or {})
        body["name"] = str(raw["name"])
        names: dict[str, dict[str, str]] = {}
        for table, inner in spec.tables.items():
            rows = raw.get(table)
            if rows:
                ours = _by_id(held.get(table) if held else None)
                body[table] = [self._child(inner, row, ours, files or {}) for row in rows]
                names[table] = {row_id(row): str(row["name"]) for row in rows}
        return Decoded(
            str(raw["name"]),
            str(raw.get("modified") or ""),
            str(raw.get("creation") or ""),
            raw.get(SYNC_KEY) or None,
            body,
            names,
        )

    def _child(
        self, inner: Spec, raw: Mapping[str, Any], ours: Mapping[str, Body], files: Files
    ) -> Body:
        identity = row_id(raw)
        row = self._row(inner, raw, ours.get(identity, {}), files)
        row["id"] = identity
        _drop_empty_bounds(row)
        if "value" in row and "kind" in inner.columns:
            row["value"] = _typed_value(row)
        return row

    def _row(self, spec: Spec, raw: Mapping[str, Any], held: Body, files: Files) -> Body:
        row: Body = {}
        for name, column in spec.columns.items():
            value = raw.get(name)
            if value is None or value == "" or column.local or name in _NOT_IN_BODY:
                continue
            decoded = self._value(name, column, value, held, files)
            if decoded is not None:
                row[name] = decoded
        return row

    def _value(self, name: str, column: Column, value: Json, held: Body, files: Files) -> Json:
        kind, convert = column.kind, self._kinds.get(column.kind)
        if kind in _NUMBERS:
            return normal_number(name, kind, _number(value))
        if kind is Kind.DATETIME:
            return self._instant(str(value), held.get(name))
        if kind is Kind.ATTACH:
            return files.get(str(value)) or _attached(str(value))
        return convert(value) if convert else _text(value)

    def _instant(self, text: str, held: Json) -> str | None:
        try:
            return self.time.to_utc(text, held)
        except ValueError:
            return None

    # --- writing

    def encode(self, column: Column | None, value: Json, urls: Urls | None = None) -> Json:
        """Write one value as a payload has it; None clears the field.

        Raises ValueError for a datetime that is none.
        """
        if column is None or value is None or column.kind in _NUMBERS:
            return value
        if column.kind is Kind.CHECK:
            return int(bool(value))
        if column.kind is Kind.DATETIME:
            return self.time.to_site(str(value))
        if column.kind is Kind.ATTACH:
            return (urls or {}).get(str(value), value)
        if column.kind in _TEXTS and isinstance(value, str):
            return defused(value)
        return as_text(value) if isinstance(value, (bool, int, float)) else _text(value)

    def encode_row(self, spec: Spec, row: Body, urls: Urls | None = None) -> Body:
        """Write the scalar fields of a document or row that a model describes."""
        return {
            name: self.encode(spec.columns[name], value, urls)
            for name, value in row.items()
            if is_written(spec, name)
        }

    def new_row(self, inner: Spec, row: Body, urls: Urls | None = None) -> Body:
        """Write a row that the ERP does not have: without a name, with our id as its `sync_key`."""
        return {**self.encode_row(inner, row, urls), SYNC_KEY: row["id"]}


def is_written(spec: Spec, name: str) -> bool:
    """Tell whether a scalar field is ours to write; docstatus moves by submitting alone."""
    column = spec.columns.get(name)
    return column is not None and not column.local and name not in ("id", "name", "docstatus")


def row_id(raw: Mapping[str, Any]) -> str:
    """Return the permanent id of a child row."""
    return str(raw.get(SYNC_KEY) or raw["name"])


def rows_in(body: Body, table: str) -> list[Body]:
    """Return the rows of a table that have an id."""
    rows = body.get(table)
    return (
        [row for row in rows if isinstance(row, dict) and "id" in row]
        if isinstance(rows, list)
        else []
    )


def columns_of(spec: Spec) -> list[str]:
    """Name the ERP's columns of a doctype or child table that a model describes."""
    return [
        name
        for name, column in spec.columns.items()
        if not column.local and name not in _NOT_IN_BODY
    ]


def _by_id(rows: Json) -> dict[str, Body]:
    return (
        {str(row["id"]): row for row in rows if isinstance(row, dict) and "id" in row}
        if isinstance(rows, list)
        else {}
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _int(value: Json) -> int:
    number = _number(value)
    return int(number) if isinstance(number, (int, float)) else 0


def _number(value: Json) -> Json:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return value


def _time(value: Json) -> Json:
    """`9:05:00` (MariaDB) and `09:05:00.000000` are both 09:05:00."""
    hours, _, rest = str(value).partition(":")
    return f"{hours:0>2}:{rest[:5]}" if rest else None


def _attached(value: str) -> str:
    """A signature drawn in the desk is its own data URI, 300 KB of it: its hash stands for it."""
    if not value.startswith("data:"):
        return value
    try:
        content = base64.b64decode(value.partition(",")[2], validate=True)
    except binascii.Error:
        content = value.encode()
    return hashlib.sha256(content).hexdigest()


def _drop_empty_bounds(row: Body) -> None:
    """A bound that nobody set is 0 in the ERP; one that leaves no room is such a one.

    Both bounds at zero never reach this point (see EMPTY_WHEN_ZERO): zero itself is absent.
    """
    low, high = row.get("min_value"), row.get("max_value")
    if isinstance(low, float) and isinstance(high, float) and low > high:
        row.pop("min_value")
        row.pop("max_value")


def _typed_value(row: Body) -> Json:
    """A step's answer is text in the ERP; its kind says what it was."""
    text, kind = str(row["value"]), row.get("kind")
    if kind == "confirm":
        return text not in ("0", "false", "False")
    if kind in _NUMBER_KINDS:
        try:
            return float(text)
        except ValueError:
            return text
    return text
