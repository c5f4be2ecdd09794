"""The shape of every screen: a header, what scrolls, and the next thing to do at thumb height."""

from collections.abc import Sequence

import flet as ft

from field_app.theme import GAP_L, GAP_M, GAP_S, GAP_XS, READING_PX
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.buttons import Work, icon_only
from field_app.views.widgets.named import identified


def header(
    scene: Scene,
    title: str,
    *,
    subtitle: str = "",
    back: Work | None = None,
    actions: Sequence[ft.Control] = (),
) -> ft.Control:
    """Draw where one is, the way back, and what else may be done here."""
    lines: list[ft.Control] = [text.heading(scene, title, lines_max=2)]
    if subtitle:
        lines.append(text.soft(scene, subtitle, lines_max=1))
    way: list[ft.Control] = []
    if back:
        way.append(icon_only(scene, "back", scene.words("view.back"), ft.Icons.ARROW_BACK, back))
    return ft.Container(
        content=ft.Row(
            [
                *way,
                ft.Column(lines, spacing=0, expand=True, tight=True),
                *actions,
            ],
            spacing=GAP_S,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=ft.Padding.only(left=GAP_XS if back else GAP_L, right=GAP_S, top=GAP_S),
    )


def scroll(*controls: ft.Control, key: str | None = None) -> ft.Control:
    """Draw what may be longer than the screen, no wider than is good to read."""
    column = ft.Column([*controls], spacing=GAP_M, tight=True)
    return ft.ListView(
        [
            ft.Container(
                ft.Container(column, width=READING_PX, padding=GAP_L),
                alignment=ft.Alignment.TOP_CENTER,
            )
        ],
        expand=True,
        key=key,
    )


def bottom_bar(scene: Scene, *buttons: ft.Control) -> ft.Control:
    """Draw the next thing to do, where a thumb reaches it."""
    row = ft.Row([ft.Container(button, expand=True) for button in buttons], spacing=GAP_S)
    return ft.Container(
        content=ft.Container(row, width=READING_PX),
        alignment=ft.Alignment.CENTER,
        bgcolor=scene.palette.surface,
        border=ft.Border.only(top=ft.BorderSide(scene.look.line_px, scene.palette.line)),
        padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_M),
    )


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
