"""One document with the work that waits on it, and what follows from the two by themselves."""

import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import Connection

from field_core import operations
from field_core.canon import Body
from field_core.doctypes import Spec, spec_of
from field_core.operations import Attach, Create
from server_sync.erp import outbox, seen
from server_sync.erp.client import Raw
from server_sync.erp.codec import SYNC_KEY, Codec, Decoded, Urls
from server_sync.erp.failures import ErpRefused
from server_sync.erp.losses import Expected, is_untouched
from server_sync.erp.sources import source
from server_sync.store import documents
from server_sync.store.documents import Doc
from server_sync.sync.photos import file_column
from server_sync.sync.remerge import Remerged, Work

T = TypeVar("T")


class Waits(Exception):
    """A link points at a document that has no name in the ERP yet."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Task:
    """One document with the work that waits on it."""

    document: Doc
    spec: Spec
    work: Sequence[Work]
    seen: seen.Seen | None
    was_tried: bool

    @property
    def key(self) -> str:
        """Our key of the document."""
        return self.document.key

    @property
    def ids(self) -> list[int]:
        """The rows of the work."""
        return [one.row.id for one in self.work]

    @property
    def creates(self) -> bool:
        """Whether the ERP is to give the document its name."""
        return any(isinstance(one.operation, Create) for one in self.work)

    def part(self, ids: AbstractSet[int]) -> "Task":
        """Return the task with some of its work alone."""
        return replace(self, work=[one for one in self.work if one.row.id in ids])

    def units(self) -> list[list[int]]:
        """Return ids that stand or fall together: groups, and everything else by itself."""
        units: dict[str, list[int]] = {}
        for one in self.work:
            group = one.operation.group
            units.setdefault(group.id if group else one.operation.id, []).append(one.row.id)
        return list(units.values())


@dataclass(slots=True)
class Written:
    """How a write ended: what was read back, and what became of each operation."""

    after: Decoded
    merged: Remerged
    held_back: set[int]
    """Work that waits for its file."""
    dropped: list[Expected]


class Born(NamedTuple):
    """A document that this work made in the ERP."""

    name: str
    sent: Body
    answer: Raw | None
    """As it stood when it was stored; None when an earlier try made it, whose answer is lost."""


def load(connection: Connection, tried: Mapping[str, bool]) -> list[Task]:
    """Return what waits on some documents, without those on which nothing does any more.

    tried: their keys, each with whether its work may be in the ERP already.
    """
    keys = list(tried)
    work: dict[str, list[Work]] = {}
    for row in outbox.rows_of(connection, keys):
        operation = operations.parse(json.loads(row.operation))
        work.setdefault(row.key, []).append(Work(row, operation))
    known = seen.by_keys(connection, keys)
    return [
        Task(one, spec_of(one.doctype), work[one.key], known.get(one.key), tried[one.key])
        for one in documents.load_many(connection, work)
    ]


def valid(write: Callable[[], T]) -> T:
    """Write values as the ERP has them; one that is none is refused here, before any call."""
    try:
        return write()
    except ValueError as error:
        raise ErpRefused(str(error)) from error


_WHO: Final = ("sync_technician", "sync_device", "sync_client_time")
_NO_FRACTION: Final = ".000000"
"""A site leaves it out of a time that it answers with."""


def acting(task: Task, codec: Codec, path: str = "") -> Body:
    """Who really did it, on which device, when: the service user is the ERP's `modified_by`.

    path: of a row, `table.id`; without one it is who did the last of it all.
    """
    row = (source(task.work, path) if path else task.work[-1]).row
    return {
        "sync_technician": row.by_technician,
        "sync_device": row.device,
        "sync_client_time": codec.time.to_site(row.at),
    }


def is_as_made(task: Task, raw: Raw, codec: Codec) -> bool:
    """Tell whether a document stands as this very work made it, in a try whose answer is lost.

    Nobody saved it since; nor was it made of more work, which a server that was put back to a
    backup has not yet been given again.
    """
    ours, theirs = (
        [str(who.get(name) or "").removesuffix(_NO_FRACTION) for name in _WHO]
        for who in (acting(task, codec), raw)
    )
    return is_untouched(raw) and ours == theirs


def signed(task: Task, payload: Body, codec: Codec) -> Body:
    """Return a new document with who really made it, on itself and on each of its rows."""
    tables: Body = {
        name: [
            {**row, **acting(task, codec, f"{name}.{row[SYNC_KEY]}")}
            for row in rows
            if isinstance(row, dict)
        ]
        for name in task.spec.tables
        if isinstance(rows := payload.get(name), list)
    }
    return {**payload, **tables, **acting(task, codec)}


def bare_fields(task: Task, held_back: set[int]) -> frozenset[int]:
    """A field cannot be written before its file is there; a photo's row can."""
    return frozenset(
        one.row.id
        for one in task.work
        if one.row.id in held_back
        and isinstance(one.operation, Attach)
        and not one.operation.list_name
    )


def with_files(task: Task, body: Body, urls: Urls) -> Body:
    """Return the document with the addresses of uploaded files in the rows they belong to."""
    wanted = body
    for one in task.work:
        attach = one.operation
        if not isinstance(attach, Attach) or not attach.list_name or attach.sha256 not in urls:
            continue
        field = file_column(task.spec.tables.get(attach.list_name))
        rows = wanted.get(attach.list_name)
        if field and isinstance(rows, list):
            identity = attach.item_id or attach.id
            wanted = {
                **wanted,
                attach.list_name: [
                    {**row, field: urls[attach.sha256]}
                    if isinstance(row, dict) and row.get("id") == identity
                    else row
                    for row in rows
                ],
            }
    return wanted
