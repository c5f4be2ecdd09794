"""Diagnostics in settings: the facts the office asks for, and files to hand over."""

import flet as ft

from field_app.ports import Diagnosis
from field_app.state.settings.settings import Settings
from field_app.theme import GAP_L, GAP_S
from field_app.views.handing import hand_over
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, notices, text


def files_card(scene: Scene, model: Settings) -> ft.Control:
    """Draw the facts and the two files."""
    words, facts = scene.words, model.diagnosis
    if facts is None:
        return cards.group(scene, notices.waiting(scene), title=words("settings.diagnostics"))
    return cards.group(
        scene,
        *(cards.fact(scene, words(key), value) for key, value in _facts(scene, facts)),
        _files(scene, model),
        title=words("settings.diagnostics"),
    )


def _facts(scene: Scene, facts: Diagnosis) -> list[tuple[str, str]]:
    words = scene.words
    heard = words("view.never") if facts.contact_ms is None else scene.ago(facts.contact_ms)
    return [
        ("settings.version", facts.version),
        ("settings.device", facts.device_name),
        ("settings.device-id", facts.device or "—"),
        ("settings.platform", facts.platform),
        ("settings.schema", str(facts.schema)),
        ("settings.documents", str(facts.documents)),
        ("settings.contact", heard),
        ("settings.clock", _skew(scene, facts.skew_ms)),
    ]


def _skew(scene: Scene, skew_ms: int) -> str:
    seconds = round(abs(skew_ms) / 1000)
    if not seconds:
        return scene.words("settings.clock-right")
    key = "settings.clock-ahead" if skew_ms > 0 else "settings.clock-behind"
    return scene.words.count(key, seconds)


def _files(scene: Scene, model: Settings) -> ft.Control:
    async def export_log() -> None:
        await hand_over(model, await model.log_file())

    async def export_rescue() -> None:
        file = await model.rescue_file()
        if file is not None:
            await hand_over(model, file)

    words = scene.words
    return ft.Container(
        ft.Column(
            [
                buttons.secondary(
                    scene,
                    "export-log",
                    words("settings.export-log"),
                    export_log,
                    icon=ft.Icons.DESCRIPTION_OUTLINED,
                ),
                text.soft(scene, words("settings.export-log-hint")),
                buttons.secondary(
                    scene,
                    "export-rescue",
                    words("settings.export-rescue"),
                    export_rescue,
                    icon=ft.Icons.MEDICAL_SERVICES_OUTLINED,
                ),
                text.soft(scene, words("settings.export-rescue-hint")),
            ],
            spacing=GAP_S,
            tight=True,
        ),
        padding=GAP_L,
    )
