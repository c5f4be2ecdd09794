"""A payment into the ERP, exactly once: looked up by its key, then inserted and submitted at once.

ERPNext knows no uniqueness of `reference_no` and throws on over-allocation. So the key stands in a
unique field, at most what is owed is allocated, and the rest becomes the customer's credit.
"""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from weakref import WeakValueDictionary

from field_core.money import ZERO, amount_of, from_cents, to_cents
from server_sync.billing.documents import SUBMITTED, is_ours
from server_sync.billing.ledger import DISPUTE, RECEIPT, REFERRAL_BACK, REFUND, Entry
from server_sync.billing.till import Till
from server_sync.clock import today_at
from server_sync.erp.failures import ErpNotFound, ErpRefused

CANCELLED: Final = 2
_GOES_BACK: Final = frozenset({REFUND, DISPUTE, REFERRAL_BACK})

ALLOCATIONS_MAX: Final = 3
"""How often what is owed is read again, when somebody at the office pays it at the same moment."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A Payment Entry that is there."""

    name: str
    customer: str
    allocated: Decimal


class Posting:
    """Writes entries to the ERP; one at a time for each key."""

    def __init__(self, till: Till, *, account: str) -> None:
        """account: ERPNext's `paid_to`; empty where the site knows by itself."""
        self._till = till
        self._account = account
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def post(self, entry: Entry) -> Posted:
        """Have the ERP hold an entry; safe to repeat. Raises ErpFailure while it cannot be had."""
        lock = self._locks.setdefault(entry.key, asyncio.Lock())
        async with lock:
            return await self._found(entry) or await self._inserted(entry)

    async def _found(self, entry: Entry) -> Posted | None:
        rows = await self._till.client.rows(
            "Payment Entry",
            ["name", "party", "total_allocated_amount"],
            filters=[("idempotency_key", "=", entry.key), ("docstatus", "<", 2)],
            limit=1,
        )
        if not rows:
            return None
        allocated = amount_of(rows[0].get("total_allocated_amount") or 0)
        return Posted(str(rows[0]["name"]), str(rows[0]["party"]), allocated)

    async def _inserted(self, entry: Entry) -> Posted:
        for attempt in range(1, ALLOCATIONS_MAX + 1):
            invoice = await self._invoice(entry)
            allocated = _allocated(entry, invoice)
            try:
                made = await self._till.client.insert(
                    "Payment Entry", self._form(entry, invoice, allocated)
                )
            except ErpRefused as refusal:
                found = await self._found(entry) if refusal.is_duplicate else None
                if found:
                    return found
                if attempt == ALLOCATIONS_MAX or not allocated:
                    raise
                continue
            return Posted(str(made["name"]), str(invoice["customer"]), allocated)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _invoice(self, entry: Entry) -> dict[str, Any]:
        """Return the invoice; of one that the office removed, whose it was: the money is there."""
        if not entry.invoice:
            return {"customer": entry.customer}
        try:
            return await self._till.client.get("Sales Invoice", entry.invoice)
        except ErpNotFound:
            if not entry.customer:
                raise
            return {"customer": entry.customer, "docstatus": CANCELLED}

    def _form(self, entry: Entry, invoice: dict[str, Any], allocated: Decimal) -> dict[str, Any]:
        today = today_at(self._till.clock, self._till.zone).isoformat()
        paid = float(from_cents(entry.cents))
        goes_back = entry.kind in _GOES_BACK
        form: dict[str, Any] = {
            "docstatus": 1,
            "payment_type": "Pay" if goes_back else "Receive",
            "party_type": "Customer",
            "party": invoice["customer"],
            "posting_date": today,
            "mode_of_payment": entry.mode,
            "paid_amount": paid,
            "received_amount": paid,
            "source_exchange_rate": 1,
            "target_exchange_rate": 1,
            "reference_no": entry.reference_no,
            "reference_date": today,
            "idempotency_key": entry.key,
        }
        if self._account:
            sides = ("paid_to", "paid_from") if goes_back else ("paid_from", "paid_to")
            form |= {sides[0]: invoice.get("debit_to"), sides[1]: self._account}
        if allocated:
            form["references"] = [
                {
                    "reference_doctype": "Sales Invoice",
                    "reference_name": entry.invoice,
                    "allocated_amount": float(allocated),
                }
            ]
        return form


def _allocated(entry: Entry, invoice: dict[str, Any]) -> Decimal:
    """What of a receipt settles its invoice; nothing of what looks wrong or goes back.

    An invoice that was cancelled since, or is in another currency, takes nothing: the money
    becomes the customer's credit, and a clerk is told.
    """
    is_taking = invoice.get("docstatus") == SUBMITTED and is_ours(invoice)
    if entry.kind != RECEIPT or entry.flag or not is_taking:
        return ZERO
    owed = amount_of(invoice.get("outstanding_amount") or 0)
    return max(min(from_cents(entry.cents), owed), ZERO)


def credit_of(entry: Entry, posted: Posted) -> int:
    """Return the cents of a receipt that no invoice took."""
    return entry.cents - to_cents(posted.allocated)
