"""Grounds that things stand on: cards, rows to press, sections."""

from collections.abc import Sequence

import flet as ft

from field_app.theme import (
    GAP_L,
    GAP_M,
    GAP_S,
    GAP_XS,
    ICON_TARGET_PX,
    RADIUS_PX,
    STACKED_ABOVE,
    TARGET_PX,
    Tone,
)
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.buttons import Work, press
from field_app.views.widgets.named import identified


def card(
    scene: Scene,
    content: ft.Control,
    *,
    name: str | None = None,
    work: Work | None = None,
    tone: Tone | None = None,
    is_selected: bool = False,
    height: float | None = None,
) -> ft.Control:
    """Draw a card; with `work` all of it is one thing to press."""
    palette = scene.palette
    edge = palette.ink_of(tone) if tone else palette.primary if is_selected else palette.line
    ground = ft.Container(
        content=content,
        bgcolor=palette.selected if is_selected else palette.surface,
        border=ft.Border.all(scene.look.line_px + (1 if tone or is_selected else 0), edge),
        border_radius=RADIUS_PX,
        padding=GAP_L,
        on_click=press(work) if work else None,
        ink=work is not None,
        height=height,
    )
    return identified(name, ground, is_button=work is not None) if name else ground


def tile(  # noqa: PLR0913 - a row has that many places, most of them empty
    scene: Scene,
    name: str,
    title: str,
    work: Work | None,
    *,
    icon: ft.IconData | None = None,
    facts: Sequence[str] = (),
    marks: Sequence[ft.Control] = (),
    trailing: ft.Control | None = None,
    tone: Tone | None = None,
) -> ft.Control:
    """Draw a row of a list: icon, title, facts, and what stands at its end.

    marks: amounts and states, below the words: beside them they would leave a phone no room.
    """
    color = scene.palette.ink_of(tone) if tone else scene.palette.primary
    lines: list[ft.Control] = [
        text.body(scene, title),
        *(text.soft(scene, fact) for fact in facts if fact),
        *([_wrapped(marks)] if marks else []),
    ]
    # A width of none keeps the row high enough to press, whatever else stands in it.
    height = ICON_TARGET_PX - 2 * GAP_S
    start = ft.Container(ft.Icon(icon, color=color, size=24) if icon else None, height=height)
    end = trailing or (
        ft.Icon(ft.Icons.CHEVRON_RIGHT, color=scene.palette.ink_soft) if work else None
    )
    return identified(
        name,
        ft.Container(
            content=ft.Row(
                [
                    start,
                    ft.Column(lines, spacing=2, expand=True, tight=True),
                    *([end] if end else []),
                ],
                spacing=GAP_M if icon else 0,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S),
            on_click=press(work) if work else None,
            ink=work is not None,
            border_radius=RADIUS_PX,
        ),
        is_button=work is not None and trailing is None,
    )


def _wrapped(marks: Sequence[ft.Control]) -> ft.Control:
    return ft.Row(
        [*marks],
        wrap=True,
        spacing=GAP_S,
        run_spacing=GAP_XS,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def group(scene: Scene, *rows: ft.Control, title: str | None = None) -> ft.Control:
    """Draw rows on one card, with a title above it and lines between."""
    parted: list[ft.Control] = []
    for number, row in enumerate(rows):
        if number:
            parted.append(ft.Divider(height=1, thickness=1, color=scene.palette.line))
        parted.append(row)
    ground = ft.Container(
        content=ft.Column(parted, spacing=0, tight=True),
        bgcolor=scene.palette.surface,
        border=ft.Border.all(scene.look.line_px, scene.palette.line),
        border_radius=RADIUS_PX,
        padding=ft.Padding.symmetric(vertical=GAP_XS),
    )
    if title is None:
        return ground
    return ft.Column(
        [
            ft.Container(
                text.soft(scene, title.upper()), padding=ft.Padding.only(left=GAP_L, top=GAP_S)
            ),
            ground,
        ],
        spacing=GAP_XS,
        tight=True,
    )


def fact(scene: Scene, label: str, value: str) -> ft.Control:
    """Draw a named value; large text puts the name above it."""
    named: ft.Control
    if scene.look.scale > STACKED_ABOVE:
        named = ft.Column([text.soft(scene, label), text.body(scene, value)], spacing=0, tight=True)
    else:
        named = ft.Row(
            [
                ft.Container(text.soft(scene, label), width=128 * scene.look.scale),
                ft.Container(text.body(scene, value), expand=True),
            ],
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return ft.Container(
        content=named,
        padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S),
    )


MIN_ROW_PX = TARGET_PX
