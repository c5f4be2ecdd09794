"""Background work of a server process, on APScheduler: late runs are made up for once, never twice.

Every job may run in several processes at once: each is safe to repeat, and the database decides.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from server_sync.accounts import Accounts
from server_sync.acs.service import Diagnostics
from server_sync.billing.service import Billing
from server_sync.blobs import Blobs
from server_sync.contracts.service import Contracts
from server_sync.erp import ErpService
from server_sync.logs import Log
from server_sync.ocr import Ocr
from server_sync.ports import RunBlocking
from server_sync.store.store import Store
from server_sync.sync import upkeep
from server_sync.sync.rewriting import rewrite_identities
from server_sync.sync.snapshots import Snapshots

MINUTE_S: Final = 60
ACTS_S: Final = 10
"""A technician waits beside the device for it to report: one small query for each that does."""
HOUR_S: Final = 3600
DAY_S: Final = 24 * HOUR_S
SPREAD_S: Final = 10
"""Jobs start a few seconds apart, so that a restart does not begin with all of them."""
WRITE_BACK_S: Final = 2
"""A technician who looks again sees `in the office system`; each run is bounded."""
INSTANCES_MAX: Final = 2
"""One that works, and one that finds it at work and leaves: were it one, the scheduler would warn
at every turn of a write-back (2 s) through the minutes of a first import."""
NUDGE_S: Final = 0.5
"""Webhooks come in bursts (one for each row a form saves)."""


@dataclass(frozen=True)
class Job:
    """Something done again and again."""

    name: str
    every_s: float
    work: Callable[[], Awaitable[object]]
    is_first_now: bool = False


class Turns:
    """Runs one job, never twice at the same time: a turn that finds it at work is left out."""

    def __init__(self, job: Job, *, log: Log) -> None:
        self._job = job
        self._log = log
        self._is_running = False
        self._left_out = 0

    async def __call__(self) -> None:
        """Take a turn; that a run goes on and on is logged once, and once when it has ended."""
        if self._is_running:
            self._leave_out()
            return
        self._is_running = True
        try:
            await self._job.work()
        except Exception:  # noqa: BLE001 - a job that fails must end neither the others nor itself
            self._log.exception("job failed", job=self._job.name)
        finally:
            self._end()

    def _leave_out(self) -> None:
        if not self._left_out:
            self._log.info("job still running", job=self._job.name)
        self._left_out += 1

    def _end(self) -> None:
        if self._left_out:
            self._log.info("long job ended", job=self._job.name, turns_left_out=self._left_out)
        self._is_running, self._left_out = False, 0


class Schedule:
    """Runs jobs while the server is up; a job that fails is logged and runs again next time."""

    def __init__(self, jobs: Iterable[Job], *, log: Log) -> None:
        self._jobs = tuple(jobs)
        self._log = log
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={
                "coalesce": True,
                "max_instances": INSTANCES_MAX,
                "misfire_grace_time": None,
            },
        )

    def start(self) -> None:
        """Start every job; call it on the event loop."""
        turns = {job: Turns(job, log=self._log) for job in self._jobs}
        for job in self._jobs:
            self._scheduler.add_job(
                turns[job].__call__,
                "interval",
                seconds=job.every_s,
                id=job.name,
                name=job.name,
                jitter=min(job.every_s / 10, SPREAD_S),
            )
        self._scheduler.start()
        for job in self._jobs:
            if job.is_first_now:
                self._scheduler.add_job(
                    turns[job].__call__, id=f"{job.name} at start", name=job.name
                )

    def stop(self) -> None:
        """End without waiting: each job is safe to be cut off."""
        self._scheduler.shutdown(wait=False)


class Nudges:
    """Polls what webhooks name, soon and once for many of them."""

    def __init__(self, poll: Callable[[set[str]], Awaitable[object]], *, log: Log) -> None:
        self._poll = poll
        self._log = log
        self._named: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def name(self, doctype: str) -> None:
        """Have a doctype polled; called on the event loop."""
        self._named.add(doctype)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._named:
            await asyncio.sleep(NUDGE_S)
            named, self._named = self._named, set()
            try:
                await self._poll(named)
            except Exception:  # noqa: BLE001 - the next poll finds it; a webhook is only a hint
                self._log.exception("poll after webhook failed")


def upkeep_jobs(
    store: Store, snapshots: Snapshots, accounts: Accounts, blobs: Blobs, run: RunBlocking
) -> list[Job]:
    """Return what time asks for: windows that move, snapshots ahead of need, old things gone."""

    def on_thread(work: Callable[[], object]) -> Callable[[], Awaitable[object]]:
        return lambda: run(work, writes=True)

    def warm() -> int:
        return snapshots.warm(accounts.audiences_seen())

    return [
        Job("rescope", HOUR_S, on_thread(lambda: upkeep.rescope(store)), is_first_now=True),
        Job("identities", MINUTE_S, on_thread(lambda: rewrite_identities(store))),
        Job("snapshots", 10 * MINUTE_S, lambda: run(warm)),
        Job("forget", DAY_S, on_thread(lambda: upkeep.forget(store))),
        Job("sweep accounts", HOUR_S, on_thread(accounts.sweep)),
        Job("collect blobs", DAY_S, on_thread(blobs.collect)),
    ]


def erp_jobs(erp: ErpService, *, poll_s: float) -> list[Job]:
    """Return the ERP side's rhythm: write back often, poll, sweep hourly, compare contents."""
    slices = itertools.count()
    return [
        Job("erp write-back", WRITE_BACK_S, erp.write_back),
        Job("erp poll", poll_s, erp.poll_due, is_first_now=True),
        Job("erp sweep", HOUR_S, erp.sweep),
        Job("erp content", DAY_S, lambda: erp.check_content(next(slices))),
    ]


def billing_jobs(billing: Billing) -> list[Job]:
    """Return billing's rhythm: links at once, paper soon, and what Stripe or the ERP missed."""
    jobs = [
        Job("archive invoices", 10 * MINUTE_S, billing.invoices.archive_new),
        Job("payment links", WRITE_BACK_S, billing.links.decide),
        Job("messages", WRITE_BACK_S, billing.outbox.send_due),
        Job("payments waiting", MINUTE_S, billing.payments.catch_up),
        Job("payments reconciled", DAY_S, billing.payments.reconcile, is_first_now=True),
        Job("payment limits", HOUR_S, billing.links.sweep),
        Job("referrals", HOUR_S, billing.referrals.settle),
    ]
    if billing.bench:
        jobs.append(Job("bench webhooks", WRITE_BACK_S, billing.deliver))
    return jobs


def contract_jobs(contracts: Contracts) -> list[Job]:
    """Return what contracts need: what a crash or the ERP's absence cut off is carried on with."""
    return [
        Job("terminations", MINUTE_S, contracts.carrying.resume, is_first_now=True),
        Job("acceptances", MINUTE_S, contracts.acceptances.tell),
        Job("signatures", HOUR_S, contracts.acceptances.ask),
    ]


def acs_jobs(diagnostics: Diagnostics) -> list[Job]:
    """Return the rhythm of what waits for devices to report."""
    return [Job("acts on equipment", ACTS_S, diagnostics.acting.resolve)]


def ocr_jobs(ocr: Ocr, run: RunBlocking) -> list[Job]:
    """Return what reading labels asks for: old answers and counts gone."""
    return [Job("label readings", DAY_S, lambda: run(ocr.sweep, writes=True))]
