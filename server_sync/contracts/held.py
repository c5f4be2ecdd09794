"""A contract as it stands in the ERP, with its subscriptions and how far its service was billed."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from field_core.money import amount_of
from field_core.problems import ProblemError
from field_core.service_period import is_one_time, period_of_line
from field_core.termination import Contract, contract_of
from server_sync.erp.client import FrappeClient
from server_sync.erp.failures import ErpNotFound

Raw = dict[str, Any]
ACTIVE: Final = "Active"
CANCELLED: Final = "Cancelled"
LIVE: Final = frozenset({"Draft", "Sent", ACTIVE})
"""A contract in these states still means something; the others are history."""
_NAMESPACE: Final = uuid.UUID("4f0f2a3e-6a0c-5b44-9a55-0d5f4f0f6d21")
_NAME_CHARACTERS_MAX: Final = 140
_INVOICES_MAX: Final = 24
"""Two years of monthly invoices: whoever was not billed for longer is looked at by a person."""
_LINE: Final = ("name", "item_code", "item_name", "description", "amount", "service_location",
                "service_start_date", "service_end_date")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """One contract with what hangs on it."""

    raw: Raw
    subscriptions: tuple[Raw, ...]

    @property
    def name(self) -> str:
        """The contract's name."""
        return str(self.raw["name"])

    @property
    def customer(self) -> str:
        """Whose it is."""
        return str(self.raw.get("customer") or "")

    @property
    def location(self) -> str:
        """Where its service is."""
        return str(self.raw.get("service_location") or "")

    @property
    def status(self) -> str:
        """The ERP's word for how far it has come."""
        return str(self.raw.get("status") or "")

    @property
    def key(self) -> str:
        """What makes it this contract: a series gives a deleted one's name to the next."""
        return str(uuid.uuid5(_NAMESPACE, f"{self.name}/{self.raw.get('creation')}"))

    @property
    def contract(self) -> Contract:
        """What a termination is reckoned from; raises ProblemError `invalid-value`."""
        return contract_of(self.raw)

    @property
    def plans(self) -> frozenset[str]:
        """The items that its subscriptions are billed as."""
        return frozenset(str(one["plan"]) for one in self.subscriptions if one.get("plan"))


async def read_held(client: FrappeClient, name: str) -> Held:
    """Read a contract; raises ProblemError `not-found`."""
    if not 0 < len(name) <= _NAME_CHARACTERS_MAX:
        raise ProblemError("not-found")
    try:
        raw = await client.get("Service Contract", name)
    except ErpNotFound as error:
        raise ProblemError("not-found") from error
    return Held(raw, await _subscriptions(client, raw))


async def billed_until(client: FrappeClient, held: Held) -> date | None:
    """Return the last day that an invoice of the contract's service pays for; None without one."""
    rows = await client.rows(
        "Sales Invoice",
        ["name", "posting_date", {"items": [*_LINE]}],
        filters=[("customer", "=", held.customer), ("docstatus", "=", 1)],
        order_by="posting_date desc",
        limit=_INVOICES_MAX,
    )
    ends = [end for row in rows for end in _ends(row, held)]
    return max([held.contract.start - timedelta(days=1), *ends]) if ends else None


async def _subscriptions(client: FrappeClient, raw: Raw) -> tuple[Raw, ...]:
    """Return the subscriptions that the contract names, or that name it."""
    columns = ["name", "status", "plan", "plan_name", "monthly_price", "service_contract"]
    naming = await client.rows(
        "Service Subscription",
        columns,
        filters=[("service_contract", "=", raw["name"])],
        order_by="name asc",
    )
    named = raw.get("service_subscription")
    if not named or any(one["name"] == named for one in naming):
        return tuple(naming)
    found = await client.rows("Service Subscription", columns, filters=[("name", "=", named)])
    return (*found, *naming)


def _ends(invoice: Raw, held: Held) -> Iterable[date]:
    for line in invoice["items"]:
        period = _period(line, invoice) if _is_of(line, held) else None
        if period:
            yield period


def _is_of(line: Raw, held: Held) -> bool:
    is_here = line.get("service_location") == held.location
    return is_here and (not held.plans or line.get("item_code") in held.plans)


def _period(line: Raw, invoice: Raw) -> date | None:
    text = f"{line.get('item_name') or ''} {line.get('description') or ''}"
    amount = amount_of(line.get("amount") or 0)
    if is_one_time(text, amount):
        return None
    found = period_of_line(
        description=text,
        amount=amount,
        start=_date(line.get("service_start_date")),
        end=_date(line.get("service_end_date")),
        invoiced_on=date.fromisoformat(str(invoice["posting_date"])[:10]),
    )
    return found.end if found else None


def _date(text: object) -> date | None:
    return date.fromisoformat(str(text)[:10]) if text else None
