"""A server put together: the clock, the entropy and the lanes come in, nothing is started.

The simulation and the tests use it as it is; `production` adds threads, the machine's clock,
logs and background jobs.
"""

import functools
import shutil
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import httpx

from field_core.instants import ms_to_text
from field_core.wire import UPCASTERS
from server_sync.accounts import Accounts, Lives, Passwords, Tokens
from server_sync.acs.ports import Acs
from server_sync.blobs import Blobs, BlobStore, open_store
from server_sync.clock import Clock, today_at
from server_sync.compose.acs import make_diagnostics
from server_sync.compose.billing import make_billing
from server_sync.compose.company import make_company
from server_sync.compose.contracts import make_contracts
from server_sync.compose.lanes import run_in_place
from server_sync.compose.ocr import make_ocr
from server_sync.compose.office import Door, make_erp
from server_sync.compression import compress_snapshot
from server_sync.embedded_erp import EmbeddedErp
from server_sync.erp import ErpService
from server_sync.http.application import Application, Lifespan, make_application, no_lifespan
from server_sync.http.context import Context, NoErp
from server_sync.http.hints import Hints
from server_sync.http.peers import networks_of
from server_sync.logs import Log, Silent
from server_sync.metrics import Metrics
from server_sync.ports import RunBlocking
from server_sync.rescue import Rescue, make_key
from server_sync.scope import FieldScope, ScopeRule
from server_sync.settings import Settings
from server_sync.store.database import Database
from server_sync.store.store import Store
from server_sync.sync.exchange import Exchange
from server_sync.sync.identities import derive
from server_sync.sync.snapshots import Snapshots
from server_sync.transfers import Transfers

Entropy = Callable[[int], bytes]
KEY_BYTES: Final = 32
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS


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
    app: Application
    erp: ErpService | None = None
    embedded_erp: EmbeddedErp | None = None

    def close(self) -> None:
        """Let go of the databases."""
        self.store.database.close()
        if self.embedded_erp:
            self.embedded_erp.close()


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
    acs: Acs | None = None,
    on_erp_hint: Callable[[str], None] = lambda _doctype: None,
    log: Log | None = None,
    monotonic: Callable[[], float] | None = None,
    lifespan: Lifespan = no_lifespan,
) -> Server:
    """Put a server together; its database is brought up to date, nothing runs in the background.

    database: an open one that outlives the server (the simulation restarts servers on it).
    rule: who holds what, the field's rule unless told (benchmarks bring documents of any shape).
    erp_transport: how ERPNEXT_URL is reached; with neither there is no ERP side.
    acs: stands for the one of the settings (tests bring their own devices).
    on_erp_hint: told the doctype that a genuine webhook names.
    """
    store = _store(settings, clock=clock, entropy=entropy, rule=rule, database=database)
    blobs = Blobs(store.database, blob_store or open_blobs(settings), clock.now_ms)
    erp = make_erp(
        settings, store, blobs, entropy=entropy, run=run_blocking, transport=erp_transport
    )
    billing = make_billing(
        settings,
        store,
        blobs,
        clock=clock,
        entropy=entropy,
        run=run_blocking,
        log=log or Silent(),
        transport=erp_transport,
        on_entered=on_erp_hint,
        polled_ms=(lambda: erp.polled_ms) if erp else (lambda: None),
    )
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
        transfers=Transfers(
            _secret(settings, store, entropy),
            now_ms=clock.now_ms,
            entropy=entropy,
            visits_max=settings.throughput_visits_hour,
            bytes_max=settings.throughput_bytes_max,
        ),
        hints=Hints(store),
        metrics=Metrics(),
        log=log or Silent(),
        clock=clock,
        monotonic=monotonic or (lambda: clock.now_ms() / 1000),
        run=run_blocking,
        erp=Door(erp, blobs, on_erp_hint) if erp else NoErp(),
        diagnostics=make_diagnostics(
            settings, store, clock=clock, run=run_blocking, log=log or Silent(), acs=acs
        ),
        billing=billing,
        contracts=make_contracts(
            settings,
            billing,
            store,
            blobs,
            entropy=entropy,
            on_changed=on_erp_hint,
            let_go=erp.let_go,
        )
        if billing and erp
        else None,
        ocr=make_ocr(
            settings,
            store,
            blobs,
            clock=clock,
            entropy=entropy,
            now_s=monotonic or (lambda: clock.now_ms() / 1000),
            run=run_blocking,
            log=log or Silent(),
        ),
        proxied_email_header=settings.proxied_email_header,
        company=make_company(settings, store, now_ms=clock.now_ms, run=run_blocking),
        has_webhook_secret=bool(settings.erpnext_webhook_secret.get_secret_value()),
        disk_free=functools.partial(_disk_free, settings),
    )
    app = make_application(
        context,
        version=product_version(),
        lifespan=lifespan,
        proxies=networks_of(settings.proxy_networks),
    )
    server = Server(
        settings, store, exchange, snapshots, accounts, blobs, rescue, context, app, erp
    )
    app.state.server = server
    return server


@functools.cache
def product_version() -> str:
    """Return the version that is installed, read once a process."""
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


def _secret(settings: Settings, store: Store, entropy: Entropy) -> bytes:
    given = settings.server_secret.get_secret_value()
    secret = given or store.setting("server_secret", lambda: _text(entropy(KEY_BYTES)))
    return secret.encode()


def _accounts(settings: Settings, store: Store, *, clock: Clock, entropy: Entropy) -> Accounts:
    return Accounts(
        store.database,
        tokens=Tokens(_secret(settings, store, entropy), now_ms=clock.now_ms),
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


def open_blobs(settings: Settings) -> BlobStore:
    """Open the blob store of the settings."""
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
