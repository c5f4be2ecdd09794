"""A clerk at her desk and a technician at a door: from what is owed to “payment received”."""

import io

import pytest
import zxingcpp
from PIL import Image

from tests.app.serving import MARC
from tests.journeys.conftest import sign_in
from tests.journeys.counter import INVOICE, JULIE, Counter, pay
from tests.journeys.glass import DESKTOP, PHONE, Browser, Glass
from tests.journeys.link import Link, Weather


@pytest.fixture
def address(counter: Counter) -> str:
    return counter.url


@pytest.mark.parametrize("size", [DESKTOP], ids=["desktop"], indirect=True)
def test_clerk_finds_a_customer_sends_the_link_and_sees_it_paid(
    glass: Glass, browser: Browser, counter: Counter
) -> None:
    """B-01, OP-07, OP-08: the link, the customer's own paper, and the money's path to the end."""
    sign_in(glass, JULIE, waits_for="clients-field")
    glass.type("clients-field", "lucie")
    glass.tap("client-CUST-00001")
    glass.sees("91,93\N{NO-BREAK SPACE}$", "1962, rue des Lilas")
    glass.reveal(f"invoice-{INVOICE}")
    glass.tap(f"invoice-{INVOICE}")
    glass.sees("Internet Fibre 500", "Facture émise")

    glass.tap("tab-preview")
    glass.waits_for("page-1")
    glass.tap("tab-pay")
    glass.reveal("send-sms")
    glass.tap("send-sms")
    glass.tap("send-link-confirm")
    glass.sees("Lien envoyé par texto")
    with browser.glass(PHONE) as customer:
        pay(customer, counter.link_sent())

    glass.tap("tab-details")
    glass.sees("Payée", "Session payée", "Paiement confirmé par Stripe", "Lien envoyé par texto")
    glass.tap("back")
    glass.sees("Rien à payer.")


def test_technician_shows_the_code_offline_and_hears_that_it_was_paid(
    glass: Glass, browser: Browser, counter: Counter, link: Link
) -> None:
    """The token travels ahead of the door; “received” is said on the server's word alone (B-05)."""
    sign_in(glass, MARC, waits_for="job-DJ-00001")
    glass.tap("job-DJ-00001")
    glass.reveal("part-payment")
    glass.sees("À payer : 91,93")
    link.turn(Weather.CUT)
    glass.tap("part-payment")
    glass.tap(f"owed-{INVOICE}")
    glass.waits_for("pay-code")
    glass.sees("Le code fonctionne quand même")

    scanned = scan(glass)
    with browser.glass(PHONE) as customer:
        pay(customer, scanned)
    glass.sees_no("Paiement reçu")
    link.turn(Weather.CLEAR)
    glass.tap("check-payment")

    glass.waits_for("door-paid")
    glass.sees("Paiement reçu", "91,93\N{NO-BREAK SPACE}$")
    (entry,) = entries(counter)
    assert entry == (91.93, INVOICE)


def scan(glass: Glass) -> str:
    """Read the code off the screen, as another phone does: by looking until it is sharp."""
    for _ in range(20):
        shot = glass.do(lambda page: page.screenshot())
        codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(shot)))
        if codes:
            return str(codes[0].text)
        glass.do(lambda page: page.wait_for_timeout(200))
    raise AssertionError("no code on the screen")


def entries(counter: Counter) -> list[tuple[float, str]]:
    """Return every Payment Entry of the office system: its amount and what it paid."""
    erp = counter.server.embedded_erp
    assert erp
    rows = erp.site.db.execute(
        'SELECT p.paid_amount, r.reference_name FROM "tabPayment Entry" p '
        'JOIN "tabPayment Entry Reference" r ON r.parent = p.name WHERE p.docstatus = 1'
    ).fetchall()
    return [(row[0], row[1]) for row in rows]
