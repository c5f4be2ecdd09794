"""Writing what the field did to the ERP, a document at a time, each operation once.

One step: claim documents whose turn it is, and bring each as far as it goes. Nothing sleeps here:
what cannot be done now is given back with the moment of its next try. A document is always read
before it is written (its row names are learnt then), merged again by the same policies as on the
devices, written under the optimistic lock, and read back: an answer is never taken for what was
stored.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from field_core import operations
from field_core.canon import Body
from field_core.doctypes import Spec, spec_of
from field_core.fields import Kind
from field_core.operations import Append, Attach, Create, Operation, Remove, Set, Transition
from field_core.problems import Problem
from server_sync.erp import outbox, seen
from server_sync.erp.breaker import backoff_ms
from server_sync.erp.client import PARALLEL_MAX, FrappeClient, Raw
from server_sync.erp.codec import SYNC_KEY, Codec, Decoded, Urls, is_written
from server_sync.erp.failures import (
    ErpNotFound,
    ErpRefused,
    ErpStale,
    ErpUnavailable,
    ErpUnknownOutcome,
)
from server_sync.erp.intake import Run, decode_for, note_and_take
from server_sync.erp.plan import (
    Expected,
    Plan,
    dropped,
    insert_payload,
    offline_links,
    plan_writes,
    rows_in,
)
from server_sync.erp.uploads import ReadBlob, Uploads
from server_sync.store import documents
from server_sync.store.documents import Doc
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction
from server_sync.sync import ingest, reviews
from server_sync.sync.remerge import Remerged, Work, is_same, merge_again

STALE_READS_MAX: Final = 4
"""Clashes in a row before the document is left for a moment: somebody is typing in it."""
TRIES_MAX: Final = 10
"""Answers without sense (5xx, or clashes) before a person has to look: about twenty minutes."""
BACKOFF_MS: Final = 2_000
BACKOFF_MS_MAX: Final = 300_000
LINK_WAIT_MS: Final = 30_000
"""For the document that a link points at to get its name; its arrival wakes the work earlier."""
BLOB_WAIT_MS: Final = 60_000
"""For a photo that is still on the phone; its arrival wakes the work earlier."""

T = TypeVar("T")
logger = logging.getLogger(__name__)


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

    raw: Raw
    merged: Remerged
    held_back: set[int]
    """Work that waits for its file."""
    dropped: list[Expected]


class WriteBack:
    """Brings waiting work into one site."""

    def __init__(self, client: FrappeClient, store: Store, *, read_blob: ReadBlob,
                 rand: Callable[[], float], run: Run) -> None:
        self._client = client
        self._store = store
        self._uploads = Uploads(client, store, read_blob=read_blob, run=run)
        self._rand = rand
        self._leased_ms: dict[str, int] = {}
        self._run = run

    async def run_once(self, codec: Codec, limit: int) -> int:
        """Try the documents whose turn it is, `limit` at most; return how many were tried."""
        now_ms = self._store.now_ms()
        if self._client.breaker.is_open(now_ms):
            return 0
        claimed = await self._run(lambda: self._store.database.run(
            lambda connection: outbox.claim(connection, now_ms=now_ms, limit=limit)))
        self._leased_ms = dict.fromkeys((key for key, _ in claimed), now_ms)
        for start in range(0, len(claimed), PARALLEL_MAX):
            await _all_or_none([self._attend(key, codec, was_tried=tried)
                                for key, tried in claimed[start:start + PARALLEL_MAX]])
        return len(claimed)

    # --- one document

    async def _attend(self, key: str, codec: Codec, *, was_tried: bool) -> None:
        task = await self._load(key, was_tried=was_tried)
        if task is None:
            return
        try:
            await self._attempt(task, codec)
        except Waits as wait:
            await self._postpone(task, LINK_WAIT_MS, error=f"waits-for {wait.key}")
        except ErpUnavailable as failure:
            await self._postpone(task, failure.after_ms or self._pause(task),
                                 error=failure.problem.code)
        except (ErpUnknownOutcome, ErpStale) as failure:
            answered = isinstance(failure, ErpStale) or failure.is_answered
            await self._again_or_park(task, failure.problem, counts=answered)
        except Exception:
            # One document that we cannot handle must not stop the others, nor be lost.
            logger.exception("write-back of %s %s failed", task.document.doctype, key)
            await self._again_or_park(task, Problem("internal"), counts=True)

    async def _attempt(self, task: Task, codec: Codec) -> None:
        """Write everything at once; when the ERP refuses, find out which part it is."""
        try:
            await self._carry_out(task, codec)
        except ErpRefused as refusal:
            units = task.units()
            if len(units) == 1:
                await self._park(task, refusal.problem)
                return
            for unit in units:
                await self._attempt_unit(task.key, unit, codec)

    async def _attempt_unit(self, key: str, ids: list[int], codec: Codec) -> None:
        part = await self._load(key, was_tried=True, only=set(ids))
        if part is None:
            return
        try:
            await self._carry_out(part, codec)
        except ErpRefused as refusal:
            await self._park(part, refusal.problem)

    async def _carry_out(self, task: Task, codec: Codec) -> None:
        last = task.work[-1].operation
        if isinstance(last, Remove):
            await self._remove(task)
            return
        name, sent = task.document.erp_name, None
        if name is None:
            if not isinstance(task.work[0].operation, Create):
                await self._park(task, Problem("waits-for-create"))
                return
            name, sent = await self._create(task, codec)
        await self._update(task, name, sent, codec)

    # --- create

    async def _create(self, task: Task, codec: Codec) -> tuple[str, Body | None]:
        """Insert the document, unless an earlier try did. Returns its name, and what was sent."""
        doctype = task.document.doctype
        if task.was_tried:
            found = await self._by_key(doctype, task.key)
            if found:
                return found, None
        merged = await self._merged(task, None)
        body = merged.body or {}
        await self._check_links(task, body)
        payload = {**_valid(lambda: insert_payload(task.spec, body, task.key, codec)),
                   **_acting(task, codec)}
        try:
            return str((await self._client.insert(doctype, payload))["name"]), body
        except ErpRefused as refusal:
            found = await self._by_key(doctype, task.key) if refusal.is_duplicate else None
            if found is None:
                raise
            return found, None

    async def _by_key(self, doctype: str, key: str) -> str | None:
        rows = await self._client.rows(doctype, ["name"], filters=[(SYNC_KEY, "=", key)], limit=1)
        return str(rows[0]["name"]) if rows else None

    # --- update

    async def _update(self, task: Task, name: str, sent: Body | None, codec: Codec) -> None:
        for _ in range(STALE_READS_MAX):
            raw = await self._read(task, name)
            if raw is None:
                await self._gone(task)
                return
            try:
                await self._settle(task, await self._write(task, raw, sent, codec), codec)
            except ErpStale:
                name = str(raw["name"])
            else:
                return
        raise ErpStale

    async def _settle(self, task: Task, written: Written, codec: Codec) -> None:
        await self._run(lambda: self._store.transact(
            lambda tx: self._finish(tx, task, written, codec)))

    async def _write(self, task: Task, raw: Raw, sent: Body | None, codec: Codec) -> Written:
        """Write over the document as read, then read it back."""
        doctype, parent = task.document.doctype, (task.document.doctype, str(raw["name"]))
        urls = await self._uploads.bring(
            task.key, parent, [one.operation for one in task.work if isinstance(
                one.operation, Attach)], was_tried=task.was_tried)
        held_back = {one.row.id for one in task.work if isinstance(one.operation, Attach)
                     and one.operation.sha256 not in urls}
        decoded = await self._decoded(task, raw, codec)
        merged = await self._merged(task, decoded.body, without=_bare_fields(task, held_back))
        wanted = _with_files(task, merged.body or {}, urls)
        await self._check_links(task, wanted)
        plan = _valid(lambda: plan_writes(task.spec, raw, decoded, wanted, codec, urls))
        if not plan.is_empty:
            await self._send(task, parent, raw, plan, codec)
            raw = await self._client.get(doctype, parent[1])
        after = await self._decoded(task, raw, codec)
        lost = dropped(task.spec, plan, after.body)
        if sent is not None:
            lost += _not_stored(task.spec, sent, decoded.body, after.body)
        return Written(raw, merged, held_back, lost)

    async def _send(self, task: Task, parent: tuple[str, str], raw: Raw, plan: Plan,
                    codec: Codec) -> None:
        payload = {**plan.scalars, **_acting(task, codec), "modified": raw["modified"]}
        if not raw.get(SYNC_KEY):  # from now on a rename cannot hide the document from us
            payload[SYNC_KEY] = task.key
        await self._client.update(*parent, payload)
        for row in plan.rows:
            await self._renew(task)
            if row.row_name is None:
                await self._client.append_row(parent, row.table, row.doctype, row.values)
            else:
                await self._client.set_row(parent, row.doctype, row.row_name, row.values)

    async def _read(self, task: Task, name: str) -> Raw | None:
        """Read the document by name, or where it went: the name alone proves nothing."""
        raw = await self._get(task.document.doctype, name)
        if raw is not None and self._is_it(task, raw):
            return raw
        moved = await self._by_key(task.document.doctype, task.key)
        if moved is None and task.seen is not None:
            moved = await self._by_creation(task)
        return await self._get(task.document.doctype, moved) if moved else None

    async def _get(self, doctype: str, name: str) -> Raw | None:
        try:
            return await self._client.get(doctype, name)
        except ErpNotFound:
            return None

    async def _by_creation(self, task: Task) -> str | None:
        assert task.seen is not None, "asked only for documents that were seen"
        rows = await self._client.rows(
            task.document.doctype, ["name", SYNC_KEY],
            filters=[("creation", "=", task.seen.creation)], limit=2)
        mine = [row for row in rows if not row.get(SYNC_KEY)]
        return str(mine[0]["name"]) if len(mine) == 1 else None

    def _is_it(self, task: Task, raw: Raw) -> bool:
        if raw.get(SYNC_KEY):
            return bool(raw[SYNC_KEY] == task.key)
        return task.seen is None or bool(task.seen.creation == raw.get("creation"))

    # --- remove

    async def _remove(self, task: Task) -> None:
        doctype, name = task.document.doctype, task.document.erp_name
        if name is None and task.was_tried:
            name = await self._by_key(doctype, task.key)
        raw = await self._read(task, name) if name else None
        if raw is not None:
            if task.seen and raw["modified"] != task.seen.modified:
                await self._park(task, Problem("changed-since"))
                return
            try:
                await self._client.delete(doctype, str(raw["name"]))
            except ErpNotFound:
                logger.info("%s %s was deleted by somebody else", doctype, name)
        await self._run(lambda: self._store.transact(lambda tx: _finish_removal(tx, task)))

    async def _gone(self, task: Task) -> None:
        """The ERP deleted the document: what waited on it is kept for a person."""
        def work(transaction: Transaction) -> None:
            ingest.vanish(transaction, task.key)
            seen.forget(transaction.connection, task.key)
        await self._run(lambda: self._store.transact(work))

    # --- the store

    async def _load(self, key: str, *, was_tried: bool,
                    only: set[int] | None = None) -> Task | None:
        def work(connection: Connection) -> Task | None:
            rows = [row for row in outbox.rows_of(connection, key) if not only or row.id in only]
            document = documents.load(connection, key)
            if not rows or document is None:
                return None
            listed = [Work(row, operations.parse(json.loads(row.operation))) for row in rows]
            return Task(document, spec_of(document.doctype), listed,
                        seen.by_key(connection, key), was_tried)

        def read() -> Task | None:
            with self._store.read() as connection:
                return work(connection)

        return await self._run(read)

    async def _decoded(self, task: Task, raw: Raw, codec: Codec) -> Decoded:
        def read() -> Decoded:
            with self._store.read() as connection:
                return decode_for(connection, codec, task.spec, raw, held=task.document.body)
        return await self._run(read)

    async def _merged(self, task: Task, body: Body | None,
                      without: frozenset[int] = frozenset()) -> Remerged:
        work = [one for one in task.work if one.row.id not in without]
        return await self._run(lambda: merge_again(
            body, work, spec=task.spec, resolve=self._name_of))

    def _name_of(self, doctype: str, key: str) -> str | None:
        found = self._document(key)
        return found.erp_name if found and found.doctype == doctype else None

    def _document(self, key: str) -> Doc | None:
        with self._store.read() as connection:
            return documents.load(connection, key)

    async def _check_links(self, task: Task, body: Body) -> None:
        """Raise Waits for a link to what is on its way, ErpRefused for one that never will be."""
        for _, key in offline_links(task.spec, body):
            target = await self._run(lambda k=key: self._document(k))  # type: ignore[misc]  # bound now
            if target is None or target.erp_name:
                continue
            if target.body is None:
                refusal = ErpRefused(key)
                refusal.problem = Problem("waits-for-create")
                raise refusal
            raise Waits(key)

    def _finish(self, transaction: Transaction, task: Task, written: Written,
                codec: Codec) -> None:
        """Settle the work, keep what lost, take in what was read back."""
        aside = {work.row.id for work, _ in written.merged.parked} | written.held_back
        for work, problem in written.merged.parked:
            ingest.park_waiting(transaction, task.document, problem.code, dict(problem.details),
                                only=lambda row, i=work.row.id: row.id == i)  # type: ignore[misc]  # bound now
        aside |= _keep_dropped(transaction, task, written.dropped)
        ingest.settle_stored(transaction, [i for i in task.ids if i not in aside])
        ingest.keep_losers(transaction, written.merged.losers, task.document)
        have = transaction.get(task.key)
        decoded = decode_for(transaction.connection, codec, task.spec, written.raw,
                             held=have.body if have else None)
        note_and_take(transaction, task.document.doctype, task.key, decoded, force=True)
        outbox.wake(transaction.connection, f"waits-for {task.key}")
        if written.held_back:
            outbox.postpone(transaction.connection, list(written.held_back), failed=False,
                            next_ms=transaction.now_ms + BLOB_WAIT_MS, error="waits-for-file")

    async def _park(self, task: Task, problem: Problem) -> None:
        """Put the work before a person, and show the document without it."""
        def work(transaction: Transaction) -> None:
            document = transaction.get(task.key) or task.document
            ids = set(task.ids)
            ingest.park_waiting(transaction, document, problem.code, dict(problem.details),
                                only=lambda row: row.id in ids)
            ingest.put_rebuilt(transaction, document)
            outbox.wake(transaction.connection, f"waits-for {task.key}")
        await self._run(lambda: self._store.transact(work))

    async def _postpone(self, task: Task, pause_ms: int, *, error: str,
                        failed: bool = False) -> None:
        next_ms = self._store.now_ms() + pause_ms
        await self._run(lambda: self._store.database.run(lambda connection: outbox.postpone(
            connection, task.ids, next_ms=next_ms, error=error, failed=failed)))

    async def _again_or_park(self, task: Task, problem: Problem, *, counts: bool) -> None:
        tries = max(one.row.tries for one in task.work) + 1
        if counts and tries >= TRIES_MAX:
            await self._park(task, problem)
        else:
            await self._postpone(task, self._pause(task), error=problem.code, failed=counts)

    def _pause(self, task: Task) -> int:
        return backoff_ms(max(one.row.tries for one in task.work), base_ms=BACKOFF_MS,
                          max_ms=BACKOFF_MS_MAX, rand=self._rand)

    async def _renew(self, task: Task) -> None:
        """Keep the lease while rows are written one by one."""
        now_ms = self._store.now_ms()
        if now_ms > self._leased_ms.get(task.key, 0) + outbox.LEASE_MS // 2:
            self._leased_ms[task.key] = now_ms
            await self._run(lambda: self._store.database.run(
                lambda connection: outbox.lease(connection, task.key, now_ms=now_ms)))


async def _all_or_none(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Do things side by side; when one ends the whole, leave none running behind its back."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def _valid(write: Callable[[], T]) -> T:
    """Write values as the ERP has them; one that is none is refused here, before any call."""
    try:
        return write()
    except ValueError as error:
        raise ErpRefused(str(error)) from error


def _acting(task: Task, codec: Codec) -> Body:
    """Who really did it, on which device, when: the service user is the ERP's `modified_by`."""
    last = task.work[-1].row
    return {"sync_technician": last.by_technician, "sync_device": last.device,
            "sync_client_time": codec.time.to_site(last.at)}


