"""Questions that stand before everything else: a text, a yes or no."""

import asyncio
from collections.abc import Callable
from typing import Final
from weakref import WeakSet

import flet as ft

from field_app.theme import FIELD_PX
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, fields, text
from field_app.views.widgets.named import identified

_open: Final[WeakSet[ft.Page]] = WeakSet()


def is_open(page: ft.Page) -> bool:
    """Tell whether a question stands before everything else: Escape then belongs to it."""
    return page in _open


async def ask_text(  # noqa: PLR0913 - a question has that many words
    scene: Scene,
    name: str,
    *,
    title: str,
    label: str,
    confirm: str,
    hint: str = "",
    value: str = "",
    is_required: bool = False,
    lines: int = 3,
) -> str | None:
    """Ask for a text; None when the person thinks better of it."""
    field = ft.TextField(
        label=label,
        value=value,
        multiline=lines > 1,
        min_lines=lines if lines > 1 else None,
        autofocus=True,
        text_size=scene.look.strong,
        label_style=ft.TextStyle(size=scene.look.body, color=scene.palette.ink_soft),
        border=fields.borders(scene),
    )
    content: list[ft.Control] = [
        *([text.body(scene, hint)] if hint else []),
        identified(f"{name}-field", field),
    ]

    def answer() -> str | None:
        given = (field.value or "").strip()
        if is_required and not given:
            field.error = scene.words("view.required")
            field.update()
            return None
        return given

    return await _ask(scene, name, title, content, confirm=confirm, answer=answer)


async def confirm(scene: Scene, name: str, *, title: str, hint: str, confirm: str) -> bool:
    """Ask whether something is really meant; only for what cannot be undone."""
    done = await _ask(
        scene, name, title, [text.body(scene, hint)], confirm=confirm, answer=lambda: "yes"
    )
    return done is not None


async def _ask(
    scene: Scene,
    name: str,
    title: str,
    content: list[ft.Control],
    *,
    confirm: str,
    answer: Callable[[], str | None],
) -> str | None:
    page = ft.context.page
    _open.add(page)
    ended: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def end(value: str | None) -> None:
        if not ended.done():
            ended.set_result(value)
            page.pop_dialog()

    def accept() -> None:
        given = answer()
        if given is not None:
            end(given)

    def closed(_: object) -> None:
        if not ended.done():
            ended.set_result(None)

    page.show_dialog(
        ft.AlertDialog(
            title=text.heading(scene, title),
            content=identified(name, ft.Column(content, width=FIELD_PX, tight=True)),
            scrollable=True,
            actions=[
                buttons.quiet(
                    scene, f"{name}-cancel", scene.words("view.cancel"), lambda: end(None)
                ),
                buttons.primary(scene, f"{name}-confirm", confirm, accept),
            ],
            on_dismiss=closed,
        )
    )
    try:
        return await ended
    finally:
        _open.discard(page)
