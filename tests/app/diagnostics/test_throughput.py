"""Throughput and latency under load against our own server, as it is served."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from field_app.diagnostics import loaded, streams, throughput
from field_app.diagnostics.kit import Grant, Kit
from field_app.diagnostics.streams import Moved, Way
from field_app.diagnostics.visit import Visit
from field_app.ports import Order
from field_core.diagnosis import Absence, Result
from field_core.diagnosis.rates import SLICE_S, slices_mbps, steady_mbps
from tests.app.diagnostics.house import HERE, Told, kit, reasons, values, visit
from tests.app.serving import MARC, PASSWORD, Office, serving

SECONDS = 2.3
"""The first second is dropped and four slices are needed."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    # Loopback moves several gigabytes a second, so the budget of a visit is not what is tried here.
    folder = tmp_path_factory.mktemp("server")
    limits: Any = {"throughput_bytes_max": 100_000_000_000, "throughput_visits_hour": 100}
    with serving(folder, **limits) as made:
        made.add_people()
        yield made


@pytest.fixture
def grant(office: Office) -> Grant:
    session = httpx.post(
        f"{office.url}/v1/auth/sign-in",
        json={"email": MARC, "password": PASSWORD, "device": {"name": "test"}},
    ).json()
    granted = httpx.post(
        f"{office.url}/v1/throughput", headers={"Authorization": f"Bearer {session['access']}"}
    ).json()
    return Grant(f"{office.url}/v1/throughput", granted["ticket"], granted["bytes_max"], 2, SECONDS)


def measuring(granted: Grant | Absence, office: Office | None = None) -> Kit:
    return kit(grant=lambda: granted, server=office.url if office else None)


def alone(granted: Grant | Absence, order: Order | None = None) -> Visit:
    """A visit whose idle latency is known, so that the transfer begins at once."""
    seen = visit(measuring(granted), order)
    seen.idle_known.set()
    return seen


def moved(granted: Grant, way: Way, over: threading.Event | None = None) -> Moved:
    return streams.transfer(
        granted,
        way,
        clock=time.perf_counter,
        noise=bytes,
        is_over=(over or threading.Event()).is_set,
        on_slice=lambda _: None,
    )


def test_both_ways_are_measured_with_latency_under_load_beside(
    grant: Grant, office: Office
) -> None:
    told = Told()
    seen = visit(measuring(grant, office), Order(plan_down_mbps=100.0, plan_up_mbps=100.0), told)
    seen.is_wifi = False
    beside: list[Result] = []
    other = threading.Thread(target=lambda: beside.extend(loaded.probe(seen)))
    other.start()

    results = throughput.probe(seen)
    other.join()

    found = values(results + beside)
    assert set(found) == {
        "throughput-down.server",
        "throughput-up.server",
        "throughput-of-plan.server",
        "throughput-up-of-plan.server",
        "latency-loaded.server",
        "latency-added.server",
    }
    down = results[0]
    assert isinstance(down.value, float)
    assert down.method == "tcp-streams"
    assert len(down.series) >= SECONDS / SLICE_S - 2
    assert found["throughput-of-plan.server"] == pytest.approx(down.value, rel=0.01)
    shares = [share for probe, share, _ in told.steps if probe == "throughput"]
    assert shares == sorted(shares)


def test_wifi_figure_is_never_called_the_lines(grant: Grant) -> None:
    seen = alone(replace(grant, seconds=0.2), Order(plan_down_mbps=100.0))
    seen.is_wifi = True

    assert reasons(throughput.probe(seen))["throughput-of-plan.server"] == "on-wifi"


@pytest.mark.parametrize(
    ("link", "plan", "why"),
    [("unknown", 100.0, "link-unknown"), ("wire", None, "no-plan"), ("wire", 100.0, "too-short")],
)
def test_share_of_the_plan_needs_a_wire_a_plan_and_a_measurement(
    grant: Grant, link: str, plan: float | None, why: str
) -> None:
    seen = alone(replace(grant, seconds=0.3), Order(plan_down_mbps=plan))
    seen.is_wifi = {"wire": False}.get(link)

    assert reasons(throughput.probe(seen))["throughput-of-plan.server"] == why


def test_t13_without_leave_to_measure_the_reason_is_said() -> None:
    limit = Absence(code="server-limit", details={"after_s": 90})

    results = throughput.probe(alone(limit))

    assert [r.absence for r in results] == [limit] * 4


def test_server_that_is_gone_is_said_to_be_unreachable(grant: Grant) -> None:
    gone = replace(grant, url=f"http://{HERE}:9/v1/throughput")
    seen = alone(gone)
    begun = time.monotonic()

    assert reasons(throughput.probe(seen))["throughput-down.server"] == "server-unreachable"
    assert time.monotonic() - begun < 1
    assert seen.load_over.is_set()


def test_ticket_that_is_not_taken_moves_nothing(grant: Grant) -> None:
    refused = moved(replace(grant, ticket="made.up.one"), "down")

    assert not refused.is_served
    assert sum(rate for _, rate in slices_mbps(refused.counted)) == 0


def test_transfer_ends_at_once_when_the_run_is_over(grant: Grant) -> None:
    over = threading.Event()
    threading.Timer(0.3, over.set).start()
    begun = time.monotonic()

    moved(grant, "down", over)

    assert time.monotonic() - begun < 1.5


def test_upload_stays_within_its_budget(grant: Grant) -> None:
    small = replace(grant, bytes_max=2_000_000)

    counted = moved(small, "up").counted

    assert 0 < counted[-1][1] <= 1_000_000  # half of it: the other half is for the way down
    assert steady_mbps(counted) is None


def test_latency_under_load_needs_a_server() -> None:
    assert reasons(loaded.probe(visit(kit())))["latency-added.server"] == "signed-out"
    gone = visit(kit(server="http://server.invalid:9"))
    assert reasons(loaded.probe(gone))["latency-added.server"] == "server-unreachable"


def test_latency_without_a_load_is_no_latency_under_load(office: Office) -> None:
    seen = visit(kit(server=office.url))
    seen.is_loading.set()
    seen.load_over.set()

    assert reasons(loaded.probe(seen))["latency-added.server"] == "too-short"
