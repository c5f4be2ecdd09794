"""What is said to people: nothing here yet, please wait, this went wrong."""

import flet as ft

from field_app.theme import GAP_M, GAP_S, GAP_XL, RADIUS_PX, Tone
from field_app.views.look import BOLD
from field_app.views.scene import Scene
from field_app.views.widgets import text
from field_app.views.widgets.named import identified
from field_core.problems import Problem


def empty(
    scene: Scene,
    name: str,
    icon: ft.IconData,
    title: str,
    hint: str = "",
    *,
    action: ft.Control | None = None,
) -> ft.Control:
    """Say that there is nothing, and what would bring something."""
    return identified(
        name,
        ft.Container(
            content=ft.Column(
                [
                    ft.Icon(icon, size=48, color=scene.palette.ink_soft),
                    ft.Text(
                        title,
                        size=scene.look.strong,
                        font_family=BOLD,
                        color=scene.palette.ink,
                        text_align=ft.TextAlign.CENTER,
                    ),
                    *(
                        [
                            ft.Text(
                                hint,
                                size=scene.look.body,
                                color=scene.palette.ink_soft,
                                text_align=ft.TextAlign.CENTER,
                            )
                        ]
                        if hint
                        else []
                    ),
                    *([action] if action else []),
                ],
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                spacing=GAP_S,
            ),
            padding=GAP_XL,
            alignment=ft.Alignment.CENTER,
        ),
    )


def banner(
    scene: Scene,
    name: str,
    sentence: str,
    tone: Tone,
    icon: ft.IconData,
    *,
    action: ft.Control | None = None,
    is_beside: bool = False,
) -> ft.Control:
    """Say something that holds for the whole screen.

    is_beside: the action is small enough to stand beside the words on a phone too.
    """
    is_beside = is_beside or scene.is_wide
    said = ft.Row(
        [
            ft.Icon(icon, color=scene.palette.ink_of(tone)),
            ft.Container(text.toned(scene, sentence, tone), expand=True),
            *([action] if action and is_beside else []),
        ],
        spacing=GAP_M,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    content: ft.Control = said
    if action and not is_beside:  # on a phone the words would have a third of the width
        below = ft.Row([action], alignment=ft.MainAxisAlignment.END)
        content = ft.Column([said, below], spacing=0, tight=True)
    return identified(
        name,
        ft.Container(
            content=content,
            bgcolor=scene.palette.container_of(tone),
            border_radius=RADIUS_PX,
            padding=GAP_M,
        ),
    )


def problem(scene: Scene, value: Problem, *, name: str = "problem") -> ft.Control:
    """Say what went wrong, in the person's language."""
    return banner(
        scene, name, value.sentence(scene.words.language), Tone.BAD, ft.Icons.ERROR_OUTLINE
    )


def waiting(scene: Scene, name: str = "loading", sentence: str | None = None) -> ft.Control:
    """Say that it is coming."""
    return identified(
        name,
        ft.Container(
            content=ft.Row(
                [
                    ft.ProgressRing(width=20, height=20, stroke_width=3),
                    text.soft(scene, sentence or scene.words("view.loading")),
                ],
                alignment=ft.MainAxisAlignment.CENTER,
                spacing=GAP_M,
            ),
            padding=GAP_XL,
        ),
    )


def error_panel(scene: Scene) -> ft.Control:
    """Stand where a screen could not be drawn; the rest of the app lives on."""
    return banner(
        scene, "drawing-failed", scene.words("app.wrong"), Tone.BAD, ft.Icons.REPORT_PROBLEM
    )
