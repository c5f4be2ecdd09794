"""The paper: where things lie, what can be read from it, and that it stays the same."""

import builtins
import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from field_core.problems import ProblemError
from server_sync.billing.envelope import Window, findings, picture, text_boxes
from server_sync.billing.printed import Company, Layout, printed
from server_sync.billing.rendering import facture_pdf
from server_sync.billing.samples import samples
from server_sync.billing.statement import Charge, Place, Statement
from server_sync.compose.billing import sample_pdfs
from server_sync.qr import qr_image
from server_sync.settings import Settings
from tests.server.billing.shop import INVOICE, Shop, item
from tests.server.http.house import MARC
from tests.server.http.operator import Operator

COMPANY = Company("TARGO", "1867, chemin de la Rivière", "855 888-2746", "1 RT0001", "1 TQ0001")
LINK = f"https://client.gigafibre.ca/pay-public?t=v1.a.qr.{'Zk' * 36}.{'aB' * 21}x"


def drawn(statement: Statement, **layout: float) -> bytes:
    return facture_pdf(
        printed(
            statement,
            company=COMPANY,
            layout=Layout(**layout),
            qr=qr_image(LINK),
            referral_code="7K3M9Q",
        )
    )


def long_statement(lines: int) -> Statement:
    charges = tuple(
        Charge(f"Ligne {n:03} œ — service à l’année", None, Decimal(1)) for n in range(lines)
    )
    return replace(samples()[1], places=(Place("12, rang du Cordon", charges),))


