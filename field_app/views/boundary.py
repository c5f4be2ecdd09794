"""What keeps a screen alive: a boundary around each component, and one door for news."""

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar, cast
from weakref import WeakKeyDictionary

import flet as ft
from flet.messaging.connection import Connection

from field_app.state.screen import Screen
from field_app.views.scene import Scene
from field_app.views.widgets.notices import error_panel

_log: Final = logging.getLogger(__name__)
Work = Callable[[], Awaitable[object]]
Model = TypeVar("Model", bound=Screen)


def screen(draw: Callable[..., ft.Control]) -> Callable[..., Any]:
    """Make a component whose failure draws a panel; unguarded, it would end all drawing silently.

    The first argument of `draw` is the scene.
    """

    @functools.wraps(draw)
    def guarded(scene: Scene, *args: object, **named: object) -> ft.Control:
        try:
            return draw(scene, *args, **named)
        except Exception:  # noqa: BLE001 - see above
            _log.exception("drawing failed")
            return error_panel(scene)

    return ft.component(guarded)


def use_model(make: Callable[[], Model], *about: object) -> Model:
    """Keep one model for as long as what it is about stays the same, and draw what it says.

    News comes from tasks that belong to no page; `run_task` is the one way onto the page's loop.
    """
    model: Model = ft.use_memo(make, [*about])
    use_changes(model)
    page = ft.context.page

    def watch() -> Callable[[], None]:
        page.run_task(model.refresh)
        return model.follow(lambda: _start(page, model.refresh))

    _use_watch(watch, [model])
    return model


def use_changes(model: Screen) -> None:
    """Draw again whenever the model says that it changed."""
    _, set_turn = ft.use_state(0)
    page = ft.context.page

    async def again() -> None:
        set_turn(lambda turn: turn + 1)

    _use_watch(lambda: model.on_change(lambda: _start(page, again)), [model])


def use_news(model: Screen) -> None:
    """Draw again when the model changes or hears news, without reading anything."""
    use_changes(model)
    _use_watch(lambda: model.follow(model.changed), [model])


def _use_watch(watch: Callable[[], Callable[[], None]], about: list[object]) -> None:
    """Watch while the component lives and is about the same things."""
    end: Any = ft.use_ref(None)

    def begin() -> None:
        leave()
        end.current = watch()

    def leave() -> None:
        if end.current:
            end.current()
            end.current = None

    ft.use_effect(begin, about, cleanup=leave)


_missed: Final[WeakKeyDictionary[ft.Page, set[Work]]] = WeakKeyDictionary()
"""What was to be drawn while the client was away: a sleeping laptop, a phone in a pocket."""


def _start(page: ft.Page, work: Work) -> None:
    """Run work on the page's loop; a page whose client is away has none, and catches up later."""
    connection: Connection | None = page.session.connection
    if connection is None:
        _missed.setdefault(page, set()).add(work)
    else:
        page.run_task(cast("Any", work))


def catch_up(page: ft.Page) -> None:
    """Draw what was missed: a client that comes back must not be shown how things were."""
    for work in _missed.pop(page, set()):
        _start(page, work)
