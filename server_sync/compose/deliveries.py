"""The background worker of an embedded ERP that is served alone: its webhooks go out over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import httpx

from server_sync.embedded_erp import EmbeddedErp
from server_sync.embedded_erp.webhook_queue import Delivery
from server_sync.embedded_erp.webhooks import WebhookAnswer

LOOK_EVERY_S: Final = 0.5
"""The recorded site's worker delivers half a second after the commit."""


class WithWorker:
    """The embedded ERP as an ASGI application that delivers its webhooks while it serves."""

    def __init__(self, erp: EmbeddedErp) -> None:
        self._erp = erp

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  # ASGI's own shapes
        """Answer HTTP; the worker lives as long as the lifespan."""
        if scope["type"] != "lifespan":
            await self._erp(scope, receive, send)
            return
        async with delivering(self._erp):
            await self._erp(scope, receive, send)


@asynccontextmanager
async def delivering(erp: EmbeddedErp) -> AsyncIterator[None]:
    """Deliver what waits, again and again, until the block ends."""
    task = asyncio.create_task(_deliver_for_ever(erp))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _deliver_for_ever(erp: EmbeddedErp) -> None:
    async with httpx.AsyncClient() as http:

        async def deliver(delivery: Delivery) -> WebhookAnswer:
            try:
                answer = await http.request(
                    delivery.method,
                    delivery.url,
                    content=delivery.body,
                    headers=delivery.headers,
                    timeout=delivery.timeout_s,
                )
            except httpx.HTTPError as error:
                raise OSError(type(error).__name__) from error
            return WebhookAnswer(answer.status_code, answer.text)

        while True:
            await erp.drain_webhooks(deliver, asyncio.sleep)
            await asyncio.sleep(LOOK_EVERY_S)
