"""Fields whose letters the state holds, so that drawing a screen again takes none of them back.

Flet gives a field that is drawn without its value an empty one: whatever was typed before news
came would be gone. What is held here is always the letter that was typed last.
"""

import inspect
from collections.abc import Callable
from typing import Any

import flet as ft

from field_app.views.look import MONO
from field_app.views.scene import Scene
from field_app.views.widgets.buttons import Work
from field_app.views.widgets.fields import borders
from field_app.views.widgets.named import identified


def typed(
    scene: Scene,
    name: str,
    label: str,
    value: str,
    write: Callable[[str], Any],
    *,
    left: Work | None = None,
    enter: Work | None = None,
    **more: Any,  # noqa: ANN401 - whatever else Flet's field takes
) -> ft.Control:
    """Draw a field; `write` is told each letter, `left` that the person has gone on.

    enter: what the keyboard's Enter does.
    """
    look, palette = scene.look, scene.palette

    async def changed(event: Any) -> None:  # noqa: ANN401 - Flet's event
        await _ended(write(str(event.control.value or "")))

    return identified(
        name,
        ft.TextField(
            label=label,
            value=value,
            error_max_lines=3,
            on_change=changed,
            on_blur=_handler(left),
            on_submit=_handler(enter),
            text_size=look.strong,
            label_style=ft.TextStyle(size=look.body, color=palette.ink_soft),
            border=borders(scene),
            **more,
        ),
    )


def _handler(work: Work | None) -> Callable[[], Any] | None:
    async def handle() -> None:
        if work:
            await _ended(work())

    return handle if work else None


async def _ended(done: object) -> None:
    if inspect.isawaitable(done):
        await done


def code(
    scene: Scene,
    name: str,
    label: str,
    value: str,
    write: Callable[[str], Any],
    **more: Any,  # noqa: ANN401 - as above
) -> ft.Control:
    """Draw a field for a code that no keyboard should correct or dash up, in letters told apart."""
    return typed(
        scene,
        name,
        label,
        value,
        write,
        capitalization=ft.TextCapitalization.CHARACTERS,
        autocorrect=False,
        enable_suggestions=False,
        smart_dashes_type=False,
        text_style=ft.TextStyle(font_family=MONO),
        **more,
    )
