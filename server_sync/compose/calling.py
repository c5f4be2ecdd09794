"""Calling the ERP without a server around it: what the `erp` commands work with."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server_sync.clock import SystemClock
from server_sync.erp import Breaker, FrappeClient
from server_sync.settings import Settings

_RAND_BYTES = 6


def rand() -> float:
    """Return a number from 0 to 1."""
    number = int.from_bytes(secrets.token_bytes(_RAND_BYTES), "big")
    return number / float(256**_RAND_BYTES)


@asynccontextmanager
async def calling(settings: Settings) -> AsyncIterator[FrappeClient]:
    """Open a client to the site of the settings, for as long as a command lasts."""
    client = FrappeClient(
        settings.erpnext_url,
        api_key=settings.erpnext_api_key,
        api_secret=settings.erpnext_api_secret.get_secret_value(),
        breaker=Breaker(rand=rand),
        now_ms=SystemClock().now_ms,
    )
    try:
        yield client
    finally:
        await client.close()
