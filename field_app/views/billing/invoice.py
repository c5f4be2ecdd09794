"""An invoice: details and timeline, the customer's own paper, and the ways to pay it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

import flet as ft

from field_app.state.billing.customer import to_customer
from field_app.state.billing.invoice import CHANNELS, Channel, InvoicePage, Preview, Tab
from field_app.state.place import Part, Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_M, GAP_S, READING_PX, Tone
from field_app.views.billing.pay_code import pay_code
from field_app.views.billing.pieces import (
    INVOICE_LOOKS,
    beside,
    money,
    money_row,
    panel,
    parted,
    row,
    state,
)
from field_app.views.billing.timeline import timeline
from field_app.views.boundary import screen, use_model
from field_app.views.handing import hand_over
from field_app.views.scene import Scene
from field_app.views.ticking import use_ticks
from field_app.views.widgets import buttons, dialogs, notices, page, text
from field_app.views.widgets.choices import Option, pills
from field_app.views.widgets.named import identified
from field_core.office import Charge, InvoiceDetail
from field_core.service_period import period_text

ZOOM_MAX: Final = 4.0
PAGE_RATIO: Final = 11 / 8.5
"""US Letter, upright."""
_TABS: Final[Mapping[Tab, ft.IconData]] = {
    Tab.DETAILS: ft.Icons.RECEIPT_LONG,
    Tab.PREVIEW: ft.Icons.PICTURE_AS_PDF,
    Tab.PAY: ft.Icons.QR_CODE_2,
}


@screen
def InvoiceScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw an invoice; it is opened from its customer or from the list of invoices."""
    name = str(place.row if place.part is Part.INVOICE else place.key)
    model = use_model(lambda: InvoicePage(workspace, name), workspace, name)
    use_ticks(model, is_ticking=True)
    found = model.value
    is_of_customer = place.part is Part.INVOICE
    back = workspace.navigator.back if is_of_customer or not scene.is_wide else None
    marks = [state(scene, found.status, INVOICE_LOOKS)] if found else []
    return page.frame(
        scene,
        "invoice",
        head=ft.Column(
            [
                page.header(
                    scene,
                    name,
                    subtitle=found.customer_name if found else "",
                    back=back,
                    actions=marks,
                ),
                _tabs(scene, model),
            ],
            spacing=0,
            tight=True,
        ),
        content=_content(scene, workspace, model, is_of_customer=is_of_customer),
    )


def _tabs(scene: Scene, model: InvoicePage) -> ft.Control:
    options = [
        Option(tab.value, scene.words(f"invoice.tab.{tab}"), icon if scene.is_wide else None)
        for tab, icon in _TABS.items()
    ]
    drawn = pills(
        scene,
        "tab",
        options,
        chosen=model.tab.value,
        choose=lambda name: model.show(Tab(name)),
    )
    return page.no_wider(ft.Container(drawn, width=READING_PX))


def _content(
    scene: Scene, workspace: Workspace, model: InvoicePage, *, is_of_customer: bool
) -> ft.Control:
    if model.tab is Tab.PREVIEW:
        drawn: ft.Control = PreviewPart(scene, workspace, model.name, key=f"preview-{model.name}")
        return drawn
    if model.value is None and model.missing and model.missing.code == "not-found":
        sentence = scene.words("invoice.gone")
        return notices.empty(scene, "invoice-gone", ft.Icons.RECEIPT_LONG, sentence)
    draw = _pay if model.tab is Tab.PAY else partial(_details, is_of_customer=is_of_customer)
    title = scene.words(f"invoice.tab.{model.tab}")
    card = panel(scene, model.tab, title, model, lambda: draw(scene, model))
    more = [_timeline(scene, model)] if model.tab is Tab.DETAILS and model.value else []
    return page.scroll(card, *more, key=f"invoice-{model.name}-{model.tab}")


# --- details


def _details(scene: Scene, model: InvoicePage, *, is_of_customer: bool) -> Sequence[ft.Control]:
    found, words = model.value, scene.words
    assert found, "drawn once it was told"
    charges = [_charge(scene, charge) for charge in found.charges]
    taxes = [money_row(scene, tax.text, tax.amount) for tax in found.taxes]
    owed_tone = Tone.BAD if found.status == "Overdue" else None
    return [
        _dates(scene, model, found, is_of_customer=is_of_customer),
        ft.Divider(height=1, color=scene.palette.line),
        *parted(scene, *charges),
        ft.Divider(height=2, color=scene.palette.ink_soft),
        money_row(scene, words("invoice.net"), found.net),
        *taxes,
        money_row(scene, words("invoice.total"), found.total, is_total=True),
        *(
            [money_row(scene, words("invoice.paid-part"), found.outstanding - found.total)]
            if 0 < found.outstanding != found.total
            else []
        ),
        identified(
            "invoice-owed",
            money_row(
                scene, words("invoice.owed"), found.outstanding, is_total=True, tone=owed_tone
            ),
        ),
        *([text.toned(scene, words("invoice.debited"), Tone.INFO)] if found.is_debited else []),
    ]


