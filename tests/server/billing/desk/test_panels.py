"""The panels of a customer: what each tells, to whom, how old it is, and what a repeat costs."""

from typing import Any

import pytest

from field_core.capabilities import Role
from server_sync.accounts import Person
from server_sync.billing.desk.feed import plain_words
from tests.server.billing.shop import INVOICE, PHONE, Shop, item
from tests.server.http.house import MARC, PASSWORD, Device


async def polled(shop: Shop) -> None:
    """Have the server hold what the ERP has, as its schedule would."""
    assert shop.server.erp is not None
    await shop.server.erp.poll()


async def ask(device: Device, path: str, **headers: str) -> dict[str, Any]:
    answer = await device.get(path, **headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


CUSTOMER = "CUST-00001"


async def test_identity_tells_who_it_is_and_since_when_that_is_known(shop: Shop) -> None:
    clerk = await shop.sign_in()
    await polled(shop)
    shop.clock.forward(minutes=3)

    answer = await clerk.get(f"/v1/customers/{CUSTOMER}/identity")

    assert answer.json() == {
        "name": CUSTOMER,
        "customer_name": "Gilles D.",
        "customer_type": "Individual",
        "account": "C-10370",
        "language": "fr",
        "mobile_no": PHONE,
        "email_id": "client@courriel.test",
    }
    assert answer.headers["x-age-ms"] == str(3 * 60_000)


async def test_panel_that_has_not_changed_costs_no_body(shop: Shop) -> None:
    clerk = await shop.sign_in()
    first = await clerk.get(f"/v1/customers/{CUSTOMER}/balance")
    shop.clock.forward(minutes=5)

    second = await clerk.get(
        f"/v1/customers/{CUSTOMER}/balance", **{"If-None-Match": first.headers["etag"]}
    )

    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["x-age-ms"] == "0"


async def test_second_question_within_seconds_does_not_ask_the_erp_again(shop: Shop) -> None:
    """DV-02."""
    clerk = await shop.sign_in()
    await ask(clerk, f"/v1/customers/{CUSTOMER}/invoices")
    calls = len(shop.wire.calls)
    shop.clock.forward(minutes=0.2)

    again = await clerk.get(f"/v1/customers/{CUSTOMER}/invoices")

    assert len(shop.wire.calls) == calls
    assert again.headers["x-age-ms"] == "12000"
    shop.clock.forward(minutes=0.1)
    await ask(clerk, f"/v1/customers/{CUSTOMER}/invoices")
    assert len(shop.wire.calls) > calls


async def test_locations_come_with_their_equipment(shop: Shop) -> None:
    """FA-06."""
    shop.insert(
        "Service Equipment",
        {"equipment_type": "ONT", "service_location": "LOC-00001", "serial_no": "TPLG1",
         "status": "Installed"},
    )  # fmt: skip
    clerk = await shop.sign_in()
    await polled(shop)

    (place,) = (await ask(clerk, f"/v1/customers/{CUSTOMER}/locations"))["rows"]

    assert place["address"] == "12, rang du Cordon"
    assert [one["serial_no"] for one in place["equipment"]] == ["TPLG1"]


async def test_b20_monthly_total_ignores_what_is_cancelled_or_suspended(shop: Shop) -> None:
    """B-20, through the server."""
    for status, price in (("Active", 79.95), ("Active", 9.95), ("Cancelled", 50.0),
                          ("Suspended", 20.0)):  # fmt: skip
        shop.insert(
            "Service Subscription",
            {"customer": CUSTOMER, "service_location": "LOC-00001", "status": status,
             "monthly_price": price, "plan": "PLAN"},
        )  # fmt: skip
    clerk = await shop.sign_in()
    await polled(shop)

    told = await ask(clerk, f"/v1/customers/{CUSTOMER}/subscriptions")

    assert (told["monthly"], told["suspended"]) == ("89.90", "20.00")
    assert len(told["rows"]) == 4


async def test_contracts_come_as_the_erp_writes_them(shop: Shop) -> None:
    shop.insert(
        "Service Contract",
        {"customer": CUSTOMER, "service_location": "LOC-00001", "status": "Active",
         "contract_type": "Residential", "start_date": "2026-01-15", "duration_months": 24,
         "monthly_rate": 79.95,
         "benefits": [{"description": "Routeur", "benefit_type": "Goods",
                       "regular_price": 240.0, "granted_price": 0.0}]},
    )  # fmt: skip
    clerk = await shop.sign_in()
    await polled(shop)

    (contract,) = (await ask(clerk, f"/v1/customers/{CUSTOMER}/contracts"))["rows"]

    assert (contract["name"], contract["duration_months"]) == ("CTR-00001", 24)
    assert contract["benefits"][0]["regular_price"] == 240.0


async def test_jobs_are_told_the_latest_first(shop: Shop) -> None:
    for day in ("2026-09-20", "2026-09-25"):
        shop.insert(
            "Dispatch Job",
            {"subject": "Panne", "customer": CUSTOMER, "service_location": "LOC-00001",
             "status": "Scheduled", "scheduled_date": day},
        )  # fmt: skip
    clerk = await shop.sign_in()
    await polled(shop)

    rows = (await ask(clerk, f"/v1/customers/{CUSTOMER}/jobs"))["rows"]

    assert [row["scheduled_date"] for row in rows] == ["2026-09-25", "2026-09-20"]


async def test_op07_balance_is_of_the_moment_it_was_asked(shop: Shop) -> None:
    """OP-07: credits are taken off, what is late is told apart."""
    shop.invoice(CUSTOMER, [item("Installation", 100.0)], posting_date="2026-06-01",
                 due_date="2026-07-01")  # fmt: skip
    shop.insert("Payment Entry", receipt(30.0))
    clerk = await shop.sign_in()

    told = await ask(clerk, f"/v1/customers/{CUSTOMER}/balance")

    assert told == {
        "balance": "176.91",
        "owed": "206.91",
        "overdue": "114.98",
        "credit": "30.00",
        "open_invoices": 2,
        "oldest_due": "2026-07-01",
    }


def receipt(amount: float, *references: dict[str, Any]) -> dict[str, Any]:
    return {
        "docstatus": 1,
        "payment_type": "Receive",
        "party_type": "Customer",
        "party": CUSTOMER,
        "posting_date": "2026-09-10",
        "mode_of_payment": "Chèque",
        "paid_amount": amount,
        "received_amount": amount,
        "reference_no": "4411",
        "reference_date": "2026-09-10",
        "references": [*references],
    }


async def test_payments_say_what_they_paid_and_what_is_left_over(shop: Shop) -> None:
    shop.insert(
        "Payment Entry",
        receipt(100.0, {"reference_doctype": "Sales Invoice", "reference_name": INVOICE,
                        "allocated_amount": 91.93}),
    )  # fmt: skip
    clerk = await shop.sign_in()

    (row,) = (await ask(clerk, f"/v1/customers/{CUSTOMER}/payments"))["rows"]

    assert (row["amount"], row["unallocated"], row["invoices"]) == ("100.00", "8.07", [INVOICE])
    assert (row["mode"], row["reference_no"]) == ("Chèque", "4411")


async def test_long_history_comes_in_stretches_that_meet(shop: Shop) -> None:
    for month in range(1, 30):
        shop.invoice(CUSTOMER, [item("Internet", 1.0)],
                     posting_date=f"{2023 + month // 13}-{month % 12 + 1:02}-01")  # fmt: skip
    clerk = await shop.sign_in()
    path = f"/v1/customers/{CUSTOMER}/invoices"

    first = await ask(clerk, path)
    second = await ask(clerk, f"{path}?after={first['more']}")

    names = [row["name"] for row in (*first["rows"], *second["rows"])]
    assert len(names) == len(set(names)) == 30
    assert "more" not in second
    assert [r["posting_date"] for r in first["rows"]] == sorted(
        (r["posting_date"] for r in first["rows"]), reverse=True
    )


@pytest.mark.parametrize("after", ["x", "2026-09-01", "~A", "2026-99-01~A"])
async def test_made_up_place_in_a_history_is_refused(shop: Shop, after: str) -> None:
    clerk = await shop.sign_in()

    answer = await clerk.get(f"/v1/customers/{CUSTOMER}/payments?after={after}")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


async def test_notes_tell_what_was_done_about_the_money(shop: Shop) -> None:
    """OP-06."""
    clerk = await shop.sign_in()
    await clerk.post(f"/v1/invoices/{INVOICE}/link", {"channel": "sms"})

    (note,) = (await ask(clerk, f"/v1/customers/{CUSTOMER}/notes"))["rows"]

    assert (note["act"], note["about"], note["by"]) == ("link-sent", INVOICE, "lise@example.test")
    assert note["details"] == {"channel": "sms"}


async def test_panel_of_nobody_is_not_found(shop: Shop) -> None:
    clerk = await shop.sign_in()

    answers = [
        await clerk.get("/v1/customers/CUST-99999/identity"),
        await clerk.get(f"/v1/customers/{CUSTOMER}/card-numbers"),
    ]

    assert [one.status_code for one in answers] == [404, 404]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/customers?q=gilles",
        f"/v1/customers/{CUSTOMER}/identity",
        f"/v1/customers/{CUSTOMER}/payments",
        f"/v1/customers/{CUSTOMER}/notes",
        "/v1/invoices",
        f"/v1/invoices/{INVOICE}",
        f"/v1/invoices/{INVOICE}/pages/1",
    ],
)
async def test_technician_is_told_nothing_of_accounts(shop: Shop, path: str) -> None:
    marc = await shop.sign_in(MARC)
    await polled(shop)

    answer = await marc.get(path)

    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_dispatcher_sees_a_customer_like_the_clerk_does(shop: Shop) -> None:
    sophie = Person("sophie@example.test", "Sophie D.", (Role.DISPATCHER,))
    shop.server.accounts.add(sophie, password=PASSWORD)
    device = await shop.sign_in(sophie)

    assert (await device.get(f"/v1/customers/{CUSTOMER}/balance")).status_code == 200


async def test_what_the_server_holds_is_told_while_the_erp_is_away(shop: Shop) -> None:
    clerk = await shop.sign_in()
    await polled(shop)
    shop.wire.is_down = True

    held = await clerk.get(f"/v1/customers/{CUSTOMER}/identity")
    owned = await clerk.get(f"/v1/customers/{CUSTOMER}/balance")

    assert held.status_code == 200
    assert (owned.status_code, owned.json()["code"]) == (503, "erp-unreachable")


def test_comments_of_the_erp_are_plain_words() -> None:
    told = plain_words("<div>Appelé.<br>Rappeler <b>mardi</b></div><p>5 &lt; 6</p><script>")

    assert told == "Appelé.\nRappeler mardi\n5 < 6"
