"""A customer pays: from the paper to the entry in the ERP, over a real socket, without script."""

import asyncio
import html
import re

import pypdfium2
import pytest
import zxingcpp

from field_core.tokens import Use
from tests.server.billing.browser import Browser, text_of
from tests.server.billing.paying import (
    archived,
    at_the_bench,
    bench_of,
    card,
    counts,
    facts,
    pay_unheard,
    send,
    summary,
    wait_for_webhooks,
)
from tests.server.billing.shop import TOTAL, Shop, item


def test_invoice_is_paid_from_the_paper_to_the_erp(shop: Shop, browser: Browser) -> None:
    page = summary(shop, browser)
    assert "91,93 $" in text_of(page).replace("\xa0", " ")

    bench = browser.follow(browser.submit(page))
    assert "Banc d’essai" in text_of(bench)
    browser.submit(bench, 0)
    wait_for_webhooks(shop)
    back = browser.get(f"/pay-public/done?s={str(bench.url).rpartition('/')[2]}")

    assert "Paiement confirmé" in text_of(back)
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


def test_b10_preauthorised_customer_sees_the_date_and_chooses(shop: Shop, browser: Browser) -> None:
    name = shop.invoice(shop.customer(ppa_enabled=1), [item("x", 50)])

    page = summary(shop, browser, name)

    assert "sera prélevé le 1er octobre 2026" in text_of(page)
    assert "<details><summary>Payer maintenant quand même" in page.text


@pytest.mark.parametrize("use", [Use.QR, Use.MAGIC, Use.BRIDGE])
def test_link_of_each_use_opens_the_page(shop: Shop, browser: Browser, use: Use) -> None:
    assert browser.get(f"/pay-public?t={shop.token(use=use)}").status_code == 200


def test_printed_code_leads_to_the_payment_of_its_invoice(shop: Shop, browser: Browser) -> None:
    document = pypdfium2.PdfDocument(asyncio.run(archived(shop)))
    image = document[0].render(scale=150 / 72).to_pil()
    document.close()
    (code,) = zxingcpp.read_barcodes(image)

    page = browser.get(code.text)
    browser.submit(browser.follow(browser.submit(page)), 0)
    wait_for_webhooks(shop)

    assert shop.owed() == (0.0, "Paid")


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
