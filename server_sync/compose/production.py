"""A production server: the machine's clock, threads, logs, the embedded ERP, background jobs."""

import asyncio
import dataclasses
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette

from server_sync.clock import SystemClock
from server_sync.compose.embedded import ERP_FILE, open_embedded, with_embedded
from server_sync.compose.lanes import Threads
from server_sync.compose.server import Server, build
from server_sync.embedded_erp import EmbeddedErp
from server_sync.logs import make_log
from server_sync.schedule import (
    Job,
    Nudges,
    Schedule,
    acs_jobs,
    billing_jobs,
    contract_jobs,
    erp_jobs,
    ocr_jobs,
    upkeep_jobs,
)
from server_sync.settings import Settings


def create(settings: Settings) -> Server:
    """Put a production server together; its background jobs run while it serves."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    clock, log = SystemClock(), make_log(level=settings.log_level)
    threads = Threads(
        readers=settings.readers,
        writers=1 if settings.database.startswith("sqlite") else settings.readers,
    )
    embedded: EmbeddedErp | None = None
    if not settings.erpnext_url:
        settings = with_embedded(settings)
        embedded = open_embedded(settings, file=settings.data_dir / ERP_FILE, clock=clock)

    @asynccontextmanager
    async def lifespan(_application: Starlette) -> AsyncIterator[None]:
        if server.erp and server.store.database.is_sqlite:
            await server.erp.recover()  # nobody else works on this database
        schedule = Schedule(_jobs(server), log=log)
        schedule.start()
        try:
            yield
        finally:
            schedule.stop()
            if server.erp:
                await server.erp.close()
            await server.context.diagnostics.close()
            if server.context.billing:
                await server.context.billing.close()
            if server.context.ocr:
                await server.context.ocr.close()
            await asyncio.to_thread(threads.close)
            server.close()

    async def poll(doctypes: set[str]) -> None:
        if server.erp:
            await server.erp.poll(doctypes)

    nudges = Nudges(poll, log=log)
    server = build(
        settings,
        clock=clock,
        entropy=secrets.token_bytes,
        run_blocking=threads,
        log=log,
        monotonic=time.perf_counter,
        lifespan=lifespan,
        erp_transport=httpx.ASGITransport(embedded) if embedded else None,
        on_erp_hint=nudges.name,
    )
    server = dataclasses.replace(server, embedded_erp=embedded)
    server.app.state.server = server
    return server


def _jobs(server: Server) -> list[Job]:
    jobs = upkeep_jobs(
        server.store, server.snapshots, server.accounts, server.blobs, server.context.run
    )
    if server.context.diagnostics.reach.acs:
        jobs += acs_jobs(server.context.diagnostics)
    if server.context.ocr:
        jobs += ocr_jobs(server.context.ocr, server.context.run)
    if server.context.billing:
        jobs += billing_jobs(server.context.billing)
    if server.context.contracts:
        jobs += contract_jobs(server.context.contracts)
    if server.erp:
        jobs += erp_jobs(server.erp, poll_s=server.settings.erp_poll_s)
    return jobs
