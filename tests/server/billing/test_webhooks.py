"""What Stripe tells: genuine or not, twice, late, in any order; and asking it when it is silent."""

import json

import httpx
import pytest
import stripe
from sqlalchemy import select

from server_sync.billing.events import signature
from server_sync.store.schema import pay_event
from tests.server.billing.browser import Browser
from tests.server.billing.paying import (
    WEBHOOK,
    bench_of,
    card,
    counts,
    facts,
    pay_unheard,
    send,
    summary,
)
from tests.server.billing.shop import INVOICE, TOTAL, Shop, item


def test_b06_event_twice_and_another_event_of_the_same_payment_give_one_entry(
    shop: Shop, browser: Browser
) -> None:
    (raw,) = pay_unheard(shop, browser)
    other = json.loads(raw) | {
        "id": "evt_other",
        "type": "checkout.session.async_payment_succeeded",
    }

    answers = [send(shop, browser, body) for body in (raw, raw, json.dumps(other).encode(), raw)]

    assert answers == [204] * 4
    assert [facts(one) for one in shop.payments()] == [card(TOTAL, TOTAL)]
    assert counts(shop) == {"checkout": 1, "pay_event": 2, "pay_entry": 1}


def test_b07_delivery_that_failed_is_not_done_and_its_retry_counts_once(
    shop: Shop, browser: Browser
) -> None:
    (raw,) = pay_unheard(shop, browser)
    shop.wire.is_down = True

    first = send(shop, browser, raw)

    with shop.server.store.read() as connection:
        assert connection.execute(select(pay_event.c.processed_ms)).scalars().all() == [None]
    shop.wire.is_down = False
    shop.clock.forward(minutes=2)
    assert (first, send(shop, browser, raw), send(shop, browser, raw)) == (503, 204, 204)
    assert [facts(one) for one in shop.payments()] == [card(TOTAL, TOTAL)]


def test_b07_answer_of_the_erp_that_was_lost_does_not_make_a_second_entry(
    shop: Shop, browser: Browser
) -> None:
    (raw,) = pay_unheard(shop, browser)

    def lose(request: httpx.Request) -> None:
        if request.method == "POST" and "Payment" in request.url.path:
            raise httpx.ReadError("cut")

    shop.wire.after = lose
    first = send(shop, browser, raw)
    shop.wire.after = None
    shop.clock.forward(minutes=2)

    assert (first, send(shop, browser, raw)) == (503, 204)
    assert len(shop.payments()) == 1
    assert shop.owed() == (0.0, "Paid")


@pytest.mark.parametrize(
    ("change", "minutes"),
    [
        pytest.param({"Stripe-Signature": ""}, 0, id="missing"),
        pytest.param({"Stripe-Signature": "t=1,v1=" + "0" * 64}, 0, id="old-and-wrong"),
        pytest.param({}, 6, id="six-minutes-old"),
        pytest.param({}, -6, id="six-minutes-ahead"),
    ],
)
def test_b08_webhook_that_is_not_genuine_writes_nothing(
    shop: Shop, browser: Browser, change: dict[str, str], minutes: float
) -> None:
    (raw,) = pay_unheard(shop, browser)
    before = counts(shop)
    at_s = round(shop.clock.ms / 1000 - minutes * 60)
    headers = {"Stripe-Signature": signature(raw, secret=bench_of(shop).secret, at_s=at_s)} | change

    answer = httpx.post(f"{browser.base}{WEBHOOK}", content=raw, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "webhook-signature")
    assert counts(shop) == before
    assert shop.payments() == []


def test_b08_changed_bytes_are_refused_and_five_minutes_are_taken(
    shop: Shop, browser: Browser
) -> None:
    (raw,) = pay_unheard(shop, browser)
    at_s = shop.clock.ms // 1000 - 300
    signed = signature(raw, secret=bench_of(shop).secret, at_s=at_s)

    assert send(shop, browser, raw.replace(b"9193", b"9192"), signed) == 400
    assert send(shop, browser, json.dumps(json.loads(raw), indent=1).encode(), signed) == 400
    assert send(shop, browser, raw, signed) == 204


def test_signature_is_the_one_of_the_official_sdk() -> None:
    raw, secret, at_s = b'{"id":"evt_1"}', "whsec_x", 1_790_000_000

    ours = signature(raw, secret=secret, at_s=at_s)

    theirs = stripe.WebhookSignature._compute_signature(f"{at_s}.{raw.decode()}", secret)  # noqa: SLF001 - theirs
    assert ours == f"t={at_s},v1={theirs}"


def test_every_event_replayed_twice_in_any_order_changes_nothing(
    shop: Shop, browser: Browser
) -> None:
    customer = shop.customer()
    names = [shop.invoice(customer, [item("x", 10 + n)]) for n in range(4)]
    for act, name in zip(("card", "debit_ok", "debit_fails", "card"), names, strict=True):
        page = browser.follow(browser.submit(summary(shop, browser, name)))
        bench_of(shop).act(str(page.url).rpartition("/")[2], act)
    for _ in range(3):
        for raw, signed in bench_of(shop).replay():
            assert send(shop, browser, raw, signed) == 204

    assert len(shop.payments()) == 3
    assert [shop.owed(name)[0] == 0 for name in names] == [True, True, False, True]


async def test_payment_whose_webhook_never_came_is_found_by_asking_stripe(shop: Shop) -> None:
    url = await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")
    bench_of(shop).act(url.rpartition("/")[2], "card")

    assert await shop.billing.payments.reconcile() == 1
    assert await shop.billing.payments.reconcile() == 1
    assert await shop.billing.deliver() == 1

    assert [facts(one) for one in shop.payments()] == [card(TOTAL, TOTAL)]


async def test_event_stored_while_the_erp_was_away_is_caught_up_with(shop: Shop) -> None:
    url = await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")
    bench_of(shop).act(url.rpartition("/")[2], "card")
    shop.wire.is_down = True
    assert await shop.billing.deliver() == 0
    assert await shop.billing.payments.catch_up() == 0
    shop.wire.is_down = False
    shop.clock.forward(minutes=2)

    assert await shop.billing.payments.catch_up() == 1
    assert shop.owed() == (0.0, "Paid")


def test_session_of_another_product_on_the_same_account_is_none_of_ours(
    shop: Shop, browser: Browser
) -> None:
    event = {"id": "evt_x", "type": "checkout.session.completed", "data": {"object": {
        "id": "cs_other", "payment_status": "paid", "payment_intent": "pi_other",
        "amount_total": 9193, "currency": "cad", "metadata": {"invoice": INVOICE}}}}  # fmt: skip

    assert send(shop, browser, json.dumps(event).encode()) == 204
    assert shop.payments() == []
    assert shop.owed() == (TOTAL, "Unpaid")


def test_genuine_event_of_a_kind_that_is_not_used_is_taken_and_changes_nothing(
    shop: Shop, browser: Browser
) -> None:
    raw = json.dumps({"id": "evt_y", "type": "payout.paid", "data": {"object": {}}}).encode()

    assert send(shop, browser, raw) == 204
    assert send(shop, browser, b'{"id": 1}') == 400
    assert send(shop, browser, b"\xff") == 400
