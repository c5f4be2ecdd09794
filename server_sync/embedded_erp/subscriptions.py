"""Subscription: ERPNext works out the current billing period."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.values import to_date

_MONTHS = 12


def validate(call: Call, document: Document) -> None:
    """Set status and the first period, a month from the start date."""
    values = document.values
    if document.before is None and values.get("start_date"):
        start = date.fromisoformat(to_date(values["start_date"]) or call.now()[:10])
        document.set(
            status="Active",
            current_invoice_start=start.isoformat(),
            current_invoice_end=_month_end(start).isoformat(),
        )


def _month_end(start: date) -> date:
    """The last day of the month that begins on `start`."""
    year, month = start.year + start.month // _MONTHS, start.month % _MONTHS + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)
