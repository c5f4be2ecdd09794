"""Signing out, which never loses what exists on this device alone."""

import flet as ft

from field_app.state.settings.settings import Settings
from field_app.theme import GAP_L, GAP_M, Tone
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, notices, text
from field_app.views.widgets.named import identified


def leave_card(scene: Scene, model: Settings) -> ft.Control:
    """Draw the way out; once asked for, what it would mean."""
    words = scene.words
    if not model.is_leaving:
        row = cards.tile(
            scene,
            "sign-out",
            words("settings.sign-out"),
            model.ask_to_leave,
            icon=ft.Icons.LOGOUT,
            tone=Tone.BAD,
        )
        return cards.group(scene, row)
    if model.is_busy:
        return cards.group(scene, notices.waiting(scene, "leaving"))
    content = _unsent(scene, model) if model.left else _nothing_left(scene, model)
    return cards.group(
        scene,
        identified(
            "leaving",
            ft.Container(
                ft.Column(content, spacing=GAP_M, tight=True),
                padding=GAP_L,
                alignment=ft.Alignment.TOP_LEFT,  # fills the card however short the words are
            ),
        ),
        title=words("settings.sign-out"),
    )


def _nothing_left(scene: Scene, model: Settings) -> list[ft.Control]:
    words = scene.words

    async def leave() -> None:
        await model.leave(keep_data=False)

    return [
        text.body(scene, words("leave.nothing-left")),
        buttons.primary(scene, "leave-erase", words("leave.erase"), leave, icon=ft.Icons.LOGOUT),
        _stay(scene, model),
    ]


def _unsent(scene: Scene, model: Settings) -> list[ft.Control]:
    words = scene.words

    async def leave() -> None:
        await model.leave(keep_data=True)

    return [
        notices.banner(
            scene,
            "leave-unsent",
            words.count("leave.unsent", model.left),
            Tone.WARN,
            ft.Icons.SMARTPHONE,
        ),
        *([notices.problem(scene, model.problem)] if model.problem else []),
        buttons.primary(
            scene, "leave-send", words("leave.send"), model.send_now, icon=ft.Icons.SYNC
        ),
        buttons.secondary(scene, "leave-keep", words("leave.keep"), leave, icon=ft.Icons.LOGOUT),
        text.soft(scene, words("leave.keep-hint")),
        _stay(scene, model),
    ]


def _stay(scene: Scene, model: Settings) -> ft.Control:
    return buttons.quiet(
        scene,
        "leave-cancel",
        scene.words("view.cancel"),
        lambda: model.ask_to_leave(is_leaving=False),
    )
