"""The ERP side put together: the client, its breaker, and the door that HTTP knocks at."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx

from server_sync.blobs import Blobs
from server_sync.compose.embedded import EMBEDDED_URL
from server_sync.compose.lanes import run_in_place
from server_sync.erp import Breaker, ErpService, FrappeClient
from server_sync.erp.intake import Run
from server_sync.http.context import ErpDoor
from server_sync.ports import RunBlocking
from server_sync.settings import Settings
from server_sync.store.store import Store

_RAND_BYTES: Final = 6


@dataclass(frozen=True)
class Door(ErpDoor):
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


def make_erp(
    settings: Settings,
    store: Store,
    blobs: Blobs,
    *,
    entropy: Callable[[int], bytes],
    run: RunBlocking,
    transport: httpx.AsyncBaseTransport | None,
) -> ErpService | None:
    """Return the ERP side, or None where neither an address nor a transport was given."""
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
        round_s=settings.erp_poll_s,
    )
