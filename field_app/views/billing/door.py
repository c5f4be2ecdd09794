"""What the customer of a job owes, the code to pay it, and whether it was paid."""

from collections.abc import Mapping, Sequence
from typing import Final

import flet as ft

from field_app.state.billing.door import AtDoor, DoorState
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_M, GAP_XL, RADIUS_PX, Tone
from field_app.views.billing.pay_code import pay_code
from field_app.views.billing.pieces import INVOICE_LOOKS, money, state
from field_app.views.boundary import screen, use_model
from field_app.views.job.part import part
from field_app.views.scene import Scene
from field_app.views.ticking import use_ticks
from field_app.views.widgets import buttons, cards, notices, page, text
from field_app.views.widgets.named import identified
from field_core.office import InvoiceLine

PAID_ICON_PX: Final = 88
"""Seen from the other side of a threshold."""
_SAID: Final[Mapping[DoorState, tuple[Tone, ft.IconData]]] = {
    DoorState.PARTLY: (Tone.GOOD, ft.Icons.TIMELAPSE),
    DoorState.UNDERWAY: (Tone.INFO, ft.Icons.ACCOUNT_BALANCE),
    DoorState.SETTLED: (Tone.INFO, ft.Icons.HOURGLASS_TOP),
}


@screen
def PaymentPart(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw what is owed, or the code of one invoice."""
    model = use_model(
        lambda: AtDoor(workspace, str(place.key), invoice=place.row),
        workspace,
        place.key,
        place.row,
    )
    use_ticks(model, is_ticking=True)
    content = _code if place.row else _owed
    return part(
        scene, model, content=lambda: content(scene, model), foot=lambda: _foot(scene, model)
    )


# --- what is owed


def _owed(scene: Scene, model: AtDoor) -> Sequence[ft.Control]:
    words, owed = scene.words, model.owed
    assert owed, "drawn once it was read"
    if not model.invoices:
        return [
            notices.empty(
                scene,
                "nothing-owed",
                ft.Icons.CHECK_CIRCLE,
                words("door.nothing-owed", customer=owed.customer_name),
                words("door.nothing-owed.hint"),
            )
        ]
    total = identified(
        "door-total",
        cards.card(
            scene,
            ft.Column(
                [
                    text.soft(scene, words("door.owed", customer=owed.customer_name)),
                    text.display(scene, words.money(model.total)),
                    text.soft(scene, _as_of(scene, model)),
                ],
                spacing=4,
                tight=True,
            ),
        ),
    )
    rows = [_invoice(scene, model, line) for line in model.invoices]
    return [total, cards.group(scene, *rows, title=words("door.choose"))]


def _as_of(scene: Scene, model: AtDoor) -> str:
    contact_ms = model.workspace.account.standing.contact_ms
    if contact_ms is None:
        return scene.words("view.never")
    return scene.words("balance.as-of", at=scene.words.moment_ms(contact_ms))


def _invoice(scene: Scene, model: AtDoor, line: InvoiceLine) -> ft.Control:
    words = scene.words
    due = words("invoices.due", day=words.full_day(line.due_date)) if line.due_date else ""
    return cards.tile(
        scene,
        f"owed-{line.name}",
        line.name,
        lambda: model.open(line.name),
        icon=ft.Icons.QR_CODE_2,
        facts=[due],
        marks=[state(scene, line.status, INVOICE_LOOKS), money(scene, line.outstanding)],
    )


# --- the code


def _code(scene: Scene, model: AtDoor) -> Sequence[ft.Control]:
    words, line = scene.words, model.line
    if model.state is DoorState.PAID:
        return [_paid(scene, model)]
    parts = [_said(scene, model)]
    if line is None:
        parts.append(
            notices.empty(scene, "not-owed", ft.Icons.RECEIPT_LONG, words("door.not-owed"))
        )
    elif model.state in (DoorState.OWED, DoorState.PARTLY):
        parts.append(_scanned(scene, model, line))
    return [drawn for drawn in parts if drawn is not None]


def _paid(scene: Scene, model: AtDoor) -> ft.Control:
    """Say it so that both people at the door see it."""
    words, receipt = scene.words, model.receipt
    when = words.moment_ms(receipt.at_ms) if receipt and receipt.at_ms else ""
    tone = scene.palette.ink_of(Tone.GOOD)
    parts = ft.Column(
        [
            ft.Icon(ft.Icons.CHECK_CIRCLE, size=PAID_ICON_PX, color=tone),
            text.display(scene, words("door.paid"), tone=Tone.GOOD),
            text.display(scene, words.money(model.received)),
            text.soft(scene, " · ".join(part for part in (str(model.invoice), when) if part)),
        ],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=GAP_M,
        tight=True,
    )
    ground = ft.Container(
        parts,
        bgcolor=scene.palette.container_of(Tone.GOOD),
        border_radius=RADIUS_PX,
        alignment=ft.Alignment.TOP_CENTER,
        padding=GAP_XL,
    )
    return identified("door-paid", ground)


def _scanned(scene: Scene, model: AtDoor, line: InvoiceLine) -> ft.Control:
    link = model.link
    if link is None:
        sentence = scene.words("door.no-link")
        return notices.banner(scene, "no-link", sentence, Tone.WARN, ft.Icons.LINK_OFF)
    owed = model.receipt.outstanding if model.receipt else line.outstanding
    return pay_code(scene, link.url, amount=owed, about=line.name)


def _said(scene: Scene, model: AtDoor) -> ft.Control | None:
    """Say what is known of the payment; on the server's word alone."""
    words, said = scene.words, _SAID.get(model.state)
    if said is None:
        if model.missing is None:
            return None
        reason = model.missing.sentence(words.language)
        sentence = f"{reason} {words('door.offline')}"
        return notices.banner(scene, "door-offline", sentence, Tone.WARN, ft.Icons.CLOUD_OFF)
    tone, icon = said
    receipt = model.receipt
    sentence = words(
        f"door.{model.state}",
        amount=words.money(model.received),
        left=words.money(receipt.outstanding) if receipt else "",
    )
    return notices.banner(scene, f"door-{model.state}", sentence, tone, icon)


def _foot(scene: Scene, model: AtDoor) -> ft.Control | None:
    if not model.invoice or model.state is DoorState.PAID:
        return None
    return page.bottom_bar(
        scene,
        buttons.secondary(
            scene,
            "check-payment",
            scene.words("door.check"),
            model.check,
            icon=ft.Icons.REFRESH,
            expand=True,
        ),
    )
