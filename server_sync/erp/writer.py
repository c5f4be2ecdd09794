"""Bringing one document's work into the ERP: made, changed or deleted there, then read back."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from field_core.canon import Body
from field_core.fields import Kind
from field_core.operations import Attach, Create, Remove
from field_core.problems import Problem
from server_sync.erp import seen, settling
from server_sync.erp.client import FrappeClient, Raw
from server_sync.erp.codec import SYNC_KEY, Codec, Decoded
from server_sync.erp.failures import ErpNotFound, ErpRefused, ErpStale
from server_sync.erp.intake import Run, attached
from server_sync.erp.plan import (
    Expected,
    Plan,
    dropped,
    insert_payload,
    not_stored,
    offline_links,
    plan_writes,
)
from server_sync.erp.task import (
    Task,
    Waits,
    Written,
    acting,
    bare_fields,
    signed,
    valid,
    with_files,
)
from server_sync.erp.uploads import Uploads
from server_sync.store import documents
from server_sync.store.documents import Doc
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction
from server_sync.sync.remerge import Remerged, merge_again

STALE_READS_MAX: Final = 4
"""Clashes in a row before the document is left for a moment: somebody is typing in it."""
BLOB_WAIT_MS: Final = 60_000
"""For a photo that is still on the phone; its arrival wakes the work earlier."""
SAME_CREATION_MAX: Final = 200
"""A bulk import may stamp thousands alike; a rename among more than these is left to a person."""

logger = logging.getLogger(__name__)


class Writer:
    """Writes documents of one site. Raises ErpFailure, or Waits; then nothing was settled."""

    def __init__(
        self,
        client: FrappeClient,
        store: Store,
        uploads: Uploads,
        *,
        run: Run,
        renew: Callable[[Task], Awaitable[None]],
    ) -> None:
        """renew: keeps the lease of a document while its rows are written one by one."""
        self._client = client
        self._store = store
        self._uploads = uploads
        self._run = run
        self._renew = renew

    async def carry_out(self, task: Task, codec: Codec) -> None:
        """Write all of a document's work and settle it."""
        last = task.work[-1].operation
        if isinstance(last, Remove):
            await self._remove(task)
            return
        name, sent = task.document.erp_name, None
        if name is None:
            if not isinstance(task.work[0].operation, Create):
                await self.park(task, Problem("waits-for-create"))
                return
            name, sent = await self._create(task, codec)
        await self._update(task, name, sent, codec)

    async def only_waits(self, task: Task) -> bool:
        """Tell whether all that is left are files that are still on a phone: no call is due."""
        awaited = [
            one.operation
            for one in task.work
            if isinstance(one.operation, Attach) and one.row.error == settling.WAITS_FOR_FILE
        ]
        if len(awaited) < len(task.work):
            return False
        if not await self._uploads.are_missing(task.key, awaited):
            return False
        return not await self._run(lambda: self._given_up(task))

    def _given_up(self, task: Task) -> set[int]:
        now_ms = self._store.now_ms()
        with self._store.read() as connection:
            return settling.never_came(connection, task, set(task.ids), now_ms=now_ms)

    async def park(self, task: Task, problem: Problem) -> None:
        """Put the work before a person."""
        await self._transact(lambda tx: settling.park(tx, task, problem))

    async def _transact(self, work: Callable[[Transaction], None]) -> None:
        await self._run(lambda: self._store.transact(work))

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
        payload = signed(
            task, valid(lambda: insert_payload(task.spec, body, task.key, codec)), codec
        )
        try:
            return str((await self._client.insert(doctype, payload))["name"]), body
        except ErpRefused:
            # Whatever it refuses now, it may have the document: a server put back to a backup
            # does not remember having made it, and a link may have been renamed since.
            found = await self._by_key(doctype, task.key)
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
                await self._transact(lambda tx: settling.vanish(tx, task))
                return
            try:
                await self._settle(task, await self._write(task, raw, sent, codec))
            except ErpStale:
                name = str(raw["name"])
            else:
                return
        raise ErpStale

    async def _settle(self, task: Task, written: Written) -> None:
        await self._transact(
            lambda tx: settling.finish(tx, task, written, blob_wait_ms=BLOB_WAIT_MS)
        )

    async def _write(self, task: Task, raw: Raw, sent: Body | None, codec: Codec) -> Written:
        """Write over the document as read, then read it back."""
        doctype, parent = task.document.doctype, (task.document.doctype, str(raw["name"]))
        urls = await self._uploads.bring(
            task.key,
            parent,
            [one.operation for one in task.work if isinstance(one.operation, Attach)],
            was_tried=task.was_tried,
        )
        held_back = {
            one.row.id
            for one in task.work
            if isinstance(one.operation, Attach) and one.operation.sha256 not in urls
        }
        before = after = await self._decoded(task, raw, codec, held=task.document.body)
        merged = await self._merged(task, before.body, without=bare_fields(task, held_back))
        wanted = with_files(task, merged.body or {}, urls)
        await self._check_links(task, wanted)
        plan = valid(lambda: plan_writes(task.spec, raw, before, wanted, codec, urls))
        if not plan.is_empty:
            await self._send(task, parent, raw, plan, codec)
            await self._renew(task)
            raw = await self._client.get(doctype, parent[1])
            # What was written tells which instant a repeated hour's text means.
            after = await self._decoded(task, raw, codec, held=wanted or task.document.body)
        lost = dropped(task.spec, plan, after.body)
        if sent is not None:
            ignored = not_stored(task.spec, sent, before.body, after.body)
            lost += [one for one in ignored if not await self._was_renamed(task, one)]
        return Written(after, merged, held_back, lost)

    async def _was_renamed(self, task: Task, one: Expected) -> bool:
        """Whether a new document's link was stored, and what it names renamed before we read it.

        The ERP takes no link to what is not there: one that was there then, and is not any more.
        """
        column = task.spec.columns.get(one.path)
        if column is None or column.kind is not Kind.LINK or not one.was:
            return False
        return await self._get(column.options, str(one.now)) is None

    async def _send(
        self, task: Task, parent: tuple[str, str], raw: Raw, plan: Plan, codec: Codec
    ) -> None:
        who = acting(task, codec)
        payload = {**plan.scalars, **who, "modified": raw["modified"]}
        if not raw.get(SYNC_KEY):  # from now on a rename cannot hide the document from us
            payload[SYNC_KEY] = task.key
        await self._renew(task)
        await self._client.update(*parent, payload)
        for row in plan.rows:
            await self._renew(task)
            if row.row_name is None:
                await self._client.append_row(parent, row.table, row.doctype, {**row.values, **who})
            else:
                await self._client.set_row(parent, row.doctype, row.row_name, {**row.values, **who})

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
            task.document.doctype,
            ["name", SYNC_KEY],
            filters=[("creation", "=", task.seen.creation)],
            limit=SAME_CREATION_MAX,
        )
        bare = [str(row["name"]) for row in rows if not row.get(SYNC_KEY)]
        known = await self._run(lambda: self._known(task.document.doctype, bare))
        mine = [name for name in bare if known.get(name, task.key) == task.key]
        return mine[0] if len(mine) == 1 else None

    def _known(self, doctype: str, names: Sequence[str]) -> dict[str, str]:
        """Return whose names these are already: an import gives many documents one creation."""
        with self._store.read() as connection:
            found = seen.by_names(connection, doctype, names)
        return {name: one.key for name, one in found.items()}

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
                await self.park(task, Problem("changed-since"))
                return
            try:
                await self._client.delete(doctype, str(raw["name"]))
            except ErpNotFound:
                logger.info("%s %s was deleted by somebody else", doctype, name)
        await self._transact(lambda tx: settling.finish_removal(tx, task))

    # --- the store

    async def _decoded(self, task: Task, raw: Raw, codec: Codec, *, held: Body | None) -> Decoded:
        """Read a document of the ERP. held: our body, or what we wrote into the ERP's."""
        urls = attached(task.spec, raw)
        files = await self._run(lambda: self._files(urls)) if urls else {}
        return codec.decode(task.spec, raw, held=held, files=files)

    def _files(self, urls: Sequence[str]) -> dict[str, str]:
        with self._store.read() as connection:
            return seen.files(connection, urls)

    async def _merged(
        self, task: Task, body: Body | None, without: frozenset[int] = frozenset()
    ) -> Remerged:
        work = [one for one in task.work if one.row.id not in without]
        return await self._run(
            lambda: merge_again(body, work, spec=task.spec, resolve=self._name_of)
        )

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
