"""T-12, T-13, T-14: a diagnosis without signal, what the office adds, and what it cannot yet."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from field_core.instants import to_text
from server_sync.acs.bench import Bench, BenchTransport
from server_sync.acs.nbi import NbiClient
from tests.app.serving import Office, key, serving
from tests.journeys.conftest import sign_in
from tests.journeys.glass import Glass
from tests.journeys.link import Link, Weather
from tests.journeys.scenario import STEPS, prepare, table
from tests.server.acs.recordings import XX230V
from tests.server.acs.ward import MAC, Recorded, read_at

REPAIR: Final = key(10483)
LOW_DBM: Final = -27.7
"""The device counts in 0.1 µW: this is the whole number below the limit of -27."""
QUICK: Final = {"job_type": "Survey"}
"""Of a survey only the quick probes are made: some six seconds."""


@pytest.fixture
def bench() -> Bench:
    """The recorded ONT, heard of just now, with too little light."""
    now = datetime.now(UTC)
    devices = Recorded()
    ont = devices.documents(at="")[XX230V]
    read_at(ont, to_text(now))
    optics = ont["Device"]["Optical"]["Interface"]["1"]["X_TP_GPON_Config"]
    optics["RXPower"]["_value"] = round(10 ** (LOW_DBM / 10) * 10_000)
    return Bench(devices, lambda: datetime.now(UTC))


@pytest.fixture
def office(tmp_path: Path, bench: Bench) -> Iterator[Office]:
    """Serve the day, with an ACS behind the server."""
    acs = NbiClient("http://acs.test", transport=BenchTransport(bench))
    with serving(tmp_path / "server", acs=acs) as office:
        prepare(office)
        office.put(key(5120), "Service Equipment", {"mac_address": MAC, "model": "XX230v"})
        reading = {**STEPS[4], "depends_on": None}
        office.put(REPAIR, "Dispatch Job", {"checklist": [reading], "status": "On Site", **QUICK})
        yield office


def test_t13_diagnosis_without_signal_says_what_will_run_by_itself(
    glass: Glass, link: Link, office: Office
) -> None:
    """T-13, then T-12: the office's reading comes by itself, fills the step, and fails it."""
    sign_in(glass)
    glass.tap("job-DJ-10483")
    glass.tap("part-steps")
    glass.tap("step-1")
    link.turn(Weather.CUT)
    glass.tap("step-diagnose")
    glass.tap("diag-start")
    glass.waits_for("diag-attach")
    glass.waits_for("verdict")
    glass.reveal("check-later")
    glass.sees("s’exécutera en ligne")
    assert not glass.has("check-failed")

    link.turn(Weather.CLEAR)
    glass.tap("sync")
    glass.waits_for("unit-modem")
    glass.tap("diag-attach")

    glass.waits_for("failed")
    glass.waits_for("close-incomplete")
    glass.tap("sync")
    glass.sees("Tout est reçu")
    (step,) = table(office, REPAIR, "checklist")
    readings = {row["quantity"]: row for row in table(office, REPAIR, "readings")}
    assert (round(float(step["value"]), 1), step["done"]) == (LOW_DBM, False)
    assert readings["optical-rx"]["verdict"] == "bad"
    assert readings["diagnostic-run"]["sha256"]


def test_t14_device_that_is_away_is_queued_until_it_reports(
    glass: Glass, office: Office, bench: Bench
) -> None:
    """T-14."""
    bench.off.add(XX230V)
    sign_in(glass)
    glass.tap("job-DJ-10483")
    glass.reveal("part-diagnostics")
    glass.tap("part-diagnostics")

    glass.tap("office-refresh")

    glass.waits_for("check-queued")
    glass.sees("en file, jusqu’à ce que l’appareil se présente", "Abandon le")
    assert not glass.has("check-done")
    bench.off.clear()
    bench.answer("POST", f"/devices/{XX230V}/tasks?connection_request", b"")
    asyncio.run(office.server.context.diagnostics.acting.resolve())
    glass.waits_for("unit-modem")
    glass.loses_name("check-queued")
    glass.sees("Niveau reçu trop faible")
