"""The code on the screen that a customer scans: white ground in every light, as large as it may."""

from decimal import Decimal
from typing import Final

import flet as ft

from field_app.theme import GAP_M, GAP_S, RADIUS_PX
from field_app.views.billing.qr import qr_png
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.named import identified

CODE_PX: Final = 288
"""65 modules with their edge at 4.4 pixels each: read at arm's length from a phone."""


def pay_code(scene: Scene, url: str, *, amount: Decimal, about: str) -> ft.Control:
    """Draw a code with what it pays."""
    code = ft.Container(
        ft.Image(
            src=qr_png(url),
            width=CODE_PX,
            height=CODE_PX,
            fit=ft.BoxFit.CONTAIN,
            filter_quality=ft.FilterQuality.NONE,
            semantics_label=scene.words("pay.code", invoice=about),
        ),
        bgcolor=ft.Colors.WHITE,
        border_radius=RADIUS_PX,
        padding=GAP_S,
    )
    return identified(
        "pay-code",
        ft.Column(
            [
                text.display(scene, scene.words.money(amount)),
                text.soft(scene, about),
                code,
                ft.Text(
                    scene.words("pay.scan"),
                    size=scene.look.body,
                    color=scene.palette.ink,
                    text_align=ft.TextAlign.CENTER,
                ),
            ],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=GAP_M,
            tight=True,
        ),
    )
