"""What office screens are told: rows out of documents, totals that cannot mislead."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Body
from field_core.office import (
    PANELS,
    Balance,
    Identity,
    InvoiceLine,
    Panel,
    Receipt,
    balance_of,
)
from field_core.office.customers import (
    identity_of,
    job_of,
    location_of,
    subscriptions_of,
)
from field_core.office.invoices import line_of


def service(name: str, status: str, price: float) -> Body:
    return {"name": name, "status": status, "monthly_price": price, "plan_name": f"Plan {name}"}


B20 = [
    service("SUB-1", "Cancelled", 49.95),
    service("SUB-2", "Active", 79.95),
    service("SUB-3", "Suspended", 12.5),
    service("SUB-4", "Active", 9.95),
]


def test_b20_cancelled_and_suspended_services_are_not_in_the_monthly_total() -> None:
    """B-20, OP-02."""
    told = subscriptions_of(B20, {})

    assert told.monthly == Decimal("89.90")
    assert told.suspended == Decimal("12.50")
    assert [row.name for row in told.rows] == ["SUB-2", "SUB-4", "SUB-3", "SUB-1"]


@pytest.mark.parametrize(
    ("status", "monthly"),
    [("Active", "79.95"), ("Suspended", "0"), ("Cancelled", "0"), ("Pending", "0"), ("", "0")],
)
def test_op02_only_active_services_count_whatever_the_status(status: str, monthly: str) -> None:
    """OP-02: with every status."""
    told = subscriptions_of([service("SUB-1", status, 79.95)], {})

    assert told.monthly == Decimal(monthly)


def test_service_is_told_with_the_address_of_its_location() -> None:
    body = {**service("SUB-1", "Active", 1), "service_location": "LOC-1", "plan": "FIBRE"}

    (row,) = subscriptions_of([body], {"LOC-1": "12, rang du Cordon"}).rows

    assert (row.place, row.plan_name) == ("12, rang du Cordon", "Plan SUB-1")


def test_customer_document_becomes_an_identity() -> None:
    body: Body = {"customer_name": "Gilles D.", "ppa_enabled": 1, "legacy_account_id": "C-10370"}

    assert identity_of(body, "CUST-1") == Identity(
        name="CUST-1", customer_name="Gilles D.", account="C-10370", is_preauthorised=True
    )


def test_location_has_the_equipment_that_stands_there() -> None:
    place: Body = {"name": "LOC-1", "location_name": "Chalet", "city": "Saint-Rémi"}
    device: Body = {"name": "EQP-1", "equipment_type": "ONT", "gpon_serial": "TPLGA1B2C3D4"}

    told = location_of(place, [device])

    assert told.address == "Chalet"
    assert [(one.name, one.serial_no) for one in told.equipment] == [("EQP-1", "TPLGA1B2C3D4")]


def test_job_is_told_by_its_key_and_its_name() -> None:
    told = job_of("k-1", {"name": "DJ-1", "subject": "Panne", "status": "Open"})

    assert (told.key, told.name, told.scheduled_date) == ("k-1", "DJ-1", "")


def invoice(name: str, outstanding: str, due: str) -> InvoiceLine:
    return InvoiceLine(name=name, due_date=due, outstanding=Decimal(outstanding))


def test_op07_balance_tells_owed_overdue_and_credit_apart() -> None:
    """OP-07."""
    unpaid = [
        invoice("A", "91.93", "2026-08-01"),
        invoice("B", "10.00", "2026-10-01"),
        invoice("C", "-5.00", "2026-07-01"),
        invoice("D", "0.00", "2026-01-01"),
    ]

    assert balance_of(unpaid, credit=Decimal("20.00"), today="2026-09-21") == Balance(
        balance=Decimal("76.93"),
        owed=Decimal("96.93"),
        overdue=Decimal("91.93"),
        credit=Decimal("20.00"),
        open_invoices=3,
        oldest_due="2026-08-01",
    )


def test_invoice_due_today_is_not_overdue() -> None:
    told = balance_of([invoice("A", "1.00", "2026-09-21")], credit=Decimal(0), today="2026-09-21")

    assert (told.overdue, told.oldest_due) == (Decimal(0), "")


@given(st.lists(st.decimals(-1000, 1000, places=2, allow_nan=False), max_size=12))
def test_balance_is_what_is_owed_less_the_credit_to_the_cent(amounts: list[Decimal]) -> None:
    rows = [invoice(str(at), str(amount), "") for at, amount in enumerate(amounts)]

    told = balance_of(rows, credit=Decimal("3.33"), today="2026-01-01")

    assert told.balance == sum(amounts, Decimal(0)) - Decimal("3.33")


def test_invoice_of_the_erp_becomes_a_line_with_exact_amounts() -> None:
    row = {
        "name": "SINV-1",
        "customer": "CUST-1",
        "posting_date": "2026-09-01",
        "grand_total": 91.93,
        "rounded_total": 0.0,
        "outstanding_amount": 0.1,
    }

    told = line_of(row, "Gilles D.")

    assert (told.total, told.outstanding) == (Decimal("91.93"), Decimal("0.10"))
    assert told.customer_name == "Gilles D."


@pytest.mark.parametrize(("owed", "is_paid"), [("0.00", True), ("-1.00", True), ("0.01", False)])
def test_receipt_is_paid_when_nothing_is_owed(owed: str, *, is_paid: bool) -> None:
    assert Receipt(name="A", outstanding=Decimal(owed)).is_paid is is_paid


def test_amounts_travel_as_text_and_come_back_exact() -> None:
    told = subscriptions_of(B20, {})

    text = told.model_dump_json()

    assert '"monthly":"89.90"' in text
    assert type(told).model_validate_json(text) == told


def test_every_panel_has_its_shape() -> None:
    assert [*PANELS] == [*Panel]
