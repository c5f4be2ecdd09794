"""The composition root: from settings to a server whose every dependency came in from outside.

`build` takes the clock, the entropy and how blocking work is run, and starts nothing of its own:
the simulation and the tests use it. `create` adds what a production process has: threads, the
machine's clock, logs, background jobs.
"""

import asyncio
import dataclasses
import functools
import json
import secrets
import shutil
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, TypeVar

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from field_core.canon import Body
from field_core.instants import ms_to_text
from field_core.wire import UPCASTERS
from server_sync.accounts import Accounts, Lives, Passwords, Tokens
from server_sync.blobs import Blobs, BlobStore, open_store
from server_sync.clock import Clock, SystemClock, today_at
from server_sync.compression import compress_snapshot
from server_sync.embedded_erp import EmbeddedErp, ErpSiteSettings, ErpUser, create_embedded_erp
from server_sync.embedded_erp.calls import Request
from server_sync.erp import Breaker, ErpService, FrappeClient, erp_doctypes
from server_sync.erp.intake import Run
from server_sync.http.application import Lifespan, make_application, no_lifespan
from server_sync.http.context import Context, ErpDoor, NoErp
from server_sync.http.hints import Hints
from server_sync.logs import Log, Silent, make_log
from server_sync.metrics import Metrics
from server_sync.ports import RunBlocking
from server_sync.rescue import Rescue, make_key
from server_sync.schedule import Job, Nudges, Schedule, erp_jobs, upkeep_jobs
from server_sync.scope import FieldScope, ScopeRule
from server_sync.settings import Settings
from server_sync.store.database import Database
from server_sync.store.store import Store
from server_sync.sync.exchange import Exchange
from server_sync.sync.identities import derive
from server_sync.sync.snapshots import Snapshots

T = TypeVar("T")
Entropy = Callable[[int], bytes]
KEY_BYTES: Final = 32
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
ERP_FILE: Final = "erp.db"
EMBEDDED_URL: Final = "http://erp.internal"
"""Never resolved: calls go straight to the embedded ERP."""
EMBEDDED_USER: Final = "sync@gigafibre.test"
EMBEDDED_KEY: Final = "sync"
HTTP_OK: Final = 200


@dataclass(frozen=True)
class Server:
    """Everything one server is made of. `app` is the ASGI application over it."""

    settings: Settings
    store: Store
    exchange: Exchange
    snapshots: Snapshots
    accounts: Accounts
    blobs: Blobs
    rescue: Rescue
    context: Context
    app: FastAPI
    erp: ErpService | None = None
    embedded_erp: EmbeddedErp | None = None

    def close(self) -> None:
        """Let go of the databases."""
        self.store.database.close()
        if self.embedded_erp:
            self.embedded_erp.close()


async def run_in_place(work: Callable[[], T], *, writes: bool = False) -> T:  # noqa: ARG001  # the simulation knows no lanes
    """Run work where it is called: deterministic and quick, for one caller at a time."""
    return work()


class Threads:
    """Runs work on threads: many readers, and for SQLite one writer, so that nobody waits in it."""

    def __init__(self, *, readers: int, writers: int) -> None:
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="read")
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="write")

    async def __call__(self, work: Callable[[], T], *, writes: bool = False) -> T:
        """Return what `work` returns, from a thread."""
        pool = self._writers if writes else self._readers
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    def close(self) -> None:
        """Wait for what runs, then end the threads."""
        self._writers.shutdown()
        self._readers.shutdown()


