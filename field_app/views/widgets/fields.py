"""Fields of one line whose letters a reference holds, however often the screen is drawn again.

Flet gives a field that is drawn without its value an empty one: a password would be gone as soon
as a screen says that the server does not answer.
"""

from typing import Any, Protocol

import flet as ft

from field_app.theme import RADIUS_PX, Tone
from field_app.views.scene import Scene
from field_app.views.widgets.named import identified


class Writing(Protocol):
    """What is typed, as the hook `use_ref("")` keeps it."""

    current: Any


def typed_in(writing: Writing) -> str:
    """Return what stands in a field."""
    return str(writing.current or "")


def line(
    scene: Scene,
    name: str,
    label: str,
    writing: Writing,
    *,
    error: str | None = None,
    **more: Any,  # noqa: ANN401 - whatever else Flet's field takes
) -> ft.Control:
    """Draw a field of one line; what is typed is read from its reference when it is wanted."""
    look, palette = scene.look, scene.palette

    def changed(event: Any) -> None:  # noqa: ANN401 - Flet's event
        writing.current = str(event.control.value or "")

    return identified(
        name,
        ft.TextField(
            label=label,
            value=typed_in(writing),
            on_change=changed,
            error=error,
            text_size=look.strong,
            error_style=ft.TextStyle(size=look.small, color=palette.ink_of(Tone.BAD)),
            hint_style=ft.TextStyle(size=look.strong, color=palette.ink_soft),
            label_style=ft.TextStyle(size=look.body, color=palette.ink_soft),
            border=borders(scene),
            **more,
        ),
    )


def borders(scene: Scene) -> dict[ft.ControlState, ft.InputBorder]:
    """Return the edge of a field: one sees which is written in, and which is wrong."""
    look, palette = scene.look, scene.palette
    return {
        ft.ControlState.DEFAULT: _edge(look.line_px, palette.ink_soft),
        ft.ControlState.FOCUSED: _edge(look.line_px + 1, palette.primary),
        ft.ControlState.ERROR: _edge(look.line_px + 1, palette.ink_of(Tone.BAD)),
    }


def _edge(width: int, color: str) -> ft.OutlineInputBorder:
    return ft.OutlineInputBorder(side=ft.BorderSide(width, color), border_radius=RADIUS_PX)


def digits(
    scene: Scene,
    name: str,
    label: str,
    writing: Writing,
    *,
    length: int,
    **more: Any,  # noqa: ANN401 - whatever else Flet's field takes
) -> ft.Control:
    """Draw a field for a number that nobody should read over a shoulder."""
    return line(
        scene,
        name,
        label,
        writing,
        password=True,
        can_reveal_password=True,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=ft.InputFilter(r"[0-9]*"),
        max_length=length,
        counter="",
        **more,
    )
