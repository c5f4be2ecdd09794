"""What has to be written to the ERP so that it says what the merge decided: pure, no call made.

Scalar fields go in one PUT under the optimistic lock. Rows go one by one, since a table in a PUT
replaces everything. Only a table that loses rows is sent whole, every row complete as read under
that lock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from field_core.canon import Body, Json
from field_core.doctypes import Spec
from field_core.fields import Kind
from field_core.ids import is_uuid
from server_sync.erp.codec import SYNC_KEY, Codec, Decoded, Urls, is_written, row_id, rows_in
from server_sync.erp.losses import Expected, is_file
from server_sync.sync.remerge import UUID_LENGTH, is_same

_ROW_STAMPS: Final = frozenset({"owner", "creation", "modified", "modified_by", "docstatus"})


@dataclass(frozen=True, slots=True)
class RowWrite:
    """One row to append (`row_name` None) or to change."""

    table: str
    doctype: str
    row_id: str
    row_name: str | None
    values: Body


@dataclass(slots=True)
class Plan:
    """The writes of one document."""

    scalars: Body = field(default_factory=dict)
    rows: list[RowWrite] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the ERP says it all already."""
        return not self.scalars and not self.rows


def plan_writes(
    spec: Spec, raw: Mapping[str, Any], decoded: Decoded, wanted: Body, codec: Codec, urls: Urls
) -> Plan:
    """Compare the ERP's document with the merged one. Raises ValueError for a time that is none."""
    plan, have = Plan(), decoded.body
    for name, column in spec.columns.items():
        was, now = have.get(name), wanted.get(name)
        if is_written(spec, name) and not is_same(now, was):
            plan.scalars[name] = codec.encode(column, now, urls)
            plan.expected.append(Expected(name, was, now))
    plan.expected += [
        Expected(name, None, value)
        for name, value in wanted.items()
        if name not in spec.columns and name not in spec.tables and name not in have
    ]
    for table, inner in spec.tables.items():
        if wanted.get(table) != have.get(table):
            _plan_table(plan, table, inner, raw, decoded, wanted, codec)
    return plan


def _plan_table(
    plan: Plan,
    table: str,
    inner: Spec,
    raw: Mapping[str, Any],
    decoded: Decoded,
    wanted: Body,
    codec: Codec,
) -> None:
    had = {str(row["id"]): row for row in rows_in(decoded.body, table)}
    now = {str(row["id"]): row for row in rows_in(wanted, table)}
    for identity, row in now.items():
        before = had.get(identity, {})
        plan.expected += [
            Expected(f"{table}.{identity}.{name}", before.get(name), value)
            for name, value in row.items()
            if (is_written(inner, name) or name not in inner.columns)
            and not is_same(value, before.get(name))
        ]
    if had.keys() - now.keys():
        plan.scalars[table] = _whole(table, inner, raw, now, had, codec)
        return
    names = decoded.row_names.get(table, {})
    for identity, row in now.items():
        write = _row_write(table, inner, row, had.get(identity), names.get(identity), codec)
        if write is not None:
            plan.rows.append(write)


def _row_write(
    table: str, inner: Spec, row: Body, before: Body | None, name: str | None, codec: Codec
) -> RowWrite | None:
    identity = str(row["id"])
    if before is None:
        return RowWrite(table, inner.doctype, identity, None, codec.new_row(inner, row))
    changed = {
        n: codec.encode(inner.columns[n], row.get(n))
        for n in {*row, *before}
        if is_written(inner, n) and not is_same(row.get(n), before.get(n))
    }
    return RowWrite(table, inner.doctype, identity, name, changed) if changed else None


def _whole(
    table: str,
    inner: Spec,
    raw: Mapping[str, Any],
    now: Mapping[str, Body],
    had: Mapping[str, Body],
    codec: Codec,
) -> list[Json]:
    """Every row to keep, complete as read and changed where it changed; new ones without a name."""
    stored = {row_id(row): row for row in raw.get(table) or ()}
    rows: list[Json] = []
    for identity, row in now.items():
        if identity not in stored:
            rows.append(codec.new_row(inner, row))
            continue
        complete = {n: v for n, v in stored[identity].items() if n not in _ROW_STAMPS}
        write = _row_write(table, inner, row, had[identity], str(complete["name"]), codec)
        rows.append({**complete, **(write.values if write else {})})
    return rows


def insert_payload(spec: Spec, body: Body, key: str, codec: Codec) -> Body:
    """Write a new document whole. Files are left out: they need a document to hang on."""
    scalars = {n: v for n, v in body.items() if n not in spec.tables and not is_file(spec, n)}
    tables: Body = {
        table: [codec.new_row(inner, row) for row in rows_in(body, table)]
        for table, inner in spec.tables.items()
        if body.get(table)
    }
    return {**codec.encode_row(spec, scalars), **tables, SYNC_KEY: key}


def offline_links(spec: Spec, plan_body: Body) -> Iterator[tuple[str, str]]:
    """Yield (doctype, key) of links that still hold the key of a document made offline."""
    yield from _keys_in(spec, plan_body)
    for table, inner in spec.tables.items():
        for row in rows_in(plan_body, table):
            yield from _keys_in(inner, row)


def _keys_in(spec: Spec, body: Body) -> Iterator[tuple[str, str]]:
    for name, column in spec.columns.items():
        value = body.get(name)
        if (
            column.kind is Kind.LINK
            and isinstance(value, str)
            and len(value) == UUID_LENGTH
            and is_uuid(value)
        ):
            yield column.options, value
