"""Setting up a site that fails now and then: nothing is made twice."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from server_sync.embedded_erp import Fault
from server_sync.erp.failures import ErpUnavailable
from server_sync.erp.setup import Outcome
from tests.server.erp_setup.site import (
    SERVICE,
    Site,
    Waits,
    client_of,
    installer_of,
    site_on_a_port,
)

Tick = Callable[[int, int, str], None]
HOOKS = "http://127.0.0.1:9/v1/erp/webhook"


def install(site: Site, waits: Waits | None = None, tick: Tick | None = None) -> Outcome:
    """One run of the installer, on a client of its own."""
    waits = waits or Waits()

    async def run() -> Outcome:
        client = client_of(site, waits)
        try:
            installer = installer_of(client, waits, url=HOOKS)
            return await (installer.run(tick) if tick else installer.run())
        finally:
            await client.close()

    return asyncio.run(run())


def shape(site: Site) -> dict[str, Any]:
    """What a site has for the field, without stamps and row names."""
    doctypes = site.rows("DocType", ("name", "autoname", "custom"))
    fields = {
        one["name"]: [f["fieldname"] for f in site.get("DocType", one["name"])["fields"]]
        for one in doctypes
        if one["custom"]
    }
    return {
        "doctypes": sorted(fields),
        "fields": {name: sorted(found) for name, found in fields.items()},
        "custom": sorted(row["name"] for row in site.rows("Custom Field")),
        "roles": sorted(row["name"] for row in site.rows("Role")),
        "webhooks": sorted(row["name"] for row in site.rows("Webhook")),
        "rights": sorted(
            (row["parent"], row["role"]) for row in site.rows("Custom DocPerm", ("parent", "role"))
        ),
        "given": [row["role"] for row in site.get("User", SERVICE.email)["roles"]],
    }


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    with site_on_a_port() as site:
        assert install(site).is_complete
        return shape(site)


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name)
def test_site_is_the_same_whatever_went_wrong_on_the_way(
    bare: Site, undisturbed: dict[str, Any], fault: Fault
) -> None:
    hit: list[str] = []
    inserts = iter(range(10_000))

    def break_every_ninth(call: str) -> None:
        if call.startswith("POST /api/resource") and next(inserts) % 9 == 0:
            bare.erp.faults.plan(fault)
            hit.append(call)

    bare.traffic.after = break_every_ninth

    outcome = install(bare)

    assert len(hit) > 5
    assert outcome.is_complete, outcome
    assert shape(bare) == undisturbed


@pytest.mark.parametrize("status", ["502", "cut"])
def test_proxy_that_gives_up_does_not_end_the_run(
    bare: Site, undisturbed: dict[str, Any], status: str
) -> None:
    count = iter(range(10_000))

    def break_some(call: str) -> None:
        if call.startswith("POST /api/resource") and next(count) % 12 == 5:
            bare.traffic.breaks = status

    bare.traffic.after = break_some

    outcome = install(bare)

    assert outcome.is_complete, outcome
    assert shape(bare) == undisturbed


def test_site_that_asks_for_silence_is_left_alone_for_as_long(bare: Site) -> None:
    waits = Waits()
    count = iter(range(10_000))

    def busy_once(call: str) -> None:
        if call.startswith("POST /api/resource"):
            bare.erp.faults.retry_after_s = 41 if next(count) == 10 else None
        elif waits.slept:
            bare.erp.faults.retry_after_s = None

    bare.traffic.after = busy_once

    assert install(bare, waits).is_complete
    assert waits.slept[0] == 41


def test_maintenance_that_does_not_end_is_told_and_the_next_run_goes_on(
    bare: Site, undisturbed: dict[str, Any]
) -> None:
    def stop(done: int, _total: int, _what: str) -> None:
        bare.erp.faults.outage = done >= 30

    waits = Waits()
    with pytest.raises(ErpUnavailable):
        install(bare, waits, stop)
    bare.erp.faults.outage = False
    made = len(bare.rows("DocType"))

    outcome = install(bare)

    assert sum(waits.slept) > 60
    assert made > 24
    assert (outcome.is_complete, shape(bare)) == (True, undisturbed)


def test_run_that_was_cut_is_taken_up_by_the_next(bare: Site, undisturbed: dict[str, Any]) -> None:
    def cut(done: int, _total: int, _what: str) -> None:
        if done == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install(bare, tick=cut)

    outcome = install(bare)

    assert len(outcome.done) < 60
    assert shape(bare) == undisturbed


def test_never_more_than_four_calls_at_once(bare: Site) -> None:
    install(bare)

    assert bare.traffic.in_flight_max <= 4


def test_site_that_forgets_what_it_was_told_is_not_asked_for_ever(bare: Site) -> None:
    def forget(_done: int, _total: int, what: str) -> None:
        if "Role" not in what:
            with bare.erp.site.db.transaction():
                bare.erp.site.db.execute('DELETE FROM "tabWebhook" WHERE name LIKE "%Issue%"')

    outcome = install(bare, tick=forget)

    assert [step.where for step in outcome.left] == ["Field Issue on_update"]
    assert not outcome.is_complete
