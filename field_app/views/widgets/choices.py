"""One of a few: each a pill to press, wrapping as text grows; the chosen one has a tick."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import flet as ft

from field_app.theme import GAP_L, GAP_S, ICON_TARGET_PX
from field_app.views.look import BOLD
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.buttons import press

Choose = Callable[[str], Awaitable[object] | None]


class Option(NamedTuple):
    """One thing to choose: its part of the identifier, its words, its icon."""

    name: str
    label: str
    icon: ft.IconData | None = None


def pills(
    scene: Scene,
    name: str,
    options: Sequence[Option],
    *,
    chosen: str,
    choose: Choose,
    title: str | None = None,
) -> ft.Control:
    """Draw the options of one question."""
    row = ft.Row(
        [_pill(scene, name, option, choose, is_chosen=option.name == chosen) for option in options],
        wrap=True,
        spacing=GAP_S,
        run_spacing=GAP_S,
    )
    content: ft.Control = row
    if title:
        content = ft.Column([text.body(scene, title), row], spacing=GAP_S, tight=True)
    return ft.Container(content, padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S))


def _pill(
    scene: Scene,
    name: str,
    option: Option,
    choose: Choose,
    *,
    is_chosen: bool,
) -> ft.Control:
    palette = scene.palette
    ink = palette.on_selected if is_chosen else palette.ink
    icon = ft.Icons.CHECK if is_chosen else option.icon
    label = ft.Text(
        option.label,
        size=scene.look.body,
        color=ink,
        font_family=BOLD if is_chosen else None,
    )
    marks: list[ft.Control] = [ft.Icon(icon, size=scene.look.strong, color=ink)] if icon else []
    return ft.Semantics(
        identifier=f"{name}-{option.name}",
        container=True,
        checked=is_chosen,  # heard as on or off; `selected` is heard of as nothing but “current”
        content=ft.Container(
            ft.Row([*marks, label], spacing=GAP_S, tight=True),
            on_click=press(lambda: choose(option.name)),
            ink=True,
            bgcolor=palette.selected if is_chosen else palette.surface,
            border=ft.Border.all(
                scene.look.line_px + (1 if is_chosen else 0),
                palette.primary if is_chosen else palette.line,
            ),
            border_radius=ICON_TARGET_PX,
            padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S),
            height=ICON_TARGET_PX * max(1.0, scene.look.scale * 0.8),
        ),
    )
