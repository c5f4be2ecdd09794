"""Sales Invoices: three months of them, with TPS and TVQ, and what two stories need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from field_core.canon import Body, Json
from server_sync.demo.amounts import TPS_PERCENT, TVQ_PERCENT, cents, plain, taxes_of
from server_sync.demo.book import Book
from server_sync.demo.months import month_end, months_after
from server_sync.demo.services import Service
from server_sync.demo.words.goods import INSTALLATION, REBATE, TERMINATION, Charge

PAYMENT_DAYS: Final = 30
_MIDDLE: Final = 16
"""The day from which a service that starts in the middle of a month is billed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: an item, its price before taxes, where, and for which days."""

    item: str
    name: str
    rate: Decimal
    place: str
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice before it is added; amounts in dollars."""

    customer: str
    posted: date
    lines: tuple[Line, ...]
    contract: str | None = None
    net: Decimal = field(init=False)
    tps: Decimal = field(init=False)
    tvq: Decimal = field(init=False)

    def __post_init__(self) -> None:
        net = cents(sum((line.rate for line in self.lines), Decimal(0)))
        for name, value in zip(("net", "tps", "tvq"), (net, *taxes_of(net)), strict=True):
            object.__setattr__(self, name, value)

    @property
    def total(self) -> Decimal:
        """What the customer is asked for."""
        return self.net + self.tps + self.tvq

    @property
    def due(self) -> date:
        """The day after which it is overdue."""
        return self.posted + timedelta(days=PAYMENT_DAYS)


def monthly(customer: str, services: Sequence[Service], month: date) -> Invoice | None:
    """Return the invoice of a customer for the month that starts on `month`, if one is due."""
    end = month_end(month)
    billed = [service for service in services if service.start < month]
    lines = tuple(_line(service, (month, end)) for service in billed)
    return Invoice(customer, month, lines) if lines else None


def mixed(customer: str, services: Sequence[Service], month: date) -> Invoice:
    """Return an invoice over two places: a prorated line, an installation, a rebate."""
    usual = [_line(service, (month, month_end(month))) for service in services]
    first, second = services[0], services[-1]
    from_middle = (month.replace(day=_MIDDLE), month_end(month))
    half = Line(second.plan.code, second.plan.name, cents(second.price / 2), second.place.name)
    lines = (
        *usual[:-1],
        Line(half.item, half.name, half.rate, half.place, from_middle),
        _charge(INSTALLATION, second.place.name),
        _charge(REBATE, first.place.name),
    )
    return Invoice(customer, month, lines)


def termination(customer: str, place: str, contract: str, posted: date) -> Invoice:
    """Return the invoice of a contract that was ended early."""
    return Invoice(customer, posted, (_charge(TERMINATION, place),), contract)


def add_invoice(book: Book, invoice: Invoice, today: date, paid: Decimal = Decimal(0)) -> str:
    """Add a submitted invoice of which `paid` has been, or will be, taken off by payments."""
    owed = invoice.total - paid
    return book.add(
        "Sales Invoice",
        {
            "customer": invoice.customer,
            "posting_date": invoice.posted.isoformat(),
            "set_posting_time": 1,
            "due_date": invoice.due.isoformat(),
            "currency": "CAD",
            "disable_rounded_total": 1,
            "docstatus": 1,
            "status": _status(invoice, owed, today),
            "net_total": plain(invoice.net),
            "total_taxes_and_charges": plain(invoice.tps + invoice.tvq),
            "grand_total": plain(invoice.total),
            "rounded_total": 0.0,
            "outstanding_amount": plain(owed),
            "service_contract": invoice.contract,
            "items": [_item(line) for line in invoice.lines],
            "taxes": list(_taxes(invoice)),
        },
    )


def months_back(today: date, count: int) -> Iterator[date]:
    """Yield the first days of the last months, this one last."""
    for back in range(count - 1, -1, -1):
        yield months_after(today.replace(day=1), -back)


def _status(invoice: Invoice, owed: Decimal, today: date) -> str:
    """Return ERPNext's word, in ERPNext's order."""
    if owed > 0 and invoice.due < today:
        return "Overdue"
    if 0 < owed < invoice.total:
        return "Partly Paid"
    return "Unpaid" if owed > 0 else "Paid"


def _line(service: Service, days: tuple[date, date]) -> Line:
    plan = service.plan
    return Line(plan.code, plan.name, service.price, service.place.name, days)


def _charge(charge: Charge, place: str) -> Line:
    return Line(charge.code, charge.name, Decimal(charge.price), place)


def _item(line: Line) -> Body:
    row: Body = {
        "item_code": line.item,
        "item_name": line.name,
        "description": line.name,
        "qty": 1.0,
        "rate": plain(line.rate),
        "amount": plain(line.rate),
        "service_location": line.place,
    }
    if line.days:
        start, end = line.days
        row |= {"service_start_date": start.isoformat(), "service_end_date": end.isoformat()}
    return row


def _taxes(invoice: Invoice) -> Iterator[Json]:
    for name, label, percent, amount in (
        ("TPS", "TPS 5 %", TPS_PERCENT, invoice.tps),
        ("TVQ", "TVQ 9,975 %", TVQ_PERCENT, invoice.tvq),
    ):
        yield {
            "charge_type": "On Net Total",
            "account_head": f"{name} - GF",
            "description": label,
            "rate": float(percent),
            "tax_amount": plain(amount),
        }
