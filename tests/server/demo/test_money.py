"""Invoices to the cent, and statuses that follow from payments and dates."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest

from field_core.canon import Body, Json
from server_sync.demo import Company
from server_sync.demo.amounts import taxes_of
from tests.server.demo.reading import day, named, rows

CENT = Decimal("0.01")


def exact(value: Json) -> Decimal:
    return Decimal(str(value))


def paid_by_invoice(company: Company) -> dict[object, Decimal]:
    return {
        row["reference_name"]: exact(row["allocated_amount"])
        for payment in company.documents["Payment Entry"]
        for row in rows(payment["references"])
    }


def expected_status(invoice: Body, company: Company) -> str:
    owed, total = exact(invoice["outstanding_amount"]), exact(invoice["grand_total"])
    if owed == 0:
        return "Paid"
    if day(invoice["due_date"]) < company.today:
        return "Overdue"
    return "Partly Paid" if owed < total else "Unpaid"


@pytest.mark.parametrize(
    ("net", "tps", "tvq"),
    [("79.95", "4.00", "7.98"), ("100.00", "5.00", "9.98"), ("60.00", "3.00", "5.99"),
     ("0.10", "0.01", "0.01"), ("-20.00", "-1.00", "-2.00")],
)  # fmt: skip
def test_taxes_on_a_net_total_are_rounded_half_up(net: str, tps: str, tvq: str) -> None:
    assert taxes_of(Decimal(net)) == (Decimal(tps), Decimal(tvq))


def test_invoice_adds_up_to_the_cent(any_company: Company) -> None:
    for invoice in any_company.documents["Sales Invoice"]:
        net = sum((exact(row["amount"]) for row in rows(invoice["items"])), Decimal(0))
        tps, tvq = (exact(row["tax_amount"]) for row in rows(invoice["taxes"]))
        assert tps == (net * Decimal("0.05")).quantize(CENT, ROUND_HALF_UP)
        assert tvq == (net * Decimal("0.09975")).quantize(CENT, ROUND_HALF_UP)
        assert exact(invoice["net_total"]) == net
        assert exact(invoice["total_taxes_and_charges"]) == tps + tvq
        assert exact(invoice["grand_total"]) == net + tps + tvq


def test_invoice_owes_its_total_less_what_was_paid(any_company: Company) -> None:
    paid = paid_by_invoice(any_company)
    for invoice in any_company.documents["Sales Invoice"]:
        rest = exact(invoice["grand_total"]) - paid.get(invoice["name"], Decimal(0))
        assert exact(invoice["outstanding_amount"]) == rest >= 0


def test_invoice_status_follows_from_what_is_owed_and_the_due_date(any_company: Company) -> None:
    for invoice in any_company.documents["Sales Invoice"]:
        assert invoice["status"] == expected_status(invoice, any_company)


def test_invoices_are_paid_unpaid_overdue_and_partly_paid(story: Company) -> None:
    statuses = Counter(str(body["status"]) for body in story.documents["Sales Invoice"])
    assert set(statuses) == {"Paid", "Unpaid", "Overdue", "Partly Paid"}
    assert min(statuses["Paid"], statuses["Unpaid"], statuses["Overdue"]) >= 5


def test_payment_is_not_in_the_future(any_company: Company) -> None:
    for payment in any_company.documents["Payment Entry"]:
        assert day(payment["posting_date"]) <= any_company.today


def test_line_names_its_location(any_company: Company) -> None:
    for invoice in any_company.documents["Sales Invoice"]:
        assert all("service_location" in row for row in rows(invoice["items"]))


def test_story_of_the_payment_link_owes_91_93(any_company: Company) -> None:
    invoice = named(any_company, "Sales Invoice", any_company.cast.invoices.unpaid)
    assert [invoice[n] for n in ("net_total", "grand_total", "outstanding_amount")] == [
        79.95,
        91.93,
        91.93,
    ]
    assert invoice["status"] == "Unpaid"


def test_story_of_the_print_has_two_places_a_prorated_line_a_charge_and_a_rebate(
    any_company: Company,
) -> None:
    invoice = named(any_company, "Sales Invoice", any_company.cast.invoices.mixed)
    lines = rows(invoice["items"])
    assert len({row["service_location"] for row in lines}) == 2
    starts = [row["service_start_date"] for row in lines if "service_start_date" in row]
    assert [str(start)[8:] for start in starts] == ["01", "16"]
    undated = [row["item_code"] for row in lines if "service_start_date" not in row]
    assert undated == ["FRAIS-INSTALL", "RABAIS-FIDELITE"]


def test_story_of_the_ended_contract_has_its_invoice_of_fifty_dollars(
    any_company: Company,
) -> None:
    cast = any_company.cast
    contract = named(any_company, "Service Contract", cast.contracts.terminated)
    invoice = named(any_company, "Sales Invoice", cast.invoices.termination)
    assert contract["termination_invoice"] == invoice["name"]
    assert invoice["service_contract"] == contract["name"]
    assert invoice["grand_total"] == 50.0