def pages_text(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("number", [0, 1], ids=["with-summary", "without"])
def test_bi07_address_begins_50_mm_from_the_top_with_and_without_summary(number: int) -> None:
    statement = samples()[number]

    boxes = {box.text: box for box in text_boxes(drawn(statement))}
    first = next(box for text, box in boxes.items() if text.startswith(statement.recipient[0][:20]))

    assert 50.0 <= first.top <= 51.0
    assert 22.0 <= first.left <= 23.0
    summary = [box for text, box in boxes.items() if text == "SOMMAIRE DU COMPTE"]
    assert len(summary) == (1 if statement.summary else 0)
    if summary:
        assert summary[0].top < first.top


def test_bi06_ink_stays_within_the_margins() -> None:
    boxes = text_boxes(drawn(long_statement(80)))

    assert min(box.left for box in boxes) >= 15 - 0.1
    assert max(box.right for box in boxes) <= 215.9 - 15 + 0.1
    assert min(box.top for box in boxes) >= 5
    assert max(box.bottom for box in boxes) <= 279.4 - 5


def test_b16_address_shows_in_the_window_and_nothing_else_does() -> None:
    for _label, address, pdf in sample_pdfs(Settings()):
        assert list(findings(pdf, address, Window())) == []


@pytest.mark.parametrize(
    ("layout", "window", "says"),
    [
        ({"address_top_mm": 60.0}, Window(height=24), "leaves the window"),
        ({}, Window(top=30), "may show in the window"),
        ({}, Window(top=120), "is not in the window"),
    ],
)
def test_b16_lint_tells_what_would_go_wrong(
    layout: dict[str, float], window: Window, says: str
) -> None:
    statement = samples()[0]

    found = findings(drawn(statement, **layout), statement.recipient, window)

    assert any(says in line for line in found)


def test_b16_lint_is_a_command_with_a_picture(operator: Operator, shop: Shop) -> None:
    folder = shop.server.settings.data_dir
    code, out, err = operator.types(
        "billing", "envelope-lint", "--picture", str(folder / "window.png")
    )

    assert (code, err) == (0, "")
    assert "only it" in out
    assert (folder / "window-summary.png").read_bytes().startswith(b"\x89PNG")
    assert operator.types("billing", "envelope-lint", "--top", "20")[0] == 1


def test_picture_is_a_png() -> None:
    assert picture(drawn(samples()[0]), Window()).startswith(b"\x89PNG")


@pytest.mark.parametrize("lines", [1, 60, 130])
def test_bi11_every_page_is_counted_and_no_line_is_lost_or_broken(lines: int) -> None:
    pages = pages_text(drawn(long_statement(lines)))

    found = re.findall(r"Ligne (\d{3}) œ — service à l’année", "".join(pages))
    assert sorted(found) == [f"{n:03}" for n in range(lines)]
    assert all(f"Page {n} de {len(pages)}" in text for n, text in enumerate(pages, start=1))
    assert all("CPRST" in text for text in pages)
    assert len(pages) == {1: 1, 60: 2, 130: 4}[lines]


@pytest.mark.parametrize("dpi", [72, 100, 150, 300])
def test_qr_code_is_read_from_the_paper(dpi: int) -> None:
    document = pypdfium2.PdfDocument(drawn(samples()[0]))
    image = document[0].render(scale=dpi / 72).to_pil()
    document.close()

    assert [code.text for code in zxingcpp.read_barcodes(image)] == [LINK]


def test_paper_of_the_same_data_is_the_same_and_light() -> None:
    one, other = drawn(long_statement(60)), drawn(long_statement(60))

    assert hashlib.sha256(one).digest() == hashlib.sha256(other).digest()
    assert len(one) <= 40_000


def test_text_of_a_customer_is_no_markup_and_reads_no_file() -> None:
    charge = Charge('<img src="file:///etc/passwd">&amp;<b>', None, Decimal(1))
    statement = replace(samples()[1], invoice='A"</style>\\', places=(Place("x", (charge,)),))

    text = pages_text(drawn(statement))[0]

    assert "<img src=" in text
    assert "root:" not in text
    assert 'Facture A"</style>\\' in text


async def test_bi04_pdf_is_given_inline_as_pdf(shop: Shop) -> None:
    clerk = await shop.sign_in()

    answer = await clerk.get(f"/v1/invoices/{INVOICE}/pdf")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'inline; filename="{INVOICE}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    text = pages_text(answer.content)[0]
    assert all(part in text for part in ("Gilles D.", "C-10370", "91,93", "TPS 5", "1er septembre"))


async def test_b18_reprint_is_byte_identical_whatever_changed_since(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = await shop.sign_in()
    first = (await clerk.get(f"/v1/invoices/{INVOICE}/pdf")).content
    shop.clock.forward(minutes=10)
    shop.wire.is_down = True
    monkeypatch.setattr("server_sync.billing.invoices.facture_pdf", lambda _: b"%PDF another")

    again = (await clerk.get(f"/v1/invoices/{INVOICE}/pdf")).content

    assert again == first
    assert shop.billing.archive_name(INVOICE) == hashlib.sha256(first).hexdigest()


async def test_invoice_is_archived_soon_after_it_was_submitted(shop: Shop) -> None:
    assert await shop.billing.invoices.archive_new() == 1
    assert await shop.billing.invoices.archive_new() == 0
    assert shop.billing.invoices.archive.find(INVOICE) is not None


async def test_invoice_that_cannot_be_drawn_keeps_no_other_waiting(shop: Shop) -> None:
    lost = shop.invoice(shop.customer(), [item("x", 5)])
    shop.wire.erp.site.db.execute(
        'UPDATE "tabSales Invoice" SET customer = ? WHERE name = ?', ("CUST-GONE", lost)
    )
    told: list[tuple[int, int, str]] = []

    drawn = await shop.billing.invoices.archive_new(lambda *step: told.append(step))

    assert drawn == 1
    assert told == [(1, 2, INVOICE), (2, 2, lost)]


def test_archive_is_a_command_that_tells_how_many(operator: Operator) -> None:
    assert operator.types("billing", "archive")[:2] == (0, "invoices: 0 archived\n")


@pytest.mark.parametrize("name", ["ACC-SINV-2026-09999", "x", "..%2F..", "A" * 80])
async def test_invoice_unknown_or_misnamed_is_not_found(shop: Shop, name: str) -> None:
    clerk = await shop.sign_in()

    assert (await clerk.get(f"/v1/invoices/{name}/pdf")).status_code == 404


async def test_draft_has_no_paper(shop: Shop) -> None:
    clerk = await shop.sign_in()
    draft = shop.invoice(shop.customer(), [{"item_code": "PLAN", "qty": 1, "rate": 5}], docstatus=0)

    assert (await clerk.get(f"/v1/invoices/{draft}/pdf")).status_code == 404


async def test_technician_sees_no_invoice(shop: Shop) -> None:
    marc = await shop.sign_in(MARC)

    assert (await marc.get(f"/v1/invoices/{INVOICE}/pdf")).status_code == 403
    assert (await shop.client.get(f"/v1/invoices/{INVOICE}/pdf")).status_code == 401


async def test_account_summary_comes_from_earlier_invoices_and_payments(shop: Shop) -> None:
    customer = str(shop.read("Sales Invoice", INVOICE)["customer"])
    later = shop.invoice(
        customer, [{"item_code": "PLAN", "qty": 1, "rate": 10}], posting_date="2026-10-01"
    )
    clerk = await shop.sign_in()

    text = pages_text((await clerk.get(f"/v1/invoices/{later}/pdf")).content)[0]

    assert "SOMMAIRE DU COMPTE" in text
    assert "103,43" in text  # 91,93 carried and 11,50 now


def test_machine_without_pango_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str, *more: Any) -> Any:  # noqa: ANN401 - the import's own shape
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return importing(name, *more)

    importing = builtins.__import__
    monkeypatch.setattr("builtins.__import__", gone)

    with pytest.raises(ProblemError) as refused:
        drawn(samples()[0])
    assert refused.value.problem.code == "pdf-unavailable"
