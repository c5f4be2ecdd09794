"""Who is billed what, and who has paid: invoices and Payment Entries of three months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from server_sync.demo.amounts import plain
from server_sync.demo.book import Book
from server_sync.demo.contracts import StoryContracts
from server_sync.demo.invoices import (
    Invoice,
    add_invoice,
    mixed,
    monthly,
    months_back,
    termination,
)
from server_sync.demo.services import (
    BILLED_CUSTOMER,
    ENDED_DAYS,
    MIXED_CUSTOMER,
    TERMINATED_PLACE,
    Service,
    Services,
)

_MONTHS: Final = 3
_LATE_EVERY: Final = 15
_LATE_REMAINDER: Final = 4
"""Of every fifteen customers, the one who does not pay."""
_PAYS_AFTER_DAYS: Final = 5
_PARTLY: Final = Decimal("20.00")
_PARTLY_CUSTOMER: Final = 25
_MODES: Final = ("Carte de crédit", "Virement Interac", "Chèque")


@dataclass(frozen=True, slots=True)
class StoryInvoices:
    """The invoices that the stories name."""

    unpaid: str
    mixed: str
    termination: str


def add_billing(
    book: Book,
    customers: Sequence[str],
    services: Services,
    contracts: StoryContracts,
    today: date,
) -> StoryInvoices:
    """Add invoices and payments of every customer, oldest month first."""
    named: dict[tuple[int, date], str] = {}
    months = tuple(months_back(today, _MONTHS))
    for month in months:
        for number, customer in enumerate(customers, start=1):
            invoice = _invoice(number, customer, services, month, is_mixed=month == months[1])
            if invoice:
                named[number, month] = _bill(book, invoice, number, today)
    ended = _termination(book, services, contracts, today)
    return StoryInvoices(
        named[BILLED_CUSTOMER, months[-1]], named[MIXED_CUSTOMER, months[1]], ended
    )


def _invoice(
    number: int, customer: str, services: Services, month: date, *, is_mixed: bool
) -> Invoice | None:
    active: list[Service] = services.active_of(customer)
    if number == MIXED_CUSTOMER and is_mixed:
        return mixed(customer, active, month)
    return monthly(customer, active, month)


def _bill(book: Book, invoice: Invoice, number: int, today: date) -> str:
    paid = _paid(invoice, number, today)
    name = add_invoice(book, invoice, today, paid)
    if paid:
        _pay(book, invoice, name, number, paid)
    return name


def _paid(invoice: Invoice, number: int, today: date) -> Decimal:
    """Return what a customer has paid of an invoice by today."""
    age = (today - invoice.posted).days
    if number == _PARTLY_CUSTOMER and age <= _OLD_DAYS:
        return _PARTLY if age >= _PAYS_AFTER_DAYS else Decimal(0)
    is_late = number % _LATE_EVERY == _LATE_REMAINDER
    pays = age >= _PAYS_AFTER_DAYS and not is_late
    return invoice.total if pays and (age > _OLD_DAYS or number % 3 == 0) else Decimal(0)


_OLD_DAYS: Final = 31
"""Invoices of this month are paid by one customer in three; older ones by nearly everybody."""


def _pay(book: Book, invoice: Invoice, name: str, number: int, amount: Decimal) -> None:
    day = (invoice.posted + timedelta(days=_PAYS_AFTER_DAYS)).isoformat()
    customer = book.get("Customer", invoice.customer)
    mode = "Débit préautorisé" if customer["ppa_enabled"] else _MODES[number % len(_MODES)]
    book.add(
        "Payment Entry",
        {
            "payment_type": "Receive",
            "party_type": "Customer",
            "party": invoice.customer,
            "posting_date": day,
            "mode_of_payment": mode,
            "paid_amount": plain(amount),
            "received_amount": plain(amount),
            "reference_no": f"DEMO-{name[-5:]}",
            "reference_date": day,
            "docstatus": 1,
            "status": "Submitted",
            "references": [
                {
                    "reference_doctype": "Sales Invoice",
                    "reference_name": name,
                    "allocated_amount": plain(amount),
                }
            ],
        },
    )


def _termination(book: Book, services: Services, contracts: StoryContracts, today: date) -> str:
    ended = next(s for s in services.all if s.place.number == TERMINATED_PLACE)
    posted = today - timedelta(days=ENDED_DAYS)
    invoice = termination(ended.customer, ended.place.name, contracts.terminated, posted)
    name = add_invoice(book, invoice, today)
    book.amend("Service Contract", contracts.terminated, termination_invoice=name)
    return name
