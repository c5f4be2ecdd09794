"""What became of an invoice: its issue, links, sessions at Stripe, confirmations, entries."""

import json
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from field_core.money import amount_of, from_cents
from field_core.office import Moment, MomentKind
from server_sync.billing.desk.account import PAYMENT_COLUMNS
from server_sync.billing.documents import SUBMITTED, Raw
from server_sync.billing.ledger import RECEIPT
from server_sync.billing.till import Till
from server_sync.store.schema import checkout, invoice_pdf, pay_audit, pay_entry

AUDITED: Final = {
    "link-sent": MomentKind.LINK_SENT,
    "wrong-last4": MomentKind.WRONG_DIGITS,
    "viewed": MomentKind.VIEWED,
}
_KINDS: Final = {RECEIPT: MomentKind.CONFIRMED, "refund": MomentKind.REFUND}
ROWS_MAX: Final = 100
"""An invoice with more acts than this is under attack; the latest are what a clerk needs."""


async def moments_of(till: Till, invoice: Raw) -> list[Moment]:
    """Return the moments of an invoice, the earliest first."""
    name = str(invoice["name"])

    def ours() -> list[Moment]:
        with till.database.read() as connection:
            return [*_ours(connection, name)]

    known = await till.run(ours)
    posted = {one.reference for one in known if one.kind is MomentKind.ENTRY}
    by_hand = [one for one in await _entries(till, invoice) if one.reference not in posted]
    issued = Moment(
        kind=MomentKind.ISSUED,
        at_ms=_day_ms(till, str(invoice["posting_date"])),
        amount=amount_of(invoice.get("rounded_total") or invoice.get("grand_total") or 0),
        reference=name,
    )
    return [issued, *sorted([*known, *by_hand], key=lambda one: one.at_ms)]


async def last_receipt_ms(till: Till, name: str) -> int:
    """Return when the last payment of an invoice through Stripe was confirmed; 0 without one."""

    def look() -> int:
        with till.database.read() as connection:
            found = connection.execute(
                select(func.max(pay_entry.c.made_ms)).where(
                    pay_entry.c.invoice == name, pay_entry.c.kind == RECEIPT
                )
            ).scalar()
        return int(found or 0)

    return await till.run(look)


def _ours(connection: Connection, name: str) -> Iterator[Moment]:
    """Yield what our own database knows."""
    archived = connection.execute(
        select(invoice_pdf.c.made_ms).where(invoice_pdf.c.invoice == name)
    ).scalar()
    if archived is not None:
        yield Moment(kind=MomentKind.ARCHIVED, at_ms=archived)
    for row in _latest(connection, pay_audit, pay_audit.c.at_ms, name):
        if row.act in AUDITED:
            channel = json.loads(row.details).get("channel", "")
            yield Moment(kind=AUDITED[row.act], at_ms=row.at_ms, by=row.actor, mode=channel)
    for row in _latest(connection, checkout, checkout.c.made_ms, name):
        yield Moment(
            kind=MomentKind.SESSION,
            at_ms=row.made_ms,
            amount=from_cents(row.cents),
            state=row.state,
        )
    for row in _latest(connection, pay_entry, pay_entry.c.made_ms, name):
        yield from _of_entry(row)


def _latest(connection: Connection, table: Any, at: Any, name: str) -> list[Row[Any]]:  # noqa: ANN401 - SQLAlchemy's own
    rows = connection.execute(
        select(table).where(table.c.invoice == name).order_by(at.desc()).limit(ROWS_MAX)
    )
    return list(rows)


def _of_entry(row: Row[Any]) -> Iterator[Moment]:
    """Yield what Stripe confirmed, and its entry in the ERP once that is there."""
    amount = from_cents(row.cents)
    yield Moment(
        kind=_KINDS.get(row.kind, MomentKind.DISPUTE),
        at_ms=row.made_ms,
        amount=amount,
        mode=row.mode,
        reference=row.reference_no,
        flag=row.flag or "",
    )
    if row.posted_ms is not None:
        yield Moment(
            kind=MomentKind.ENTRY,
            at_ms=row.posted_ms,
            amount=amount if row.allocated_cents is None else from_cents(row.allocated_cents),
            mode=row.mode,
            reference=row.erp_name or "",
            flag=row.flag or "",
        )


async def _entries(till: Till, invoice: Raw) -> list[Moment]:
    """Return the Payment Entries that name the invoice: also those that a person made."""
    rows = await till.client.rows(
        "Payment Entry",
        [
            *PAYMENT_COLUMNS,
            {"references": ["name", "reference_name", "allocated_amount"]},
        ],
        filters=[
            ("party", "=", invoice["customer"]),
            ("docstatus", "=", SUBMITTED),
            ("posting_date", ">=", str(invoice["posting_date"])[:10]),
        ],
        order_by="posting_date asc",
    )
    return [
        Moment(
            kind=MomentKind.ENTRY,
            at_ms=_day_ms(till, str(row["posting_date"])),
            amount=amount_of(one.get("allocated_amount") or 0, "allocated_amount"),
            mode=str(row.get("mode_of_payment") or ""),
            reference=str(row["name"]),
        )
        for row in rows
        for one in row.get("references") or ()
        if one["reference_name"] == invoice["name"]
    ]


def _day_ms(till: Till, day: str) -> int:
    """Return the first moment of a date at the site."""
    at = datetime.combine(datetime.fromisoformat(day[:10]).date(), time(), till.zone)
    return int(at.timestamp() * 1000)
