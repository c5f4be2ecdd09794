"""An invoice for its screen: lines, link, timeline, pages; and what a technician may know of it."""

import hashlib
from typing import Any

import pypdfium2
import pytest

from field_core.tokens import PayToken
from server_sync.billing.bench import Bench
from tests.server.billing.browser import Browser
from tests.server.billing.desk.test_panels import CUSTOMER, ask, polled, receipt
from tests.server.billing.shop import INVOICE, Shop, item
from tests.server.http.house import MARC, Device

ALLOCATED: dict[str, Any] = {
    "reference_doctype": "Sales Invoice",
    "reference_name": INVOICE,
    "allocated_amount": 91.93,
}


async def test_invoice_tells_its_lines_taxes_and_where_they_go(shop: Shop) -> None:
    clerk = await shop.sign_in()

    told = await ask(clerk, f"/v1/invoices/{INVOICE}")

    assert (told["total"], told["outstanding"], told["net"]) == ("91.93", "91.93", "79.95")
    assert [tax["amount"] for tax in told["taxes"]] == ["4.00", "7.98"]
    assert told["charges"] == [
        {
            "text": "Internet fibre 500",
            "rate": "79.95",
            "amount": "79.95",
            "place": "12, rang du Cordon, Saint-Rémi",
        }
    ]
    assert (told["phone"], told["email"]) == ("••• ••• ••34", "c•••@courriel.test")


async def test_link_on_the_screen_opens_the_invoice_and_stays_the_same_all_day(shop: Shop) -> None:
    clerk = await shop.sign_in()
    first = await ask(clerk, f"/v1/invoices/{INVOICE}")
    shop.clock.forward(minutes=120)
    clerk = await shop.sign_in()

    second = await ask(clerk, f"/v1/invoices/{INVOICE}")

    assert first["pay_url"] == second["pay_url"]
    token = first["pay_url"].partition("t=")[2]
    read = shop.billing.counter.read(token, INVOICE)
    assert isinstance(read, PayToken)
    assert read.expires_at_s * 1000 == first["pay_until_ms"]


async def test_timeline_tells_link_view_session_confirmation_and_entry(
    shop: Shop, browser: Browser
) -> None:
    clerk = await shop.sign_in()
    await clerk.post(f"/v1/invoices/{INVOICE}/link", {"channel": "email"})
    for _ in range(3):  # a mail scanner, a phone, a second thought: one view an hour is told
        shop.clock.forward(minutes=1)
        browser.get(f"/pay-public?t={shop.token()}")
    shop.clock.forward(minutes=1)
    await paid(shop)

    told = await ask(clerk, f"/v1/invoices/{INVOICE}")

    kinds = [moment["kind"] for moment in told["moments"]]
    assert kinds == ["issued", "link-sent", "viewed", "session", "confirmed", "entry"]
    assert told["status"] == "Paid"
    assert "pay_url" not in told
    by_kind = {moment["kind"]: moment for moment in told["moments"]}
    assert by_kind["link-sent"]["by"] == "lise@example.test"
    assert by_kind["confirmed"]["reference"].startswith("pi_")
    assert by_kind["entry"]["reference"] == "ACC-PAY-2026-00001"
    assert by_kind["session"]["state"] == "paid"


async def paid(shop: Shop) -> None:
    """Pay by card on the bench, without a browser."""
    bench = shop.billing.bench
    assert bench is not None
    url = await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")
    bench.act(url.rpartition("/")[2], "card")
    assert await shop.billing.deliver() == 1


async def test_payment_by_cheque_stands_in_the_timeline_once(shop: Shop) -> None:
    shop.insert("Payment Entry", receipt(91.93, ALLOCATED))
    clerk = await shop.sign_in()

    told = await ask(clerk, f"/v1/invoices/{INVOICE}")

    entries = [moment for moment in told["moments"] if moment["kind"] == "entry"]
    assert [(one["amount"], one["mode"]) for one in entries] == [("91.93", "Chèque")]


