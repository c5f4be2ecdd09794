"""The panels of a customer's page, each from its own answer to its rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import flet as ft

from field_app.state.billing.customer import (
    ListOf,
    PanelOf,
    to_contract,
    to_invoice,
    to_job,
)
from field_app.state.workspace import Workspace
from field_app.theme import GAP_M, Tone
from field_app.views.billing.notes import note
from field_app.views.billing.pieces import (
    INVOICE_LOOKS,
    SERVICE_LOOKS,
    money,
    money_row,
    nothing,
    parted,
    row,
    state,
)
from field_app.views.billing.places import locations
from field_app.views.billing.removal import remove_button
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, chips, text
from field_core.money import ZERO
from field_core.office import (
    Balance,
    Contracts,
    Identity,
    InvoiceLine,
    Jobs,
    Notes,
    Panel,
    PaymentLine,
    Subscriptions,
)

Rows = Sequence[ft.Control]
Draw = Callable[[Scene, PanelOf | ListOf, str], Rows]
NOTES_MAX: Final = 12


def identity_rows(scene: Scene, model: PanelOf | ListOf, _: str) -> Rows:
    """Draw how a customer is reached."""
    identity = model.value
    assert isinstance(identity, Identity), "the panel's own shape"
    words = scene.words
    language = f"language.{identity.language[:2]}"
    facts = [
        (ft.Icons.CALL, identity.mobile_no),
        (ft.Icons.MAIL, identity.email_id),
        (ft.Icons.TRANSLATE, words(language) if words.has(language) else identity.language),
    ]
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(icon, size=20, color=scene.palette.ink_soft),
                ft.Container(text.body(scene, value), expand=True),
            ],
            spacing=GAP_M,
        )
        for icon, value in facts
        if value
    ]
    return rows or [nothing(scene, "panel.identity.none")]


def _balance(scene: Scene, model: PanelOf | ListOf, _: str) -> Rows:
    found = model.value
    assert isinstance(found, Balance), "the panel's own shape"
    words = scene.words
    tone = Tone.BAD if found.overdue > 0 else Tone.GOOD if found.balance <= 0 else None
    rows: list[ft.Control] = [text.display(scene, words.money(found.balance), tone=tone)]
    at_ms = model.told.at_ms if model.told else None
    if at_ms is not None:
        rows.append(text.soft(scene, words("balance.as-of", at=words.moment_ms(at_ms))))
    if found.owed:
        count = words.count("balance.owed", found.open_invoices)
        rows.append(money_row(scene, count, found.owed))
    if found.overdue:
        since = words("balance.overdue", since=words.short_day(found.oldest_due))
        rows.append(money_row(scene, since, found.overdue, tone=Tone.BAD))
    if found.credit:
        rows.append(money_row(scene, words("balance.credit"), ZERO - found.credit))
    if not found.owed and not found.credit:
        rows.append(text.soft(scene, words("balance.nothing")))
    return rows


def _subscriptions(scene: Scene, model: PanelOf | ListOf, customer: str) -> Rows:
    found = model.value
    assert isinstance(found, Subscriptions), "the panel's own shape"
    if not found.rows:
        return [nothing(scene, "panel.subscriptions.none")]
    words = scene.words
    rows = [
        row(
            scene,
            f"subscription-{one.name}",
            one.plan_name or one.name,
            facts=[" · ".join(part for part in (one.name, one.place) if part)],
            marks=[state(scene, one.status, SERVICE_LOOKS)],
            amount=money(
                scene, one.monthly_price, tone=None if one.status == "Active" else Tone.NEUTRAL
            ),
            end=remove_button(scene, model, customer, one),
        )
        for one in found.rows
    ]
    totals: list[ft.Control] = [
        money_row(scene, words("subscriptions.monthly"), found.monthly, is_total=True)
    ]
    if found.suspended:
        totals.append(money_row(scene, words("subscriptions.suspended"), found.suspended))
    return [*parted(scene, *rows), ft.Divider(height=2, color=scene.palette.ink_soft), *totals]


def _contracts(scene: Scene, model: PanelOf | ListOf, customer: str) -> Rows:
    found = model.value
    assert isinstance(found, Contracts), "the panel's own shape"
    if not found.rows:
        return [nothing(scene, "panel.contracts.none")]
    return parted(scene, *(_contract(scene, model, customer, body) for body in found.rows))


def _contract(
    scene: Scene, model: PanelOf | ListOf, customer: str, body: Mapping[str, Any]
) -> ft.Control:
    name, words = str(body.get("name") or ""), scene.words
    months = body.get("duration_months")
    term = words.count("contract.term", int(months)) if months else words("contract.open-term")
    start = str(body.get("start_date") or "")
    since = words("contract.since", day=words.full_day(start)) if start else ""
    return row(
        scene,
        f"contract-{name}",
        name,
        facts=[" · ".join(part for part in (term, since) if part)],
        marks=[state(scene, str(body.get("status") or ""), SERVICE_LOOKS)],
        work=lambda: to_contract(model.workspace, customer, name),
    )


def _invoices(scene: Scene, model: PanelOf | ListOf, customer: str) -> Rows:
    assert isinstance(model, ListOf), "a long list"
    lines = [line for line in model.rows if isinstance(line, InvoiceLine)]
    if not lines:
        return [nothing(scene, "panel.invoices.none")]
    rows = [_invoice(scene, model, customer, line) for line in lines]
    return [*parted(scene, *rows), *_more(scene, model)]


def _invoice(scene: Scene, model: ListOf, customer: str, line: InvoiceLine) -> ft.Control:
    words = scene.words
    owed = line.outstanding if 0 < line.outstanding < line.total else ZERO
    return row(
        scene,
        f"invoice-{line.name}",
        line.name,
        is_narrow=True,
        facts=[
            words.full_day(line.posting_date) if line.posting_date else "",
            words("invoice.still-owed", amount=words.money(owed)) if owed else "",
        ],
        marks=[state(scene, line.status, INVOICE_LOOKS)],
        amount=money(scene, line.total),
        work=lambda: to_invoice(model.workspace, customer, line.name),
    )


def _payments(scene: Scene, model: PanelOf | ListOf, _: str) -> Rows:
    assert isinstance(model, ListOf), "a long list"
    lines = [line for line in model.rows if isinstance(line, PaymentLine)]
    if not lines:
        return [nothing(scene, "panel.payments.none")]
    return [*parted(scene, *(_payment(scene, line) for line in lines)), *_more(scene, model)]


def _payment(scene: Scene, line: PaymentLine) -> ft.Control:
    words = scene.words
    paid = ", ".join(line.invoices)
    left = words("payment.unallocated", amount=words.money(line.unallocated))
    back = [chips.chip(scene, words("payment.back"), ft.Icons.UNDO, Tone.WARN)]
    return row(
        scene,
        f"payment-{line.name}",
        words.full_day(line.posting_date) if line.posting_date else line.name,
        is_narrow=True,
        facts=[
            " · ".join(part for part in (line.mode, line.reference_no) if part),
            words("payment.for", invoices=paid) if paid else "",
            left if line.unallocated else "",
        ],
        marks=back if line.is_back else (),
        amount=money(scene, ZERO - line.amount if line.is_back else line.amount),
    )


def _more(scene: Scene, model: ListOf) -> Rows:
    if not model.has_more:
        return ()
    return [buttons.quiet(scene, f"more-{model.panel}", scene.words("billing.more"), model.add)]


def _jobs(scene: Scene, model: PanelOf | ListOf, _: str) -> Rows:
    found = model.value
    assert isinstance(found, Jobs), "the panel's own shape"
    if not found.rows:
        return [nothing(scene, "panel.jobs.none")]
    words = scene.words
    return parted(
        scene,
        *(
            row(
                scene,
                f"job-{one.name}",
                one.subject or one.name,
                is_narrow=True,
                facts=[
                    " · ".join(
                        part
                        for part in (
                            one.name,
                            words.short_day(one.scheduled_date) if one.scheduled_date else "",
                        )
                        if part
                    )
                ],
                marks=[chips.status(scene, one.status)] if one.status else (),
                work=lambda key=one.key: _open_job(model.workspace, key),  # type: ignore[misc]  # bound now
            )
            for one in found.rows
        ),
    )


async def _open_job(workspace: Workspace, key: str) -> None:
    if not await to_job(workspace, key):
        workspace.notices.say("customer.job-elsewhere")


def _notes(scene: Scene, model: PanelOf | ListOf, _: str) -> Rows:
    found = model.value
    assert isinstance(found, Notes), "the panel's own shape"
    if not found.rows:
        return [nothing(scene, "panel.notes.none")]
    return parted(scene, *(note(scene, one) for one in found.rows[:NOTES_MAX]))


DRAWN: Final[Mapping[Panel, Draw]] = {
    Panel.IDENTITY: identity_rows,
    Panel.BALANCE: _balance,
    Panel.SUBSCRIPTIONS: _subscriptions,
    Panel.CONTRACTS: _contracts,
    Panel.INVOICES: _invoices,
    Panel.PAYMENTS: _payments,
    Panel.LOCATIONS: locations,
    Panel.JOBS: _jobs,
    Panel.NOTES: _notes,
}
