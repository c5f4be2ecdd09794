"""Links that expired, were changed, or are asked for: one answer for all, and limits that hold."""

import json
from typing import Final

import httpx
import pytest
from sqlalchemy import select

from field_core.tokens import Use
from server_sync.billing import limits
from server_sync.billing.limits import Limit
from server_sync.billing.messages import EMAIL, SMS, Mailjet, Outbox, Twilio
from server_sync.store.schema import message_out, pay_audit
from tests.server.billing.browser import Browser, text_of
from tests.server.billing.shop import EMAIL as ADDRESS
from tests.server.billing.shop import INVOICE, PHONE, Shop, item
from tests.server.http.house import MARC

RIGHT: Final = PHONE[-4:]
SECRETS: Final = ("Gilles", "rang du Cordon", "Saint-Rémi", PHONE, ADDRESS, "0134", "C-10370")


def messages(shop: Shop) -> list[tuple[str, str, str]]:
    with shop.server.store.read() as connection:
        rows = connection.execute(select(message_out).order_by(message_out.c.id))
        return [(row.channel, row.recipient, row.content) for row in rows]


def audited(shop: Shop) -> list[tuple[str, str, dict[str, str]]]:
    with shop.server.store.read() as connection:
        rows = connection.execute(select(pay_audit).order_by(pay_audit.c.id))
        return [(row.act, row.actor, json.loads(row.details)) for row in rows]


async def asks(shop: Shop, token: str, last4: str = RIGHT, channel: str = "sms") -> httpx.Response:
    answer = await shop.client.post(
        "/pay-public/link", data={"t": token, "last4": last4, "channel": channel, "lang": "fr"}
    )
    await shop.billing.links.decide()
    return answer


def test_page_tells_nothing_that_the_bearer_of_the_paper_need_not_know(
    shop: Shop, browser: Browser
) -> None:
    page = browser.get(f"/pay-public?t={shop.token()}")

    assert [secret for secret in SECRETS if secret in page.text] == []
    assert "Bonjour G." in text_of(page)
    assert len(page.content) < 60_000
    assert "<script" not in page.text


def test_page_has_a_policy_of_its_own(shop: Shop, browser: Browser) -> None:
    page = browser.get(f"/pay-public?t={shop.token()}")

    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_page_speaks_both_languages(shop: Shop, browser: Browser) -> None:
    token = shop.token()

    assert "Pay my invoice" in text_of(browser.get(f"/pay-public?t={token}&lang=en"))
    assert "$91.93" in text_of(browser.get(f"/pay-public?t={token}&lang=en"))
    browser.language = "en-CA"
    assert browser.get(f"/pay-public?t={token}").headers["content-language"] == "en-CA"


def test_b02_paper_of_61_days_shows_no_detail_and_offers_a_link(
    shop: Shop, browser: Browser
) -> None:
    token = shop.token()
    shop.clock.forward(days=61)

    page = browser.get(f"/pay-public?t={token}")

    assert page.status_code == 410
    assert "Ce lien a expiré" in text_of(page)
    assert [x for x in (*SECRETS, INVOICE, "91,93") if x in page.text] == []
    answer = browser.submit(page, last4=RIGHT)
    assert (answer.status_code, "Demande reçue" in text_of(answer)) == (202, True)


async def test_b02_new_link_goes_to_the_phone_on_file_and_opens_the_invoice(shop: Shop) -> None:
    token = shop.token()
    shop.clock.forward(days=61)

    await asks(shop, token)

    ((channel, to, content),) = messages(shop)
    assert (channel, to) == ("sms", "+15795550134")
    link = content[content.index("/pay-public") :]
    assert (await shop.client.get(link)).status_code == 200
    shop.clock.forward(minutes=15)
    assert (await shop.client.get(link)).status_code == 410


async def test_b03_wrong_digits_get_one_answer_then_the_invoice_is_closed_for_a_while(
    shop: Shop,
) -> None:
    token, other = shop.token(), shop.token("ACC-SINV-2026-09999")

    answers = [await asks(shop, token, "0000") for _ in range(6)]
    right = await asks(shop, token)
    unknown = await asks(shop, other)
    forged = await asks(shop, token[:-1] + "A")

    every = [*answers, right, unknown, forged]
    assert {(one.status_code, one.content) for one in every} == {(202, answers[0].content)}
    assert {tuple(sorted(dict(one.headers).items())) for one in every} == {
        tuple(sorted(dict(answers[0].headers).items()))
    }
    assert messages(shop) == []
    wrong = [details["locked"] for act, _, details in audited(shop) if act == "wrong-last4"]
    assert wrong == ["False"] * 4 + ["True"]

    shop.clock.forward(days=1)
    await asks(shop, token)
    assert len(messages(shop)) == 1


