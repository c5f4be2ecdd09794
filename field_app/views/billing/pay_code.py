"""The code on the screen that a customer scans: white ground in every light, as large as it may."""

from decimal import Decimal
from typing import Final

import flet as ft

from field_app.theme import GAP_M, GAP_S, RADIUS_PX
from field_app.views.billing.qr import qr_code
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.named import identified

CODE_PX_MAX: Final = 320
"""61 to 65 modules with their edge at 5 or 4 pixels each: read at arm's length, on any phone."""


def pay_code(scene: Scene, url: str, *, amount: Decimal, about: str) -> ft.Control:
    """Draw a code with what it pays."""
    made = qr_code(url)
    size = made.size_px(CODE_PX_MAX)
    code = ft.Container(
        ft.Image(
            src=made.png,
            width=size,
            height=size,
            fit=ft.BoxFit.CONTAIN,
            filter_quality=ft.FilterQuality.NONE,
            semantics_label=scene.words("pay.code", invoice=about),
        ),
        bgcolor=ft.Colors.WHITE,
        border_radius=RADIUS_PX,
        padding=GAP_S,
    )
    parts = ft.Column(
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
    )
    return identified("pay-code", ft.Container(parts, alignment=ft.Alignment.TOP_CENTER))
