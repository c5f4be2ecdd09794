"""`erp import`: the first import of a served site, cut and taken up, at most four calls at once."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.volume import FULL, documents, fill
from server_sync.embedded_erp import Fault
from server_sync.embedded_erp.calls import Request
from server_sync.erp import ErpService, Imported, Patience, erp_doctypes, first_import
from server_sync.erp.failures import ErpUnavailable
from server_sync.scope import FieldScope
from server_sync.store.database import Database
from server_sync.store.store import Store
from server_sync.sync.identities import derive
from tests.server.erp_setup.site import ADMIN, Site, Waits, client_of, site_on_a_port
from tests.server.http.operator import Operator

TODAY = date(2026, 7, 14)
VOLUME = FULL.scaled(0.02)


@pytest.fixture
def full() -> Iterator[Site]:
    """A site with a fiftieth of the real one's documents."""
    with site_on_a_port(erp_doctypes()) as site:
        fill(site.erp.site, documents(7, TODAY, VOLUME))
        yield site


class Server:
    """A server's store, and the import into it."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.site, self.waits = site, Waits()
        self.told: list[tuple[int, int, str]] = []
        self.store = Store(
            Database(f"sqlite:///{folder / 'server.db'}"),
            now_ms=lambda: 1_784_000_000_000,
            derive=derive,
            entropy=bytes,
            rule=FieldScope(today=lambda: TODAY, now_text=lambda: "2026-07-14T12:00:00.000Z"),
        )
        self.store.prepare()

    def imports(self, *, stop_at: int | None = None) -> Imported:
        return asyncio.run(self._import(stop_at))

    async def _import(self, stop_at: int | None) -> Imported:
        client = client_of(self.site, self.waits, ADMIN)
        service = ErpService(client, self.store, rand=lambda: 0.5)
        seconds = iter(range(1000))

        def tick(done: int, total: int, what: str) -> None:
            self.told.append((done, total, what))
            if stop_at is not None and done >= stop_at:
                raise KeyboardInterrupt

        try:
            return await first_import(
                service,
                tick,
                patience=Patience(self.waits.sleep, lambda: 0.5),
                monotonic=lambda: float(next(seconds)),
            )
        finally:
            await client.close()

    def held(self) -> dict[str, Any]:
        with self.store.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT doctype, erp_name, body FROM doc WHERE erp_name IS NOT NULL"
            )
            return {f"{doctype} {name}": json.loads(body) for doctype, name, body in rows}


@pytest.fixture
def server(tmp_path: Path, full: Site) -> Iterator[Server]:
    made = Server(tmp_path, full)
    yield made
    made.store.database.close()


@pytest.fixture
def whole(full: Site, tmp_path: Path) -> dict[str, Any]:
    """What an import without any trouble brings."""
    (tmp_path / "other").mkdir()
    other = Server(tmp_path / "other", full)
    other.imports()
    found = other.held()
    other.store.database.close()
    full.traffic.calls.clear()
    return found


def test_everything_that_is_pulled_comes_and_paid_invoices_do_not(
    full: Site, server: Server
) -> None:
    found = server.imports()

    unpaid = full.rows("Sales Invoice", filters=[["outstanding_amount", ">", 0]])
    held = server.held()
    invoices = {name for name in held if name.startswith("Sales Invoice")}
    assert invoices == {f"Sales Invoice {row['name']}" for row in unpaid}
    assert 0 < len(unpaid) < VOLUME.invoices / 2
    assert (found.documents, found.held, found.problem) == (found.total, found.total, None)
    assert found.total == VOLUME.total - VOLUME.invoices + len(unpaid)


def test_import_never_has_more_than_four_calls_in_flight(full: Site, server: Server) -> None:
    server.imports()

    assert 1 <= full.traffic.in_flight_max <= 4


def test_bar_ends_at_all_of_it_and_never_goes_back(server: Server) -> None:
    found = server.imports()

    done = [one[0] for one in server.told]
    assert done == sorted(done)
    assert server.told[-1] == (found.total, found.total, "")


def test_import_that_was_cut_goes_on_where_it_stopped(
    full: Site, server: Server, whole: dict[str, Any]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        server.imports(stop_at=VOLUME.total // 5)
    already = len(server.held())
    full.traffic.calls.clear()

    found = server.imports()

    assert 0 < already < found.total
    assert found.documents <= found.total - already + 500
    assert server.held() == whole


@pytest.mark.parametrize("answer", ["502", "cut"])
def test_import_waits_out_a_proxy_that_gives_up(
    full: Site, server: Server, whole: dict[str, Any], answer: str
) -> None:
    reads = iter(range(100_000))

    def break_some(call: str) -> None:
        if call.startswith("GET /api/resource") and next(reads) % 7 == 3:
            full.traffic.breaks = answer

    full.traffic.after = break_some

    server.imports()

    assert next(reads) > 20
    assert server.held() == whole


def test_import_waits_as_long_as_the_site_asks(full: Site, server: Server) -> None:
    def busy(_call: str) -> None:
        full.erp.faults.retry_after_s = None if server.waits.slept else 41

    full.traffic.after = busy

    found = server.imports()

    assert (server.waits.slept[0], found.problem) == (41, None)


def test_site_that_stays_away_is_told_and_what_came_stays(full: Site, server: Server) -> None:
    def away(_call: str) -> None:
        full.erp.faults.outage = len(full.traffic.calls) > 40

    full.traffic.after = away
    with pytest.raises(ErpUnavailable):
        server.imports()

    assert len(server.held()) > 100


def test_document_that_cannot_be_read_in_a_list_does_not_stop_the_others(
    full: Site, server: Server
) -> None:
    def is_list_of_jobs(request: Request) -> bool:
        return "checklist" in request.query or b"checklist" in request.body

    full.erp.faults.plan(Fault.HTML_500_BEFORE, is_list_of_jobs)

    found = server.imports()

    read_alone = [c for c in full.traffic.calls if c.startswith("GET /api/resource/Dispatch Job/")]
    assert len(read_alone) == VOLUME.jobs

    assert found.held == found.total


def test_operator_imports_a_site_and_a_second_time_nothing(full: Site, operator: Operator) -> None:
    there = {"ERPNEXT_URL": full.url}

    first, text, err = operator.types("erp", "import", "--json", **there)
    second, again, _ = operator.types("erp", "import", "--json", **there)

    one, two = json.loads(text)[0], json.loads(again)[0]
    assert (first, second) == (0, 0), err
    assert (one["documents"], two["documents"]) == (one["of"], 0)
    assert err.splitlines()[-1] == f"{one['of']} of {one['of']}"
