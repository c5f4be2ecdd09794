"""Fields to write in; uncontrolled, so that no character is lost while a screen is drawn again."""

from typing import Any, Protocol

import flet as ft

from field_app.theme import RADIUS_PX, Tone
from field_app.views.scene import Scene
from field_app.views.widgets.named import identified


class Writing(Protocol):
    """A reference to the field, as the hook `use_ref` gives it: `current.value` is what stands."""

    current: Any


def line(
    scene: Scene,
    name: str,
    label: str,
    writing: Writing,
    *,
    error: str | None = None,
    **more: Any,  # noqa: ANN401 - whatever else Flet's field takes
) -> ft.Control:
    """Draw a field of one line, read through its reference when something is pressed."""
    look, palette = scene.look, scene.palette
    ref: Any = writing
    return identified(
        name,
        ft.TextField(
            ref=ref,
            label=label,
            error=error,
            text_size=look.strong,
            error_style=ft.TextStyle(size=look.small, color=palette.ink_of(Tone.BAD)),
            hint_style=ft.TextStyle(size=look.strong, color=palette.ink_soft),
            label_style=ft.TextStyle(size=look.body, color=palette.ink_soft),
            border={
                ft.ControlState.DEFAULT: _edge(look.line_px, palette.ink_soft),
                ft.ControlState.FOCUSED: _edge(look.line_px + 1, palette.primary),
                ft.ControlState.ERROR: _edge(look.line_px + 1, palette.ink_of(Tone.BAD)),
            },
            **more,
        ),
    )


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
