"""The money timeline of an invoice: each point in words, with what may be copied."""

from collections.abc import Mapping, Sequence
from typing import Final

import flet as ft

from field_app.theme import GAP_M, GAP_S, Tone
from field_app.views.billing.notes import who
from field_app.views.billing.pieces import money
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, text
from field_app.views.widgets.named import identified
from field_core.office import Moment, MomentKind

_I: Final = ft.Icons
LOOKS: Final[Mapping[MomentKind, tuple[ft.IconData, Tone]]] = {
    MomentKind.ISSUED: (_I.RECEIPT_LONG, Tone.NEUTRAL),
    MomentKind.ARCHIVED: (_I.INVENTORY_2, Tone.NEUTRAL),
    MomentKind.LINK_SENT: (_I.SEND, Tone.INFO),
    MomentKind.WRONG_DIGITS: (_I.GPP_MAYBE, Tone.WARN),
    MomentKind.VIEWED: (_I.VISIBILITY, Tone.NEUTRAL),
    MomentKind.SESSION: (_I.SHOPPING_CART_CHECKOUT, Tone.INFO),
    MomentKind.CONFIRMED: (_I.PAID, Tone.GOOD),
    MomentKind.ENTRY: (_I.ACCOUNT_BALANCE, Tone.GOOD),
    MomentKind.REFUND: (_I.UNDO, Tone.WARN),
    MomentKind.DISPUTE: (_I.GAVEL, Tone.BAD),
}
_DAYS_ONLY: Final = frozenset({MomentKind.ISSUED})
"""The ERP keeps a date for these; an hour would be made up."""
_MIDNIGHT: Final = " 00:00"


def timeline(scene: Scene, moments: Sequence[Moment]) -> ft.Control:
    """Draw the moments, the earliest first."""
    return ft.Column(
        [_moment(scene, moment, number) for number, moment in enumerate(moments)],
        spacing=GAP_S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _moment(scene: Scene, moment: Moment, number: int) -> ft.Control:
    icon, tone = LOOKS[moment.kind]
    words = scene.words
    lines: list[ft.Control] = [text.body(scene, _title(scene, moment))]
    about = " · ".join(part for part in (_when(scene, moment), _who(scene, moment)) if part)
    lines.append(text.soft(scene, about))
    if moment.flag and words.has(f"flag.{moment.flag}"):
        lines.append(text.toned_soft(scene, words(f"flag.{moment.flag}"), Tone.BAD))
    ends: list[ft.Control] = []
    if moment.amount is not None:
        ends.append(money(scene, moment.amount))
    if moment.reference and moment.kind is not MomentKind.ISSUED:
        lines.append(text.soft(scene, moment.reference))
        ends.append(_copy(scene, moment.reference, number))
    ground = ft.Row(
        [
            ft.Icon(icon, size=22, color=scene.palette.ink_of(tone)),
            ft.Column(lines, spacing=0, tight=True, expand=True),
            *ends,
        ],
        spacing=GAP_M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return identified(f"moment-{moment.kind}", ground)


def _title(scene: Scene, moment: Moment) -> str:
    words = scene.words
    state = f"moment.session.{moment.state}"
    if moment.kind is MomentKind.SESSION and words.has(state):
        return words(state)
    channel = f"channel.{moment.mode}"
    if moment.kind is MomentKind.LINK_SENT and words.has(channel):
        return words("moment.link-sent", channel=words(channel))
    if moment.kind is MomentKind.LINK_SENT:
        return words("moment.link-sent", channel="")
    title = words(f"moment.{moment.kind}")
    return f"{title} · {moment.mode}" if moment.mode else title


def _when(scene: Scene, moment: Moment) -> str:
    said = scene.words.moment_ms(moment.at_ms)
    is_day = moment.kind in _DAYS_ONLY or said.endswith(_MIDNIGHT)
    return said.partition(" ")[0] if is_day else said


def _who(scene: Scene, moment: Moment) -> str:
    return who(scene, moment.by) if moment.by else ""


def _copy(scene: Scene, reference: str, number: int) -> ft.Control:
    async def copy() -> None:
        await ft.Clipboard().set(reference)

    return buttons.icon_only(
        scene, f"copy-{number}", scene.words("billing.copy", text=reference), _I.CONTENT_COPY, copy
    )
