"""A page without a client: the one place that knows Flet 1.0.5's semi-private session names."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import flet as ft
import msgpack  # type: ignore[import-untyped]  # it ships no annotations
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

# ruff: noqa: ANN401 - Flet's own types are as loose


class FakeConnection(Connection):
    """Encodes every message, which primes the diff, and keeps it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Flet leaves it bare
        self.loop = loop
        self.executor = None
        self.pubsubhub = PubSubHub(loop=loop)
        self.page_url, self.page_name = "http://t", ""
        self.messages: list[Any] = []

    def encode(self, value: Any) -> Any:
        default = configure_encode_object_for_msgpack(BaseControl)  # type: ignore[no-untyped-call]  # same
        return msgpack.packb(value, default=default)

    def send_message(self, message: Any) -> None:
        self.encode([message.action, message.body])
        self.messages.append(message)

    def dispose(self) -> None:
        """Nothing to let go of."""


@asynccontextmanager
async def flet_page() -> AsyncIterator[ft.Page]:
    """Yield a page of a phone's size."""
    session: Any = Session(FakeConnection(asyncio.get_running_loop()))
    token = _context_page.set(session.page)
    context.reset_auto_update()  # type: ignore[no-untyped-call]  # same
    session.apply_page_patch({"route": "/", "width": 390, "height": 844})
    session.connection.encode(session.get_page_patch())
    try:
        yield session.page
    finally:
        session.close()
        await asyncio.sleep(0)
        _context_page.reset(token)


async def settle() -> None:
    """Let effects, loads and updates run."""
    for _ in range(30):
        await asyncio.sleep(0.002)


def controls(root: Any) -> Iterator[Any]:
    """Yield every control under a page."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        here = waiting.pop(0)
        if isinstance(here, (list, tuple)):
            waiting.extend(here)
            continue
        if not isinstance(here, BaseControl) or id(here) in seen:
            continue
        seen.add(id(here))
        yield here
        waiting.extend(
            getattr(here, field.name, None)
            for field in dataclasses.fields(here)
            if not field.metadata.get("skip")
        )


def identified(page: ft.Page, name: str) -> Any:
    """Return what stands under a stable identifier."""
    found = [c for c in controls(page) if isinstance(c, ft.Semantics) and c.identifier == name]
    assert found, (
        f"{name} among {[c.identifier for c in controls(page) if isinstance(c, ft.Semantics)]}"
    )
    return found[0].content


def texts(page: ft.Page) -> str:
    """Return every text on a page."""
    return "\n".join(str(c.value) for c in controls(page) if isinstance(c, ft.Text))


async def press(page: Any, control: Any) -> None:
    await page.session.dispatch_event(control._i, "click", None)  # noqa: SLF001 - see the module
    await settle()


async def type_in(page: Any, field: Any, text: str) -> None:
    """Type as a client does: the value first, then, where somebody listens, that it changed."""
    page.session.apply_patch(field._i, {"value": text})  # noqa: SLF001 - see the module
    if field.on_change:
        await page.session.dispatch_event(field._i, "change", text)  # noqa: SLF001 - see the module
    await settle()
