"""Payments, and what an account comes to: owed, overdue, credits."""

from collections.abc import Iterable
from decimal import Decimal

from field_core.money import ZERO
from field_core.office.invoices import InvoiceLine
from field_core.office.message import Message


class PaymentLine(Message):
    """One Payment Entry; `is_back` for money that went back to the customer."""

    name: str
    posting_date: str = ""
    mode: str = ""
    amount: Decimal = ZERO
    unallocated: Decimal = ZERO
    reference_no: str = ""
    is_back: bool = False
    invoices: tuple[str, ...] = ()


class Payments(Message):
    """A stretch of payments; `more` continues it, empty at the end."""

    rows: tuple[PaymentLine, ...] = ()
    more: str = ""


class Balance(Message):
    """What an account comes to: `owed` less `credit` is `balance`."""

    balance: Decimal = ZERO
    owed: Decimal = ZERO
    overdue: Decimal = ZERO
    credit: Decimal = ZERO
    open_invoices: int = 0
    oldest_due: str = ""


def balance_of(unpaid: Iterable[InvoiceLine], *, credit: Decimal, today: str) -> Balance:
    """Add up an account; today: a date as in documents.

    A credit note's negative outstanding lowers what is owed, as the ERP's own balance has it.
    """
    rows = [row for row in unpaid if row.outstanding]
    late = [row for row in rows if row.outstanding > 0 and row.due_date and row.due_date < today]
    owed = sum((row.outstanding for row in rows), ZERO)
    return Balance(
        balance=owed - credit,
        owed=owed,
        overdue=sum((row.outstanding for row in late), ZERO),
        credit=credit,
        open_invoices=len(rows),
        oldest_due=min((row.due_date for row in late), default=""),
    )
