"""Payment Entry: against invoices, the rest as customer credit; cancelling reverts."""

from __future__ import annotations

from decimal import Decimal

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document, find, load
from server_sync.embedded_erp.errors import refused
from server_sync.embedded_erp.invoices import cents, payable
from server_sync.embedded_erp.meta import Row
from server_sync.embedded_erp.outstanding import set_outstanding
from server_sync.embedded_erp.rows import update_columns
from server_sync.embedded_erp.values import to_int
from server_sync.embedded_erp.words import amount_in_words

_INVOICE = "Sales Invoice"
_STATUS = {0: "Draft", 1: "Submitted", 2: "Cancelled"}


def validate(call: Call, document: Document) -> None:
    """Names, amounts and words; the references' outstanding amounts as of now."""
    values, paid = document.values, cents(document.values.get("paid_amount"))
    received = cents(values.get("received_amount") or paid)
    allocated = sum((cents(row.get("allocated_amount")) for row in _references(document)), CENTS_0)
    if to_int(values["docstatus"]) == 1 and to_int((document.before or {}).get("docstatus")) == 0:
        _check_allocations(call, document)
    currency = call.site.settings.currency
    words = amount_in_words(paid, currency)
    _set_names(call, document)
    document.set(
        paid_amount_after_tax=float(paid),
        base_paid_amount=float(paid),
        base_paid_amount_after_tax=float(paid),
        received_amount=float(received),
        received_amount_after_tax=float(received),
        base_received_amount=float(received),
        base_received_amount_after_tax=float(received),
        total_allocated_amount=float(allocated),
        base_total_allocated_amount=float(allocated),
        unallocated_amount=float(max(paid - allocated, CENTS_0)),
        status=_STATUS[to_int(values["docstatus"])],
        in_words=words,
        base_in_words=words,
        remarks=_remarks(call, document, paid),
    )


CENTS_0 = Decimal("0.00")


def on_submit(call: Call, document: Document) -> None:
    """Take the allocated amounts off the invoices."""
    _apply(call, document, sign=-1)


def on_cancel(call: Call, document: Document) -> None:
    """Put the allocated amounts back."""
    _apply(call, document, sign=1)


def template(call: Call, doctype: str, name: str) -> Row:
    """`get_payment_entry`: an unsaved Payment Entry over what an invoice still owes.

    A credit note owes the customer: its entry pays out and allocates a negative amount.
    """
    invoice = load(call, call.site.form(doctype), name)
    settings, today = call.site.settings, call.now()[:10]
    owed = float(cents(invoice.values.get("outstanding_amount")))
    account, customer = settings.company_abbreviation, invoice.values.get("customer")
    total = float(payable(invoice.values))
    reference: Row = {
        "docstatus": 0,
        "idx": 1,
        "reference_doctype": doctype,
        "reference_name": name,
        "due_date": invoice.values.get("due_date"),
        "payment_term_outstanding": 0.0,
        "total_amount": total,
        "outstanding_amount": owed,
        "allocated_amount": owed,
        "exchange_rate": 1.0,
        "exchange_gain_loss": 0.0,
        "account": f"Debtors - {account}",
        "payment_request_outstanding": 0.0,
        "parentfield": "references",
        "parenttype": "Payment Entry",
        "doctype": "Payment Entry Reference",
        "__islocal": 1,
    }
    return {
        "owner": call.user.email,
        "docstatus": 0,
        "idx": 0,
        "naming_series": "ACC-PAY-.YYYY.-",
        "payment_type": "Receive" if owed >= 0 else "Pay",
        "payment_order_status": "Initiated",
        "posting_date": today,
        "company": settings.company,
        "party_type": "Customer",
        "party": customer,
        "party_name": invoice.values.get("customer_name") or customer,
        **_zero_checks(),
        "paid_from": f"Debtors - {account}",
        "paid_from_account_type": "Receivable",
        "paid_from_account_currency": settings.currency,
        "paid_to": f"Cash - {account}",
        "paid_to_account_type": "Cash",
        "paid_to_account_currency": settings.currency,
        **_template_amounts(abs(owed)),
        "reference_date": today,
        "status": "Draft",
        "custom_remarks": 0,
        "is_opening": "No",
        "letter_head": "Company Letterhead - Grey",
        "doctype": "Payment Entry",
        "references": [reference],
        "taxes": [],
        "deductions": [],
        "tax_withholding_entries": [],
        "__islocal": 1,
        "__unsaved": 1,
    }


