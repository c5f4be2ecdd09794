"""Payments that meet: two clicks, two sessions, two deliveries, an office that pays meanwhile."""

import asyncio
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from server_sync.store.schema import checkout, pay_audit
from tests.postgresql import Cluster, postgresql
from tests.server.billing.browser import Browser
from tests.server.billing.paying import (
    archived,
    at_the_bench,
    bench_of,
    card,
    counts,
    facts,
    send,
    summary,
    undelivered,
)
from tests.server.billing.shop import INVOICE, TOTAL, Shop, shop_in

__all__ = ["postgresql"]


def test_b09_two_sessions_both_paid_settle_the_invoice_and_leave_a_credit(
    shop: Shop, browser: Browser
) -> None:
    first = at_the_bench(shop, browser, amount="50,00")
    bench = bench_of(shop)
    bench.act(str(first.url).rpartition("/")[2], "card")
    second = at_the_bench(shop, browser)
    bench.act(str(second.url).rpartition("/")[2], "card")

    assert [send(shop, browser, raw) for raw in undelivered(shop)] == [204, 204]

    assert sorted(one["total_allocated_amount"] for one in shop.payments()) == [41.93, 50.0] or (
        sorted(one["total_allocated_amount"] for one in shop.payments()) == [0.0, 91.93]
    )
    assert sum(one["unallocated_amount"] for one in shop.payments()) == 50.0
    assert shop.owed() == (0.0, "Paid")


def test_double_click_leads_to_one_session(shop: Shop, browser: Browser) -> None:
    page = summary(shop, browser)

    one, other = browser.submit(page), browser.submit(page)

    assert one.headers["location"] == other.headers["location"]
    assert counts(shop)["checkout"] == 1


async def test_same_event_taken_at_once_by_many_gives_one_entry(shop: Shop) -> None:
    url = await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")
    bench_of(shop).act(url.rpartition("/")[2], "card")
    _, raw, signed = bench_of(shop).due()[0]

    await asyncio.gather(*(shop.billing.payments.receive(raw, signed) for _ in range(8)))

    assert len(shop.payments()) == 1
    with shop.server.store.read() as connection:
        assert connection.execute(select(pay_audit.c.act)).scalars().all() == ["receipt"]


@pytest.mark.postgresql
async def test_payment_is_entered_once_on_postgresql_too(
    tmp_path: Path, postgresql: Cluster
) -> None:
    with shop_in(tmp_path / "pg", database_url=postgresql.create("billing")) as shop:
        url = await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")
        bench_of(shop).act(url.rpartition("/")[2], "debit_ok")
        for raw, signed in [*bench_of(shop).replay(), *bench_of(shop).replay()]:
            await shop.billing.payments.receive(raw, signed)
        assert (await shop.client.get(f"/pay-public?t={shop.token()}")).status_code == 200
        assert len(await archived(shop)) > 10_000

        assert [facts(one)["paid_amount"] for one in shop.payments()] == [TOTAL]
        assert shop.owed() == (0.0, "Paid")


async def test_invoice_paid_at_the_office_between_look_and_write_makes_a_credit(shop: Shop) -> None:
    url = await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")
    bench_of(shop).act(url.rpartition("/")[2], "card")
    customer = shop.read("Sales Invoice", INVOICE)["customer"]

    def pay_at_the_office(request: httpx.Request) -> None:
        if request.url.path.endswith(f"/{INVOICE}"):
            shop.wire.after = None
            shop.insert("Payment Entry", {
                "docstatus": 1, "payment_type": "Receive", "party_type": "Customer",
                "party": customer, "paid_amount": 50.0, "received_amount": 50.0,
                "references": [{"reference_doctype": "Sales Invoice", "reference_name": INVOICE,
                                "allocated_amount": 50.0}],
            })  # fmt: skip

    shop.wire.after = pay_at_the_office
    assert await shop.billing.deliver() == 1

    assert facts(shop.payments()[1]) == card(TOTAL, 41.93)
    assert shop.owed() == (0.0, "Paid")


async def test_attempt_whose_answer_was_lost_is_the_same_call_again(shop: Shop) -> None:
    payments = shop.billing.payments
    first = await payments.begin(INVOICE, cents=9193, language="fr")

    def lose() -> None:
        lost = {"url": None, "session": None, "state": "making"}
        shop.server.store.database.run(lambda c: c.execute(update(checkout).values(lost)))

    lose()
    shop.clock.forward(minutes=3)
    assert await payments.begin(INVOICE, cents=9193, language="en") == first
    lose()
    shop.clock.forward(minutes=30)
    assert await payments.begin(INVOICE, cents=9193, language="fr") != first
