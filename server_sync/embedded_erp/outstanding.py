"""What an invoice still owes, changed by another document: ERPNext does this past the save."""

from __future__ import annotations

from decimal import Decimal

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.invoices import cents, status_of
from server_sync.embedded_erp.meta import Row
from server_sync.embedded_erp.rows import update_columns

_INVOICE = "Sales Invoice"


def set_outstanding(call: Call, invoice: Document, owed: Decimal) -> None:
    """Store what is owed and the status: `modified` moves, no Version, no webhook (`db_set`)."""
    invoice.values["outstanding_amount"] = float(owed)
    _db_set(
        call,
        invoice.form,
        invoice.values,
        outstanding_amount=float(owed),
        status=status_of(invoice.values, call.now()[:10]),
    )


def refresh_overdue(call: Call) -> int:
    """The daily job: unpaid invoices past their due date become Overdue; returns how many."""
    form, today = call.site.form(_INVOICE), call.now()[:10]
    sql = f"{form.select} WHERE docstatus = 1 AND status IN ('Unpaid', 'Partly Paid')"
    rows = call.site.db.execute(f"{sql} AND due_date < ?", (today,)).fetchall()
    for row in rows:
        values = dict(zip(form.columns, row, strict=True))
        if cents(values["outstanding_amount"]) > 0:
            _db_set(call, form, values, status=status_of(values, today))
    return len(rows)


def _db_set(call: Call, form: Form, values: Row, **changed: object) -> None:
    known = {name: value for name, value in changed.items() if name in form.column_set}
    stamps = {"modified": call.now(), "modified_by": call.user.email}
    update_columns(call, form, values, {**known, **stamps})
