"""A customer who pays, and what is heard of it: the hands of the tests of payments."""

import time
from typing import Any

import httpx
from sqlalchemy import func, select

from server_sync.billing.bench import Bench
from server_sync.billing.events import signature
from server_sync.store.schema import checkout, pay_entry, pay_event
from tests.server.billing.browser import Browser
from tests.server.billing.shop import INVOICE, Shop

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


async def archived(shop: Shop) -> bytes:
    await shop.billing.invoices.archive_new()
    return shop.billing.invoices.archive.find(INVOICE) or b""
