"""Writing what the field did to the ERP, a document at a time, each operation once.

One step: claim documents whose turn it is, and bring each as far as it goes. Nothing sleeps here:
what cannot be done now is given back with the moment of its next try. A document is always read
before it is written (its row names are learnt then), merged again by the same policies as on the
devices, written under the optimistic lock, and read back: an answer is never taken for what was
stored.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Final

from field_core.problems import Problem
from server_sync.erp import outbox
from server_sync.erp.breaker import backoff_ms
from server_sync.erp.client import PARALLEL_MAX, FrappeClient
from server_sync.erp.codec import Codec
from server_sync.erp.failures import (
    ErpRefused,
    ErpRolledBack,
    ErpStale,
    ErpUnavailable,
    ErpUnknownOutcome,
)
from server_sync.erp.intake import Run
from server_sync.erp.leases import LeaseLost, Leases
from server_sync.erp.settling import WAITS_FOR_FILE
from server_sync.erp.task import Task, Waits, load
from server_sync.erp.uploads import ReadBlob, Uploads
from server_sync.erp.writer import BLOB_WAIT_MS, Writer
from server_sync.store.store import Store

TRIES_MAX: Final = 10
"""Answers without sense (5xx, or clashes) before a person has to look: about twenty minutes."""
BACKOFF_MS: Final = 2_000
BACKOFF_MS_MAX: Final = 300_000
STILL_RUNNING_MS: Final = 90_000
"""After an answer that did not come in a minute: gunicorn ends a request that takes two, so what
was asked is done, or never will be, when it is looked for. A file has no key to be refused by."""
_SLOW: Final = "ReadTimeout"
LINK_WAIT_MS: Final = 30_000
"""For the document that a link points at to get its name; its arrival wakes the work earlier."""

logger = logging.getLogger(__name__)


class WriteBack:
    """Brings waiting work into one site."""

    def __init__(
        self,
        client: FrappeClient,
        store: Store,
        *,
        read_blob: ReadBlob,
        rand: Callable[[], float],
        run: Run,
    ) -> None:
        self._client = client
        self._store = store
        self._rand = rand
        self._run = run
        self._leases = Leases(store, run)
        uploads = Uploads(client, store, read_blob=read_blob, run=run)
        self._writer = Writer(client, store, uploads, run=run, leases=self._leases)

    async def run_once(self, codec: Codec, limit: int) -> int:
        """Try the documents whose turn it is, `limit` at most; return how many were tried."""
        if self._client.breaker.is_open(self._store.now_ms()):
            return 0
        claimed = await self._leases.claim(limit)
        for start in range(0, len(claimed), PARALLEL_MAX):
            tasks = await self._load(dict(claimed[start : start + PARALLEL_MAX]))
            await _all_or_none([self._attend(task, codec) for task in tasks])
        return len(claimed)

    # --- one document

    async def _attend(self, task: Task, codec: Codec) -> None:
        try:
            await self._bring(task, codec)
        except LeaseLost:
            logger.warning("another process took over %s %s", task.document.doctype, task.key)

    async def _bring(self, task: Task, codec: Codec) -> None:
        """Bring a document's work as far as it goes. Raises LeaseLost."""
        try:
            if await self._writer.only_waits(task):
                await self._postpone(task, BLOB_WAIT_MS, error=WAITS_FOR_FILE)
            else:
                await self._attempt(task, codec)
        except Waits as wait:
            await self._wait_for(task, wait)
        except LeaseLost:
            raise
        except ErpRolledBack as failure:
            await self._again_or_park(task, failure.problem, counts=True)
        except ErpUnavailable as failure:
            await self._postpone(
                task, failure.after_ms or self._pause(task), error=failure.problem.code
            )
        except (ErpUnknownOutcome, ErpStale) as failure:
            answered = isinstance(failure, ErpStale) or failure.is_answered
            least_ms = STILL_RUNNING_MS if failure.problem.details.get("reason") == _SLOW else 0
            await self._again_or_park(task, failure.problem, counts=answered, least_ms=least_ms)
        except Exception:
            # One document that we cannot handle must not stop the others, nor be lost.
            logger.exception("write-back of %s %s failed", task.document.doctype, task.key)
            await self._again_or_park(task, Problem("internal"), counts=True)

    async def _attempt(self, task: Task, codec: Codec) -> None:
        """Write everything at once; when a part cannot be written, find out which."""
        units = task.units()
        try:
            await self._writer.carry_out(task, codec)
        except ErpRefused as refusal:
            if len(units) == 1:
                await self._park(task, refusal.problem)
                return
        except Waits:
            if len(units) == 1 or task.document.erp_name is None:
                raise
        else:
            return
        for unit in units:
            await self._attempt_unit(task.key, unit, codec)

    async def _attempt_unit(self, key: str, ids: list[int], codec: Codec) -> None:
        part = next((task.part(set(ids)) for task in await self._load({key: True})), None)
        if part is None or not part.work:
            return
        try:
            await self._writer.carry_out(part, codec)
        except ErpRefused as refusal:
            await self._park(part, refusal.problem)
        except Waits as wait:
            if part.document.erp_name is None:
                raise
            await self._wait_for(part, wait)

    # --- when it could not be done, or not now

    async def _park(self, task: Task, problem: Problem) -> None:
        """Put work before a person, if it is still ours. Raises LeaseLost."""
        await self._leases.renew(task.key)
        await self._writer.park(task, problem)

    async def _wait_for(self, task: Task, wait: Waits) -> None:
        await self._postpone(task, LINK_WAIT_MS, error=f"waits-for {wait.key}")

    async def _postpone(
        self, task: Task, pause_ms: int, *, error: str, failed: bool = False
    ) -> None:
        next_ms = self._store.now_ms() + pause_ms
        await self._run(
            lambda: self._store.database.run(
                lambda connection: outbox.postpone(
                    connection,
                    task.ids,
                    until_ms=self._leases.until_ms(task.key),
                    next_ms=next_ms,
                    error=error,
                    failed=failed,
                )
            )
        )

    async def _again_or_park(
        self, task: Task, problem: Problem, *, counts: bool, least_ms: int = 0
    ) -> None:
        tries = max(one.row.tries for one in task.work) + 1
        if counts and tries >= TRIES_MAX:
            await self._park(task, problem)
        else:
            pause = max(self._pause(task), least_ms)
            await self._postpone(task, pause, error=problem.code, failed=counts)

    def _pause(self, task: Task) -> int:
        return backoff_ms(
            max(one.row.tries for one in task.work),
            base_ms=BACKOFF_MS,
            max_ms=BACKOFF_MS_MAX,
            rand=self._rand,
        )

    # --- the store

    async def _load(self, tried: Mapping[str, bool]) -> list[Task]:
        def read() -> list[Task]:
            with self._store.read() as connection:
                return load(connection, tried)

        return await self._run(read)


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
