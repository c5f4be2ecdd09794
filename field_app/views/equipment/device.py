"""One device as every screen draws it: type, model, marks, since when it stands there."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.ports import Device, SendState
from field_app.theme import GAP_M, GAP_XS
from field_app.views.look import MONO
from field_app.views.scene import Scene
from field_app.views.widgets import chips, text

TYPE_ICONS: Final[Mapping[str, ft.IconData]] = {
    "ONT": ft.Icons.SETTINGS_INPUT_HDMI,
    "Router": ft.Icons.ROUTER,
    "TV Box": ft.Icons.CONNECTED_TV,
    "Mesh Node": ft.Icons.HUB,
    "Phone Adapter": ft.Icons.DIALER_SIP,
}


def type_words(scene: Scene, equipment_type: str) -> str:
    """Return what a type of device is called."""
    key = f"type.{equipment_type}"
    return scene.words(key) if scene.words.has(key) else equipment_type or scene.words("type.other")


def marks(
    scene: Scene, mac: str | None, serial: str | None, gpon: str | None = None
) -> list[ft.Control]:
    """Draw what identifies a device, in letters that are told apart."""
    words = scene.words
    lines = [
        mac or "",
        words("equipment.serial", value=serial) if serial else "",
        words("equipment.gpon", value=gpon) if gpon else "",
    ]
    return [
        ft.Text(line, size=scene.look.body, font_family=MONO, color=scene.palette.ink)
        for line in lines
        if line
    ]


def device_head(scene: Scene, device: Device, *, state: SendState | None = None) -> ft.Control:
    """Draw which device it is: type, model, marks, since when."""
    words = scene.words
    kind = type_words(scene, device.equipment_type)
    status = f"equipment.status.{device.status}"
    facts = [
        words(status) if words.has(status) else device.status,
        words("equipment.since", date=words.full_day(device.since)) if device.since else "",
    ]
    lines: list[ft.Control] = [
        text.strong(scene, device.model or kind),
        text.soft(scene, f"{kind} · {device.label}" if device.model else device.label),
        *marks(scene, device.mac_address, device.serial_no, device.gpon_serial),
        text.soft(scene, " · ".join(fact for fact in facts if fact)),
        *([ft.Row([chips.send(scene, state)], wrap=True)] if state else []),
    ]
    icon = TYPE_ICONS.get(device.equipment_type, ft.Icons.DEVICE_UNKNOWN)
    return ft.Row(
        [
            ft.Icon(icon, color=scene.palette.primary, size=28),
            ft.Column(lines, spacing=GAP_XS, tight=True, expand=True),
        ],
        spacing=GAP_M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
