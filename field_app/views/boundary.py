"""What keeps a screen alive: a boundary around each component, and one door for news."""

import functools
import logging
from collections.abc import Callable
from typing import Any, Final

import flet as ft

from field_app.i18n import Words
from field_app.state.screen import Screen

_log: Final = logging.getLogger(__name__)


def screen(draw: Callable[..., ft.Control]) -> Callable[..., Any]:
    """Make a component whose failure draws a panel; unguarded, it would end all drawing silently.

    The first argument of `draw` is the catalogue.
    """

    @functools.wraps(draw)
    def guarded(words: Words, *args: object, **named: object) -> ft.Control:
        try:
            return draw(words, *args, **named)
        except Exception:  # noqa: BLE001 - see above
            _log.exception("drawing failed")
            return ft.Text(words("app.wrong"), color=ft.Colors.ERROR)

    return ft.component(guarded)


def use_screen(model: Screen, follow: Callable[[], Callable[[], None]] | None = None) -> None:
    """Draw again whenever the state says it changed; `follow` starts what feeds the state.

    News comes from tasks that belong to no page; `run_task` is the one way onto the page's loop.
    """
    _, set_turn = ft.use_state(0)
    ends: Any = ft.use_ref(None)
    page = ft.context.page

    async def again() -> None:
        set_turn(lambda turn: turn + 1)

    def tell() -> None:
        page.run_task(again)

    def watch() -> None:
        ends.current = [model.on_change(tell), *([follow()] if follow else [])]

    def leave() -> None:
        for end in ends.current or ():
            end()

    ft.use_effect(watch, [], cleanup=leave)


def identified(name: str, content: ft.Control) -> ft.Semantics:
    """Give a control the stable name by which tests and assistive tools find it."""
    return ft.Semantics(identifier=name, container=True, content=content)
