"""What the client tells of the world: the app in the background or in front, and the network."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

import flet as ft

from field_app.ports import Entry
from field_app.state.shell import Shell
from field_app.views.boundary import catch_up

_log: Final = logging.getLogger(__name__)
ANSWER_TIMEOUT_S: Final = 10
"""A client that does not answer such a question by then never does."""
_AWAY: Final = (ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE, ft.AppLifecycleState.DETACH)
_HERE: Final = (ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME)


def use_background(page: ft.Page, shell: Shell) -> None:
    """Tell the shell when the app leaves the front and comes back; a lost client left it too."""

    def changed(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in _AWAY:
            shell.hidden()
        elif event.state in _HERE:
            _shown(page, shell)

    def listen() -> None:
        page.on_app_lifecycle_state_change = changed
        page.on_disconnect = lambda _: shell.hidden()
        page.on_connect = lambda _: _shown(page, shell)

    ft.use_effect(listen, [shell])


def _shown(page: ft.Page, shell: Shell) -> None:
    """Come back; a question that was open must not stand above the lock."""
    shell.shown()
    catch_up(page)
    if shell.is_locked:
        page.pop_dialog()


def use_network(page: ft.Page, entry: Entry) -> None:
    """Tell how this device is connected, as far as its system says."""
    held: Any = ft.use_ref(None)

    def changed(event: ft.ConnectivityChangeEvent) -> None:
        tell(entry, event.connectivity)

    async def ask() -> None:
        if page.platform is None:  # no client stands behind the page
            return
        held.current = ft.Connectivity(on_change=changed)
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                tell(entry, await held.current.get_connectivity())
        except Exception:  # noqa: BLE001 - what is not known counts as an unmetered network
            _log.info("the network's kind is not known here", exc_info=True)

    ft.use_effect(ask, [])


def tell(entry: Entry, kinds: Sequence[ft.ConnectivityType]) -> None:
    """Say it in our words: mobile is what has nothing better beside it."""
    known = {*kinds} - {ft.ConnectivityType.NONE, ft.ConnectivityType.VPN}
    entry.use_network(
        is_up=ft.ConnectivityType.NONE not in kinds,
        is_mobile=known == {ft.ConnectivityType.MOBILE},
    )
