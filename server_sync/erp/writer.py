"""Bringing one document's work into the ERP: made, changed or deleted there, then read back."""

import logging
from collections.abc import Callable, Sequence
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
from server_sync.erp.leases import Leases
from server_sync.erp.losses import (
    Expected,
    dropped,
    is_overtaken,
    lost_at_once,
    not_stored,
)
from server_sync.erp.plan import Plan, insert_payload, offline_links, plan_writes
from server_sync.erp.task import (
    Born,
    Task,
    Waits,
    Written,
    acting,
    bare_fields,
    is_as_made,
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
    """Writes documents of one site.

    Raises ErpFailure, Waits or LeaseLost; nothing is settled then.
    """

    def __init__(
        self,
        client: FrappeClient,
        store: Store,
        uploads: Uploads,
        *,
        run: Run,
        leases: Leases,
    ) -> None:
        self._client = client
        self._store = store
        self._uploads = uploads
        self._run = run
        self._leases = leases

    async def carry_out(self, task: Task, codec: Codec) -> None:
        """Write all of a document's work and settle it."""
        last = task.work[-1].operation
        if isinstance(last, Remove):
            await self._remove(task)
            return
        name, born = task.document.erp_name, None
        if isinstance(task.work[0].operation, Create):
            born = await self._create(task, codec)
            name = born.name
        if name is None:
            await self.park(task, Problem("waits-for-create"))
            return
        await self._update(task, name, born, codec)

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

    async def _create(self, task: Task, codec: Codec) -> Born:
        """Insert the document, unless an earlier try did."""
        doctype, found = task.document.doctype, task.document.erp_name
        if found is None and task.was_tried:
            found = await self._by_key(doctype, task.key)
        body = (await self._merged(task, None)).body or {}
        if found:
            return Born(found, body, None)
        await self._check_links(task, body)
        payload = signed(
            task, valid(lambda: insert_payload(task.spec, body, task.key, codec)), codec
        )
        try:
            answer = await self._client.insert(doctype, payload)
        except ErpRefused:
            # Whatever it refuses now, it may have the document: a server put back to a backup
            # does not remember having made it, and a link may have been renamed since.
            found = await self._by_key(doctype, task.key)
            if found is None:
                raise
            return Born(found, body, None)
        return Born(str(answer["name"]), body, answer)

    async def _by_key(self, doctype: str, key: str) -> str | None:
        rows = await self._client.rows(doctype, ["name"], filters=[(SYNC_KEY, "=", key)], limit=1)
        return str(rows[0]["name"]) if rows else None

    # --- update

    async def _update(self, task: Task, name: str, born: Born | None, codec: Codec) -> None:
        for _ in range(STALE_READS_MAX):
            raw = await self._read(task, name)
            if raw is None:
                await self._transact(lambda tx: settling.vanish(tx, task))
                return
            try:
                await self._settle(task, await self._write(task, raw, born, codec))
            except ErpStale:
                name = str(raw["name"])
            else:
                return
        raise ErpStale

    async def _settle(self, task: Task, written: Written) -> None:
        until_ms = self._leases.until_ms(task.key)
        await self._transact(
            lambda tx: settling.finish(
                tx, task, written, blob_wait_ms=BLOB_WAIT_MS, until_ms=until_ms
            )
        )

    async def _write(self, task: Task, raw: Raw, born: Born | None, codec: Codec) -> Written:
        """Write over the document as read, then read it back."""
        urls = await self._uploads.bring(
            task.key,
            (task.document.doctype, str(raw["name"])),
            [one.operation for one in task.work if isinstance(one.operation, Attach)],
            was_tried=task.was_tried,
            renew=lambda: self._leases.renew(task.key),
        )
        held_back = {
            one.row.id
            for one in task.work
            if isinstance(one.operation, Attach) and one.operation.sha256 not in urls
        }
        before = await self._decoded(task, raw, codec, held=task.document.body)
        at_birth = await self._overtaken(task, born.answer, raw, codec) if born else None
        bare = bare_fields(task, held_back)
        merged = await self._merged(task, before.body, without=bare, earlier=at_birth)
        wanted = with_files(task, merged.body or {}, urls)
        await self._check_links(task, wanted)
        plan = valid(lambda: plan_writes(task.spec, raw, before, wanted, codec, urls))
        after, lost = await self._apply(task, raw, before, wanted, plan, codec)
        if born and (born.answer or is_as_made(task, raw, codec)):
            ignored = not_stored(task.spec, born.sent, before.body, after.body)
            ignored = ignored if at_birth is None else lost_at_once(ignored, at_birth)
            lost += [one for one in ignored if not await self._was_renamed(task, one)]
        return Written(after, merged, held_back, lost)

    async def _apply(
        self, task: Task, raw: Raw, before: Decoded, wanted: Body, plan: Plan, codec: Codec
    ) -> tuple[Decoded, list[Expected]]:
        """Write what is planned; return the document read back, and what was dropped of it."""
        if plan.is_empty:
            return before, dropped(task.spec, plan.expected, before.body)
        parent = (task.document.doctype, str(raw["name"]))
        answer = await self._send(task, parent, raw, plan, codec)
        await self._leases.renew(task.key)
        born, raw = raw["creation"], await self._client.get(*parent)
        if raw["creation"] != born:  # deleted since, and its number given to another
            raise ErpStale
        # What was written tells which instant a repeated hour's text means.
        after = await self._decoded(task, raw, codec, held=wanted or task.document.body)
        lost = dropped(task.spec, plan.expected, after.body)
        told = await self._overtaken(task, answer, raw, codec)
        return after, lost if told is None else lost_at_once(lost, told)

    async def _overtaken(
        self, task: Task, answer: Raw | None, raw: Raw, codec: Codec
    ) -> Body | None:
        """Return what a write's answer holds, if somebody else saved before it was read back."""
        if answer is None or not is_overtaken(answer, raw):
            return None
        return (await self._decoded(task, answer, codec, held=task.document.body)).body

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
    ) -> Raw:
        """Make the calls of a plan; return the last answer."""
        who = acting(task, codec)
        payload = {**plan.scalars, **who, "modified": raw["modified"]}
        if not raw.get(SYNC_KEY):  # from now on a rename cannot hide the document from us
            payload[SYNC_KEY] = task.key
        await self._leases.renew(task.key)
        answer = await self._client.update(*parent, payload)
        for row in plan.rows:
            await self._leases.renew(task.key)
            values = {**row.values, **acting(task, codec, f"{row.table}.{row.row_id}")}
            if row.row_name is None:
                answer = await self._client.append_row(parent, row.table, row.doctype, values)
            else:
                answer = await self._client.set_row(parent, row.doctype, row.row_name, values)
        return answer

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
        self,
        task: Task,
        body: Body | None,
        without: frozenset[int] = frozenset(),
        earlier: Body | None = None,
    ) -> Remerged:
        work = [one for one in task.work if one.row.id not in without]
        return await self._run(
            lambda: merge_again(body, work, spec=task.spec, resolve=self._name_of, earlier=earlier)
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
