"""A grade by icon, word and colour, and a finding with what to do about it."""

from collections.abc import Mapping
from typing import Final

import flet as ft

from field_app.theme import GAP_L, GAP_M, GAP_S, GAP_XS, RADIUS_PX, Tone
from field_app.views.look import BOLD
from field_app.views.scene import Scene
from field_app.views.widgets import chips, text
from field_app.views.widgets.named import identified
from field_core.cpe import Grade, Verdict

_I: Final = ft.Icons
GRADES: Final[Mapping[Grade, tuple[ft.IconData, Tone]]] = {
    Grade.OK: (_I.CHECK_CIRCLE, Tone.GOOD),
    Grade.WATCH: (_I.WARNING_AMBER, Tone.WARN),
    Grade.BAD: (_I.ERROR, Tone.BAD),
    Grade.UNKNOWN: (_I.HELP_OUTLINE, Tone.NEUTRAL),
}


def grade_chip(scene: Scene, grade: Grade) -> ft.Control:
    """Draw a grade as a word with its icon."""
    icon, tone = GRADES[grade]
    return chips.chip(scene, scene.words(f"diag.grade.{grade}"), icon, tone)


def headline(scene: Scene, verdict: Verdict, *, note: str = "") -> ft.Control:
    """Draw the one thing to know: its state in words, what it is, what to do."""
    icon, tone = GRADES[verdict.grade]
    ink, words = scene.palette.ink_of(tone), scene.words
    said, action = _said(scene, verdict)
    lines: list[ft.Control] = [
        ft.Text(
            words(f"diag.grade.{verdict.grade}"),
            size=scene.look.heading,
            font_family=BOLD,
            color=ink,
        ),
        text.strong(scene, said),
        text.body(scene, words("diag.todo", action=action)),
        *([text.soft(scene, note)] if note else []),
    ]
    return identified(
        "verdict",
        ft.Container(
            ft.Row(
                [
                    ft.Icon(icon, color=ink, size=44),
                    ft.Column(lines, spacing=GAP_XS, tight=True, expand=True),
                ],
                spacing=GAP_M,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            bgcolor=scene.palette.container_of(tone),
            border_radius=RADIUS_PX,
            padding=GAP_L,
        ),
    )


def finding(scene: Scene, verdict: Verdict) -> ft.Control:
    """Draw a further finding as a row."""
    icon, tone = GRADES[verdict.grade]
    said, action = _said(scene, verdict)
    return ft.Container(
        ft.Row(
            [
                ft.Icon(icon, color=scene.palette.ink_of(tone), size=24),
                ft.Column(
                    [
                        text.body(scene, said),
                        *([] if verdict.grade is Grade.OK else [text.soft(scene, action)]),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=GAP_M,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=ft.Padding.symmetric(horizontal=GAP_L, vertical=GAP_S),
    )


def _said(scene: Scene, verdict: Verdict) -> tuple[str, str]:
    if scene.words.language == "en":
        return verdict.en, verdict.action_en
    return verdict.fr, verdict.action_fr