def build(  # noqa: PLR0913 - what a server is made of, each part exchangeable
    settings: Settings,
    *,
    clock: Clock,
    entropy: Entropy,
    database: Database | None = None,
    run_blocking: RunBlocking = run_in_place,
    rule: ScopeRule | None = None,
    blob_store: BlobStore | None = None,
    erp_transport: httpx.AsyncBaseTransport | None = None,
    on_erp_hint: Callable[[str], None] = lambda _doctype: None,
    log: Log | None = None,
    monotonic: Callable[[], float] | None = None,
    lifespan: Lifespan = no_lifespan,
) -> Server:
    """Put a server together; tables are made if missing, nothing runs in the background.

    database: an open one that outlives the server (the simulation restarts servers on it).
    rule: who holds what, the field's rule unless told (benchmarks bring documents of any shape).
    erp_transport: how ERPNEXT_URL is reached; with neither there is no ERP side.
    on_erp_hint: told the doctype that a genuine webhook names.
    """
    store = _store(settings, clock=clock, entropy=entropy, rule=rule, database=database)
    blobs = Blobs(store.database, blob_store or _blob_store(settings), clock.now_ms)
    erp = _erp(settings, store, blobs, entropy=entropy, run=run_blocking, transport=erp_transport)
    accounts = _accounts(settings, store, clock=clock, entropy=entropy)
    rescue = Rescue(
        make_key(store.setting("rescue_key", lambda: _text(entropy(KEY_BYTES)))),
        store,
        accounts,
        blobs,
    )
    snapshots = Snapshots(
        store, compress=compress_snapshot, today=lambda: today_at(clock, settings.zone)
    )
    exchange = Exchange(store, snapshots, UPCASTERS)
    context = Context(
        store=store,
        exchange=exchange,
        snapshots=snapshots,
        accounts=accounts,
        blobs=blobs,
        rescue=rescue,
        hints=Hints(store),
        metrics=Metrics(),
        log=log or Silent(),
        clock=clock,
        monotonic=monotonic or (lambda: clock.now_ms() / 1000),
        run=run_blocking,
        erp=_Door(erp, blobs, on_erp_hint) if erp else NoErp(),
        has_webhook_secret=bool(settings.erpnext_webhook_secret.get_secret_value()),
        disk_free=functools.partial(_disk_free, settings),
    )
    app = make_application(context, version=product_version(), lifespan=lifespan)
    server = Server(
        settings, store, exchange, snapshots, accounts, blobs, rescue, context, app, erp
    )
    app.state.server = server
    return server


@dataclass(frozen=True)
class _Door(ErpDoor):
    """The ERP side as HTTP sees it."""

    erp: ErpService
    blobs: Blobs
    on_hint: Callable[[str], None]

    def circuit(self) -> str:
        """Return whether the ERP is being called now."""
        return self.erp.health().circuit

    def hint(self, raw: bytes, signature: str | None) -> None:
        """Pass on what a genuine webhook names."""
        self.on_hint(self.erp.hint(raw, signature).doctype)

    async def blob_arrived(self, sha256: str) -> None:
        """Wake the work of every document that refers to the file."""
        for key in self.blobs.referring(sha256):
            await self.erp.blob_arrived(key)


def create(settings: Settings) -> Server:
    """Put a production server together: the machine's clock, threads, logs, background jobs."""
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
    async def lifespan(_application: FastAPI) -> AsyncIterator[None]:
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
    if server.erp:
        jobs += erp_jobs(server.erp, poll_s=server.settings.erp_poll_s)
    return jobs


def open_embedded(
    settings: Settings,
    *,
    file: Path,
    clock: Clock,
    entropy: Entropy = secrets.token_bytes,
    is_durable: bool = True,
) -> EmbeddedErp:
    """Open the embedded ERP's site, with the user that the server calls as."""
    return create_embedded_erp(
        file,
        doctypes=erp_doctypes(),
        clock=clock.now,
        entropy=entropy,
        settings=ErpSiteSettings(
            time_zone=settings.site_time_zone,
            users=(_embedded_user(settings),),
            offload=True,
            tracebacks=False,
            disable_rounded_total=True,
            durable=is_durable,
        ),
    )


def _embedded_user(settings: Settings) -> ErpUser:
    return ErpUser(
        EMBEDDED_USER,
        "Sync",
        api_key=settings.erpnext_api_key or EMBEDDED_KEY,
        api_secret=settings.erpnext_api_secret.get_secret_value(),
    )


def erp_insert(erp: EmbeddedErp) -> Callable[[str, Body], Body]:
    """Return how the demo inserts a document: as the site's first user would."""
    return lambda doctype, form: _ask(erp, "POST", f"/api/resource/{doctype}", form)


