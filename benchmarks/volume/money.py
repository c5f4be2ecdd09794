"""Submitted Sales Invoices, as a site has stored them: totals and taxes worked out."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from benchmarks.volume.stamps import stamp
from field_core.canon import Body, Json
from server_sync.demo.amounts import TPS_PERCENT, TVQ_PERCENT, plain, taxes_of
from server_sync.demo.words.goods import PLANS

_DAYS: Final = 1_050
_PAYMENT_DAYS: Final = 30
_LINES_MAX: Final = 3
_OWED_PERCENT: Final = 8


def invoice(
    source: random.Random,
    next_name: Callable[[str], str],
    today: date,
    number: int,
    customers: int,
) -> tuple[str, Body]:
    """Return one invoice with one to three lines and two taxes; one in twelve is still owed."""
    back = source.randint(1, _DAYS)
    posted = today - timedelta(days=back)
    holder = 1 + (number - 1) % customers
    items = [_line(source, holder) for _ in range(source.randint(1, _LINES_MAX))]
    net = sum((Decimal(str(item["amount"])) for item in items), Decimal(0))
    tps, tvq = taxes_of(net)
    is_owed = source.randrange(100) < _OWED_PERCENT
    due = posted + timedelta(days=_PAYMENT_DAYS)
    lines: list[Json] = [*items]
    body: Body = {
        "name": next_name(f"ACC-SINV-{posted:%Y}-"),
        "modified": stamp(source, today, back=back),
        "docstatus": 1,
        "customer": f"CUST-{holder:05d}",
        "posting_date": posted.isoformat(),
        "due_date": due.isoformat(),
        "currency": "CAD",
        "disable_rounded_total": 1,
        "status": _status(due, today) if is_owed else "Paid",
        "net_total": plain(net),
        "total_taxes_and_charges": plain(tps + tvq),
        "grand_total": plain(net + tps + tvq),
        "outstanding_amount": plain(net + tps + tvq) if is_owed else 0.0,
        "items": lines,
        "taxes": [
            _tax("TPS", "TPS 5 %", TPS_PERCENT, tps),
            _tax("TVQ", "TVQ 9,975 %", TVQ_PERCENT, tvq),
        ],
    }
    return "Sales Invoice", body


def _status(due: date, today: date) -> str:
    return "Overdue" if due < today else "Unpaid"


def _line(source: random.Random, holder: int) -> Body:
    plan = source.choice(PLANS)
    return {
        "item_code": plan.code,
        "item_name": plan.name,
        "description": plan.name,
        "qty": 1.0,
        "rate": float(plan.price),
        "amount": float(plan.price),
        "service_location": f"LOC-{holder:05d}",
    }


def _tax(name: str, label: str, percent: Decimal, amount: Decimal) -> Json:
    return {
        "charge_type": "On Net Total",
        "account_head": f"{name} - GF",
        "description": label,
        "rate": float(percent),
        "tax_amount": plain(amount),
    }
