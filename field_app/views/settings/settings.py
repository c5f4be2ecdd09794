"""The settings screen: a card for each subject, those used most first."""

import asyncio
from typing import Any

import flet as ft

from field_app.ports import LOCK_AFTER_MIN, Storage
from field_app.state.entry.lock import DIGITS_MAX
from field_app.state.settings.settings import Help, Settings
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S, SCALES, Mode, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.entry.lock import error as pin_error
from field_app.views.scene import Scene
from field_app.views.settings.files import files_card
from field_app.views.settings.leave import leave_card
from field_app.views.widgets import buttons, cards, fields, notices, page, text
from field_app.views.widgets.choices import Option, pills
from field_app.views.widgets.named import identified

_MODES = {
    Mode.LIGHT: ft.Icons.LIGHT_MODE_OUTLINED,
    Mode.DARK: ft.Icons.DARK_MODE_OUTLINED,
    Mode.OUTDOOR: ft.Icons.WB_SUNNY,
}
_HELP = {
    Help.STATES: ft.Icons.CLOUD_DONE_OUTLINED,
    Help.OFFLINE: ft.Icons.WIFI_OFF,
    Help.PHOTOS: ft.Icons.PHOTO_CAMERA_OUTLINED,
    Help.PIN: ft.Icons.PIN_OUTLINED,
}
LAID_OUT_S = 0.1
"""How long a client takes to lay out what was just drawn: before that, the end is elsewhere."""


