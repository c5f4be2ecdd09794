"""The labels that wait to be read, above what was done: each in plain words, and giving it up."""

import flet as ft

from field_app.ports import OcrRow, OcrState
from field_app.saying import say_problem
from field_app.state.sending.label_readings import LabelReadings
from field_app.state.workspace import Workspace
from field_app.theme import GAP_S, GAP_XS, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.scanning.suggestion import WAITING
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, text
from field_app.views.widgets.named import identified


@screen
def LabelReadingsPart(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the queue; nothing while nothing waits."""
    model = use_model(lambda: LabelReadings(workspace), workspace)
    rows = model.rows or ()
    if not rows:
        return ft.Container()
    title = text.strong(scene, scene.words("ocr.queue", count=len(rows)))
    drawn = [_row(scene, model, row) for row in rows]
    return identified(
        "label-readings",
        ft.Column(
            [title, *drawn],
            spacing=GAP_S,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def _row(scene: Scene, model: LabelReadings, row: OcrRow) -> ft.Control:
    words, state = scene.words, model.state_of(row)
    tone = Tone.WARN if state.is_over else Tone.INFO
    lines: list[ft.Control] = [
        text.strong(scene, what_words(scene, row), lines_max=2),
        text.soft(scene, " · ".join(_where(scene, row))),
        ft.Row(
            [
                ft.Icon(WAITING[state], color=scene.palette.ink_of(tone), size=20),
                ft.Container(text.toned(scene, words(f"ocr.state.{state}"), tone), expand=True),
            ],
            spacing=GAP_S,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    ]
    lines += [text.soft(scene, why) for why in _why(scene, model, row, state)]
    lines.append(_ways(scene, model, row, state))
    return cards.card(scene, ft.Column(lines, spacing=GAP_XS, tight=True), name=f"reading-{row.id}")


def what_words(scene: Scene, row: OcrRow) -> str:
    """Say what is to be read, in the words of the screen where it was asked for."""
    label = row.step_label(scene.words.language)
    key = "ocr.what.step" if label else "ocr.what.device"
    return scene.words(key, step=label)


def _where(scene: Scene, row: OcrRow) -> list[str]:
    parts = (scene.ago(row.made_ms), row.job.label, row.job.subject)
    return [part for part in parts if part]


def _why(scene: Scene, model: LabelReadings, row: OcrRow, state: OcrState) -> list[str]:
    """Say what is in the way, and when it is tried again."""
    words = scene.words
    said = []
    if state is OcrState.SENDING:
        blocked = ".offline" if model.is_offline else ".wifi" if model.is_held else ""
        said.append(words(f"ocr.sending{blocked}", percent=row.percent))
    if row.problem is not None and state is not OcrState.ASKING:
        said.append(say_problem(words, row.problem))
    if state is OcrState.WAITING and row.tries:
        said.append(words.count("ocr.tries", row.tries))
    return said


def _ways(scene: Scene, model: LabelReadings, row: OcrRow, state: OcrState) -> ft.Control:
    words = scene.words
    ways = []
    if row.job.key is not None:
        ways.append(
            buttons.quiet(
                scene,
                f"reading-open-{row.id}",
                words("ocr.open"),
                lambda: model.open(row),
                icon=ft.Icons.KEYBOARD,
            )
        )
    if state in (OcrState.WAITING, OcrState.STOPPED):
        ways.append(
            buttons.quiet(
                scene,
                f"reading-retry-{row.id}",
                words("ocr.retry"),
                lambda: model.retry(row),
                icon=ft.Icons.REFRESH,
            )
        )
    ways.append(
        buttons.quiet(
            scene,
            f"reading-cancel-{row.id}",
            words("ocr.cancel"),
            lambda: model.cancel(row),
            icon=ft.Icons.CLOSE,
        )
    )
    return ft.Row(ways, spacing=GAP_S, wrap=True)
