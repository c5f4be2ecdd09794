"""Money that is not simply what an invoice owes: refunds, disputes, mismatches, lost invoices."""

import json

import pytest
from sqlalchemy import select, update

from field_core.problems import ProblemError
from server_sync.billing.bench import KEY
from server_sync.billing.ledger import Entry
from server_sync.billing.posting import Posting
from server_sync.store.schema import checkout, pay_entry
from tests.server.billing.browser import Browser, text_of
from tests.server.billing.paying import (
    bench_of,
    card,
    facts,
    pay_unheard,
    send,
    summary,
    undelivered,
)
from tests.server.billing.shop import INVOICE, TOTAL, Shop, item


def test_b09_invoice_paid_by_cheque_meanwhile_makes_the_late_payment_a_credit(
    shop: Shop, browser: Browser
) -> None:
    (raw,) = pay_unheard(shop, browser)
    customer = shop.read("Sales Invoice", INVOICE)["customer"]
    shop.insert("Payment Entry", {
        "docstatus": 1, "payment_type": "Receive", "party_type": "Customer", "party": customer,
        "posting_date": "2026-09-20", "paid_amount": TOTAL, "received_amount": TOTAL,
        "references": [{"reference_doctype": "Sales Invoice", "reference_name": INVOICE,
                        "allocated_amount": TOTAL}],
    })  # fmt: skip
    page = summary(shop, browser)

    assert "Payée le 20 septembre 2026." in text_of(page)
    assert "<form" not in page.text
    again = browser.post("/pay-public/checkout", {"t": shop.token(), "amount": "91,93"})
    assert "Facture payée" in text_of(again)
    assert send(shop, browser, raw) == 204
    assert facts(shop.payments()[1]) == card(TOTAL, 0.0)
    assert shop.owed() == (0.0, "Paid")
    with shop.server.store.read() as connection:
        assert connection.execute(select(pay_entry.c.flag)).scalar() == "overpaid"


def test_amount_that_is_not_the_one_asked_for_is_kept_apart(shop: Shop, browser: Browser) -> None:
    (raw,) = pay_unheard(shop, browser)
    event = json.loads(raw)
    event["data"]["object"]["amount_total"] = 5000

    assert send(shop, browser, json.dumps(event).encode()) == 204

    assert facts(shop.payments()[0]) == card(50.0, 0.0)
    assert shop.owed() == (TOTAL, "Unpaid")


def refund_of(raw: bytes, cents: int = 1000) -> bytes:
    """A refund of the payment that an event told of."""
    intent = json.loads(raw)["data"]["object"]["payment_intent"]
    return json.dumps(
        {"id": "evt_r", "type": "refund.created", "data": {"object": {
            "id": "re_1", "payment_intent": intent, "amount": cents, "currency": "cad"}}}
    ).encode()  # fmt: skip


def moved(shop: Shop) -> list[tuple[str, float]]:
    return [(one["payment_type"], one["paid_amount"]) for one in shop.payments()]


def flags(shop: Shop) -> dict[str, str | None]:
    with shop.server.store.read() as connection:
        return {row.kind: row.flag for row in connection.execute(select(pay_entry))}


def test_refund_that_comes_before_its_payment_brings_it_along_and_counts_once(
    shop: Shop, browser: Browser
) -> None:
    (raw,) = pay_unheard(shop, browser)
    refund = refund_of(raw)

    assert [send(shop, browser, one) for one in (refund, raw, refund)] == [204] * 3

    assert moved(shop) == [("Receive", TOTAL), ("Pay", 10.0)]
    assert shop.owed() == (0.0, "Paid")  # whether the invoice reopens is a clerk's decision


def test_refund_of_another_products_payment_is_taken_and_changes_nothing(
    shop: Shop, browser: Browser
) -> None:
    (raw,) = pay_unheard(shop, browser)
    foreign = refund_of(raw).replace(b"pi_test", b"pi_else")

    assert send(shop, browser, foreign) == 204
    assert shop.payments() == []


