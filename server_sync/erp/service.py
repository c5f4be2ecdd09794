"""The ERP side as the server uses it: poll, write back, sweep, import, health; no schedule.

Each call does a bounded piece of work and returns; who calls it how often is decided where the
program is put together. Nothing here sleeps.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from server_sync.erp import outbox, seen
from server_sync.erp.client import FrappeClient
from server_sync.erp.codec import Codec
from server_sync.erp.failures import ErpFailure, ErpRefused, ErpRolledBack
from server_sync.erp.intake import Intake, Run
from server_sync.erp.poller import Poller, Progress
from server_sync.erp.pulled import PULLED, Pulled
from server_sync.erp.site_time import SiteTime
from server_sync.erp.sweep import SLICES, Sweep
from server_sync.erp.turns import Turns
from server_sync.erp.uploads import ReadBlob
from server_sync.erp.webhook import Hint, read_hint
from server_sync.erp.writeback import WriteBack
from server_sync.store.store import Store

WRITES_PER_STEP: Final = 20
"""Documents a write-back step: about four seconds of a site that does five writes a second."""
ROUND_S: Final = 20.0
"""As the setting `ERP_POLL_S` has it."""
ZONE_KEPT_MS: Final = 3_600_000
"""A site's zone hardly ever changes; asking once an hour notices it when it does."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErpHealth:
    """How the ERP side stands, for the readiness page and the metrics."""

    circuit: str
    waiting: int
    """Operations that the ERP has not got yet."""
    oldest_at: str | None
    polled_ms: int | None
    """When a poll last went through to the end."""
    swept_ms: int | None
    problem: str | None
    """The code of what last went wrong; None while all is well."""


_SITE: Final = ""
"""Where the problem of a site that does not answer stands, among those of its doctypes."""
Step = Callable[[Pulled, Codec], Awaitable[int]]


def _no_blob(_sha256: str) -> bytes | None:
    return None