@screen
def SettingsScreen(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the settings."""
    model = use_model(lambda: Settings(workspace), workspace)
    pin: Any = ft.use_ref("")
    again: Any = ft.use_ref("")
    at = _use_end(is_wanted=model.is_leaving)
    return page.frame(
        scene,
        "settings",
        head=page.header(scene, scene.words("room.settings")),
        content=page.scroll(
            *([notices.problem(scene, model.problem)] if model.problem else []),
            _look_card(scene, model),
            _photos_card(scene, model),
            _lock_card(scene, model, pin, again),
            _storage_card(scene, model),
            _account_card(scene, workspace, model),
            files_card(scene, model),
            _help_card(scene, model),
            leave_card(scene, model),
            at=at,
        ),
    )


def _use_end(*, is_wanted: bool) -> Any:  # noqa: ANN401 - the hook's reference
    """Scroll to the end when a question opens there, below what the screen shows."""
    at: Any = ft.use_ref(None)

    async def show() -> None:
        await asyncio.sleep(LAID_OUT_S)
        if is_wanted and at.current:
            await at.current.scroll_to(offset=-1, duration=0)

    ft.use_effect(show, [is_wanted], cleanup=lambda: None)
    return at


def _look_card(scene: Scene, model: Settings) -> ft.Control:
    words, chosen = scene.words, model.chosen
    return cards.group(
        scene,
        pills(
            scene,
            "language",
            [Option("fr", words("settings.french")), Option("en", words("settings.english"))],
            chosen=words.language,
            choose=lambda name: model.choose(language=name),
            title=words("settings.language"),
        ),
        pills(
            scene,
            "mode",
            [Option(mode, words(f"settings.mode.{mode}"), icon) for mode, icon in _MODES.items()],
            chosen=chosen.mode,
            choose=lambda name: model.choose(mode=Mode(name)),
            title=words("settings.mode"),
        ),
        pills(
            scene,
            "scale",
            [
                Option(str(round(s * 100)), words("settings.percent", n=round(s * 100)))
                for s in SCALES
            ],
            chosen=str(round(chosen.scale * 100)),
            choose=lambda name: model.choose(scale=int(name) / 100),
            title=words("settings.scale"),
        ),
        title=words("settings.look"),
    )


def _photos_card(scene: Scene, model: Settings) -> ft.Control:
    is_on = model.chosen.is_wifi_only

    def turn(_: object = None) -> None:
        model.choose(is_wifi_only=not is_on)

    return cards.group(
        scene,
        cards.tile(
            scene,
            "wifi-only",
            scene.words("settings.wifi-only"),
            turn,
            icon=ft.Icons.WIFI,
            facts=[scene.words("settings.wifi-only-hint")],
            trailing=ft.Switch(value=is_on, on_change=turn),
        ),
        title=scene.words("settings.sending"),
    )


# --- the PIN


def _lock_card(
    scene: Scene, model: Settings, pin: fields.Writing, again: fields.Writing
) -> ft.Control:
    words = scene.words
    if model.is_choosing_pin:
        return cards.group(
            scene, _pin_fields(scene, model, pin, again), title=words("settings.security")
        )
    if not model.has_pin:
        row = cards.tile(
            scene,
            "pin-set",
            words("settings.pin-set"),
            model.ask_for_pin,
            icon=ft.Icons.PIN_OUTLINED,
            facts=[words("settings.pin-none")],
        )
        return cards.group(scene, row, title=words("settings.security"))
    return cards.group(
        scene,
        cards.tile(
            scene,
            "pin-change",
            words("settings.pin-change"),
            model.ask_for_pin,
            icon=ft.Icons.PIN_OUTLINED,
        ),
        pills(
            scene,
            "lock-after",
            [Option(str(n), words.count("settings.minutes", n)) for n in LOCK_AFTER_MIN],
            chosen=str(model.chosen.lock_after_min),
            choose=lambda name: model.choose(lock_after_min=int(name)),
            title=words("settings.lock-after"),
        ),
        cards.tile(
            scene, "lock-now", words("settings.lock-now"), model.lock, icon=ft.Icons.LOCK_OUTLINE
        ),
        cards.tile(
            scene,
            "pin-remove",
            words("settings.pin-remove"),
            model.remove_pin,
            icon=ft.Icons.NO_ENCRYPTION_OUTLINED,
        ),
        title=words("settings.security"),
    )


def _pin_fields(
    scene: Scene, model: Settings, pin: fields.Writing, again: fields.Writing
) -> ft.Control:
    words = scene.words

    async def choose(_: object = None) -> None:
        await model.choose_pin(fields.typed_in(pin), fields.typed_in(again))
        if not model.is_choosing_pin:
            pin.current = again.current = ""

    def cancel() -> None:
        pin.current = again.current = ""
        model.ask_for_pin(is_choosing=False)

    return ft.Container(
        ft.Column(
            [
                text.body(scene, words("pin.offer-hint")),
                fields.digits(scene, "pin", words("pin.label"), pin, length=DIGITS_MAX),
                fields.digits(
                    scene,
                    "pin-again",
                    words("pin.again"),
                    again,
                    length=DIGITS_MAX,
                    on_submit=choose,
                ),
                *pin_error(scene, model.pin_error),
                buttons.primary(scene, "pin-choose", words("pin.choose"), choose),
                buttons.quiet(scene, "pin-cancel", words("view.cancel"), cancel),
            ],
            spacing=GAP_M,
            tight=True,
        ),
        padding=GAP_L,
    )


# --- room


def _storage_card(scene: Scene, model: Settings) -> ft.Control:
    words, storage = scene.words, model.storage
    if storage is None:
        return cards.group(scene, notices.waiting(scene), title=words("settings.storage"))
    return cards.group(
        scene,
        cards.fact(scene, words("settings.database"), words.size(storage.database_bytes)),
        cards.fact(
            scene,
            words("settings.photos-waiting"),
            words.count("settings.photos", storage.waiting, size=words.size(storage.waiting_bytes)),
        ),
        cards.fact(
            scene,
            words("settings.photos-received"),
            words.count(
                "settings.photos", storage.received, size=words.size(storage.received_bytes)
            ),
        ),
        cards.fact(scene, words("settings.fetched"), words.size(storage.fetched_bytes)),
        cards.fact(scene, words("settings.space-left"), words.size(storage.free_bytes)),
        _free(scene, model, storage),
        title=words("settings.storage"),
    )


def _free(scene: Scene, model: Settings, storage: Storage) -> ft.Control:
    words = scene.words
    said: list[ft.Control] = [text.soft(scene, words("settings.free-hint"))]
    if model.freed_bytes is not None:
        freed = words("settings.freed", size=words.size(model.freed_bytes))
        said.append(identified("freed", text.toned(scene, freed, Tone.GOOD)))
    button = buttons.secondary(
        scene,
        "free-space",
        words("settings.free", size=words.size(storage.freeable_bytes))
        if storage.freeable_bytes
        else words("settings.free-nothing"),
        model.free,
        icon=ft.Icons.CLEANING_SERVICES_OUTLINED,
        is_enabled=storage.freeable_bytes > 0,
    )
    return ft.Container(ft.Column([button, *said], spacing=GAP_S, tight=True), padding=GAP_L)


# --- whose it is


def _account_card(scene: Scene, workspace: Workspace, model: Settings) -> ft.Control:
    words, person = scene.words, workspace.account.person
    roles = ", ".join(
        words(f"person.{role}") if words.has(f"person.{role}") else role
        for role in sorted(person.roles)
    )
    facts = [
        ("settings.name", person.name),
        ("view.email", person.email),
        ("settings.role", roles),
        ("settings.technician", person.technician or "—"),
        ("view.server", model.diagnosis.server if model.diagnosis else "…"),
    ]
    return cards.group(
        scene,
        *(cards.fact(scene, words(key), value) for key, value in facts),
        title=words("settings.account"),
    )


# --- help


def _help_card(scene: Scene, model: Settings) -> ft.Control:
    rows: list[ft.Control] = []
    for topic, icon in _HELP.items():
        is_open = model.help is topic
        rows.append(
            cards.tile(
                scene,
                f"help-{topic}",
                scene.words(f"help.{topic}"),
                _turner(model, topic),
                icon=icon,
                trailing=ft.Icon(
                    ft.Icons.EXPAND_LESS if is_open else ft.Icons.EXPAND_MORE,
                    color=scene.palette.ink_soft,
                ),
            )
        )
        if is_open:
            rows.append(
                ft.Container(
                    text.body(scene, scene.words(f"help.{topic}.text")),
                    padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_M),
                )
            )
    return cards.group(scene, *rows, title=scene.words("settings.help"))


def _turner(model: Settings, topic: Help) -> buttons.Work:
    return lambda: model.turn(topic)
