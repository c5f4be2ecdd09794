"""« Facture TARGO » in ERPNext: the same template over the same data, installed once."""

import json
from pathlib import Path
from typing import Any

import pypdfium2
from jinja2.sandbox import SandboxedEnvironment

from server_sync.billing.print_format import NAME, wanted_format
from server_sync.billing.rendering import pdf_of
from tests.server.billing.paying import archived
from tests.server.billing.shop import INVOICE, shop_in
from tests.server.erp_setup.conftest import bare, operator
from tests.server.erp_setup.site import SERVICE, Site
from tests.server.http.operator import Operator

__all__ = ["bare", "operator"]

YES = ("erp", "install", "--yes", "--service-user", SERVICE.email)


def drawn_by_the_site(invoice: dict[str, Any]) -> str:
    """Draw the Print Format as Frappe does: sandboxed Jinja, `doc`, `json` among its globals."""
    site = SandboxedEnvironment(autoescape=False)
    site.globals["json"] = {"loads": json.loads}
    return site.from_string(wanted_format().html).render(doc=invoice)


async def test_site_draws_the_words_of_the_archived_paper(tmp_path: Path) -> None:
    with shop_in(tmp_path / "shop", print_format_data=True) as shop:
        paper = pypdfium2.PdfDocument(await archived(shop))[0].get_textpage().get_text_range()
        html = drawn_by_the_site(shop.read("Sales Invoice", INVOICE))

    site = pypdfium2.PdfDocument(pdf_of(html))[0].get_textpage().get_text_range()
    assert set(paper.split()) - set(site.split()) <= {"1"}  # Frappe's script counts the pages
    assert 'id="footer-html"' in html
    assert "@page" not in html  # Frappe's Chrome takes its own


async def test_invoice_without_data_says_so(tmp_path: Path) -> None:
    with shop_in(tmp_path / "shop") as shop:
        await archived(shop)
        html = drawn_by_the_site(shop.read("Sales Invoice", INVOICE))

    assert "quelques minutes" in html


def test_install_makes_it_once_and_mends_it(bare: Site, operator: Operator) -> None:
    code, _, err = operator.types(*YES)
    assert code == 0, err
    (made,) = bare.rows("Print Format", ("name", "html", "margin_left", "pdf_generator"))
    assert (made["name"], made["margin_left"], made["pdf_generator"]) == (NAME, 15, "chrome")
    assert made["html"] == wanted_format().html

    before = bare.traffic.writes()
    operator.types(*YES)
    assert bare.traffic.writes() == before  # nothing is left to do