async def test_page_is_drawn_from_the_very_bytes_that_the_customer_has(shop: Shop) -> None:
    """OP-08: the same bytes."""
    clerk = await shop.sign_in()
    pdf = (await clerk.get(f"/v1/invoices/{INVOICE}/pdf")).content

    answer = await clerk.get(f"/v1/invoices/{INVOICE}/pages/1")

    assert answer.headers["content-type"] == "image/png"
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    document = pypdfium2.PdfDocument(pdf)
    assert answer.headers["x-pages"] == str(len(document)) == "1"
    document.close()
    assert shop.billing.archive_name(INVOICE) == hashlib.sha256(pdf).hexdigest()
    again = await clerk.get(
        f"/v1/invoices/{INVOICE}/pages/1", **{"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "99999999999"])
async def test_page_that_the_pdf_does_not_have_is_not_found(shop: Shop, number: str) -> None:
    clerk = await shop.sign_in()

    assert (await clerk.get(f"/v1/invoices/{INVOICE}/pages/{number}")).status_code == 404


async def test_what_was_due_first_stands_in_front(shop: Shop) -> None:
    late = shop.invoice(CUSTOMER, [item("Installation", 50.0)], posting_date="2026-07-01",
                        due_date="2026-08-01")  # fmt: skip
    clerk = await shop.sign_in()

    owed = await ask(clerk, "/v1/invoices")
    latest = await ask(clerk, "/v1/invoices?which=latest")

    assert [row["name"] for row in owed["rows"]] == [late, INVOICE]
    assert [row["name"] for row in latest["rows"]] == [INVOICE, late]
    assert owed["rows"][0]["customer_name"] == "Gilles D."


# --- what needs a person


async def attention(shop: Shop) -> list[tuple[str, list[str]]]:
    shop.clock.forward(minutes=1)
    clerk = await shop.sign_in()
    rows = (await ask(clerk, "/v1/invoices?which=attention")).get("rows", [])
    return [(row["name"], row["why"]) for row in rows]


async def session_of(shop: Shop) -> str:
    return (await shop.billing.payments.begin(INVOICE, cents=9193, language="fr")).rpartition("/")[
        2
    ]


async def test_surplus_is_looked_at_until_it_is_allocated(shop: Shop) -> None:
    """B-09: a late success is a credit with an alert, never an overpaid invoice."""
    session = await session_of(shop)
    shop.insert("Payment Entry", receipt(91.93, ALLOCATED))
    assert await attention(shop) == []

    bench_of(shop).act(session, "card")
    await shop.billing.deliver()

    assert await attention(shop) == [(INVOICE, ["overpaid"])]


async def test_failed_debit_is_looked_at_until_the_invoice_is_paid(shop: Shop) -> None:
    bench_of(shop).act(await session_of(shop), "debit_fails")
    for _ in range(3):
        shop.clock.forward(minutes=10)
        await shop.billing.deliver()
    assert await attention(shop) == [(INVOICE, ["debit-failed"])]

    shop.insert("Payment Entry", receipt(91.93, ALLOCATED))

    assert await attention(shop) == []


async def test_payment_that_cannot_enter_the_erp_is_looked_at(shop: Shop) -> None:
    """B-07: the server keeps trying, and a person is told."""
    bench_of(shop).act(await session_of(shop), "card")
    shop.wire.is_down = True
    await shop.billing.deliver()
    shop.wire.is_down = False
    shop.clock.forward(minutes=6)

    assert await attention(shop) == [(INVOICE, ["not-entered"])]
    await shop.billing.payments.catch_up()
    assert await attention(shop) == []


def bench_of(shop: Shop) -> Bench:
    found = shop.billing.bench
    assert found is not None
    return found


# --- at the door


async def marc_with_a_job(shop: Shop) -> Device:
    shop.insert(
        "Dispatch Technician",
        {"full_name": "Marc T.", "status": "Active"},
    )
    shop.insert(
        "Dispatch Job",
        {"subject": "Panne", "customer": CUSTOMER, "service_location": "LOC-00001",
         "status": "Dispatched", "scheduled_date": "2026-09-21",
         "assigned_technician": "DT-00001"},
    )  # fmt: skip
    marc = await shop.sign_in(MARC)
    await polled(shop)
    return marc


async def test_technician_gets_links_of_customers_he_visits_and_nothing_else(shop: Shop) -> None:
    other = shop.customer(customer_name="Somebody else")
    shop.invoice(other, [item("Internet", 10.0)])
    marc = await marc_with_a_job(shop)

    told = await ask(marc, "/v1/door")

    (link,) = told["links"]
    assert {*link} == {"invoice", "customer", "url", "until_ms"}
    assert (link["invoice"], link["customer"]) == (INVOICE, CUSTOMER)


async def test_technician_hears_that_his_customer_has_paid(shop: Shop) -> None:
    marc = await marc_with_a_job(shop)
    before = await ask(marc, f"/v1/invoices/{INVOICE}/receipt")
    shop.clock.forward(minutes=2)

    await paid(shop)

    after = await ask(marc, f"/v1/invoices/{INVOICE}/receipt")
    assert before == {"name": INVOICE, "outstanding": "91.93"}
    assert after == {"name": INVOICE, "paid": "91.93", "at_ms": shop.clock.ms}


async def test_technician_hears_nothing_of_strangers(shop: Shop) -> None:
    other = shop.customer(customer_name="Somebody else")
    foreign = shop.invoice(other, [item("Internet", 10.0)])
    marc = await marc_with_a_job(shop)

    answers = [
        await marc.get(f"/v1/invoices/{name}/receipt") for name in (foreign, "ACC-SINV-2026-99999")
    ]

    assert [one.json()["code"] for one in answers] == ["not-found", "not-found"]
    assert answers[0].content == answers[1].content


async def test_links_do_not_change_while_nothing_does(shop: Shop) -> None:
    marc = await marc_with_a_job(shop)
    first = await marc.get("/v1/door")
    shop.clock.forward(minutes=60)
    marc = await shop.sign_in(MARC)

    second = await marc.get("/v1/door", **{"If-None-Match": first.headers["etag"]})

    assert second.status_code == 304
