"""What a clerk looks at first: money that came and belongs nowhere yet, debits that failed.

Nothing here is ticked off by hand. A credit leaves the list when the ERP has it allocated, a failed
debit when its invoice is paid, an event that could not be applied when it has been.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select

from field_core.money import amount_of
from field_core.office import Invoices
from server_sync.billing.desk.account import INVOICE_COLUMNS, with_names
from server_sync.billing.ledger import State, unprocessed
from server_sync.billing.till import Till
from server_sync.store.schema import checkout, pay_entry

FAILED_DAYS: Final = 30
"""Whoever has not paid a month after a failed debit is on the list of what is owed anyway."""
LATE_MS: Final = 5 * 60_000
"""The server tries by itself every minute; what five tries did not apply needs a person."""
ENTRIES_MAX: Final = 200
_DAY_MS: Final = 86_400_000
Why = dict[str, set[str]]


async def attention(till: Till) -> Invoices:
    """Return the invoices that a person must look at, each with why."""

    def look() -> tuple[dict[str, tuple[str, str]], Why]:
        with till.database.read() as connection:
            return _flagged(connection), _stuck(connection, now_ms=till.now_ms())

    flagged, why = await till.run(look)
    for name in await _unallocated(till, flagged):
        invoice, flag = flagged[name]
        why.setdefault(invoice, set()).add(flag)
    rows = await _invoices(till, why)
    kept = [row for row in rows if _is_open(row, why[str(row["name"])])]
    told = await with_names(till.client, kept)
    lines = [line.model_copy(update={"why": tuple(sorted(why[line.name]))}) for line in told.rows]
    return Invoices(rows=tuple(lines))


def _flagged(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return entries that were flagged: by the ERP's name, the invoice and the flag."""
    rows = connection.execute(
        select(pay_entry.c.erp_name, pay_entry.c.invoice, pay_entry.c.flag)
        .where(pay_entry.c.flag.is_not(None), pay_entry.c.erp_name.is_not(None))
        .order_by(pay_entry.c.made_ms.desc())
        .limit(ENTRIES_MAX)
    )
    return {row.erp_name: (row.invoice, row.flag) for row in rows}


def _stuck(connection: Connection, *, now_ms: int) -> Why:
    """Return invoices with a debit that failed, or an event that cannot be applied."""
    why: Why = {}
    failed = connection.execute(
        select(checkout.c.invoice).where(
            checkout.c.state == State.FAILED,
            checkout.c.made_ms >= now_ms - FAILED_DAYS * _DAY_MS,
        )
    ).scalars()
    for invoice in failed:
        why.setdefault(invoice, set()).add("debit-failed")
    for fact in unprocessed(connection, until_ms=now_ms - LATE_MS):
        if fact.invoice:
            why.setdefault(fact.invoice, set()).add("not-entered")
    return why


async def _unallocated(till: Till, names: Iterable[str]) -> list[str]:
    """Return which Payment Entries still have money that is allocated to nothing."""
    wanted = sorted(names)
    if not wanted:
        return []
    rows = await till.client.rows(
        "Payment Entry",
        ["name"],
        filters=[("name", "in", wanted), ("docstatus", "=", 1), ("unallocated_amount", ">", 0)],
    )
    return [str(row["name"]) for row in rows]


async def _invoices(till: Till, why: Why) -> list[dict[str, object]]:
    if not why:
        return []
    rows = await till.client.rows(
        "Sales Invoice",
        INVOICE_COLUMNS,
        filters=[("name", "in", sorted(why))],
        order_by="due_date asc, name asc",
    )
    return [dict(row) for row in rows]


def _is_open(row: dict[str, object], reasons: set[str]) -> bool:
    """Tell whether a failed debit alone still matters: not once its invoice is paid."""
    if reasons != {"debit-failed"}:
        return True
    owed = row.get("outstanding_amount")
    return amount_of(owed if isinstance(owed, (int, float, str)) else 0) > 0
