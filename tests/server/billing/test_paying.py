"""A customer pays: from the paper to the entry in the ERP, over a real socket, without script."""

import asyncio
import html
import json
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
import stripe
import zxingcpp
from sqlalchemy import func, select, update

from field_core.tokens import Use
from server_sync.billing.bench import Bench
from server_sync.billing.events import signature
from server_sync.billing.ledger import Entry
from server_sync.billing.posting import Posting
from server_sync.store.schema import checkout, pay_audit, pay_entry, pay_event
from tests.postgresql import Cluster, postgresql
from tests.server.billing.browser import Browser, text_of
from tests.server.billing.shop import INVOICE, TOTAL, Shop, item, shop_in

__all__ = ["postgresql"]

WEBHOOK = "/v1/stripe/webhook"


def summary(shop: Shop, browser: Browser, invoice: str = INVOICE) -> httpx.Response:
    return browser.get(f"/pay-public?t={shop.token(invoice)}")


def at_the_bench(shop: Shop, browser: Browser, amount: str = "91,93") -> httpx.Response:
    return browser.follow(browser.submit(summary(shop, browser), amount=amount))


def bench_of(shop: Shop) -> Bench:
    assert shop.billing.bench is not None
    return shop.billing.bench


def send(shop: Shop, browser: Browser, raw: bytes, signed: str | None = None) -> int:
    header = signed or signature(raw, secret=bench_of(shop).secret, at_s=shop.clock.ms // 1000)
    return httpx.post(
        f"{browser.base}{WEBHOOK}", content=raw, headers={"Stripe-Signature": header}, timeout=20
    ).status_code


def wait_for_webhooks(shop: Shop) -> None:
    """The stand-in delivers after it has answered the browser, like Stripe."""
    deadline = time.monotonic() + 10
    while bench_of(shop).due():
        assert time.monotonic() < deadline, "the webhook did not get through"
        time.sleep(0.02)


def undelivered(shop: Shop) -> list[bytes]:
    return [raw for _, raw, _ in bench_of(shop).due()]


def pay_unheard(shop: Shop, browser: Browser, act: str = "card") -> list[bytes]:
    """Pay at the stand-in whose webhooks do not get through; return them."""
    page = at_the_bench(shop, browser)
    name = str(page.url).rpartition("/")[2]
    bench_of(shop).act(name, act)
    return undelivered(shop)


def counts(shop: Shop) -> dict[str, int]:
    with shop.server.store.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar() or 0
            for table in (checkout, pay_event, pay_entry)
        }


def facts(payment: dict[str, Any]) -> dict[str, Any]:
    names = ("payment_type", "paid_amount", "total_allocated_amount", "unallocated_amount",
             "mode_of_payment", "docstatus")  # fmt: skip
    return {name: payment[name] for name in names}


def card(paid: float, allocated: float, mode: str = "Carte de crédit") -> dict[str, Any]:
    return {
        "payment_type": "Receive",
        "paid_amount": paid,
        "total_allocated_amount": allocated,
        "unallocated_amount": round(paid - allocated, 2),
        "mode_of_payment": mode,
        "docstatus": 1,
    }


def test_invoice_is_paid_from_the_paper_to_the_erp(shop: Shop, browser: Browser) -> None:
    page = summary(shop, browser)
    assert "91,93 $" in text_of(page).replace("\xa0", " ")

    bench = browser.follow(browser.submit(page))
    assert "Banc d’essai" in text_of(bench)
    browser.submit(bench, 0)
    wait_for_webhooks(shop)
    back = browser.get(f"/pay-public/done?s={str(bench.url).rpartition('/')[2]}")

    assert "Facture payée" in text_of(back)
    assert shop.owed() == (0.0, "Paid")
    assert [facts(one) for one in shop.payments()] == [card(TOTAL, TOTAL)]
    assert "Facture payée" in text_of(summary(shop, browser))
    assert "Payée le 21 septembre 2026." in text_of(summary(shop, browser))


def test_b05_customer_who_returns_first_sees_that_it_is_being_confirmed(
    shop: Shop, browser: Browser
) -> None:
    page = at_the_bench(shop, browser)
    name = str(page.url).rpartition("/")[2]
    bench_of(shop).act(name, "card")

    back = browser.get(f"/pay-public/done?s={name}&lang=fr")

    assert "Paiement en cours de confirmation" in text_of(back)
    assert 'http-equiv="refresh"' in back.text
    assert shop.payments() == []
    assert shop.owed() == (TOTAL, "Unpaid")


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


def test_part_is_paid_and_the_rest_stays_owed(shop: Shop, browser: Browser) -> None:
    browser.submit(at_the_bench(shop, browser, amount="40"), 0)
    wait_for_webhooks(shop)

    assert shop.owed() == (51.93, "Partly Paid")
    assert "51,93" in text_of(summary(shop, browser))


@pytest.mark.parametrize("amount", ["4,99", "91,94", "0", "-5", "abc", "", "1e9", "1" * 19])
def test_amount_out_of_bounds_begins_nothing(shop: Shop, browser: Browser, amount: str) -> None:
    answer = browser.submit(summary(shop, browser), amount=amount)

    assert (answer.status_code, "Ce montant ne convient pas" in text_of(answer)) == (422, True)
    assert counts(shop)["checkout"] == 0


def test_double_click_leads_to_one_session(shop: Shop, browser: Browser) -> None:
    page = summary(shop, browser)

    one, other = browser.submit(page), browser.submit(page)

    assert one.headers["location"] == other.headers["location"]
    assert counts(shop)["checkout"] == 1


def test_another_amount_closes_the_session_before(shop: Shop, browser: Browser) -> None:
    first = str(at_the_bench(shop, browser, amount="50").url).rpartition("/")[2]
    at_the_bench(shop, browser, amount="60")

    assert bench_of(shop).session(first)["status"] == "expired"


