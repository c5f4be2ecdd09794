"""Things to press: big enough for gloves, named, and deaf to a second press while at work."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

import flet as ft

from field_app.theme import ICON_TARGET_PX, RADIUS_PX, STACKED_ABOVE, TARGET_PX, Tone
from field_app.views.look import BOLD
from field_app.views.scene import Scene
from field_app.views.widgets.named import identified

Work = Callable[[], Awaitable[object] | None]


def press(work: Work) -> Callable[[Any], Awaitable[None]]:
    """Make a handler of what is to be done; a press during the work before is no second one."""
    busy = False

    async def pressed(_: object) -> None:
        nonlocal busy
        if busy:
            return
        busy = True
        try:
            done = work()
            if inspect.isawaitable(done):
                await done
        finally:
            busy = False

    return pressed


SECOND_TAP_S = 0.35
"""A second tap within this time belongs to the first: a double click takes 0.2 to 0.3 s."""
_last_done_s: Final[WeakKeyDictionary[ft.Page, float]] = WeakKeyDictionary()


def press_next(work: Work) -> Callable[[Any], Awaitable[None]]:
    """Make a handler for a spot where the next action follows the last.

    After each press the same spot offers something else, so a nervous second tap would do that:
    job accepted, and under way too.
    """
    once = press(work)

    async def pressed(event: object) -> None:
        page, clock = ft.context.page, asyncio.get_running_loop()
        if clock.time() - _last_done_s.get(page, -SECOND_TAP_S) < SECOND_TAP_S:
            return
        try:
            await once(event)
        finally:
            _last_done_s[page] = clock.time()

    return pressed


def primary(
    scene: Scene,
    name: str,
    label: str,
    work: Work,
    *,
    icon: ft.IconData | None = None,
    is_enabled: bool = True,
    expand: bool = False,
) -> ft.Control:
    """Draw the one thing to do next; there is one on a screen."""
    palette = scene.palette
    return identified(
        name,
        ft.FilledButton(
            content=label,
            icon=icon,
            on_click=press_next(work),
            disabled=not is_enabled,
            height=_height(scene, TARGET_PX),
            style=_style(
                scene,
                color={
                    ft.ControlState.DISABLED: palette.ink_soft,
                    ft.ControlState.DEFAULT: palette.on_primary,
                },
                ground={
                    ft.ControlState.DISABLED: palette.line,
                    ft.ControlState.DEFAULT: palette.primary,
                },
            ),
            expand=expand,
        ),
    )


def secondary(
    scene: Scene,
    name: str,
    label: str,
    work: Work,
    *,
    icon: ft.IconData | None = None,
    is_enabled: bool = True,
    tone: Tone | None = None,
    expand: bool = False,
) -> ft.Control:
    """Draw something else that may be done."""
    color = scene.palette.ink_of(tone) if tone else scene.palette.primary
    return identified(
        name,
        ft.OutlinedButton(
            content=label,
            icon=icon,
            on_click=press(work),
            disabled=not is_enabled,
            height=_height(scene, TARGET_PX),
            style=_style(
                scene,
                color=color,
                side=ft.BorderSide(scene.look.line_px, scene.palette.ink_soft),
            ),
            expand=expand,
        ),
    )


def quiet(
    scene: Scene,
    name: str,
    label: str,
    work: Work,
    *,
    icon: ft.IconData | None = None,
    tone: Tone | None = None,
) -> ft.Control:
    """Draw a way out, or something rarely wanted."""
    color = scene.palette.ink_of(tone) if tone else scene.palette.primary
    return identified(
        name,
        ft.TextButton(
            content=label,
            icon=icon,
            on_click=press(work),
            height=_height(scene, ICON_TARGET_PX),
            style=_style(scene, color=color),
        ),
    )


def icon_only(
    scene: Scene,
    name: str,
    label: str,
    icon: ft.IconData,
    work: Work,
    *,
    is_enabled: bool = True,
) -> ft.Control:
    """Draw an icon to press; the words are for screen readers and the mouse's hint."""
    return identified(
        name,
        ft.IconButton(
            icon=ft.Icon(icon, color=scene.palette.ink, semantics_label=label, size=24),
            tooltip=label,
            on_click=press(work),
            disabled=not is_enabled,
            width=ICON_TARGET_PX,
            height=ICON_TARGET_PX,
            style=ft.ButtonStyle(side=_sides(scene, None)),
        ),
    )


def _height(scene: Scene, target_px: int) -> float | None:
    """Return the height of a button; large words take as many lines as they need."""
    scale = scene.look.scale
    return None if scale > STACKED_ABOVE else target_px * max(1.0, scale)


Colors = str | dict[ft.ControlState, str] | None


def _style(
    scene: Scene,
    *,
    color: Colors = None,
    ground: Colors = None,
    side: ft.BorderSide | None = None,
) -> ft.ButtonStyle:
    is_large = scene.look.scale > STACKED_ABOVE
    return ft.ButtonStyle(
        color=color,
        bgcolor=ground,
        side=_sides(scene, side),
        shape=ft.RoundedRectangleBorder(radius=RADIUS_PX),
        text_style=ft.TextStyle(size=scene.look.strong, font_family=BOLD),
        icon_size=22,
        padding=ft.Padding.symmetric(horizontal=18, vertical=14 if is_large else 0),
    )


FOCUS_PX: Final = 3
"""The edge of what the keyboard is at (WCAG 2.2, 2.4.13 asks for two pixels and more)."""


def _sides(scene: Scene, side: ft.BorderSide | None) -> dict[ft.ControlState, ft.BorderSide]:
    usual = {ft.ControlState.DEFAULT: side} if side else {}
    return {ft.ControlState.FOCUSED: ft.BorderSide(FOCUS_PX, scene.palette.ink), **usual}
