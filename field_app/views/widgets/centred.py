"""A screen of one card in the middle: signing in, unlocking, waiting, an end."""

import flet as ft

from field_app.theme import FIELD_PX, GAP_L, GAP_M, GAP_S, GAP_XL, RADIUS_PX
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.named import identified

LOGO_PX = 64


def card(
    scene: Scene, name: str, *parts: ft.Control, title: str, hint: str = "", top: ft.Control | None
) -> ft.Control:
    """Draw the card under our name; on a phone it fills the width and scrolls when text is large.

    top: what stands above everything, such as the choice of language.
    """
    heads: list[ft.Control] = [text.heading(scene, title)]
    if hint:
        heads.append(text.body(scene, hint))
    ground = ft.Container(
        ft.Column(
            [*heads, *parts],
            spacing=GAP_M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=scene.palette.surface,
        border=ft.Border.all(scene.look.line_px, scene.palette.line),
        border_radius=RADIUS_PX,
        padding=GAP_XL,
    )
    whole = ft.Column(
        [*([top] if top else []), brand(scene), ground],
        spacing=GAP_L,
        tight=True,
        width=FIELD_PX + 2 * GAP_XL,
    )
    return identified(
        name,
        ft.Container(
            ft.Column(
                [ft.Container(whole, alignment=ft.Alignment.CENTER, padding=GAP_L)],
                scroll=ft.ScrollMode.AUTO,
                alignment=ft.MainAxisAlignment.CENTER,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                expand=True,
            ),
            bgcolor=scene.palette.background,
            alignment=ft.Alignment.CENTER,
            expand=True,
        ),
    )


def brand(scene: Scene) -> ft.Control:
    """Draw our mark and name."""
    mark = ft.Image(
        src="icon.png",
        width=LOGO_PX,
        height=LOGO_PX,
        border_radius=RADIUS_PX,
        exclude_from_semantics=True,
    )
    name = ft.Column(
        [
            text.heading(scene, scene.words("app.title")),
            text.soft(scene, scene.words("app.subtitle")),
        ],
        spacing=0,
        tight=True,
        expand=True,
    )
    return ft.Row([mark, name], spacing=GAP_M, vertical_alignment=ft.CrossAxisAlignment.CENTER)


def lines(*parts: ft.Control) -> ft.Control:
    """Draw small statements close together."""
    return ft.Column([*parts], spacing=GAP_S, tight=True)
