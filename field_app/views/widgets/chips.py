"""Small statements: a state by icon, word and colour, never by colour alone."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.ports import SendState
from field_app.theme import GAP_XS, Tone
from field_app.views.look import BOLD
from field_app.views.scene import Scene

_I: Final = ft.Icons
STATUS: Final[Mapping[str, tuple[ft.IconData, Tone]]] = {
    "Open": (_I.RADIO_BUTTON_UNCHECKED, Tone.NEUTRAL),
    "Scheduled": (_I.EVENT, Tone.NEUTRAL),
    "Dispatched": (_I.ASSIGNMENT, Tone.INFO),
    "Accepted": (_I.THUMB_UP, Tone.INFO),
    "En Route": (_I.DIRECTIONS_CAR, Tone.ACTIVE),
    "On Site": (_I.HANDYMAN, Tone.ACTIVE),
    "Paused": (_I.PAUSE_CIRCLE, Tone.WARN),
    "Completed": (_I.CHECK_CIRCLE, Tone.GOOD),
    "Incomplete": (_I.ERROR, Tone.BAD),
    "Cancelled": (_I.CANCEL, Tone.BAD),
}
SEND: Final[Mapping[SendState, tuple[ft.IconData, Tone]]] = {
    SendState.ON_DEVICE: (_I.SMARTPHONE, Tone.WARN),
    SendState.RECEIVED: (_I.CLOUD_DONE, Tone.INFO),
    SendState.IN_OFFICE: (_I.DOMAIN, Tone.GOOD),
    SendState.NEEDS_YOU: (_I.PRIORITY_HIGH, Tone.BAD),
    SendState.NEEDS_REVIEW: (_I.RULE, Tone.WARN),
    SendState.CLOSED: (_I.BLOCK, Tone.NEUTRAL),
}


def chip(scene: Scene, label: str, icon: ft.IconData, tone: Tone) -> ft.Control:
    """Draw a statement in its tone."""
    ink = scene.palette.ink_of(tone)
    return ft.Container(
        content=ft.Row(
            [
                ft.Icon(icon, size=scene.look.small + 3, color=ink),
                ft.Text(label, size=scene.look.small, color=ink, font_family=BOLD),
            ],
            spacing=GAP_XS,
            tight=True,
        ),
        bgcolor=scene.palette.container_of(tone),
        border=ft.Border.all(scene.look.line_px, ink) if scene.look.line_px > 1 else None,
        border_radius=20,
        padding=ft.Padding.symmetric(horizontal=10, vertical=4),
    )


def status(scene: Scene, value: str) -> ft.Control:
    """Draw where a job stands."""
    icon, tone = STATUS.get(value, (_I.HELP, Tone.NEUTRAL))
    return chip(scene, scene.words.state(value), icon, tone)


def send(scene: Scene, state: SendState) -> ft.Control:
    """Draw how far something done here has come."""
    icon, tone = SEND[state]
    return chip(scene, scene.words(f"send.{state}"), icon, tone)


def unsent(scene: Scene, count: int) -> ft.Control:
    """Draw how much of something waits on this device."""
    return chip(scene, scene.words.count("view.unsent", count), _I.SMARTPHONE, Tone.WARN)