async def test_b03_one_phone_gets_three_texts_a_day(shop: Shop) -> None:
    for _ in range(6):
        await asks(shop, shop.token())
        shop.clock.forward(minutes=20)

    assert len(messages(shop)) == 3


async def test_b03_address_that_asks_too_often_is_told_when_to_come_back(shop: Shop) -> None:
    answers = [await asks(shop, "x") for _ in range(21)]

    assert [one.status_code for one in answers] == [202] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) == 180


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), id="last"),
        pytest.param(lambda t: t.replace("v1.", "v2."), id="version"),
        pytest.param(lambda t: t.replace(".qr.", ".magic."), id="use"),
        pytest.param(lambda t: t.replace("v1.a.", "v1.zz."), id="future-key"),
        pytest.param(lambda t: t + "=", id="padding"),
        pytest.param(lambda t: t[:40] + ("x" if t[40] != "x" else "y") + t[41:], id="payload"),
        pytest.param(lambda _: "", id="none"),
        pytest.param(lambda _: "a" * 5000, id="long"),
    ],
)
def test_b04_link_that_was_changed_gets_the_one_answer(
    shop: Shop, browser: Browser, spoil: object
) -> None:
    assert callable(spoil)
    generic = browser.get("/pay-public?t=nothing&lang=fr")

    answer = browser.get(f"/pay-public?t={spoil(shop.token())}&lang=fr")

    assert (answer.status_code, answer.content) == (404, generic.content)
    assert (answer.status_code, generic.status_code) == (404, 404)


def test_b04_link_of_another_invoice_is_refused(shop: Shop, browser: Browser) -> None:
    other = shop.invoice(shop.customer(), [item("x", 10)])

    assert browser.get(f"/pay-public?t={shop.token()}&inv={other}").status_code == 404
    assert browser.get(f"/pay-public?t={shop.token()}&inv={INVOICE}").status_code == 200


def test_b04_guesses_from_one_address_are_limited(shop: Shop, browser: Browser) -> None:
    answers = [browser.get("/pay-public?t=x").status_code for _ in range(61)]

    assert answers == [404] * 60 + [429]
    assert browser.get(f"/pay-public?t={shop.token()}").status_code == 200


async def test_b01_clerk_sends_a_link_and_it_is_noted_who(shop: Shop) -> None:
    clerk = await shop.sign_in()

    answer = await clerk.post(f"/v1/invoices/{INVOICE}/link", {"channel": "email"})

    assert answer.status_code == 202
    ((channel, to, content),) = messages(shop)
    assert (channel, to) == ("email", ADDRESS)
    token = content.partition("t=")[2]
    found = shop.billing.links.read(token)
    assert found is not None
    assert (found.use, found.expires_at_s) == (Use.MAGIC, shop.clock.ms // 1000 + 900)
    assert audited(shop) == [("link-sent", "lise@example.test", {"channel": "email"})]


async def test_b01_only_the_office_sends_links(shop: Shop) -> None:
    marc = await shop.sign_in(MARC)
    clerk = await shop.sign_in()

    assert (await marc.post(f"/v1/invoices/{INVOICE}/link", {"channel": "sms"})).status_code == 403
    unknown = await clerk.post("/v1/invoices/ACC-SINV-2026-09999/link", {"channel": "sms"})
    assert unknown.status_code == 404
    assert (await clerk.post(f"/v1/invoices/{INVOICE}/link", {"channel": "fax"})).status_code == 400


async def test_b01_customer_without_an_address_cannot_be_written_to(shop: Shop) -> None:
    name = shop.invoice(shop.customer(email_id=""), [item("x", 10)])
    clerk = await shop.sign_in()

    assert (await clerk.post(f"/v1/invoices/{name}/link", {"channel": "email"})).status_code == 422


async def test_request_while_the_erp_is_away_waits_for_it(shop: Shop) -> None:
    shop.wire.is_down = True
    await asks(shop, shop.token())
    assert messages(shop) == []
    shop.wire.is_down = False
    shop.clock.forward(minutes=2)

    assert await shop.billing.links.decide() == 1


def test_page_while_the_erp_is_away_says_so(shop: Shop, browser: Browser) -> None:
    shop.wire.is_down = True

    page = browser.get(f"/pay-public?t={shop.token()}")

    assert (page.status_code, "indisponible" in text_of(page)) == (503, True)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"t=x", "text/plain", 400),
        (b"x" * 5000, "application/x-www-form-urlencoded", 413),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(20)), "application/x-www-form-urlencoded", 400),
        (b"t=%ff", "application/x-www-form-urlencoded", 400),
    ],
)
async def test_form_that_is_none_is_refused(
    shop: Shop, content: bytes, kind: str, status: int
) -> None:
    for path in ("/pay-public/link", "/pay-public/checkout"):
        answer = await shop.client.post(path, content=content, headers={"Content-Type": kind})
        assert answer.status_code == status


