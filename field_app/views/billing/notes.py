"""An entry of the notes feed: a person's words or an act in words, told apart by their icon."""

from typing import Final

import flet as ft

from field_app.theme import GAP_S
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.named import identified
from field_core.money import from_cents
from field_core.office import Note

LINES_MAX: Final = 6
_ICONS: Final = {
    "link-sent": ft.Icons.SEND,
    "wrong-last4": ft.Icons.GPP_MAYBE,
    "viewed": ft.Icons.VISIBILITY,
    "receipt": ft.Icons.PAID,
    "refund": ft.Icons.UNDO,
    "dispute": ft.Icons.GAVEL,
}


def note(scene: Scene, value: Note) -> ft.Control:
    """Draw one entry."""
    is_note = value.kind == "note"
    icon = ft.Icons.STICKY_NOTE_2 if is_note else _ICONS.get(value.act, ft.Icons.FACT_CHECK)
    when = scene.words.moment_ms(value.at_ms)
    by = who(scene, value.by)
    ground = ft.Row(
        [
            ft.Icon(icon, size=20, color=scene.palette.ink_soft),
            ft.Column(
                [
                    text.body(scene, value.text or _act(scene, value), lines_max=LINES_MAX),
                    text.soft(scene, " · ".join(part for part in (when, by, value.about) if part)),
                ],
                spacing=2,
                tight=True,
                expand=True,
            ),
        ],
        spacing=GAP_S,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    padded = ft.Container(ground, padding=ft.Padding.symmetric(vertical=GAP_S))
    return identified(f"note-{value.at_ms}", padded)


def who(scene: Scene, by: str) -> str:
    """Say who did it; the programs among them by what they are."""
    key = f"actor.{by}"
    return scene.words(key) if scene.words.has(key) else by


def _act(scene: Scene, value: Note) -> str:
    words, details = scene.words, value.details
    cents = details.get("cents", "")
    amount = words.money(from_cents(int(cents))) if cents.isdecimal() else ""
    channel = f"channel.{details.get('channel', '')}"
    said = words(channel) if words.has(channel) else ""
    key = f"act.{value.act}"
    return words(key, amount=amount, channel=said) if words.has(key) else value.act
