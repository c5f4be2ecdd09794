"""Diagnostics put together: the ACS or its stand-in, the bridge, the limits of the operator."""

import asyncio
import json
from collections.abc import Iterable

from field_core.canon import Body
from field_core.cpe import read_thresholds
from server_sync.acs.acting import Acting
from server_sync.acs.bench import Bench, BenchTransport, Fleet
from server_sync.acs.bridge import HttpBridge
from server_sync.acs.nbi import NbiClient
from server_sync.acs.ports import Acs
from server_sync.acs.reach import Reach
from server_sync.acs.reports import Reports
from server_sync.acs.service import Diagnostics
from server_sync.clock import Clock
from server_sync.compose.embedded import EMBEDDED_URL
from server_sync.logs import Log
from server_sync.ports import RunBlocking
from server_sync.settings import Settings
from server_sync.store.documents import load_doctype
from server_sync.store.store import Store
from server_sync.sync.limits import tell

BENCH_URL = "http://acs.internal"
"""Never resolved: calls go straight to the stand-in."""


def make_diagnostics(
    settings: Settings,
    store: Store,
    *,
    clock: Clock,
    run: RunBlocking,
    log: Log,
    acs: Acs | None = None,
) -> Diagnostics:
    """Return diagnostics; `acs` stands for the one of the settings where a test brings its own.

    Devices are told the limits that are used here: they judge by them as well.
    """
    limits = limits_of(settings)
    tell(store, limits)
    reach = Reach(acs or _acs(settings, store, clock), store.database, clock, run, log)
    bridge = (
        HttpBridge(settings.bridge_url, token=settings.bridge_token.get_secret_value())
        if settings.bridge_url
        else None
    )
    return Diagnostics(
        reach, Reports(reach, bridge, read_thresholds(limits)), Acting(reach, asyncio.sleep)
    )


def limits_of(settings: Settings) -> Body | None:
    """Return the operator's limits, if there are any. Raises ValueError, OSError."""
    if settings.cpe_thresholds is None:
        return None
    limits: Body = json.loads(settings.cpe_thresholds.read_text("utf-8"))
    return limits


def _acs(settings: Settings, store: Store, clock: Clock) -> Acs | None:
    if settings.acs_url:
        return NbiClient(
            settings.acs_url,
            user=settings.acs_user,
            password=settings.acs_password.get_secret_value(),
        )
    if not settings.has_acs_bench or settings.erpnext_url not in ("", EMBEDDED_URL):
        return None
    bench = Bench(Fleet(lambda: _equipment(store)), clock.now)
    return NbiClient(BENCH_URL, transport=BenchTransport(bench))


def _equipment(store: Store) -> Iterable[Body]:
    with store.read() as connection:
        return [one.body for one in load_doctype(connection, "Service Equipment") if one.body]
