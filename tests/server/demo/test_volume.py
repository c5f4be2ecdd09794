"""The generator of the company's real volume, at a thousandth of it."""

import secrets
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.volume import FULL, documents, fill
from benchmarks.volume.__main__ import FILE, main
from benchmarks.volume.bulk import set_series
from benchmarks.volume.documents import Names
from field_core.doctypes import DOCTYPES
from server_sync.demo.amounts import taxes_of
from server_sync.embedded_erp import EmbeddedErp, ErpSiteSettings, ErpUser, create_embedded_erp
from server_sync.embedded_erp.calls import Request
from server_sync.erp.setup_meta import erp_doctypes
from tests.server.demo.reading import rows

TODAY = date(2026, 4, 27)
SMALL = FULL.scaled(0.001)
HEADERS = {"authorization": "token key:secret", "content-type": "application/json"}


def open_site(path: Path | str) -> EmbeddedErp:
    return create_embedded_erp(
        path,
        doctypes=erp_doctypes(),
        clock=lambda: datetime(2026, 4, 27, 16, tzinfo=UTC),
        entropy=secrets.token_bytes,
        settings=ErpSiteSettings(
            users=(ErpUser("service@gigafibre.test", api_key="key", api_secret="secret"),)
        ),
    )


def test_full_volume_is_the_companys_own() -> None:
    figures = (FULL.customers, FULL.locations, FULL.equipment, FULL.subscriptions, FULL.invoices)
    assert figures == (6_667, 17_000, 7_600, 21_876, 115_000)
    assert FULL.jobs == 2_000


def test_documents_are_as_many_as_the_volume_says() -> None:
    assert sum(1 for _ in documents(1, TODAY, SMALL)) == SMALL.total


def test_documents_of_one_seed_are_the_same_and_of_another_are_not() -> None:
    one, again, other = (list(islice(documents(n, TODAY, SMALL), 80)) for n in (1, 1, 2))
    assert one == again != other


def test_open_job_has_twelve_rows() -> None:
    for doctype, body in documents(1, TODAY, SMALL):
        if doctype == "Dispatch Job":
            assert sum(len(rows(body.get(table))) for table in DOCTYPES[doctype].tables) == 12


def test_link_points_back_at_a_document_that_came_before() -> None:
    seen: dict[str, set[object]] = {doctype: set() for doctype in DOCTYPES}
    for doctype, body in documents(1, TODAY, SMALL):
        seen[doctype].add(body["name"])
        for field, target in DOCTYPES[doctype].links.items():
            assert body.get(field) is None or body[field] in seen[target], f"{doctype}.{field}"


def test_names_and_addresses_of_devices_are_given_once_in_the_full_volume() -> None:
    names: Counter[str] = Counter()
    macs: Counter[object] = Counter()
    before_invoices = FULL.total - FULL.invoices
    for doctype, body in islice(documents(1, TODAY), before_invoices):
        names[f"{doctype}|{body['name']}"] += 1
        if "mac_address" in body:
            macs[body["mac_address"]] += 1
    assert set(names.values()) == set(macs.values()) == {1}
    assert len(macs) == FULL.equipment


def test_invoice_carries_its_taxes_to_the_cent() -> None:
    for doctype, body in documents(1, TODAY, SMALL):
        if doctype == "Sales Invoice":
            taxes = tuple(Decimal(str(row["tax_amount"])) for row in rows(body["taxes"]))
            assert taxes == taxes_of(Decimal(str(body["net_total"])))


def test_filled_site_answers_as_if_it_had_been_written_through_its_api() -> None:
    erp = open_site(":memory:")
    pairs = list(documents(1, TODAY, SMALL))
    assert fill(erp.site, pairs) == len(pairs)
    expected = next(body for doctype, body in pairs if doctype == "Dispatch Job")
    reply = erp.answer(Request("GET", "/api/resource/Dispatch Job/DJ-00001", "", HEADERS))
    assert reply.body is not None
    found = reply.body["data"]
    assert [row["step"] for row in found["checklist"]] == [f"s{n}" for n in range(1, 10)]
    assert found["modified"] == expected["modified"]
    erp.close()


def test_filled_site_goes_on_with_the_next_name_of_a_series() -> None:
    erp, names = open_site(":memory:"), Names()
    fill(erp.site, documents(1, TODAY, SMALL, names))
    set_series(erp.site, names.current)
    reply = erp.answer(
        Request("POST", "/api/resource/Service Location", "", HEADERS, b'{"city": "Howick"}')
    )
    assert reply.body is not None
    assert reply.body["data"]["name"] == f"LOC-{SMALL.locations + 1:05d}"
    erp.close()


def test_command_writes_a_file_that_opens_and_is_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--out", str(tmp_path), "--seed", "3", "--scale", "0.001", "--today", "2026-04-27"]
    assert main(arguments) == 0
    erp = open_site(tmp_path / FILE)
    assert erp.quick_check() == []
    erp.close()
    assert "100 %" in capsys.readouterr().err


def test_command_leaves_a_file_alone_that_is_there_already(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FILE).write_bytes(b"precious")
    assert main(["--out", str(tmp_path)]) == 2
    assert (tmp_path / FILE).read_bytes() == b"precious"
    assert "already" in capsys.readouterr().err
