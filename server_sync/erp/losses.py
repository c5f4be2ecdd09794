"""What a write lost: values that the ERP dropped with a 200, told apart from what came later.

A write is read back a moment after its answer, and somebody in the office may save in between.
What is missing then says nothing by itself. The answer does: it holds the document as it stood when
the write was stored, and its `modified` says whether anybody has saved since.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from field_core.canon import Body, Json
from field_core.doctypes import Spec
from field_core.fields import Kind
from server_sync.erp.client import Raw
from server_sync.erp.codec import is_written, rows_in
from server_sync.sync.remerge import is_same, value_at


@dataclass(frozen=True, slots=True)
class Expected:
    """A value that the ERP should hold afterwards: its path, what it was, what it is to be."""

    path: str
    was: Json
    now: Json


def dropped(spec: Spec, expected: Iterable[Expected], after: Body) -> list[Expected]:
    """Return what was written and is as it was before: ignored or forbidden, with a 200."""
    return [
        one
        for one in expected
        if not is_same(one.now, _found(after, one.path))
        and is_same(one.was, _found(after, one.path))
        and not _is_default(spec, one)
    ]


def not_stored(spec: Spec, sent: Body, before: Body, after: Body) -> list[Expected]:
    """Return what an insert was sent and did not store.

    before, after: as first read, and as read once more has been written.
    """
    lost = [
        Expected(name, before.get(name), value)
        for name, value in sent.items()
        if name not in spec.tables
        and not is_file(spec, name)
        and not is_same(value, before.get(name))
        and is_same(before.get(name), after.get(name))
    ]
    for table, inner in spec.tables.items():
        for row in rows_in(sent, table):
            lost += _row_not_stored(spec, inner, f"{table}.{row['id']}", row, after)
    return lost


def _row_not_stored(spec: Spec, inner: Spec, path: str, row: Body, after: Body) -> list[Expected]:
    if _found(after, path) is None:
        return [Expected(path, None, row)]
    sent = [
        Expected(f"{path}.{name}", None, value)
        for name, value in row.items()
        if (is_written(inner, name) or name not in inner.columns) and not is_file(inner, name)
    ]
    return dropped(spec, sent, after)


def is_overtaken(answer: Raw, raw: Raw) -> bool:
    """Tell whether somebody else saved between a write's answer and its reading back.

    A later save by the user we write as is not somebody else's: a rule of the site that changes
    the document behind a write's back does so as whoever wrote.
    """
    return bool(answer.get("modified")) and (
        raw.get("modified") != answer["modified"]
        and raw.get("modified_by") != answer.get("modified_by")
    )


def is_untouched(raw: Raw) -> bool:
    """Tell whether a document is as it was inserted: every save moves `modified`."""
    return bool(raw.get("creation")) and raw.get("creation") == raw.get("modified")


def lost_at_once(lost: Iterable[Expected], told: Body) -> list[Expected]:
    """Return what a write lost by its own answer: the rest was stored, and changed later."""
    return [one for one in lost if not _stands(one, _found(told, one.path))]


def _stands(one: Expected, told: Json) -> bool:
    if isinstance(one.now, dict) and "id" in one.now:  # a row: what it holds is told by field
        return told is not None
    return is_same(one.now, told)


def is_file(spec: Spec, name: str) -> bool:
    """Tell whether a field holds a file, which needs a document to hang on."""
    column = spec.columns.get(name)
    return column is not None and column.kind is Kind.ATTACH


def _is_default(spec: Spec, one: Expected) -> bool:
    """Zero written over nothing: Frappe's numbers and check marks cannot tell the two apart."""
    column = spec.column(one.path)
    numeric = (Kind.CHECK, Kind.INT, Kind.FLOAT, Kind.CURRENCY)
    return column is not None and column.kind in numeric and not one.now and not one.was


def _found(body: Body, path: str) -> Json:
    """Return a field, a row by its id, or a field of a row."""
    table, _, row_id = path.partition(".")
    row = next((row for row in rows_in(body, table) if row["id"] == row_id), None)
    return value_at(body, path) if row is None else row