def _bare_fields(task: Task, held_back: set[int]) -> frozenset[int]:
    """A field cannot be written before its file is there; a photo's row can."""
    return frozenset(
        one.row.id for one in task.work if one.row.id in held_back
        and isinstance(one.operation, Attach) and not one.operation.list_name)


def _with_files(task: Task, body: Body, urls: Urls) -> Body:
    """Return the document with the addresses of uploaded files in the rows they belong to."""
    wanted = body
    for one in task.work:
        attach = one.operation
        if not isinstance(attach, Attach) or not attach.list_name or attach.sha256 not in urls:
            continue
        inner = task.spec.tables.get(attach.list_name)
        field = next((n for n, c in inner.columns.items() if c.kind is Kind.ATTACH), None) \
            if inner else None
        rows = wanted.get(attach.list_name)
        if field and isinstance(rows, list):
            identity = attach.item_id or attach.id
            wanted = {**wanted, attach.list_name: [
                {**row, field: urls[attach.sha256]}
                if isinstance(row, dict) and row.get("id") == identity else row for row in rows]}
    return wanted


def _not_stored(spec: Spec, sent: Body, before: Body, after: Body) -> list[Expected]:
    """Return what an insert was sent and did not store."""
    lost = [Expected(name, before.get(name), value) for name, value in sent.items()
            if is_written(spec, name) and spec.columns[name].kind is not Kind.ATTACH
            and not is_same(value, before.get(name)) and is_same(before.get(name), after.get(name))]
    for table in spec.tables:
        held = {row["id"] for row in rows_in(after, table)}
        lost += [Expected(f"{table}.{row['id']}", None, row) for row in rows_in(sent, table)
                 if row["id"] not in held]
    return lost