def erp_update(erp: EmbeddedErp) -> Callable[[str, str, Body], Body]:
    """Return how the demo changes a document."""
    return lambda doctype, name, form: _ask(erp, "PUT", f"/api/resource/{doctype}/{name}", form)


def _ask(erp: EmbeddedErp, method: str, path: str, form: Body) -> Body:
    user = erp.site.settings.users[0]
    reply = erp.answer(
        Request(
            method,
            path,
            "",
            {
                "authorization": f"token {user.api_key}:{user.api_secret}",
                "content-type": "application/json",
            },
            json.dumps(form).encode(),
        )
    )
    assert reply.status == HTTP_OK, f"{path}: {reply.status} {reply.body}"
    assert reply.body is not None, f"{path}: no body"
    data: Body = reply.body["data"]
    return data


def with_embedded(settings: Settings) -> Settings:
    """Fill in how the embedded ERP is called: in process, by a secret nobody else is given."""
    secret = settings.erpnext_api_secret.get_secret_value() or secrets.token_hex(KEY_BYTES)
    return settings.model_copy(
        update={
            "erpnext_url": EMBEDDED_URL,
            "erpnext_api_key": settings.erpnext_api_key or EMBEDDED_KEY,
            "erpnext_api_secret": SecretStr(secret),
        }
    )


def product_version() -> str:
    """Return the version that is installed."""
    try:
        return version("gigafibre-field")
    except PackageNotFoundError:
        return "0"


def _store(
    settings: Settings,
    *,
    clock: Clock,
    entropy: Entropy,
    rule: ScopeRule | None,
    database: Database | None,
) -> Store:
    field = FieldScope(
        today=lambda: today_at(clock, settings.zone), now_text=lambda: ms_to_text(clock.now_ms())
    )
    store = Store(
        database or Database(settings.database),
        rule=rule or field,
        now_ms=clock.now_ms,
        derive=derive,
        entropy=entropy,
    )
    store.prepare()
    return store


def _accounts(settings: Settings, store: Store, *, clock: Clock, entropy: Entropy) -> Accounts:
    given = settings.server_secret.get_secret_value()
    secret = given or store.setting("server_secret", lambda: _text(entropy(KEY_BYTES)))
    return Accounts(
        store.database,
        tokens=Tokens(secret.encode(), now_ms=clock.now_ms),
        passwords=Passwords(
            memory_kib=settings.password_memory_kib, passes=settings.password_passes
        ),
        now_ms=clock.now_ms,
        entropy=entropy,
        lives=Lives(
            access_ms=settings.access_minutes * MINUTE_MS,
            refresh_ms=settings.refresh_days * 24 * HOUR_MS,
            code_ms=settings.enrolment_hours * HOUR_MS,
        ),
    )


def _erp(
    settings: Settings,
    store: Store,
    blobs: Blobs,
    *,
    entropy: Entropy,
    run: RunBlocking,
    transport: httpx.AsyncBaseTransport | None,
) -> ErpService | None:
    if not settings.erpnext_url and transport is None:
        return None

    def rand() -> float:
        return int.from_bytes(entropy(_RAND_BYTES), "big") / 256**_RAND_BYTES

    client = FrappeClient(
        settings.erpnext_url or EMBEDDED_URL,
        api_key=settings.erpnext_api_key,
        api_secret=settings.erpnext_api_secret.get_secret_value(),
        breaker=Breaker(rand=rand),
        now_ms=store.now_ms,
        transport=transport,
    )
    hop = None if run is run_in_place else functools.partial(run, writes=True)
    return ErpService(
        client,
        store,
        rand=rand,
        read_blob=blobs.verified,
        run=Run(hop),
        webhook_secret=settings.erpnext_webhook_secret.get_secret_value(),
    )


_RAND_BYTES: Final = 6


def _blob_store(settings: Settings) -> BlobStore:
    return open_store(
        settings.blobs,
        access_key=settings.blobs_access_key,
        secret_key=settings.blobs_secret_key.get_secret_value(),
    )


def _disk_free(settings: Settings) -> int:
    place = settings.data_dir if settings.data_dir.exists() else "."
    return shutil.disk_usage(place).free


def _text(noise: bytes) -> str:
    return b64encode(noise).decode()
