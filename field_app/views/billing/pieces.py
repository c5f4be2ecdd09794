"""Pieces that every screen of billing draws: amounts, ages, panels, statuses."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import flet as ft

from field_app.ports import Told
from field_app.state.billing.asked import Asked
from field_app.theme import GAP_L, GAP_M, GAP_S, GAP_XS, RADIUS_PX, Tone
from field_app.views.look import BOLD
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, chips, text
from field_app.views.widgets.named import identified

_I: Final = ft.Icons
INVOICE_LOOKS: Final[Mapping[str, tuple[ft.IconData, Tone]]] = {
    "Paid": (_I.CHECK_CIRCLE, Tone.GOOD),
    "Unpaid": (_I.SCHEDULE, Tone.INFO),
    "Partly Paid": (_I.TIMELAPSE, Tone.WARN),
    "Overdue": (_I.ERROR, Tone.BAD),
    "Return": (_I.UNDO, Tone.NEUTRAL),
    "Credit Note Issued": (_I.UNDO, Tone.NEUTRAL),
}
SERVICE_LOOKS: Final[Mapping[str, tuple[ft.IconData, Tone]]] = {
    "Active": (_I.CHECK_CIRCLE, Tone.GOOD),
    "Suspended": (_I.PAUSE_CIRCLE, Tone.WARN),
    "Pending": (_I.SCHEDULE, Tone.INFO),
    "Cancelled": (_I.CANCEL, Tone.NEUTRAL),
    "Draft": (_I.EDIT_NOTE, Tone.NEUTRAL),
    "Sent": (_I.OUTGOING_MAIL, Tone.INFO),
    "Terminated": (_I.CONTENT_CUT, Tone.BAD),
    "Completed": (_I.FLAG, Tone.NEUTRAL),
    "Expired": (_I.EVENT_BUSY, Tone.NEUTRAL),
    "Inactive": (_I.POWER_OFF, Tone.NEUTRAL),
    "Installed": (_I.CHECK_CIRCLE, Tone.GOOD),
}


def state(scene: Scene, value: str, looks: Mapping[str, tuple[ft.IconData, Tone]]) -> ft.Control:
    """Draw a document's status in words."""
    icon, tone = looks.get(value, (_I.HELP_OUTLINE, Tone.NEUTRAL))
    return chips.chip(scene, state_words(scene, value), icon, tone)


def state_words(scene: Scene, value: str) -> str:
    """Say a document's status; one that nobody named here as it is."""
    key = f"state.{value}"
    return scene.words(key) if scene.words.has(key) else value


def money(
    scene: Scene, amount: Decimal, *, tone: Tone | None = None, size: float | None = None
) -> ft.Text:
    """Draw an amount; the figures of our font are all of one width, so columns line up."""
    color = scene.palette.ink_of(tone) if tone else scene.palette.ink
    return ft.Text(
        scene.words.money(amount),
        size=size or scene.look.body,
        font_family=BOLD,
        color=color,
        text_align=ft.TextAlign.RIGHT,
        no_wrap=True,
    )


def money_row(
    scene: Scene, label: str, amount: Decimal, *, is_total: bool = False, tone: Tone | None = None
) -> ft.Control:
    """Draw an amount at the end of its line, as on paper."""
    words = text.strong(scene, label) if is_total else text.body(scene, label)
    size = scene.look.strong if is_total else None
    return ft.Row(
        [ft.Container(words, expand=True), money(scene, amount, tone=tone, size=size)],
        spacing=GAP_M,
    )


def age(scene: Scene, told: Told[Any]) -> str:
    """Say how old an answer is, and whether it is this device's own."""
    words, kept = scene.words, ".kept" if told.is_kept else ""
    if told.at_ms is None:
        return words(f"billing.age{kept}.unknown")
    if scene.now_ms() - told.at_ms < _NOW_MS:
        return words(f"billing.age{kept}.now")
    return words(f"billing.age{kept}", age=scene.ago(told.at_ms))


_NOW_MS: Final = 60_000