def test_dispute_is_an_entry_of_its_own_and_flagged(shop: Shop, browser: Browser) -> None:
    (raw,) = pay_unheard(shop, browser)
    assert send(shop, browser, raw) == 204
    bench_of(shop).dispute(json.loads(raw)["data"]["object"]["payment_intent"])

    assert [send(shop, browser, one) for one in undelivered(shop)] == [204, 204]

    assert moved(shop) == [("Receive", TOTAL), ("Pay", TOTAL)]
    assert flags(shop) == {"receipt": None, "dispute": "dispute"}


async def test_refund_and_dispute_that_stripe_did_not_tell_are_found_by_asking(shop: Shop) -> None:
    payments, bench = shop.billing.payments, bench_of(shop)
    url = await payments.begin(INVOICE, cents=9193, language="fr")
    bench.act(url.rpartition("/")[2], "card")
    assert payments.gate
    intent = payments.gate.recent(0)[0].payment_intent
    assert intent
    form = f"payment_intent={intent}&amount=1000"
    headers = {"Authorization": f"Bearer {KEY}"}
    bench.answer("post", "/v1/refunds", headers, form)
    bench.dispute(intent)

    assert await payments.reconcile() == 3
    assert await payments.reconcile() == 3

    assert sorted(moved(shop)) == [("Pay", 10.0), ("Pay", 81.93), ("Receive", TOTAL)]


async def test_payment_of_an_invoice_that_was_cancelled_since_becomes_a_credit(shop: Shop) -> None:
    url = await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")
    bench_of(shop).act(url.rpartition("/")[2], "card")
    await shop.billing.till.client.update("Sales Invoice", INVOICE, {"docstatus": 2})

    assert await shop.billing.deliver() == 1

    assert [facts(one) for one in shop.payments()] == [card(TOTAL, 0.0)]
    assert flags(shop) == {"receipt": "overpaid"}


async def test_payment_of_an_invoice_that_was_removed_since_is_its_customers(shop: Shop) -> None:
    url = await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")
    bench_of(shop).act(url.rpartition("/")[2], "card")
    customer = shop.read("Sales Invoice", INVOICE)["customer"]
    client = shop.billing.till.client
    await client.update("Sales Invoice", INVOICE, {"docstatus": 2})
    await client.delete("Sales Invoice", INVOICE)

    assert await shop.billing.deliver() == 1

    (paid,) = shop.payments()
    assert (paid["party"], facts(paid)) == (customer, card(TOTAL, 0.0))


async def test_invoice_in_another_currency_is_not_paid_here(shop: Shop, browser: Browser) -> None:
    name = shop.invoice(shop.customer(), [item("x", 10)], currency="USD")

    assert summary(shop, browser, name).status_code == 404
    with pytest.raises(ProblemError):
        await shop.billing.payments.begin(name, cents=1000, language="fr")


async def test_one_payment_that_the_erp_refuses_keeps_no_other_waiting(shop: Shop) -> None:
    payments, bench = shop.billing.payments, bench_of(shop)
    other = shop.invoice(shop.customer(), [item("x", 10)])
    for name, cents in ((INVOICE, 9193), (other, 1150)):
        bench.act(
            (await payments.begin(name, cents=cents, language="fr")).rpartition("/")[2], "card"
        )
    shop.wire.is_down = True
    assert await shop.billing.deliver() == 0
    shop.wire.is_down = False
    shop.clock.forward(minutes=2)
    with shop.server.store.database.write() as connection:
        for table in (checkout, pay_entry):
            lost = {"invoice": "ACC-X-1", "customer": ""}
            connection.execute(update(table).where(table.c.invoice == INVOICE).values(lost))

    shop.clock.forward(minutes=9 * 24 * 60)  # however long it was away
    assert await payments.catch_up() == 1

    assert [one["paid_amount"] for one in shop.payments()] == [11.5]


async def test_account_of_the_payments_is_named_to_erpnext(shop: Shop) -> None:
    posting = Posting(shop.billing.till, account="Stripe - GF")

    for kind in ("receipt", "refund"):
        await posting.post(Entry(kind, "pi_1", INVOICE, "", 1000, "Carte de crédit", None, None))

    sides = [(one["paid_from"], one["paid_to"]) for one in shop.payments()]
    debtors = shop.read("Sales Invoice", INVOICE)["debit_to"]
    assert sides == [(debtors, "Stripe - GF"), ("Stripe - GF", debtors)]