def _zero_checks() -> Row:
    return {
        "book_advance_payments_in_separate_party_account": 0,
        "reconcile_on_advance_payment_date": 0,
        "apply_tds": 0,
        "ignore_tax_withholding_threshold": 0,
        "override_tax_withholding_entries": 0,
    }


def _template_amounts(owed: float) -> Row:
    full = [f"{base}{kind}_amount" for base in ("", "base_") for kind in ("paid", "received")]
    zero = [f"{name}_after_tax" for name in full]
    full += ["total_allocated_amount", "base_total_allocated_amount"]
    zero += ["unallocated_amount", "difference_amount"]
    zero += ["base_total_taxes_and_charges", "total_taxes_and_charges"]
    rates = {"source_exchange_rate": 1.0, "target_exchange_rate": 1.0}
    return {**dict.fromkeys(full, owed), **dict.fromkeys(zero, 0.0), **rates}


def _references(document: Document) -> list[Row]:
    return document.tables.get("references", [])


def _check_allocations(call: Call, document: Document) -> None:
    """Raise ErpError 417 for more than an invoice still owes; note what will be left."""
    for row in _references(document):
        invoice = _invoice_of(call, row)
        if invoice is None:
            continue
        owed, wanted = (
            cents(invoice.values["outstanding_amount"]),
            cents(row.get("allocated_amount")),
        )
        if abs(wanted) > abs(owed):
            if not owed:
                raise refused(f"{_INVOICE} {invoice.name} has already been fully paid.")
            raise refused(
                f"Row #{row['idx']}: Allocated Amount cannot be greater than outstanding amount."
            )


def _apply(call: Call, document: Document, *, sign: int) -> None:
    for row in _references(document):
        invoice = _invoice_of(call, row)
        if invoice is None:
            continue
        owed = cents(invoice.values["outstanding_amount"]) + sign * cents(
            row.get("allocated_amount")
        )
        set_outstanding(call, invoice, owed)
        row["outstanding_amount"] = float(owed)
        form = call.site.form(document.form.tables["references"])
        if "outstanding_amount" in form.column_set:
            update_columns(call, form, row, {"outstanding_amount": float(owed)})


def _invoice_of(call: Call, row: Row) -> Document | None:
    if row.get("reference_doctype") != _INVOICE or _INVOICE not in call.site.forms:
        return None
    invoice = find(call.site, call.site.form(_INVOICE), str(row.get("reference_name")))
    if invoice is None:
        raise refused(f"Could not find Row #{row['idx']}: {_INVOICE}", "LinkValidationError")
    return invoice


def _set_names(call: Call, document: Document) -> None:
    values, settings = document.values, call.site.settings
    document.set(title=values.get("title") or values.get("party_name") or values.get("party"))
    for name, value in (
        ("party_name", values.get("party")),
        ("company", settings.company),
        ("posting_date", call.now()[:10]),
    ):
        if not values.get(name):
            document.set(**{name: value})


def _remarks(call: Call, document: Document, paid: Decimal) -> str:
    values, currency = document.values, call.site.settings.currency
    verb = "received from" if values.get("payment_type") == "Receive" else "paid to"
    lines = [f"Amount {currency} {float(paid)} {verb} {values.get('party')}"]
    if values.get("reference_no"):
        dated = values.get("reference_date")
        lines.append(f"Transaction reference no {values['reference_no']} dated {dated}")
    lines += [
        f"Amount {currency} {float(cents(row['allocated_amount']))} against "
        f"{row['reference_doctype']} {row['reference_name']}"
        for row in _references(document)
    ]
    return "\n".join(lines)