class ErpService:
    """Everything that passes between our store and one ERP site."""

    def __init__(
        self,
        client: FrappeClient,
        store: Store,
        *,
        rand: Callable[[], float],
        read_blob: ReadBlob = _no_blob,
        webhook_secret: str = "",
        run: Run | None = None,
        round_s: float = ROUND_S,
    ) -> None:
        """rand: numbers from 0 to 1; run: where database work happens (in place when None).

        round_s: how often the liveliest doctype is polled.
        """
        self._run = run or Run()
        self._client = client
        self._store = store
        self._secret = webhook_secret
        intake = Intake(client, store, run=self._run)
        self._poller = Poller(client, store, intake, run=self._run)
        self._sweep = Sweep(client, store, intake, run=self._run)
        self._writer = WriteBack(client, store, read_blob=read_blob, rand=rand, run=self._run)
        self._codec: Codec | None = None
        self._asking = asyncio.Lock()
        self._zone_ms = 0
        self._polled_ms: int | None = None
        self._swept_ms: int | None = None
        self._problems: dict[str, str] = {}
        self._turns = Turns(round(1000 * round_s))

    async def poll_due(self) -> int:
        """Poll the doctypes whose turn it is, here or in any other process; as `poll` otherwise."""
        taken = await self._run(lambda: self._store.database.run(self._take_turns))
        lively = set[str]()
        end = self._turns.give_back
        try:
            poll = await self._polling(taken)

            async def step(pulled: Pulled, codec: Codec) -> int:
                news = await poll(pulled, codec)
                lively.update({pulled.doctype} if news else ())
                return news

            news = await self._each(taken, step)
            end = self._turns.end
        finally:
            now_ms = self._store.now_ms()
            await self._run(
                lambda: self._store.database.run(lambda c: end(c, taken, lively, now_ms))
            )
        self._polled_ms = self._store.now_ms()
        return news

    def _take_turns(self, connection: Connection) -> list[str]:
        return self._turns.take(connection, PULLED, now_ms=self._store.now_ms())

    async def poll(self, doctypes: Collection[str] | None = None) -> int:
        """Take in what changed in the ERP; returns how many documents were news.

        doctypes: only these (after a webhook); all of them when None. Raises ErpFailure when the
        ERP cannot be read; what was taken in until then stays.
        """
        news = await self._each(doctypes, await self._polling(doctypes))
        if doctypes is None:
            self._polled_ms = self._store.now_ms()
        return news

    async def import_all(
        self, progress: Progress | None = None, doctypes: Collection[str] | None = None
    ) -> int:
        """Read everything for the first time; a second call goes on where the first one stopped.

        doctypes: only these; all of them when None.
        """
        return await self._each(doctypes, await self._polling(doctypes, progress))

    async def _polling(
        self, doctypes: Collection[str] | None, progress: Progress | None = None
    ) -> Step:
        """Return what polls one doctype; how far each was read is looked up once for all."""
        places = await self._poller.places(PULLED if doctypes is None else doctypes)
        return lambda pulled, codec: self._poller.poll(
            pulled, codec, places, now_ms=self._store.now_ms(), progress=progress
        )

    async def to_import(self) -> dict[str, int]:
        """Count what the site has to give, by doctype; one that it refuses counts as none."""
        counts = {}
        for doctype, pulled in PULLED.items():
            try:
                counts[doctype] = await self._client.count(doctype, pulled.filters)
            except ErpRefused:
                counts[doctype] = 0
        return counts

    def held(self) -> dict[str, int]:
        """Count what was taken in of the site so far, by doctype."""
        with self._store.read() as connection:
            return seen.counts(connection)

    @property
    def polled_ms(self) -> int | None:
        """When this process last read to the end what changed in the ERP; None before that."""
        return self._polled_ms

    async def write_back(self, limit: int = WRITES_PER_STEP) -> int:
        """Write what waits and is due; returns how many documents were tried."""
        try:
            codec = await self._the_codec()
        except ErpFailure as failure:
            self._problems[_SITE] = failure.problem.code
            return 0
        return await self._writer.run_once(codec, limit)

    async def sweep(self) -> int:
        """Compare names and stamps of everything held; returns how many differed."""
        differed = await self._each(None, self._sweep.compare)
        self._swept_ms = self._store.now_ms()
        return differed

    async def let_go(self, doctype: str, name: str) -> None:
        """Let go at once of a document that we had the ERP delete."""
        await self._sweep.let_go(doctype, name)

    async def check_content(self, slice_number: int, *, slices: int = SLICES) -> int:
        """Compare one of `slices` of everything held in full; returns how many differed."""
        return await self._each(
            None,
            lambda pulled, codec: self._sweep.check_content(
                pulled, codec, slice_number=slice_number, slices=slices
            ),
        )

    def hint(self, raw: bytes, signature: str | None) -> Hint:
        """Verify a webhook; the caller polls its doctype soon. Raises ProblemError."""
        return read_hint(raw, signature, secret=self._secret)

    async def blob_arrived(self, key: str) -> None:
        """A file of this document is verified: its work need not wait for its turn."""
        await self._run(
            lambda: self._store.database.run(lambda connection: outbox.wake_key(connection, key))
        )

    async def recover(self) -> None:
        """End all leases; at the start of a server that is the only one on its database."""
        await self._run(lambda: self._store.database.run(outbox.release_all))

    def health(self) -> ErpHealth:
        """Say how things stand; reads the database, calls nobody."""
        with self._store.read() as connection:
            waiting, oldest = outbox.depth(connection)
        return ErpHealth(
            circuit=self._client.breaker.state.value,
            waiting=waiting,
            oldest_at=oldest,
            polled_ms=self._polled_ms,
            swept_ms=self._swept_ms,
            problem=next(iter(self._problems.values()), None),
        )

    async def close(self) -> None:
        """Close the connections to the ERP."""
        await self._client.close()

    async def _each(self, doctypes: Collection[str] | None, step: Step) -> int:
        """Run a step for each doctype. One that the site refuses does not stop the others."""
        codec = await self._the_codec()
        total = 0
        for doctype in PULLED if doctypes is None else doctypes:
            if doctype not in PULLED:
                continue
            try:
                total += await step(PULLED[doctype], codec)
            except (ErpRefused, ErpRolledBack) as failure:
                logger.warning("%s cannot be read: %s", doctype, failure.problem.details)
                self._problems[doctype] = failure.problem.code
            except ErpFailure as failure:
                self._problems[_SITE] = failure.problem.code
                raise
            else:
                self._problems.pop(doctype, None)
            self._problems.pop(_SITE, None)
        return total

    async def _the_codec(self) -> Codec:
        async with self._asking:  # who starts at the same time asks once
            now_ms = self._store.now_ms()
            if self._codec is None or now_ms - self._zone_ms > ZONE_KEPT_MS:
                self._codec = Codec(SiteTime(await self._zone()))
                self._zone_ms = now_ms
            return self._codec

    async def _zone(self) -> ZoneInfo:
        name = await self._client.time_zone()
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ErpRefused(f"time zone {name}") from error
