"""The PIN: asked for, offered after the first sign-in."""

import asyncio
from typing import Any

import flet as ft

from field_app.state.entry.lock import DIGITS_MAX, Lock
from field_app.state.shell import Shell
from field_app.theme import Tone
from field_app.views.boundary import screen, use_changes
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, centred, fields, notices, text


@screen
def LockScreen(scene: Scene, lock: Lock, shell: Shell) -> ft.Control:  # noqa: N802 - components are named like controls
    """Ask for the PIN; signing in again is the way out of a forgotten one."""
    use_changes(lock)
    _use_countdown(lock)
    pin: Any = ft.use_ref("")
    words = scene.words

    async def unlock(_: object = None) -> None:
        given, pin.current = fields.typed_in(pin), ""
        await lock.unlock(given)

    body = (
        [notices.banner(scene, "pin-exhausted", words("pin.exhausted"), Tone.BAD, ft.Icons.LOCK)]
        if lock.state.is_exhausted
        else [
            fields.digits(
                scene,
                "pin",
                words("pin.label"),
                pin,
                length=DIGITS_MAX,
                autofocus=True,
                on_submit=unlock,
            ),
            *_said(scene, lock),
            buttons.primary(
                scene,
                "unlock",
                words("pin.unlock"),
                unlock,
                icon=ft.Icons.LOCK_OPEN,
                is_enabled=not (lock.is_busy or lock.wait_s),
            ),
        ]
    )
    return centred.card(
        scene,
        "lock-screen",
        *body,
        buttons.quiet(scene, "pin-forgotten", words("pin.forgotten"), shell.reconnect),
        text.soft(scene, words("pin.forgotten-hint")),
        title=words("pin.ask"),
        hint=_name(shell),
        top=None,
    )


def _name(shell: Shell) -> str:
    return shell.workspace.account.person.name if shell.workspace else ""


def _said(scene: Scene, lock: Lock) -> list[ft.Control]:
    if lock.wait_s:
        sentence = scene.words.count("pin.wait", lock.wait_s)
        return [notices.banner(scene, "pin-wait", sentence, Tone.WARN, ft.Icons.TIMER_OUTLINED)]
    return error(scene, lock.error)


def error(scene: Scene, key: str | None) -> list[ft.Control]:
    """Say why a PIN was not taken."""
    if key is None:
        return []
    return [notices.banner(scene, "pin-error", scene.words(key), Tone.BAD, ft.Icons.ERROR_OUTLINE)]


def _use_countdown(lock: Lock) -> None:
    """Count the wait down on the screen."""

    async def count() -> None:
        while lock.wait_s:
            await asyncio.sleep(1)
            lock.changed()

    # The cleanup is what makes Flet end the task when the screen goes (see `ticking`).
    ft.use_effect(count, [lock.state.failures], cleanup=lambda: None)


@screen
def PinOffer(scene: Scene, lock: Lock, shell: Shell) -> ft.Control:  # noqa: N802 - components are named like controls
    """Offer a PIN, while the first sync goes on behind."""
    use_changes(lock)
    pin: Any = ft.use_ref("")
    again: Any = ft.use_ref("")
    words = scene.words

    async def choose(_: object = None) -> None:
        await shell.choose_pin(fields.typed_in(pin), fields.typed_in(again))

    return centred.card(
        scene,
        "pin-offer",
        fields.digits(scene, "pin", words("pin.label"), pin, length=DIGITS_MAX, autofocus=True),
        fields.digits(
            scene, "pin-again", words("pin.again"), again, length=DIGITS_MAX, on_submit=choose
        ),
        *error(scene, lock.error),
        buttons.primary(scene, "pin-choose", words("pin.choose"), choose, icon=ft.Icons.LOCK),
        buttons.quiet(scene, "pin-skip", words("pin.skip"), shell.skip_pin),
        title=words("pin.offer"),
        hint=words("pin.offer-hint"),
        top=None,
    )