def _dates(
    scene: Scene, model: InvoicePage, found: InvoiceDetail, *, is_of_customer: bool
) -> ft.Control:
    words = scene.words
    lines: list[ft.Control] = []
    if not is_of_customer:
        lines.append(
            row(
                scene,
                "to-customer",
                found.customer_name or found.customer,
                facts=[found.customer],
                work=lambda: to_customer(model.workspace, found.customer),
            )
        )
    for key, day in (("invoice.issued", found.posting_date), ("invoice.due", found.due_date)):
        if day:
            lines.append(text.soft(scene, words(key, day=words.full_day(day))))
    if found.contract:
        lines.append(text.soft(scene, words("invoice.contract", contract=found.contract)))
    return ft.Column(lines, spacing=2, tight=True)


def _charge(scene: Scene, charge: Charge) -> ft.Control:
    count = f"{charge.qty} × " if charge.qty != "1" else ""
    return ft.Container(
        ft.Row(
            [
                ft.Column(
                    [
                        text.body(scene, f"{count}{charge.text}"),
                        *(text.soft(scene, fact) for fact in _facts(scene, charge) if fact),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                money(scene, charge.amount),
            ],
            spacing=GAP_M,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=ft.Padding.symmetric(vertical=GAP_S),
    )


def _facts(scene: Scene, charge: Charge) -> list[str]:
    days = ""
    if charge.start_date and charge.end_date:
        days = period_text(
            date.fromisoformat(charge.start_date),
            date.fromisoformat(charge.end_date),
            scene.words.language,
        )
    return [charge.place, days]


def _timeline(scene: Scene, model: InvoicePage) -> ft.Control:
    found = model.value
    assert found, "drawn once it was told"
    return panel(
        scene,
        "timeline",
        scene.words("invoice.timeline"),
        model,
        lambda: [timeline(scene, found.moments)],
    )


# --- paying


def _pay(scene: Scene, model: InvoicePage) -> Sequence[ft.Control]:
    found, words = model.value, scene.words
    assert found, "drawn once it was told"
    if not model.is_owed:
        return [text.toned(scene, words("pay.nothing-owed"), Tone.GOOD)]
    parts: list[ft.Control] = []
    if found.is_debited:
        parts.append(text.toned(scene, words("invoice.debited"), Tone.INFO))
    if model.is_link_good:
        code = pay_code(scene, found.pay_url, amount=found.outstanding, about=found.name)
        parts.append(code)
    else:
        parts.append(text.toned(scene, words("pay.no-link"), Tone.WARN))
    senders = [_sender(scene, model, channel) for channel in CHANNELS]
    parts += [text.strong(scene, words("pay.send")), beside(scene, *senders)]
    return parts


def _sender(scene: Scene, model: InvoicePage, channel: Channel) -> ft.Control:
    words, to = scene.words, model.recipient(channel)
    icon = ft.Icons.SMS if channel == "sms" else ft.Icons.MAIL
    label = words(f"pay.send.{channel}", to=to) if to else words(f"pay.send.{channel}.none")
    return buttons.secondary(
        scene,
        f"send-{channel}",
        label,
        lambda: _ask_to_send(scene, model, channel),
        icon=icon,
        is_enabled=bool(to),
    )


async def _ask_to_send(scene: Scene, model: InvoicePage, channel: Channel) -> None:
    """A message cannot be taken back, so it is asked first."""
    words = scene.words
    is_meant = await dialogs.confirm(
        scene,
        "send-link",
        title=words("pay.send.title"),
        hint=words(f"pay.send.{channel}.hint", to=model.recipient(channel), invoice=model.name),
        confirm=words("pay.send.confirm"),
    )
    if is_meant:
        await model.send_link(channel)


# --- the customer's paper


@screen
def PreviewPart(scene: Scene, workspace: Workspace, name: str) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the customer's paper, page by page."""
    model = use_model(lambda: Preview(workspace, name), workspace, name)
    words = scene.words
    save = buttons.secondary(
        scene,
        "save-pdf",
        words("preview.save"),
        lambda: _save(workspace, model),
        icon=ft.Icons.DOWNLOAD,
    )
    parts: list[ft.Control] = [_page(scene, number, model) for number in range(len(model.pages))]
    if model.missing:
        parts.insert(0, notices.problem(scene, model.missing))
    elif model.is_asking:
        parts.append(notices.waiting(scene, sentence=words("preview.drawing")))
    if model.pages:
        parts.insert(0, text.soft(scene, words("preview.same", name=name)))
        parts.append(save)
    return page.scroll(*parts, key=f"preview-{name}")


def _page(scene: Scene, number: int, model: Preview) -> ft.Control:
    label = scene.words("preview.page", number=number + 1, total=model.count)
    width = min(READING_PX, 700)
    picture: ft.Control = ft.Image(
        src=model.pages[number].value.content,
        fit=ft.BoxFit.CONTAIN,
        semantics_label=label,
        width=width,
        aspect_ratio=1 / PAGE_RATIO,
    )
    if not scene.is_wide:  # on a desktop the wheel would zoom where one means to read on
        picture = ft.InteractiveViewer(picture, max_scale=ZOOM_MAX)
    framed = ft.Container(
        picture,
        bgcolor=ft.Colors.WHITE,
        border=ft.Border.all(1, scene.palette.line),
        alignment=ft.Alignment.CENTER,
    )
    return identified(
        f"page-{number + 1}",
        ft.Column(
            [framed, text.soft(scene, label)],
            spacing=GAP_S,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )


async def _save(workspace: Workspace, model: Preview) -> None:
    file = await model.pdf()
    if file is not None:
        await hand_over(workspace, file)
