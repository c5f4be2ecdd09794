"""The shape of every screen: a header, what scrolls, and the next thing to do at thumb height."""

from collections.abc import Sequence
from typing import Any, Final

import flet as ft

from field_app.theme import GAP_L, GAP_M, GAP_S, GAP_XS, READING_PX
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.buttons import Work, icon_only
from field_app.views.widgets.named import identified

AFTER_ROWS_PX: Final = 3
"""How far a foot begins right of the rows above it. Of what lies at one height, Tab goes to the
left first; a row that waits below the edge lies at the foot's height, and a foot as far left would
be gone to between any two rows. An outline outdoors is 2."""


def header(
    scene: Scene,
    title: str,
    *,
    subtitle: str = "",
    back: Work | None = None,
    actions: Sequence[ft.Control] = (),
) -> ft.Control:
    """Draw where one is, the way back, and what else may be done here."""
    is_stacked = scene.is_stacked
    lines: list[ft.Control] = [text.heading(scene, title, lines_max=4 if is_stacked else 2)]
    if subtitle:
        lines.append(text.soft(scene, subtitle, lines_max=3 if is_stacked else 1))
    way: list[ft.Control] = []
    if back:
        way.append(icon_only(scene, "back", scene.words("view.back"), ft.Icons.ARROW_BACK, back))
    beside = [] if is_stacked else actions
    row: ft.Control = ft.Row(
        [*way, ft.Column(lines, spacing=0, expand=True, tight=True), *beside],
        spacing=GAP_S,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    if is_stacked and actions:
        below = ft.Row([*actions], wrap=True, spacing=GAP_S, run_spacing=GAP_XS)
        row = ft.Column([row, below], spacing=GAP_XS, tight=True)
    padding = ft.Padding.only(left=GAP_XS if back else GAP_L, right=GAP_S, top=GAP_S)
    return no_wider(ft.Container(row, width=READING_PX, padding=padding))


def scroll(*controls: ft.Control, key: str | None = None, at: Any = None) -> ft.Control:  # noqa: ANN401 - a hook's reference
    """Draw what may be longer than the screen, no wider than is good to read.

    at: a reference from the hook `use_ref`, for whoever scrolls it.
    """
    column = ft.Column([*controls], spacing=GAP_M, tight=True)
    return ft.ListView(
        [no_wider(ft.Container(column, width=READING_PX, padding=GAP_L))],
        expand=True,
        key=key,
        ref=at,
    )


def bottom_bar(scene: Scene, *buttons: ft.Control) -> ft.Control:
    """Draw the next thing to do, where a thumb reaches it; large words stand below each other."""
    if scene.is_stacked and len(buttons) > 1:
        lines = [ft.Row([ft.Container(button, expand=True)]) for button in reversed(buttons)]
        return foot(scene, ft.Column([*lines], spacing=GAP_S, tight=True))
    return foot(
        scene, ft.Row([ft.Container(button, expand=True) for button in buttons], spacing=GAP_S)
    )


def foot(scene: Scene, content: ft.Control) -> ft.Control:
    """Draw what stays at the foot of a screen, in line with what scrolls above it."""
    padding = ft.Padding.symmetric(horizontal=GAP_L + AFTER_ROWS_PX, vertical=GAP_M)
    return ft.Container(
        content=ft.Container(content, width=READING_PX, padding=padding),
        alignment=ft.Alignment.CENTER,
        bgcolor=scene.palette.surface,
        border=ft.Border.only(top=ft.BorderSide(scene.look.line_px, scene.palette.line)),
    )


def no_wider(content: ft.Control) -> ft.Control:
    """Put what has a width of its own in the middle of whatever is wider."""
    return ft.Container(content, alignment=ft.Alignment.TOP_CENTER)


def frame(
    scene: Scene,
    name: str,
    *,
    head: ft.Control | None,
    content: ft.Control,
    foot: ft.Control | None = None,
) -> ft.Control:
    """Put a screen together."""
    parts = [head, content, foot]
    whole = ft.Column([part for part in parts if part], spacing=0, expand=True)
    return identified(name, ft.Container(whole, expand=True, bgcolor=scene.palette.background))


def stage(name: str, content: ft.Control) -> ft.Control:
    """Set one stage of a screen apart from the others, which else would be made of its pieces."""
    return ft.Container(content, expand=True, key=name)
