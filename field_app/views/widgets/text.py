"""Text in the sizes of the look."""

import flet as ft

from field_app.theme import Tone
from field_app.views.look import BOLD
from field_app.views.scene import Scene


def display(scene: Scene, value: str, *, tone: Tone | None = None) -> ft.Text:
    """Draw the one thing that counts: a time, a state, a number."""
    color = scene.palette.ink_of(tone) if tone else scene.palette.ink
    return ft.Text(value, size=scene.look.display, font_family=BOLD, color=color)


def heading(scene: Scene, value: str, *, lines_max: int | None = None) -> ft.Text:
    """Draw the title of a screen or of a section."""
    return ft.Text(
        value,
        size=scene.look.heading,
        font_family=BOLD,
        color=scene.palette.ink,
        max_lines=lines_max,
        overflow=ft.TextOverflow.ELLIPSIS if lines_max else ft.TextOverflow.CLIP,
    )


def strong(scene: Scene, value: str, *, lines_max: int | None = None) -> ft.Text:
    """Draw the title of a row or card."""
    return ft.Text(
        value,
        size=scene.look.strong,
        font_family=BOLD,
        color=scene.palette.ink,
        max_lines=lines_max,
        overflow=ft.TextOverflow.ELLIPSIS if lines_max else ft.TextOverflow.CLIP,
    )


def body(scene: Scene, value: str, *, lines_max: int | None = None) -> ft.Text:
    """Draw what is read."""
    return ft.Text(
        value,
        size=scene.look.body,
        color=scene.palette.ink,
        max_lines=lines_max,
        overflow=ft.TextOverflow.ELLIPSIS if lines_max else ft.TextOverflow.CLIP,
    )


def soft(scene: Scene, value: str, *, lines_max: int | None = None) -> ft.Text:
    """Draw a fact beside the point."""
    return ft.Text(
        value,
        size=scene.look.small,
        color=scene.palette.ink_soft,
        max_lines=lines_max,
        overflow=ft.TextOverflow.ELLIPSIS if lines_max else ft.TextOverflow.CLIP,
    )


def toned(scene: Scene, value: str, tone: Tone) -> ft.Text:
    """Draw a sentence in a tone."""
    return ft.Text(value, size=scene.look.body, color=scene.palette.ink_of(tone))
