"""The public pages in a real browser: from the printed code to the paid invoice, for everybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page

from field_core.tokens import Use
from tests.journeys.glass import PHONE, Browser, Glass
from tests.server.billing.paying import archived
from tests.server.billing.shop import Shop, shop_in
from tests.server.contracts.signed import signed_in
from tests.server.http.serving import free_port, served

AXE: Final = Path(__file__).parents[1] / "fixtures" / "axe" / "axe.min.js"
SERIOUS: Final = frozenset({"serious", "critical"})
WEIGHT_BYTES_MAX: Final = 60_000
PAINT_MS_MAX: Final = 1_500
"""After the document has arrived, over the emulated bad link."""
BAD_LINK: Final = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 20_000,
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    port = free_port()
    here: dict[str, Any] = {"pay_host": f"http://127.0.0.1:{port}/pay-public",
            "accept_host": f"http://127.0.0.1:{port}/contract-accept"}  # fmt: skip
    with shop_in(tmp_path / "shop", **here) as made, served(made.server.app, port=port):
        yield made


@pytest.fixture
def pane(browser: Browser) -> Iterator[Glass]:
    with browser.glass(PHONE) as made:
        yield made
        assert made.left_the_machine == []


def go(pane: Glass, url: str) -> None:
    pane.do(lambda page: page.goto(url))


def text_on(pane: Glass) -> str:
    return pane.do(lambda page: page.inner_text("body")).replace("\xa0", " ")


def press(pane: Glass, name: str) -> None:
    pane.do(lambda page: page.get_by_role("button", name=name).click())


async def test_b06_b07_paper_is_scanned_paid_and_entered_once_though_the_erp_was_away(
    shop: Shop, pane: Glass
) -> None:
    pdf = await archived(shop)
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_numpy()
    (code,) = zxingcpp.read_barcodes(image)

    go(pane, code.text)
    assert "91,93 $" in text_on(pane)
    press(pane, "Payer maintenant")
    assert "Banc d’essai" in text_on(pane)
    shop.wire.is_down = True
    press(pane, "La carte est acceptée")
    assert "Paiement confirmé" in text_on(pane)  # by Stripe; the office does not know yet
    assert shop.payments() == []

    shop.wire.is_down = False
    shop.clock.forward(minutes=2)
    bench = shop.billing.bench
    assert bench is not None
    for raw, signed in [*bench.replay(), *bench.replay()]:  # twice each, in any order
        await shop.billing.payments.receive(raw, signed)
    go(pane, code.text)

    assert "Facture payée" in text_on(pane)
    assert len(shop.payments()) == 1
    assert shop.owed() == (0.0, "Paid")


def barriers(page: Page) -> list[str]:
    """Return what axe finds serious on a page, by its rule and where."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("async () => await axe.run()")
    assert found["passes"], "axe looked at something"
    return [
        f"{one['id']} {one['nodes'][0]['target']}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]


async def test_public_pages_hold_no_serious_barrier(shop: Shop, pane: Glass) -> None:
    signed = signed_in(shop, status="Draft", is_billed=False)
    contracts = shop.server.context.contracts
    assert contracts is not None
    await contracts.acceptances.offer(signed.contract, channel="email", actor="x")
    with shop.server.store.read() as connection:
        number = connection.exec_driver_sql("SELECT id FROM acceptance").scalar()
    page, old = shop.billing.till.page, shop.token(use=Use.MAGIC)
    seen = {
        "summary": f"{page}?t={shop.token()}",
        "english": f"{page}?t={shop.token()}&lang=en",
        "refused": f"{page}?t=no",
        "contract": f"{contracts.acceptances.page}/{number}",
    }
    found = {name: look(pane, url) for name, url in seen.items()}
    shop.clock.forward(minutes=16)
    found["expired"] = look(pane, f"{page}?t={old}")
    press(pane, "Demander un lien")  # the browser itself says what is missing
    found["again"] = pane.do(barriers)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def look(pane: Glass, url: str) -> list[str]:
    go(pane, url)
    return pane.do(barriers)


def test_pay_page_is_light_and_painted_soon_over_a_bad_link(shop: Shop, pane: Glass) -> None:
    sizes: list[int] = []
    pane.do(lambda page: page.on("response", lambda got: sizes.append(len(got.body()))))

    def slow(page: Page) -> dict[str, float]:
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", BAD_LINK)
        page.goto(f"{shop.billing.till.page}?t={shop.token()}")
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
        told: dict[str, float] = page.evaluate(
            "() => ({arrived: performance.getEntriesByType('navigation')[0].responseEnd,"
            " painted: performance.getEntriesByName('first-contentful-paint')[0].startTime})"
        )
        return told

    told = pane.do(slow)

    assert sum(sizes) <= WEIGHT_BYTES_MAX
    assert len(sizes) == 1  # style and all in one document
    assert told["painted"] - told["arrived"] <= PAINT_MS_MAX
