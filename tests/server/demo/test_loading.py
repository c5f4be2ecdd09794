"""Loading: in an order in which links point backwards, with the names the ERP hands out."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from field_core.canon import Body, Json
from field_core.doctypes import DOCTYPES
from server_sync.demo import Company, company, load
from server_sync.embedded_erp import EmbeddedErp, ErpSiteSettings, ErpUser, create_embedded_erp
from server_sync.embedded_erp.calls import Request
from server_sync.erp.setup_meta import erp_doctypes
from tests.server.demo.conftest import STORY_DAY
from tests.server.demo.reading import day, number, rows

SERVICE = ErpUser("service@gigafibre.test", api_key="key", api_secret="secret")
NOON = datetime(2026, 4, 27, 16, tzinfo=UTC)


class Shelf:
    """An inserter that gives names of its own and refuses links to what it has not got."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Body]] = {}

    def insert(self, doctype: str, form: Body) -> Mapping[str, Json]:
        assert "name" not in form
        for field, target in DOCTYPES[doctype].links.items():
            assert field not in form or form[field] in self.held[target], f"{doctype}.{field}"
        page = self.held.setdefault(doctype, {})
        name = f"{doctype}/{len(page) + 1}"
        page[name] = dict(form)
        return {"name": name}

    async def insert_later(self, doctype: str, form: Body) -> Mapping[str, Json]:
        return self.insert(doctype, form)

    def update(self, doctype: str, name: str, form: Body) -> None:
        self.held[doctype][name] |= form

    async def update_later(self, doctype: str, name: str, form: Body) -> None:
        self.update(doctype, name, form)


async def test_names_of_the_erp_take_the_place_of_ours(story: Company) -> None:
    shelf = Shelf()
    names = await load(story, shelf.insert)
    job = shelf.held["Dispatch Job"][names["Dispatch Job"][story.cast.install_job]]
    assert job["customer"] == "Customer/42"
    assert (
        rows(job["equipment"])[0]["equipment"]
        == (names["Service Equipment"][story.cast.equipment.old_box])
    )


async def test_payment_follows_its_party_and_invoice_to_their_new_names(story: Company) -> None:
    shelf = Shelf()
    await load(story, shelf.insert)
    for payment in shelf.held["Payment Entry"].values():
        assert payment["party"] in shelf.held["Customer"]
        [reference] = rows(payment["references"])
        assert reference["reference_name"] in shelf.held["Sales Invoice"]


async def test_inserter_that_must_be_awaited_stores_the_same(story: Company) -> None:
    one, other = Shelf(), Shelf()
    await load(story, one.insert, update=one.update)
    await load(story, other.insert_later, update=other.update_later)
    assert one.held == other.held


async def test_later_half_of_a_two_way_link_is_set_when_updates_are_possible(
    story: Company,
) -> None:
    shelf = Shelf()
    names = await load(story, shelf.insert, update=shelf.update)
    contract = shelf.held["Service Contract"][
        names["Service Contract"][story.cast.contracts.terminated]
    ]
    assert contract["service_subscription"] in shelf.held["Service Subscription"]
    assert contract["termination_invoice"] in shelf.held["Sales Invoice"]


async def test_later_half_of_a_two_way_link_is_left_out_without_updates(story: Company) -> None:
    shelf = Shelf()
    await load(story, shelf.insert)
    held = shelf.held["Service Contract"].values()
    assert not any("service_subscription" in contract for contract in held)


def open_site() -> EmbeddedErp:
    numbers = iter(range(1, 10_000_000))
    return create_embedded_erp(
        ":memory:",
        doctypes=erp_doctypes(),
        clock=lambda: NOON,
        entropy=lambda size: (next(numbers) * 0x9E3779B97F4A7C15 % 2 ** (8 * size)).to_bytes(size),
        settings=ErpSiteSettings(users=(SERVICE,)),
    )


def send(erp: EmbeddedErp, method: str, path: str, form: Body) -> Body:
    """Return the document of a good answer."""
    headers = {"authorization": "token key:secret", "content-type": "application/json"}
    reply = erp.answer(Request(method, path, "", headers, json.dumps(form).encode()))
    assert reply.status == 200, reply.body
    assert reply.body is not None
    data: Body = reply.body["data"]
    return data


@pytest.fixture(scope="module")
def loaded() -> Iterator[EmbeddedErp]:
    erp = open_site()

    def insert(doctype: str, form: Body) -> Body:
        return send(erp, "POST", f"/api/resource/{doctype}", form)

    def update(doctype: str, name: str, form: Body) -> None:
        send(erp, "PUT", f"/api/resource/{doctype}/{name}", form)

    asyncio.run(load(company(STORY_DAY), insert, update=update))
    yield erp
    erp.close()


def column(erp: EmbeddedErp, doctype: str, field: str) -> dict[str, Json]:
    form = erp.site.form(doctype)
    at = form.columns.index(field)
    return {row[0]: row[at] for row in erp.site.db.execute(form.select).fetchall()}


def test_empty_erp_hands_out_the_names_of_the_company(story: Company, loaded: EmbeddedErp) -> None:
    for doctype, bodies in story.documents.items():
        assert set(column(loaded, doctype, "name")) == {body["name"] for body in bodies}, doctype


@pytest.mark.parametrize("field", ["grand_total", "outstanding_amount"])
def test_erp_computes_the_amounts_that_the_company_states(
    story: Company, loaded: EmbeddedErp, field: str
) -> None:
    stated = {b["name"]: Decimal(str(b[field])) for b in story.documents["Sales Invoice"]}
    computed = {
        name: Decimal(str(number(value))).quantize(Decimal("0.01"))
        for name, value in column(loaded, "Sales Invoice", field).items()
    }
    assert computed == stated


def test_erp_says_the_statuses_that_the_company_states(story: Company, loaded: EmbeddedErp) -> None:
    stated = {b["name"]: b["status"] for b in story.documents["Sales Invoice"]}
    assert column(loaded, "Sales Invoice", "status") == stated


def test_erp_keeps_the_dates_of_the_past(story: Company, loaded: EmbeddedErp) -> None:
    stated = {b["name"]: day(b["posting_date"]) for b in story.documents["Sales Invoice"]}
    kept = column(loaded, "Sales Invoice", "posting_date")
    assert {name: day(value) for name, value in kept.items()} == stated


def test_erp_keeps_the_ids_that_steps_wait_for(story: Company, loaded: EmbeddedErp) -> None:
    kept = set(column(loaded, "Dispatch Job Checklist", "sync_key").values())
    jobs = story.documents["Dispatch Job"]
    assert kept == {row["sync_key"] for job in jobs for row in rows(job["checklist"])}
