"""What happens by the clock: looking for news, noticing that the network is back, cleaning up.

A scheduler whose jobs never pile up: a device that slept for a night runs each of them once.
"""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from field_app.sync.checking import rows
from field_app.sync.desk import Desk
from field_app.sync.events import Event, Online, Tick
from field_app.sync.fetched import FetchedPhotos
from field_app.sync.files import BlobFolder, clean_blobs
from field_app.sync.replica import Replica
from field_app.sync.status import Status

TICK_S: Final = 60
PROBE_S: Final = 15
"""While calls fail, how often our own server is looked for: a technician who climbs out of a
basement should not wait two minutes for the backoff to end."""
CLEAN_S: Final = 6 * 3600


class Synced(Protocol):
    """What the cadence moves."""

    status: Status

    def post(self, event: Event) -> None:
        """Hand an event to the engine."""


class Cadence:
    """The scheduled jobs of one account."""

    def __init__(
        self,
        synced: Synced,
        *,
        clean: Callable[[], None],
        desk: Desk,
        is_reachable: Callable[[], Awaitable[bool]],
    ) -> None:
        """clean: `clean_all` of this account; it is called on the desk."""
        self._synced = synced
        self._clean = clean
        self._desk = desk
        self._is_reachable = is_reachable
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin on the current loop."""
        for job, seconds in ((self.tick, TICK_S), (self.probe, PROBE_S), (self.clean, CLEAN_S)):
            self._scheduler.add_job(job, "interval", seconds=seconds)
        self._scheduler.start()

    def stop(self) -> None:
        """End; a job that runs is let finish."""
        self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Let due work start, whatever the clocks did meanwhile."""
        self._synced.post(Tick())

    async def probe(self) -> None:
        """While calls fail, ask whether our own server answers; a portal's page does not count."""
        if self._synced.status.failure and await self._is_reachable():
            self._synced.post(Online())

    async def clean(self) -> None:
        """Drop what a week has passed over: settled operations, verified originals."""
        await self._desk(self._clean)


def clean_all(replica: Replica, blobs: BlobFolder, fetched: FetchedPhotos, *, now_ms: int) -> None:
    """Clean the outbox, old reports and runs, then the files that nothing speaks of any more."""
    with replica.db.atomic():
        replica.outbox.clean(now_ms)
    rows.clean(replica, now_ms=now_ms)
    clean_blobs(replica, blobs, now_ms=now_ms)
    fetched.clean(replica)