def _keep_dropped(transaction: Transaction, task: Task, lost: Sequence[Expected]) -> set[int]:
    """Keep values that the ERP silently ignored, each with the operation it came from."""
    aside: set[int] = set()
    for one in lost:
        work = _source(task.work, one.path)
        reviews.keep_dropped(
            transaction, operation=work.operation, field=one.path, kept=one.was, lost=one.now,
            caller=ingest.actor_of(work.row), document=task.document, at=work.row.at)
        ingest.put_aside(transaction, work.row, "erp-refused",
                         {"message": one.path, "field": one.path})
        aside.add(work.row.id)
    return aside


def _source(work: Sequence[Work], path: str) -> Work:
    """Return the last operation that wrote a field; the last of all when none did by name."""
    return next((one for one in reversed(work) if _touches(one.operation, path)), work[-1])


def _touches(operation: Operation, path: str) -> bool:
    head, _, rest = path.partition(".")
    match operation:
        case Set():
            return path in operation.fields or head in operation.fields
        case Transition():
            return head in _MOVED and (head != "status_log" or rest.startswith(operation.id))
        case Append():
            return head == operation.list_name and rest.startswith(operation.item_id)
        case Attach():
            return path == operation.field or (
                head == operation.list_name and rest.startswith(operation.item_id or operation.id))
        case _:
            return isinstance(operation, Create)


_MOVED: Final = frozenset({"status", "status_log", "started_at", "completed_at", "closed_reason"})


def _finish_removal(transaction: Transaction, task: Task) -> None:
    ingest.settle_stored(transaction, task.ids)
    document = transaction.get(task.key) or task.document
    transaction.put(replace(document, body=None, erp_body=None, erp_modified=None))
    seen.forget(transaction.connection, task.key)
