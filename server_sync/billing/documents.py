"""Reading what billing needs from the ERP, where it is owned, each time it counts."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from field_core.money import ZERO, amount_of
from field_core.problems import ProblemError
from server_sync.billing.statement import Earlier
from server_sync.erp.client import Filter, FrappeClient
from server_sync.erp.failures import ErpNotFound

Raw = dict[str, Any]
SUBMITTED: Final = 1
CURRENCY: Final = "CAD"
_NAME: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+){1,6}", re.ASCII)
_NAME_CHARACTERS_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice with all that its paper tells."""

    invoice: Raw
    customer: Raw
    locations: list[Raw]
    earlier: Earlier | None


async def read_invoice(client: FrappeClient, name: str) -> Raw:
    """Return a submitted invoice; raises ProblemError `not-found` for anything else."""
    if len(name) > _NAME_CHARACTERS_MAX or not _NAME.fullmatch(name):
        raise ProblemError("not-found")
    try:
        found = await client.get("Sales Invoice", name)
    except ErpNotFound as error:
        raise ProblemError("not-found") from error
    if found.get("docstatus") != SUBMITTED:
        raise ProblemError("not-found")
    return found


def is_ours(invoice: Raw) -> bool:
    """Whether an invoice is in the one currency that we take: its amounts are compared as such."""
    return str(invoice.get("currency") or CURRENCY).upper() == CURRENCY


async def read_payable(client: FrappeClient, name: str) -> Raw:
    """Return an invoice that may be paid here; raises ProblemError `not-found` for others."""
    found = await read_invoice(client, name)
    if not is_ours(found):
        raise ProblemError("not-found")
    return found


async def read_billed(client: FrappeClient, invoice: Raw) -> Billed:
    """Return an invoice with its customer, locations, and what stood on the account before it."""
    customer = await client.get("Customer", str(invoice["customer"]))
    named = [
        str(row["service_location"]) for row in invoice["items"] if row.get("service_location")
    ]
    locations = [await client.get("Service Location", one) for one in dict.fromkeys(named)]
    if not locations:
        locations = await _home(client, str(customer["name"]))
    return Billed(invoice, customer, locations, await _earlier(client, invoice))


async def _home(client: FrappeClient, customer: str) -> list[Raw]:
    columns = ["name", "location_name", "civic_address", "city", "province", "postal_code"]
    return await client.rows(
        "Service Location",
        columns,
        filters=[("customer", "=", customer)],
        order_by="name asc",
        limit=1,
    )


async def _earlier(client: FrappeClient, invoice: Raw) -> Earlier | None:
    """Return what earlier invoices left and what was paid since the last of them."""
    issued, customer = str(invoice["posting_date"])[:10], str(invoice["customer"])
    before = await client.rows(
        "Sales Invoice",
        ["name", "posting_date", "outstanding_amount"],
        filters=[
            ("customer", "=", customer),
            ("docstatus", "=", SUBMITTED),
            ("posting_date", "<", issued),
        ],
        order_by="posting_date desc",
    )
    if not before:
        return None
    receipts: list[Filter] = [
        ("party", "=", customer),
        ("docstatus", "=", SUBMITTED),
        ("payment_type", "=", "Receive"),
        ("posting_date", "<", issued),
    ]
    payments = await client.rows(
        "Payment Entry", ["posting_date", "paid_amount", "unallocated_amount"], filters=receipts
    )
    last = str(before[0]["posting_date"])[:10]
    recent = [row for row in payments if str(row["posting_date"])[:10] >= last]
    owed = _sum(before, "outstanding_amount") - _sum(payments, "unallocated_amount")
    return Earlier(owed=owed, paid=_sum(recent, "paid_amount"))


def _sum(rows: list[Raw], field: str) -> Decimal:
    return sum((amount_of(row.get(field) or 0, field) for row in rows), ZERO)
