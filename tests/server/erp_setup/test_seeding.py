"""`erp seed-demo`: the demo company in an empty site, each document once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from field_core.canon import Body
from server_sync.embedded_erp import Fault
from server_sync.erp import FrappeClient, Patience, erp_doctypes
from server_sync.erp.failures import ErpRefused
from server_sync.erp.setup import Seeder
from tests.server.erp_setup.site import SERVICE, Site, Waits, client_of, site_on_a_port
from tests.server.http.operator import Operator

Work = Callable[[Seeder], Awaitable[object]]


@pytest.fixture
def ready() -> Iterator[Site]:
    """A site on which everything is set up."""
    with site_on_a_port(erp_doctypes()) as site:
        yield site


def seeding(site: Site, work: Work) -> Seeder:
    """Do something with a seeder over the socket; pauses take no time."""
    waits = Waits()

    async def run() -> Seeder:
        client: FrappeClient = client_of(site, waits)
        try:
            seeder = Seeder(client, Patience(waits.sleep, lambda: 0.5))
            await work(seeder)
            return seeder
        finally:
            await client.close()

    return asyncio.run(run())


async def forty(seeder: Seeder) -> None:
    for number in range(20):
        item: Body = {"item_code": f"I-{number}"}
        await seeder.insert("Item", item)
        await seeder.insert("Customer", {"customer_name": f"Client {number}"})


def test_demo_company_fills_a_site_that_was_just_set_up(bare: Site, operator: Operator) -> None:
    operator.types("erp", "install", "--yes", "--service-user", SERVICE.email)

    code, said, err = operator.types("erp", "seed-demo")

    jobs = bare.rows("Dispatch Job", ("name", "sync_key"))
    paid = bare.rows("Payment Entry", ("docstatus",))
    assert (code, said) == (0, ""), err
    assert len(jobs) > 100
    assert {one["sync_key"][:18] for one in jobs} == {"demo-dispatch-job-"}
    assert {one["docstatus"] for one in paid} == {1}


def test_site_that_holds_customers_is_refused_unless_forced(
    ready: Site, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.make("Customer", customer_name="Somebody")
    monkeypatch.setattr("server_sync.demo.load", _load_nothing)
    there = {"ERPNEXT_URL": ready.url}

    refused, _, err = operator.types("erp", "seed-demo", **there)
    forced, _, _ = operator.types("erp", "seed-demo", "--force", **there)

    assert (refused, "--force" in err, forced) == (1, True, 0)


async def _load_nothing(*_: object, **__: object) -> None:
    return


def test_seeding_again_makes_nothing_twice(ready: Site) -> None:
    seeding(ready, forty)
    count = len(ready.traffic.writes())

    seeding(ready, forty)

    assert (len(ready.rows("Customer")), len(ready.rows("Item"))) == (20, 20)
    assert len(ready.traffic.writes()) == count


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name)
def test_each_document_is_there_once_whatever_went_wrong(ready: Site, fault: Fault) -> None:
    inserts = iter(range(1000))
    hit: list[str] = []

    def break_every_fifth(call: str) -> None:
        if call.startswith("POST /api/resource") and next(inserts) % 5 == 0:
            ready.erp.faults.plan(fault)
            hit.append(call)

    ready.traffic.after = break_every_fifth

    seeding(ready, forty)

    names = [row["customer_name"] for row in ready.rows("Customer", ("customer_name",))]
    assert len(hit) >= 8
    assert sorted(names) == sorted(f"Client {number}" for number in range(20))
    assert len(ready.rows("Item")) == 20


def test_site_with_ours_alone_counts_as_free(ready: Site) -> None:
    told: list[bool] = []

    async def ask(seeder: Seeder) -> None:
        told.append(await seeder.is_free())

    seeding(ready, ask)
    seeding(ready, forty)
    seeding(ready, ask)
    ready.make("Customer", customer_name="Somebody")
    seeding(ready, ask)

    assert told == [True, True, False]


def test_invoice_that_the_books_refuse_is_left_out_and_told(ready: Site) -> None:
    async def invoice(seeder: Seeder) -> None:
        made = await seeder.insert("Sales Invoice", {"customer": "CUST-09999"})
        await seeder.update("Sales Invoice", str(made["name"]), {"due_date": "2026-01-01"})

    seeder = seeding(ready, invoice)

    assert seeder.left_out == ["Sales Invoice 1: Could not find Customer: CUST-09999"]


def test_anything_else_that_is_refused_ends_it(ready: Site) -> None:
    async def job(seeder: Seeder) -> None:
        await seeder.insert("Dispatch Job", {"subject": "x", "customer": "CUST-09999"})

    with pytest.raises(ErpRefused):
        seeding(ready, job)
