"""An invoice as the office sees one: its lines, what is owed, how to pay, what became of it."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from field_core.money import ZERO, amount_of
from field_core.office.message import Message


class InvoiceLine(Message):
    """One invoice in a list."""

    name: str
    customer: str = ""
    customer_name: str = ""
    posting_date: str = ""
    due_date: str = ""
    status: str = ""
    total: Decimal = ZERO
    outstanding: Decimal = ZERO
    why: tuple[str, ...] = ()
    """In the list of what a person must look at: why."""


class Invoices(Message):
    """A stretch of invoices; `more` continues it, empty at the end."""

    rows: tuple[InvoiceLine, ...] = ()
    more: str = ""


class Charge(Message):
    """One line of an invoice."""

    text: str
    qty: str = "1"
    rate: Decimal = ZERO
    amount: Decimal = ZERO
    place: str = ""
    start_date: str = ""
    end_date: str = ""


class TaxLine(Message):
    """One tax as it was billed."""

    text: str
    amount: Decimal = ZERO


class MomentKind(StrEnum):
    """What happened to an invoice or its money."""

    ISSUED = "issued"
    ARCHIVED = "archived"
    LINK_SENT = "link-sent"
    WRONG_DIGITS = "wrong-last4"
    VIEWED = "viewed"
    SESSION = "session"
    CONFIRMED = "confirmed"
    ENTRY = "entry"
    REFUND = "refund"
    DISPUTE = "dispute"


class Moment(Message):
    """One point of the money timeline (issue E: token, view, session, webhook, entry, refund)."""

    kind: MomentKind
    at_ms: int
    by: str = ""
    amount: Decimal | None = None
    mode: str = ""
    state: str = ""
    """Of a session: how far it has come."""
    reference: str = ""
    """What may be copied: the Payment Entry, or Stripe's own reference."""
    flag: str = ""


class InvoiceDetail(Message):
    """An invoice with all that its screen tells."""

    name: str
    customer: str
    customer_name: str = ""
    posting_date: str = ""
    due_date: str = ""
    status: str = ""
    net: Decimal = ZERO
    taxes: tuple[TaxLine, ...] = ()
    total: Decimal = ZERO
    outstanding: Decimal = ZERO
    charges: tuple[Charge, ...] = ()
    contract: str = ""
    pay_url: str = ""
    """The link of the QR code; it travels with the invoice, so the door needs no network."""
    pay_until_ms: int = 0
    phone: str = ""
    """Where a text goes, all but the last digits hidden; empty where there is none."""
    email: str = ""
    is_debited: bool = False
    """Whether a bank debit is on its way: nobody is to be reminded meanwhile."""
    moments: tuple[Moment, ...] = ()


class PayLink(Message):
    """Where an unpaid invoice of a technician's customer can be paid."""

    invoice: str
    customer: str
    url: str
    until_ms: int


class Door(Message):
    """Every link that a technician may show at a door: nothing else of an account."""

    links: tuple[PayLink, ...] = ()


class Receipt(Message):
    """Whether an invoice is paid, as the office system says; no card data exist in it."""

    name: str
    outstanding: Decimal = ZERO
    paid: Decimal = ZERO
    is_underway: bool = False
    """Whether a bank debit is on its way."""
    at_ms: int = 0
    """When the last payment was confirmed; 0 when there was none by card or debit."""

    @property
    def is_paid(self) -> bool:
        """Whether nothing is owed any more."""
        return self.outstanding <= 0


def line_of(row: Mapping[str, Any], customer_name: str = "") -> InvoiceLine:
    """Return an invoice of the ERP as a line of a list."""
    return InvoiceLine(
        name=str(row["name"]),
        customer=str(row.get("customer") or ""),
        customer_name=customer_name,
        posting_date=str(row.get("posting_date") or "")[:10],
        due_date=str(row.get("due_date") or "")[:10],
        status=str(row.get("status") or ""),
        total=total_of(row),
        outstanding=amount_of(row.get("outstanding_amount") or 0, "outstanding_amount"),
    )


def total_of(row: Mapping[str, Any]) -> Decimal:
    """Return what an invoice comes to."""
    return amount_of(row.get("rounded_total") or row.get("grand_total") or 0, "grand_total")
