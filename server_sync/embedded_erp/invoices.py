"""Sales Invoice: totals and taxes from its rows, status, what submission fixes.

Only fields that the site's doctype has are set, so a slim definition works as well as ERPNext's
own. Money is computed in Decimal, half-up to cents (ERPNext's "Commercial Rounding").
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from server_sync.embedded_erp.backlinks import check_not_linked
from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.children import append_row
from server_sync.embedded_erp.documents import UNSAVED, Document
from server_sync.embedded_erp.errors import ErpError
from server_sync.embedded_erp.invoice_defaults import fill_invoice, fill_item
from server_sync.embedded_erp.meta import Row
from server_sync.embedded_erp.values import to_float, to_int
from server_sync.embedded_erp.words import amount_in_words

CENT = Decimal("0.01")


def cents(value: object) -> Decimal:
    """An amount rounded half-up to cents."""
    return Decimal(str(to_float(value))).quantize(CENT, ROUND_HALF_UP)


def validate(call: Call, document: Document) -> None:
    """Complete and compute a draft; a submitted invoice is left as it is."""
    if document.before is not None and to_int(document.before["docstatus"]) != 0:
        set_status(call, document)
        return
    if not document.tables.get("items"):
        text = "TypeError: bad operand type for abs(): 'NoneType'"
        raise ErpError(500, "TypeError", throws=False, exception_text=text, source="erpnext (app)")
    fill_invoice(call, document)
    net = _compute_items(call, document)
    taxes = _compute_taxes(document, net)
    _set_totals(call, document, net, taxes)
    set_status(call, document)
    _schedule(call, document)


def on_submit(_call: Call, _document: Document) -> None:
    """Submission stores what validate computed; there is no general ledger here."""


def on_cancel(call: Call, document: Document) -> None:
    """Refuse while a submitted document links here."""
    check_not_linked(call, document, submitted_only=True)


def set_status(call: Call, document: Document) -> None:
    """The status word, in ERPNext's order."""
    document.set(status=status_of(document.values, call.now()[:10]))


def status_of(values: Row, today: str) -> str:
    """Status from docstatus, outstanding amount, total and due date."""
    docstatus, outstanding = to_int(values["docstatus"]), cents(values.get("outstanding_amount"))
    if docstatus != 1:
        return "Draft" if docstatus == 0 else "Cancelled"
    if values.get("is_return"):
        return "Return"
    if outstanding > 0 and str(values.get("due_date") or today) < today:
        return "Overdue"
    if 0 < outstanding < payable(values):
        return "Partly Paid"
    return "Unpaid" if outstanding > 0 else "Paid"


def payable(values: Row) -> Decimal:
    """What the customer is asked for: rounded unless rounding is off."""
    return cents(values.get("rounded_total") or values.get("grand_total"))


def _compute_items(call: Call, document: Document) -> Decimal:
    total, quantity = Decimal(0), 0.0
    for row in document.tables["items"]:
        fill_item(call, row)
        amount = cents(to_float(row.get("qty")) * to_float(row.get("rate")))
        for name in ("amount", "base_amount", "net_amount", "base_net_amount"):
            _set(row, name, float(amount))
        total += amount
        quantity += to_float(row.get("qty"))
    document.touched.add("items")
    document.set(total_qty=quantity)
    return total


def _compute_taxes(document: Document, net: Decimal) -> Decimal:
    """Tax rows in order; "On Previous Row Total" builds on what came before."""
    running, last = net, Decimal(0)
    for row in document.tables.get("taxes", []):
        last = _tax_of(row, net, running, last)
        running += last
        for name in ("tax_amount", "base_tax_amount", "tax_amount_after_discount_amount"):
            _set(row, name, float(last))
        _set(row, "base_tax_amount_after_discount_amount", float(last))
        _set(row, "total", float(running))
        _set(row, "base_total", float(running))
    if document.tables.get("taxes"):
        document.touched.add("taxes")
    return running - net


def _tax_of(row: Row, net: Decimal, running: Decimal, last: Decimal) -> Decimal:
    rate = Decimal(str(to_float(row.get("rate")))) / 100
    match row.get("charge_type") or "On Net Total":
        case "Actual":
            return cents(row.get("tax_amount"))
        case "On Previous Row Total":
            return (running * rate).quantize(CENT, ROUND_HALF_UP)
        case "On Previous Row Amount":
            return (last * rate).quantize(CENT, ROUND_HALF_UP)
        case _:
            return (net * rate).quantize(CENT, ROUND_HALF_UP)


def _set_totals(call: Call, document: Document, net: Decimal, taxes: Decimal) -> None:
    grand = net + taxes
    plain = not _is_rounded(call, document)
    rounded = Decimal(0) if plain else grand.quantize(Decimal(1), ROUND_HALF_EVEN)
    due = grand if plain else rounded
    adjustment = Decimal(0) if plain else rounded - grand
    words = amount_in_words(due, call.site.settings.currency)
    amounts = {
        "total": net,
        "net_total": net,
        "total_taxes_and_charges": taxes,
        "grand_total": grand,
        "rounded_total": rounded,
        "rounding_adjustment": adjustment,
    }
    document.set(**{name: float(value) for name, value in amounts.items()})
    document.set(**{f"base_{name}": float(value) for name, value in amounts.items()})
    document.set(in_words=words, base_in_words=words, outstanding_amount=float(due))
    document.set(amount_eligible_for_commission=float(net))


def _is_rounded(call: Call, document: Document) -> bool:
    """Whether the customer is asked for whole dollars."""
    if "rounded_total" not in document.form.column_set:
        return False
    if "disable_rounded_total" in document.form.column_set:
        return not to_int(document.values["disable_rounded_total"])
    return not call.site.settings.disable_rounded_total


def _schedule(call: Call, document: Document) -> None:
    """One payment on the due date, as ERPNext writes without payment terms."""
    if "payment_schedule" not in document.tables:
        return
    due = to_float(document.values.get("outstanding_amount"))
    rows = document.tables["payment_schedule"]
    row = rows[0] if rows else append_row(call, document, "payment_schedule", {})
    row.pop(UNSAVED, None)
    row |= {"due_date": document.values.get("due_date"), "invoice_portion": 100.0}
    for name in ("payment_amount", "outstanding", "base_payment_amount", "base_outstanding"):
        _set(row, name, due)
    document.touched.add("payment_schedule")


def _set(row: Row, name: str, value: object) -> None:
    if name in row:
        row[name] = value
