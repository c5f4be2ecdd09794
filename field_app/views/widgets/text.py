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
    look, ink = scene.look, scene.palette.ink
    return _cut(ft.Text(value, size=look.heading, font_family=BOLD, color=ink), lines_max)


def strong(scene: Scene, value: str, *, lines_max: int | None = None) -> ft.Text:
    """Draw the title of a row or card."""
    look, ink = scene.look, scene.palette.ink
    return _cut(ft.Text(value, size=look.strong, font_family=BOLD, color=ink), lines_max)


def body(scene: Scene, value: str, *, lines_max: int | None = None) -> ft.Text:
    """Draw what is read."""
    return _cut(ft.Text(value, size=scene.look.body, color=scene.palette.ink), lines_max)


def soft(scene: Scene, value: str, *, lines_max: int | None = None) -> ft.Text:
    """Draw a fact beside the point."""
    return _cut(ft.Text(value, size=scene.look.small, color=scene.palette.ink_soft), lines_max)


def _cut(text: ft.Text, lines_max: int | None) -> ft.Text:
    """Have a text that is longer than its lines end in three dots."""
    if lines_max:
        text.max_lines, text.overflow = lines_max, ft.TextOverflow.ELLIPSIS
    return text


def toned(scene: Scene, value: str, tone: Tone) -> ft.Text:
    """Draw a sentence in a tone."""
    return ft.Text(value, size=scene.look.body, color=scene.palette.ink_of(tone))


def toned_soft(scene: Scene, value: str, tone: Tone) -> ft.Text:
    """Draw a fact beside the point, in a tone."""
    return ft.Text(value, size=scene.look.small, color=scene.palette.ink_of(tone))
