"""A customer's account, read where it is owned: invoices, payments, the balance of this moment."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from field_core.money import ZERO, amount_of
from field_core.office import Balance, Invoices, PaymentLine, Payments, balance_of
from field_core.office.invoices import line_of
from field_core.problems import ProblemError
from server_sync.billing.documents import SUBMITTED, Raw
from server_sync.erp.client import Filter, FrappeClient

ROWS: Final = 24
"""Two years of monthly invoices, and as many rows as a screen wants to draw at once."""
INVOICE_COLUMNS: Final = (
    "name",
    "customer",
    "posting_date",
    "due_date",
    "status",
    "grand_total",
    "rounded_total",
    "outstanding_amount",
)
_BACK: Final = "Pay"
_SEPARATOR: Final = "~"


async def balance(client: FrappeClient, customer: str, *, today: date) -> Balance:
    """Return what an account comes to now, credits taken off."""
    unpaid = await client.rows(
        "Sales Invoice",
        INVOICE_COLUMNS,
        filters=[
            ("customer", "=", customer),
            ("docstatus", "=", SUBMITTED),
            ("outstanding_amount", "!=", 0),
        ],
    )
    credits_ = await client.rows(
        "Payment Entry",
        ["payment_type", "unallocated_amount"],
        filters=[*_of_party(customer), ("unallocated_amount", ">", 0)],
    )
    return balance_of(map(line_of, unpaid), credit=_credit(credits_), today=today.isoformat())


async def invoices(client: FrappeClient, customer: str, *, after: str = "") -> Invoices:
    """Return a stretch of a customer's invoices, the latest first."""
    rows, more = await _stretch(
        client,
        "Sales Invoice",
        INVOICE_COLUMNS,
        [("customer", "=", customer), ("docstatus", "=", SUBMITTED)],
        after,
    )
    return Invoices(rows=tuple(map(line_of, rows)), more=more)


async def payments(client: FrappeClient, customer: str, *, after: str = "") -> Payments:
    """Return a stretch of a customer's payments, the latest first."""
    columns = [*PAYMENT_COLUMNS, {"references": ["name", "reference_name"]}]
    rows, more = await _stretch(client, "Payment Entry", columns, _of_party(customer), after)
    return Payments(rows=tuple(map(payment_of, rows)), more=more)


PAYMENT_COLUMNS: Final = (
    "name",
    "posting_date",
    "creation",
    "mode_of_payment",
    "paid_amount",
    "unallocated_amount",
    "reference_no",
    "payment_type",
)


def payment_of(row: Raw) -> PaymentLine:
    """Return a Payment Entry as a line; no card number exists in any document of ours."""
    return PaymentLine(
        name=str(row["name"]),
        posting_date=str(row.get("posting_date") or "")[:10],
        mode=str(row.get("mode_of_payment") or ""),
        amount=amount_of(row.get("paid_amount") or 0, "paid_amount"),
        unallocated=amount_of(row.get("unallocated_amount") or 0, "unallocated_amount"),
        reference_no=str(row.get("reference_no") or ""),
        is_back=row.get("payment_type") == _BACK,
        invoices=tuple(str(one["reference_name"]) for one in row.get("references") or ()),
    )


async def overdue_first(client: FrappeClient, *, after: str = "") -> Invoices:
    """Return a stretch of what is owed by everybody, what was due first in front."""
    filters: list[Filter] = [("docstatus", "=", SUBMITTED), ("outstanding_amount", ">", 0)]
    rows, more = await _stretch(
        client, "Sales Invoice", INVOICE_COLUMNS, filters, after, by="due_date", falling=False
    )
    return await with_names(client, rows, more)


async def latest(client: FrappeClient, *, after: str = "") -> Invoices:
    """Return a stretch of everybody's invoices, the latest first."""
    filters: list[Filter] = [("docstatus", "=", SUBMITTED)]
    rows, more = await _stretch(client, "Sales Invoice", INVOICE_COLUMNS, filters, after)
    return await with_names(client, rows, more)


async def with_names(client: FrappeClient, rows: Sequence[Raw], more: str = "") -> Invoices:
    """Return invoices with whose they are."""
    names = await customer_names(client, [str(row["customer"]) for row in rows])
    lines = [line_of(row, names.get(str(row["customer"]), "")) for row in rows]
    return Invoices(rows=tuple(lines), more=more)


async def customer_names(client: FrappeClient, customers: Sequence[str]) -> dict[str, str]:
    """Return what customers are called."""
    if not customers:
        return {}
    rows = await client.rows(
        "Customer",
        ["name", "customer_name"],
        filters=[("name", "in", sorted(set(customers)))],
    )
    return {str(row["name"]): str(row["customer_name"]) for row in rows}


async def _stretch(
    client: FrappeClient,
    doctype: str,
    columns: Sequence[Any],
    filters: Sequence[Filter],
    after: str,
    *,
    by: str = "posting_date",
    falling: bool = True,
) -> tuple[list[Raw], str]:
    """Return rows behind a place in the order of (date, name), and the place where they end."""
    day, name = _place(after)
    bounds, behind = [*filters], list[Filter]()
    if day:
        bounds.append((by, "<=" if falling else ">=", day))
        sign = "<" if falling else ">"
        behind = [(by, sign, day), ("name", sign, name)]
    way = "desc" if falling else "asc"
    rows = list(
        await client.rows(
            doctype,
            columns,
            filters=bounds,
            or_filters=behind,
            order_by=f"{by} {way}, name {way}",
            limit=ROWS + 1,
        )
    )
    shown = [dict(row) for row in rows[:ROWS]]
    last = shown[-1] if len(rows) > ROWS else None
    return shown, f"{str(last[by])[:10]}{_SEPARATOR}{last['name']}" if last else ""


def _place(after: str) -> tuple[str, str]:
    """Read where a stretch goes on; raises ProblemError `bad-request`."""
    if not after:
        return "", ""
    day, separator, name = after.partition(_SEPARATOR)
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise ProblemError("bad-request", reason="after") from error
    if not separator or not name:
        raise ProblemError("bad-request", reason="after")
    return day, name


def _of_party(customer: str) -> list[Filter]:
    return [
        ("party_type", "=", "Customer"),
        ("party", "=", customer),
        ("docstatus", "=", SUBMITTED),
    ]


def _credit(rows: Sequence[Raw]) -> Decimal:
    """Add up what is not allocated; what went back unallocated used a credit up."""
    total = ZERO
    for row in rows:
        amount = amount_of(row.get("unallocated_amount") or 0, "unallocated_amount")
        total += -amount if row.get("payment_type") == _BACK else amount
    return total