def test_allowance_comes_back_one_by_one(shop: Shop) -> None:
    limit, database = Limit("x", 3, 3_000), shop.server.store.database

    def at(now_ms: int) -> int:
        return database.run(lambda c: limits.spend(c, limit, "who", now_ms=now_ms))

    assert [at(0), at(0), at(0), at(0), at(999), at(1000), at(1000)] == [0, 0, 0, 1000, 1, 0, 1000]
    database.run(lambda c: limits.sweep(c, now_ms=10_000))
    assert at(10_000) == 0


class Provider(httpx.AsyncBaseTransport):
    """A provider on the other end: answers in order, and notes what it was sent."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.seen = list(statuses), list[httpx.Request]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.seen.append(request)
        status = self.statuses.pop(0)
        if not status:
            raise httpx.ConnectError("down")
        return httpx.Response(status, json={})


async def test_text_message_goes_to_twilio_and_its_link_is_forgotten(shop: Shop) -> None:
    provider = Provider(500, 0, 201)
    sender = Twilio("http://sms.test", "AC1", "token", "+15145550100", provider)
    outbox = Outbox(shop.billing.till, {SMS: sender}, shop.server.blobs.store)
    await asks(shop, shop.token())

    for seconds in (0, 10, 30):
        shop.clock.ms += seconds * 1000
        assert await outbox.send_due() == 1

    assert await outbox.send_due() == 0
    assert messages(shop) == [("sms", "+15795550134", "")]
    request = provider.seen[-1]
    assert request.url.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert b"To=%2B15795550134" in request.content
    assert request.headers["authorization"].startswith("Basic ")


async def test_message_that_never_goes_is_given_up(shop: Shop) -> None:
    outbox = Outbox(
        shop.billing.till,
        {EMAIL: Mailjet("http://m.test", "k", "s", "a@b.test", Provider(*[500] * 4))},
        shop.server.blobs.store,
    )
    await shop.billing.links.send(INVOICE, channel="email", actor="x")
    for _ in range(4):
        await outbox.send_due()
        shop.clock.forward(minutes=3)

    with shop.server.store.read() as connection:
        assert connection.execute(select(message_out.c.state)).scalars().all() == ["failed"]


async def test_text_that_the_provider_refuses_is_not_tried_again(shop: Shop) -> None:
    """Twilio answers 400 (code 21610) for a number that answered ARRÊT or STOP."""
    provider = Provider(400)
    sender = Twilio("http://sms.test", "AC1", "token", "+15145550100", provider)
    outbox = Outbox(shop.billing.till, {SMS: sender}, shop.server.blobs.store)
    await asks(shop, shop.token())

    assert await outbox.send_due() == 1
    shop.clock.forward(minutes=3)
    assert await outbox.send_due() == 0

    with shop.server.store.read() as connection:
        assert connection.execute(select(message_out.c.state)).scalars().all() == ["failed"]


async def test_payments_begun_of_one_invoice_are_limited(shop: Shop) -> None:
    form = {"t": shop.token(), "amount": "1", "lang": "fr"}

    answers = [await shop.client.post("/pay-public/checkout", data=form) for _ in range(21)]

    assert [one.status_code for one in answers] == [422] * 20 + [429]
