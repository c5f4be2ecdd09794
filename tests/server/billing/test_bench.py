"""The stand-in: answers the official SDK as Stripe does, and is never where it must not be."""

from pathlib import Path
from typing import Any

import pytest
import stripe
from pydantic import ValidationError

from field_core.problems import ProblemError
from server_sync.billing.bench import KEY, URL, Bench, nested
from server_sync.billing.gate import StripeGate, Wanted
from server_sync.settings import Settings
from tests.server.billing.shop import INVOICE, Shop, shop_in


def bench_of(shop: Shop) -> Bench:
    assert shop.billing.bench is not None
    return shop.billing.bench


def client(shop: Shop, key: str = KEY) -> stripe.StripeClient:
    gate = StripeGate(key, url=URL, http=bench_of(shop).answer)
    http: Any = gate._sessions._requestor._get_http_client()  # noqa: SLF001  # the SDK's own seam
    return stripe.StripeClient(key, base_addresses={"api": URL}, http_client=http)


def wanted(shop: Shop, **more: Any) -> Wanted:  # noqa: ANN401  # a value of its own
    values: dict[str, Any] = {
        "key": "chk:1",
        "invoice": INVOICE,
        "cents": 9193,
        "language": "fr",
        "expires_at_s": shop.clock.ms // 1000 + 3600,
        "title": "Facture",
        "success_url": "http://x/done?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://x",
    }
    return Wanted(**(values | more))


def test_same_key_gives_the_same_session_and_another_body_is_refused(shop: Shop) -> None:
    gate = StripeGate(KEY, url=URL, http=bench_of(shop).answer)

    first = gate.create(wanted(shop))

    assert gate.create(wanted(shop)) == first
    assert gate.create(wanted(shop, key="chk:2")).id != first.id
    with pytest.raises(ProblemError):
        gate.create(wanted(shop, cents=100))


@pytest.mark.parametrize(
    "more", [{"cents": 49}, {"expires_at_s": 1}, {"expires_at_s": 9_999_999_999}]
)
def test_session_out_of_stripes_bounds_is_refused(shop: Shop, more: dict[str, int]) -> None:
    with pytest.raises(ProblemError):
        StripeGate(KEY, url=URL, http=bench_of(shop).answer).create(wanted(shop, **more))


def test_another_key_is_refused(shop: Shop) -> None:
    with pytest.raises(ProblemError):
        StripeGate("sk_test_other", url=URL, http=bench_of(shop).answer).create(wanted(shop))


def test_refund_of_more_than_was_paid_is_refused(shop: Shop) -> None:
    sdk, bench = client(shop), bench_of(shop)
    gate = StripeGate(KEY, url=URL, http=bench.answer)
    made = gate.create(wanted(shop))
    bench.act(made.id, "card")
    intent = gate.recent(0)[0].payment_intent
    assert intent

    assert sdk.v1.refunds.create({"payment_intent": intent, "amount": 9000}).amount == 9000
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.refunds.create({"payment_intent": intent, "amount": 194})
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.refunds.create({"payment_intent": "pi_x", "amount": 1})
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.checkout.sessions.retrieve("cs_test_none")
    assert sdk.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_session_that_was_paid_is_not_expired_any_more(shop: Shop) -> None:
    gate = StripeGate(KEY, url=URL, http=bench_of(shop).answer)
    made = gate.create(wanted(shop))
    bench_of(shop).act(made.id, "card")

    gate.expire(made.id)

    assert [one.status for one in gate.recent(0)] == ["complete"]


def test_form_of_stripe_is_read_with_its_nesting() -> None:
    assert nested("a[b][0]=c&a[b][1]=&d=%C3%A9") == {"a": {"b": {"0": "c", "1": ""}}, "d": "é"}


async def test_hosted_page_opens_from_this_machine_alone(shop: Shop) -> None:
    import httpx  # noqa: PLC0415 - for this test alone

    url = await shop.billing.payments.begin(INVOICE, cents=9193, language="en")
    path = url[url.index("/pay-public") :]
    far = httpx.ASGITransport(shop.server.app, client=("192.0.2.7", 1))

    here = await shop.client.get(path)
    async with httpx.AsyncClient(transport=far, base_url="http://server") as other:
        there = await other.get(path)

    assert (here.status_code, there.status_code) == (200, 404)
    assert "The card is accepted" in here.text
    assert (await shop.client.get(path + "x")).status_code == 404
    assert (await shop.client.post(path, data={"act": "steal"})).status_code == 400
    left = await shop.client.post(path, data={"act": "leave"})
    assert left.status_code == 303
    back = left.headers["location"]
    assert (await shop.client.get(back[back.index("/pay-public") :])).status_code == 200


def test_bench_beside_a_stripe_key_is_a_setting_that_makes_no_sense() -> None:
    with pytest.raises(ValidationError):
        Settings.from_environment({"STRIPE_BENCH": "1", "STRIPE_SECRET_KEY": "sk_live_x"})


@pytest.mark.parametrize(
    ("settings", "has"),
    [
        ({}, False),
        ({"stripe_bench": True}, True),
        ({"demo": True}, True),
        ({"demo": True, "stripe_secret_key": "sk_live_x"}, False),
        ({"stripe_bench": True, "server_host": "0.0.0.0"}, False),  # noqa: S104  # that is the point
    ],
)
def test_bench_is_only_where_it_may_be(settings: dict[str, Any], *, has: bool) -> None:
    assert Settings.model_validate(settings).has_bench is has


async def test_nothing_can_be_paid_where_neither_stripe_nor_the_bench_is(tmp_path: Path) -> None:
    with shop_in(tmp_path / "bare", stripe_bench=False) as shop:
        page = await shop.client.post(
            "/pay-public/checkout", data={"t": shop.token(), "amount": "91,93", "lang": "fr"}
        )
        hook = await shop.client.post("/v1/stripe/webhook", content=b"{}")

        assert shop.billing.bench is None
        assert shop.billing.standing() == (True, "not set up")
        assert (page.status_code, hook.status_code) == (503, 400)
        assert await shop.billing.deliver() == 0
        assert await shop.billing.payments.reconcile() == 0
        assert (await shop.client.get("/pay-public/bench/cs_test_x")).status_code == 404


async def test_b08_key_without_webhook_secret_is_red(tmp_path: Path) -> None:
    with shop_in(tmp_path / "x", stripe_bench=False, stripe_secret_key="sk_test_x") as shop:
        found = (await shop.client.get("/ready")).json()["checks"]
        hook = await shop.client.post(
            "/v1/stripe/webhook", content=b"{}", headers={"Stripe-Signature": "t=1,v1=00"}
        )

    payments = [check for check in found if check["name"] == "payments"]
    assert [check.get("is_good", False) for check in payments] == [False]
    assert hook.status_code == 400


async def test_bench_says_on_the_readiness_page_that_it_is_there(shop: Shop) -> None:
    found = (await shop.client.get("/ready")).json()["checks"]

    assert [c["says"] for c in found if c["name"] == "payments"] == ["test bench: no real money"]