def test_debit_is_shown_as_underway_then_settles(shop: Shop, browser: Browser) -> None:
    started, settled = pay_unheard(shop, browser, "debit_ok")
    if b"completed" not in started:
        started, settled = settled, started
    assert send(shop, browser, started) == 204
    assert "débit bancaire est en traitement" in text_of(summary(shop, browser))
    assert shop.payments() == []

    assert send(shop, browser, settled) == 204
    assert [facts(one) for one in shop.payments()] == [card(TOTAL, TOTAL, "Débit préautorisé")]


def test_debit_that_fails_leaves_the_invoice_owed_and_may_be_tried_again(
    shop: Shop, browser: Browser
) -> None:
    events = pay_unheard(shop, browser, "debit_fails")

    assert [send(shop, browser, raw) for raw in events] == [204, 204]
    assert shop.owed() == (TOTAL, "Unpaid")
    assert "<form" in summary(shop, browser).text


def test_amount_that_is_not_the_one_asked_for_is_kept_apart(shop: Shop, browser: Browser) -> None:
    (raw,) = pay_unheard(shop, browser)
    event = json.loads(raw)
    event["data"]["object"]["amount_total"] = 5000

    assert send(shop, browser, json.dumps(event).encode()) == 204

    assert facts(shop.payments()[0]) == card(50.0, 0.0)
    assert shop.owed() == (TOTAL, "Unpaid")


def test_refund_before_its_payment_waits_and_then_goes_back_once(
    shop: Shop, browser: Browser
) -> None:
    (raw,) = pay_unheard(shop, browser)
    intent = json.loads(raw)["data"]["object"]["payment_intent"]
    refund = {"id": "evt_r", "type": "refund.created", "data": {"object": {
        "id": "re_1", "payment_intent": intent, "amount": 1000, "currency": "cad"}}}  # fmt: skip
    body = json.dumps(refund).encode()

    answers = [send(shop, browser, one) for one in (body, raw, body, body)]

    assert answers == [503, 204, 204, 204]
    assert [(p["payment_type"], p["paid_amount"]) for p in shop.payments()] == [
        ("Receive", TOTAL),
        ("Pay", 10.0),
    ]


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


async def test_same_event_taken_at_once_by_many_gives_one_entry(shop: Shop) -> None:
    url = await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")
    bench_of(shop).act(url.rpartition("/")[2], "card")
    _, raw, signed = bench_of(shop).due()[0]

    await asyncio.gather(*(shop.billing.payments.receive(raw, signed) for _ in range(8)))

    assert len(shop.payments()) == 1
    with shop.server.store.read() as connection:
        assert connection.execute(select(pay_audit.c.act)).scalars().all() == ["receipt"]


def test_b10_preauthorised_customer_sees_the_date_and_chooses(shop: Shop, browser: Browser) -> None:
    name = shop.invoice(shop.customer(ppa_enabled=1), [item("x", 50)])

    page = summary(shop, browser, name)

    assert "sera prélevé le 1er octobre 2026" in text_of(page)
    assert "<details><summary>Payer maintenant quand même" in page.text


@pytest.mark.parametrize("use", [Use.QR, Use.MAGIC, Use.BRIDGE])
def test_link_of_each_use_opens_the_page(shop: Shop, browser: Browser, use: Use) -> None:
    assert browser.get(f"/pay-public?t={shop.token(use=use)}").status_code == 200


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


async def archived(shop: Shop) -> bytes:
    await shop.billing.invoices.archive_new()
    return shop.billing.invoices.archive.find(INVOICE) or b""


def test_printed_code_leads_to_the_payment_of_its_invoice(shop: Shop, browser: Browser) -> None:
    document = pypdfium2.PdfDocument(asyncio.run(archived(shop)))
    image = document[0].render(scale=150 / 72).to_pil()
    document.close()
    (code,) = zxingcpp.read_barcodes(image)

    page = browser.get(code.text)
    browser.submit(browser.follow(browser.submit(page)), 0)
    wait_for_webhooks(shop)

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


def test_customer_whose_debit_failed_may_go_back_to_the_invoice(
    shop: Shop, browser: Browser
) -> None:
    page = at_the_bench(shop, browser)
    after = browser.submit(page, 2)
    wait_for_webhooks(shop)

    back = browser.follow(after)

    assert "Le paiement n’a pas passé" in text_of(back)
    again = html.unescape(re.findall(r'class="button" href="([^"]+)"', back.text)[0])
    assert "91,93" in text_of(browser.get(again))
    assert browser.get("/pay-public/done?s=cs_test_none").status_code == 404


def test_checkout_with_a_link_that_is_old_or_changed_begins_nothing(
    shop: Shop, browser: Browser
) -> None:
    token = shop.token()
    form = {"t": token, "amount": "91,93", "lang": "fr"}

    assert browser.post("/pay-public/checkout", form | {"t": token + "x"}).status_code == 404
    shop.clock.forward(days=61)
    assert browser.post("/pay-public/checkout", form).status_code == 410
    assert counts(shop)["checkout"] == 0


async def test_account_of_the_payments_is_named_to_erpnext(shop: Shop) -> None:
    posting = Posting(shop.billing.till, account="Stripe - GF")

    for kind in ("receipt", "refund"):
        await posting.post(Entry(kind, "pi_1", INVOICE, 1000, "Carte de crédit", None, None))

    sides = [(one["paid_from"], one["paid_to"]) for one in shop.payments()]
    debtors = shop.read("Sales Invoice", INVOICE)["debit_to"]
    assert sides == [(debtors, "Stripe - GF"), ("Stripe - GF", debtors)]
