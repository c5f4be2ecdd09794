"""How far a photo has come, by icon, word and colour."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.ports import PhotoCard, PhotoState
from field_app.theme import Tone
from field_app.views.scene import Scene
from field_app.views.widgets import chips

_STATES: Final[Mapping[PhotoState, tuple[ft.IconData, Tone]]] = {
    PhotoState.PREPARING: (ft.Icons.HOURGLASS_TOP, Tone.NEUTRAL),
    PhotoState.REFUSED: (ft.Icons.REPORT_PROBLEM, Tone.BAD),
    PhotoState.ELSEWHERE: (ft.Icons.CLOUD_QUEUE, Tone.NEUTRAL),
    PhotoState.ON_DEVICE: (ft.Icons.SMARTPHONE, Tone.WARN),
    PhotoState.SENDING: (ft.Icons.CLOUD_UPLOAD, Tone.INFO),
    PhotoState.RECEIVED: (ft.Icons.CLOUD_DONE, Tone.INFO),
    PhotoState.IN_OFFICE: (ft.Icons.DOMAIN, Tone.GOOD),
    PhotoState.NEEDS_YOU: (ft.Icons.PRIORITY_HIGH, Tone.BAD),
    PhotoState.NEEDS_REVIEW: (ft.Icons.RULE, Tone.WARN),
    PhotoState.STOPPED: (ft.Icons.REPORT_PROBLEM, Tone.BAD),
}


def state_chip(scene: Scene, card: PhotoCard) -> ft.Control:
    """Draw where it stands."""
    icon, tone = _STATES[card.state]
    return chips.chip(scene, scene.words(f"photo.{card.state}", percent=card.percent), icon, tone)