def panel(
    scene: Scene,
    name: str,
    title: str,
    model: Asked[Any],
    content: Callable[[], Sequence[ft.Control]],
) -> ft.Control:
    """Draw an answer under its title with its age; `content` is called once there is one."""
    drawn: list[ft.Control] = [_panel_head(scene, name, title, model)]
    if model.told is not None:
        drawn += content()
    elif model.missing is not None:
        sentence = model.missing.sentence(scene.words.language)
        drawn.append(text.toned(scene, sentence, Tone.WARN))
    else:
        drawn.append(text.soft(scene, scene.words("view.loading")))
    around = ft.Padding.only(left=GAP_L, right=GAP_L, top=GAP_XS, bottom=GAP_M)
    return card(scene, f"panel-{name}", drawn, padding=around)


def card(
    scene: Scene,
    name: str,
    content: Sequence[ft.Control],
    *,
    padding: ft.PaddingValue = GAP_L,
) -> ft.Control:
    """Draw what belongs together on a ground of its own, one under the other."""
    ground = ft.Container(
        ft.Column(
            [*content],
            spacing=GAP_S,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=scene.palette.surface,
        border=ft.Border.all(scene.look.line_px, scene.palette.line),
        border_radius=RADIUS_PX,
        padding=padding,
    )
    return identified(name, ground)


def _panel_head(scene: Scene, name: str, title: str, model: Asked[Any]) -> ft.Control:
    said: list[ft.Control] = []
    if model.told is not None:
        tone = Tone.WARN if model.missing or model.told.is_kept else None
        words = age(scene, model.told)
        said.append(text.toned_soft(scene, words, tone) if tone else text.soft(scene, words))
    end: ft.Control = (
        ft.Container(
            ft.ProgressRing(width=18, height=18, stroke_width=3), width=48, height=48, padding=15
        )
        if model.is_asking
        else buttons.icon_only(
            scene, f"again-{name}", scene.words("billing.again"), _I.REFRESH, model.ask_now
        )
    )
    is_below = scene.is_stacked  # beside large words the title would break inside its own
    head = ft.Column(
        [text.strong(scene, title), *(said if is_below else ())], spacing=0, tight=True
    )
    return ft.Row(
        [ft.Container(head, expand=True), *(() if is_below else said), end],
        spacing=GAP_S,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def parted(scene: Scene, *rows: ft.Control) -> list[ft.Control]:
    """Return rows with lines between them."""
    found: list[ft.Control] = []
    for number, row in enumerate(rows):
        if number:
            found.append(ft.Divider(height=1, thickness=1, color=scene.palette.line))
        found.append(row)
    return found


def row(  # noqa: PLR0913 - a row has that many places
    scene: Scene,
    name: str,
    title: str,
    *,
    facts: Sequence[str] = (),
    marks: Sequence[ft.Control] = (),
    amount: ft.Control | None = None,
    work: buttons.Work | None = None,
    is_narrow: bool = False,
    end: ft.Control | None = None,
) -> ft.Control:
    """Draw a row of a panel: words on the left, an amount on the right, all of it to press.

    is_narrow: it has half of a pane, or of a phone, so that states stand below the words.
    end: what else may be done with it, behind the amount.
    """
    is_narrow = is_narrow or not scene.is_wide or scene.look.scale > 1
    lines: list[ft.Control] = [
        text.body(scene, title),
        *(text.soft(scene, fact) for fact in facts if fact),
    ]
    if marks and is_narrow:
        lines.append(ft.Row([*marks], wrap=True, spacing=GAP_S, run_spacing=GAP_XS))
    content = ft.Row(
        [
            ft.Column(lines, spacing=2, expand=True, tight=True),
            *([] if is_narrow else marks),
            *([amount] if amount else []),
            *([end] if end else []),
            *([ft.Icon(_I.CHEVRON_RIGHT, color=scene.palette.ink_soft)] if work else []),
        ],
        spacing=GAP_S,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    ground = ft.Container(
        content,
        padding=ft.Padding.symmetric(vertical=GAP_S),
        on_click=buttons.press(work) if work else None,
        ink=work is not None,
        border_radius=RADIUS_PX,
        height=None,
    )
    return identified(name, ground, is_button=work is not None)


def nothing(scene: Scene, key: str) -> ft.Control:
    """Say that a panel has nothing."""
    return text.soft(scene, scene.words(key))


def beside(scene: Scene, *presses: ft.Control) -> ft.Control:
    """Draw buttons side by side, below each other where a pane is narrow or words are large."""
    if scene.is_wide and scene.look.scale <= 1:
        return ft.Row([ft.Container(one, expand=True) for one in presses], spacing=GAP_M)
    return ft.Column(
        [*presses],
        spacing=GAP_S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
