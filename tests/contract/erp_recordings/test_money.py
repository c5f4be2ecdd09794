"""Invoices and payments beyond the recordings: taxes, part payments, credit notes, overdue."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from server_sync.embedded_erp.words import amount_in_words
from tests.contract.erp_recordings.field_site import FieldSite
from tests.contract.erp_recordings.recordings import Json

INVOICE = "/api/resource/Sales Invoice"
PAYMENT = "/api/resource/Payment Entry"
TAXES = [
    {"charge_type": "On Net Total", "description": "TPS", "rate": 5},
    {"charge_type": "On Net Total", "description": "TVQ", "rate": 9.975},
]


def invoice(site: FieldSite, rate: float = 59.95, quantity: float = 1, **values: Json) -> Json:
    item = {"item_code": "FIBRE", "qty": quantity, "rate": rate}
    body = {"due_date": "2026-12-20", "items": [item], "taxes": TAXES, "docstatus": 1}
    return site.data("POST", INVOICE, {**body, **values})


def pay(site: FieldSite, name: str, amount: float, allocated: float | None = None) -> Json:
    reference = {"reference_doctype": "Sales Invoice", "reference_name": name}
    row = {**reference, "allocated_amount": amount if allocated is None else allocated}
    body = {"payment_type": "Receive", "party": "Roy", "paid_amount": amount, "references": [row]}
    return site.data("POST", PAYMENT, {**body, "docstatus": 1})


def state(site: FieldSite, name: str) -> tuple[str, float]:
    found = site.data("GET", f"{INVOICE}/{name}")
    return found["status"], found["outstanding_amount"]


def test_quebec_taxes_are_rounded_half_up_each(site: FieldSite) -> None:
    made = invoice(site)
    assert [row["tax_amount"] for row in made["taxes"]] == [3.0, 5.98]
    assert [row["total"] for row in made["taxes"]] == [62.95, 68.93]
    assert (made["net_total"], made["grand_total"], made["outstanding_amount"]) == (
        59.95,
        68.93,
        68.93,
    )


def test_part_payment_leaves_the_rest(site: FieldSite) -> None:
    name = invoice(site)["name"]
    pay(site, name, 8.93)
    assert state(site, name) == ("Partly Paid", 60.0)
    pay(site, name, 60.0)
    assert state(site, name) == ("Paid", 0.0)


def test_overpayment_is_unallocated(site: FieldSite) -> None:
    name = invoice(site)["name"]
    assert pay(site, name, 100.0, allocated=68.93)["unallocated_amount"] == 31.07
    assert state(site, name) == ("Paid", 0.0)


@pytest.mark.parametrize("paid_before", [0.0, 68.93])
def test_allocating_more_than_is_owed_is_refused(site: FieldSite, paid_before: float) -> None:
    name = invoice(site)["name"]
    if paid_before:
        pay(site, name, paid_before)
    reference = {"reference_doctype": "Sales Invoice", "reference_name": name}
    row = {**reference, "allocated_amount": 70.0}
    draft = site.data("POST", PAYMENT, {"party": "Roy", "paid_amount": 70, "references": [row]})
    path = f"{PAYMENT}/{draft['name']}"
    assert site.refusal("PUT", path, {"docstatus": 1}) == (417, "ValidationError")


def test_cancelled_payment_reopens_the_invoice(site: FieldSite) -> None:
    name = invoice(site)["name"]
    payment = pay(site, name, 68.93)
    site.call("frappe.client.cancel", doctype="Payment Entry", name=payment["name"])
    assert state(site, name) == ("Unpaid", 68.93)


def test_payment_moves_the_stamp_and_leaves_no_version(site: FieldSite) -> None:
    made = invoice(site)
    pay(site, made["name"], 68.93)
    assert site.data("GET", f"{INVOICE}/{made['name']}")["modified"] > made["modified"]
    assert site.data("GET", "/api/resource/Version") == []


def test_credit_note_is_paid_out(site: FieldSite) -> None:
    note = invoice(site, quantity=-1, is_return=1)
    assert (note["status"], note["outstanding_amount"]) == ("Return", -68.93)
    arguments = {"dt": "Sales Invoice", "dn": note["name"]}
    method = "erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry"
    template = site.call(method, **arguments)
    assert (template["payment_type"], template["paid_amount"]) == ("Pay", 68.93)
    site.call("frappe.client.submit", doc=template)
    assert state(site, note["name"]) == ("Return", 0.0)


def test_unpaid_invoice_becomes_overdue_by_the_daily_job(site: FieldSite) -> None:
    name = invoice(site)["name"]
    assert site.erp.run_daily() == 0
    site.moment += timedelta(days=40)
    assert site.erp.run_daily() == 1
    assert state(site, name) == ("Overdue", 68.93)


def test_idempotency_key_refuses_the_second_payment(site: FieldSite) -> None:
    body = {"party": "Roy", "paid_amount": 5, "idempotency_key": "evt_1"}
    site.data("POST", PAYMENT, body)
    assert site.refusal("POST", PAYMENT, body) == (417, "UniqueValidationError")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "CAD Zero only."),
        ("19.05", "CAD Nineteen and Five Cent only."),
        ("1234.00", "CAD One Thousand, Two Hundred And Thirty Four only."),
        ("1000042", "CAD One Million And Forty Two only."),
        ("90", "CAD Ninety only."),
    ],
)
def test_amount_in_words(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount), "CAD") == words
