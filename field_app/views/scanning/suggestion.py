"""« OCR suggère … »: what was read late of a label, beside what stands, with its picture (T-09)."""

from collections.abc import Sequence
from typing import Final

import flet as ft

from field_app.ports import OcrRow, OcrState, Suggestion
from field_app.saying import say_problem
from field_app.state.scanning.proposed import Proposed
from field_app.theme import GAP_M, GAP_S, GAP_XS, RADIUS_PX, Tone
from field_app.views.boundary import screen, use_changes
from field_app.views.look import BOLD, MONO
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, text
from field_app.views.widgets.named import identified

_I: Final = ft.Icons
CROP_PX: Final = 88
WAITING: Final = {
    OcrState.PREPARING: _I.HOURGLASS_EMPTY,
    OcrState.SENDING: _I.CLOUD_UPLOAD,
    OcrState.WAITING: _I.SCHEDULE,
    OcrState.ASKING: _I.AUTO_AWESOME,
    OcrState.UNREADABLE: _I.SEARCH_OFF,
    OcrState.STOPPED: _I.ERROR_OUTLINE,
}


@screen
def Suggestions(scene: Scene, model: Proposed) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw what is proposed and what is still waited for; nothing when there is neither."""
    use_changes(model)
    drawn = [_asked(scene, model, one) for one in model.suggestions]
    if model.waiting is not None:
        drawn.append(_waiting(scene, model, model.waiting))
    return identified("suggestions", ft.Column(drawn, spacing=GAP_S, tight=True))


def _asked(scene: Scene, model: Proposed, suggestion: Suggestion) -> ft.Control:
    """Draw one proposal: what it says, from where, and both ways out."""
    words = scene.words
    name = f"suggestion-{suggestion.field}"
    head = ft.Row(
        [
            ft.Icon(_I.AUTO_AWESOME, color=scene.palette.ink_of(Tone.INFO), size=22),
            ft.Container(
                text.strong(scene, words(f"ocr.suggests.{suggestion.provenance}")), expand=True
            ),
        ],
        spacing=GAP_S,
    )
    parts: list[ft.Control] = [head, *_crop(model, suggestion)]
    if suggestion.field != "value":
        parts.append(text.soft(scene, words(f"label.{suggestion.field}")))
    parts.append(identified(f"{name}-value", _compared(scene, suggestion)))
    if suggestion.current:
        said = words("ocr.instead", value=suggestion.current)
        parts.append(text.soft(scene, said))
    if not suggestion.is_sure:
        parts.append(text.toned(scene, words("ocr.unsure"), Tone.WARN))
    parts.append(_ways(scene, model, suggestion, name))
    return cards.card(scene, ft.Column(parts, spacing=GAP_S, tight=True), name=name, tone=Tone.INFO)


def _ways(scene: Scene, model: Proposed, suggestion: Suggestion, name: str) -> ft.Control:
    words = scene.words
    leave = "ocr.leave" if suggestion.current else "ocr.leave.empty"
    take = buttons.secondary(
        scene, f"{name}-take", words("ocr.take"), lambda: model.take(suggestion), icon=_I.CHECK
    )
    keep = buttons.quiet(scene, f"{name}-leave", words(leave), lambda: model.leave(suggestion))
    return ft.Column([take, keep], spacing=GAP_XS, tight=True)


def _crop(model: Proposed, suggestion: Suggestion) -> list[ft.Control]:
    crop = model.crops.get(suggestion.ocr)
    if crop is None:
        return []
    picture = ft.Image(src=crop, height=CROP_PX, fit=ft.BoxFit.CONTAIN, border_radius=RADIUS_PX)
    return [
        identified(
            f"suggestion-{suggestion.field}-crop",
            ft.Container(picture, alignment=ft.Alignment.CENTER_LEFT),
        )
    ]


def _compared(scene: Scene, suggestion: Suggestion) -> ft.Control:
    """Write the value with what differs from the one that stands underlined and bold."""
    spans = [
        ft.TextSpan(
            part,
            ft.TextStyle(
                font_family=BOLD if differs else MONO,
                decoration=ft.TextDecoration.UNDERLINE if differs else None,
                color=scene.palette.ink_of(Tone.BAD) if differs else scene.palette.ink,
            ),
        )
        for part, differs in parted(suggestion.value, suggestion.current)
    ]
    return ft.Text(spans=spans, size=scene.look.strong, font_family=MONO, selectable=True)


def parted(value: str, current: str) -> Sequence[tuple[str, bool]]:
    """Cut a value where it begins and ends to differ from another one of the same length."""
    if len(value) != len(current):
        return [(value, False)]
    runs: list[tuple[str, bool]] = []
    for mark, other in zip(value, current, strict=True):
        differs = mark != other
        if runs and runs[-1][1] is differs:
            runs[-1] = (runs[-1][0] + mark, differs)
        else:
            runs.append((mark, differs))
    return runs


def _waiting(scene: Scene, model: Proposed, row: OcrRow) -> ft.Control:
    """Say that the label waits, and what for; typing is always quicker."""
    state = OcrState.ASKING if model.is_asking else row.state
    tone = Tone.WARN if state.is_over else Tone.NEUTRAL
    lines = [scene.words(f"ocr.state.{state}")]
    if row.problem is not None and not model.is_asking:
        lines.append(say_problem(scene.words, row.problem))
    said = ft.Column(
        [text.body(scene, line) for line in lines], spacing=GAP_XS, tight=True, expand=True
    )
    icon = ft.Icon(WAITING.get(state, _I.SCHEDULE), color=scene.palette.ink_of(tone))
    return cards.card(
        scene,
        ft.Row(
            [icon, said],
            spacing=GAP_M,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        name="ocr-waiting",
    )
