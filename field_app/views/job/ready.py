"""The basement check: whether the visit can be done without signal, and what stands against it."""

from collections.abc import Sequence

import flet as ft

from field_app.ports import ReadyCheck
from field_app.theme import GAP_S, Tone
from field_app.views.scene import Scene
from field_app.views.widgets import cards, text


def ready_card(scene: Scene, checks: Sequence[ReadyCheck]) -> ft.Control:
    """Say whether the visit can be done without signal, and what stands against it."""
    is_ready = all(check.is_met for check in checks)
    tone, icon = (
        (Tone.GOOD, ft.Icons.DOWNLOAD_DONE) if is_ready else (Tone.WARN, ft.Icons.DOWNLOADING)
    )
    title = scene.words("ready.yes" if is_ready else "ready.no")
    lines = [
        ft.Row(
            [
                ft.Icon(
                    ft.Icons.CHECK if check.is_met else ft.Icons.WARNING_AMBER,
                    size=18,
                    color=scene.palette.ink_of(Tone.GOOD if check.is_met else Tone.WARN),
                ),
                ft.Container(text.body(scene, _check_words(scene, check)), expand=True),
            ],
            spacing=GAP_S,
        )
        for check in checks
    ]
    return cards.card(
        scene,
        ft.Column(
            [
                ft.Row(
                    [
                        ft.Icon(icon, color=scene.palette.ink_of(tone)),
                        text.strong(scene, title),
                    ],
                    spacing=GAP_S,
                ),
                *lines,
            ],
            spacing=GAP_S,
            tight=True,
        ),
        name="ready",
    )


def _check_words(scene: Scene, check: ReadyCheck) -> str:
    words, details = scene.words, check.details
    suffix = "yes" if check.is_met else "no"
    match check.code:
        case "storage":
            return words(f"ready.storage.{suffix}", free=words.size(int(str(details["free"]))))
        case "outbox" if details["count"]:
            return words.count(
                "ready.outbox.some",
                int(str(details["count"])),
                age=words.age(int(str(details["age_ms"]))),
            )
        case code:
            return words(f"ready.{code}.{suffix}")
