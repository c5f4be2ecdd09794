"""B-19: referral codes: read tolerantly, credited once at activation, taken back if cancelled."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from field_core.referral import read_code
from server_sync.billing.referral_codes import code_for
from server_sync.store.schema import referral_use
from tests.server.billing.shop import EMAIL, PHONE, Shop
from tests.server.http.house import Device

DAY_MS = 24 * 3_600_000


def code_of(shop: Shop, customer: str) -> str:
    secret = shop.billing.till.ring.newest.secret
    return shop.server.store.database.run(lambda c: code_for(c, customer, secret=secret))


@pytest.fixture
def sender(shop: Shop) -> str:
    found = str(shop.read("Sales Invoice", "ACC-SINV-2026-00001")["customer"])
    code_of(shop, found)
    return found


def newcomer(shop: Shop, **more: Any) -> str:  # noqa: ANN401 - a document's own values
    values = {"customer_name": "Rita N.", "mobile_no": "450-555-0199", "email_id": "r@n.test"}
    customer = shop.customer(**{**values, **more})
    shop.location(customer, "44, rue Neuve")
    return customer


def activate(shop: Shop, customer: str, start: str = "2026-09-21") -> str:
    values = {"customer": customer, "plan": "PLAN", "status": "Active", "start_date": start}
    return str(shop.insert("Service Subscription", values)["name"])


async def claim(shop: Shop, clerk: Device, customer: str, code: str) -> httpx.Response:
    path = f"/v1/customers/{customer}/referral"
    return await shop.client.post(path, json={"code": code}, headers=clerk.headers)


async def check(shop: Shop, clerk: Device, code: str) -> httpx.Response:
    body = {"code": code}
    return await shop.client.post("/v1/referrals/check", json=body, headers=clerk.headers)


def state(shop: Shop) -> str | None:
    with shop.server.store.read() as connection:
        found: str | None = connection.execute(select(referral_use.c.state)).scalar()
        return found


def moved(shop: Shop) -> list[tuple[Any, ...]]:
    names = ("payment_type", "party", "paid_amount", "unallocated_amount", "idempotency_key")
    return [tuple(one[name] for name in names) for one in shop.payments()]


async def test_b19_code_is_read_tolerantly_and_tells_a_given_name_alone(
    shop: Shop, sender: str
) -> None:
    clerk, code = await shop.sign_in(), code_of(shop, sender)
    typed = f" {code[:3].lower().replace('0', 'o').replace('1', 'l')}-{code[3:]} "

    told = await check(shop, clerk, typed)

    assert (told.status_code, told.json()) == (200, {"given_name": "Gilles"})
    assert read_code("O1ILxx") == "0111XX"


@pytest.mark.parametrize("typed", ["O1ILxx", "", "UUUUUU", "é", "0" * 99])
async def test_b19_unknown_code_is_refused_kindly(shop: Shop, sender: str, typed: str) -> None:
    assert sender
    refused = await check(shop, await shop.sign_in(), typed)

    assert (refused.status_code, refused.json()["code"]) == (404, "referral-unknown")


async def test_look_ups_are_limited(shop: Shop, sender: str) -> None:
    assert sender
    clerk = await shop.sign_in()
    statuses = [(await check(shop, clerk, "0000ZZ")).status_code for _ in range(31)]

    assert (statuses[29], statuses[30]) == (404, 429)


@pytest.mark.parametrize(
    "same",
    [{"mobile_no": f"+1 {PHONE}"}, {"email_id": EMAIL.upper()}, {"customer_name": "place"}],
    ids=["phone", "email", "place"],
)
async def test_b19_self_referral_is_refused(shop: Shop, sender: str, same: dict[str, str]) -> None:
    customer = newcomer(shop, **same)
    if "customer_name" in same:
        shop.location(customer)  # where the sender lives
    clerk = await shop.sign_in()

    refused = await claim(shop, clerk, customer, code_of(shop, sender))
    oneself = await claim(shop, clerk, sender, code_of(shop, sender))

    assert [one.json()["code"] for one in (refused, oneself)] == ["referral-self"] * 2


async def test_b19_credit_is_given_at_activation_and_once(shop: Shop, sender: str) -> None:
    customer, clerk = newcomer(shop), await shop.sign_in()
    code = code_of(shop, sender)
    assert [(await claim(shop, clerk, customer, code)).status_code for _ in range(2)] == [204, 204]
    assert await shop.billing.referrals.settle() == 0  # not active yet
    activate(shop, customer)

    assert await shop.billing.referrals.settle() == 1
    assert await shop.billing.referrals.settle() == 0

    assert moved(shop) == [("Receive", sender, 50.0, 50.0, f"referral:{customer}")]
    assert state(shop) == "credited"


async def test_b19_credit_whose_answer_was_lost_is_not_given_twice(shop: Shop, sender: str) -> None:
    customer, clerk = newcomer(shop), await shop.sign_in()
    await claim(shop, clerk, customer, code_of(shop, sender))
    activate(shop, customer)

    def lose(request: httpx.Request) -> None:
        if request.method == "POST" and "Payment" in request.url.path:
            raise httpx.ReadError("cut")

    shop.wire.after = lose
    assert await shop.billing.referrals.settle() == 0
    shop.wire.after = None
    shop.clock.forward(minutes=2)

    assert await shop.billing.referrals.settle() == 1
    assert len(shop.payments()) == 1


async def test_b19_service_cancelled_within_thirty_days_takes_the_credit_back(
    shop: Shop, sender: str
) -> None:
    customer, clerk = newcomer(shop), await shop.sign_in()
    await claim(shop, clerk, customer, code_of(shop, sender))
    service = activate(shop, customer)
    await shop.billing.referrals.settle()
    shop.clock.ms += 29 * DAY_MS
    await shop.billing.till.client.update("Service Subscription", service, {"status": "Cancelled"})

    assert await shop.billing.referrals.settle() == 1
    assert await shop.billing.referrals.settle() == 0

    assert [one[:3] for one in moved(shop)] == [("Receive", sender, 50.0), ("Pay", sender, 50.0)]


async def test_b19_service_kept_for_thirty_days_keeps_the_credit(shop: Shop, sender: str) -> None:
    customer, clerk = newcomer(shop), await shop.sign_in()
    await claim(shop, clerk, customer, code_of(shop, sender))
    service = activate(shop, customer)
    await shop.billing.referrals.settle()
    shop.clock.ms += 31 * DAY_MS
    await shop.billing.till.client.update("Service Subscription", service, {"status": "Cancelled"})

    assert await shop.billing.referrals.settle() == 1

    assert (state(shop), len(shop.payments())) == ("kept", 1)


async def test_customer_is_sent_by_one_person_and_only_when_new(shop: Shop, sender: str) -> None:
    customer, other, clerk = newcomer(shop), newcomer(shop, mobile_no="", email_id=""), None
    shop.clock.ms += 1
    clerk = await shop.sign_in()
    await claim(shop, clerk, customer, code_of(shop, sender))
    third = shop.customer(customer_name="Luc P.", mobile_no="", email_id="")
    refused = await claim(shop, clerk, customer, code_of(shop, third))
    activate(shop, other)
    late = await claim(shop, clerk, other, code_of(shop, sender))

    assert [one.json()["code"] for one in (refused, late)] == [
        "referral-claimed",
        "referral-not-new",
    ]
