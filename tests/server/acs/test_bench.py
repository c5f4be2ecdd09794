"""The stand-in answers as the real ACS was recorded to answer, and its devices can be read."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from field_core.cpe import Grade, judge, normalise
from server_sync.acs.bench import Bench, Fleet
from server_sync.acs.bench.nbi import Answer
from tests.server.acs.recordings import EXCHANGES, HUAWEI, NOKIA, XX230V, Exchange, devices

START: Final = datetime(2026, 11, 20, 23, 22, 50, tzinfo=UTC)
_NOT_STOOD_IN_FOR: Final = frozenset({6, 7, 24, 25, 26, 27, 28, 29, 30, 43})
"""Tags, presets, provisions and retries, which nobody asks; counts of the lab's devices."""


class Recorded:
    """The five devices of the recordings."""

    def __init__(self) -> None:
        self.all = devices()

    def documents(self, *, at: str) -> Mapping[str, dict[str, Any]]:  # noqa: ARG002 - the port's shape
        return self.all

    def is_off(self, document: Mapping[str, Any]) -> bool:  # noqa: ARG002 - same
        return False


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def is_like(answer: object, recorded: object) -> bool:
    """The same kind of answer, without a member that the real one does not have."""
    if isinstance(answer, list) and isinstance(recorded, list):
        return len(answer) == len(recorded) and all(map(is_like, answer, recorded))
    if isinstance(answer, dict) and isinstance(recorded, dict):
        return answer.keys() <= recorded.keys()
    return type(answer) is type(recorded)


def asked(bench: Bench, exchange: Exchange) -> Answer:
    body = exchange.body
    raw = b"" if body is None else body.encode() if isinstance(body, str) else _json(body)
    return bench.answer(exchange.method, exchange.target, raw)


def _json(body: object) -> bytes:
    return json.dumps(body).encode()


def bench_before(number: int) -> Bench:
    """A stand-in in the state that the lab was in."""
    bench = Bench(Recorded(), Clock())
    bench.off |= {NOKIA} if 37 <= number <= 39 else {HUAWEI} if number == 40 else set()
    if number in (41, 42, 44, 45):
        bench.faults[HUAWEI] = "9002" if number < 44 else "9001"
    earlier = {13: 12, 17: 16, 19: 18, 42: 41, 45: 44}.get(number)
    if earlier is not None:
        asked(bench, EXCHANGES[earlier])
    return bench


@pytest.mark.parametrize(
    "exchange",
    [
        pytest.param(one, id=f"{one.number} {one.label}"[:60])
        for one in EXCHANGES
        if one.number not in _NOT_STOOD_IN_FOR
    ],
)
def test_stand_in_answers_as_recorded(exchange: Exchange) -> None:
    bench = bench_before(exchange.number)
    if exchange.status is None:
        with pytest.raises(ConnectionError):
            asked(bench, exchange)
        return

    answer = asked(bench, exchange)

    assert answer.status == exchange.status
    assert answer.reason in ("", exchange.reason)
    is_json = "json" in exchange.headers.get("content-type", "")
    if is_json:
        assert is_like(answer.body, exchange.answer)


def test_value_written_is_what_is_read() -> None:
    bench = Bench(Recorded(), Clock())
    path = "Device.WiFi.Radio.1.Channel"
    write = {"name": "setParameterValues", "parameterValues": [[path, 11, "xsd:unsignedInt"]]}

    bench.answer("POST", f"/devices/{XX230V}/tasks?connection_request", _json(write))

    snapshot = normalise(bench.devices.documents(at="")[XX230V], now=START)
    assert [r.channel for r in snapshot.wifi.radios if r.band == "2.4GHz"] == [11]


def test_ping_s_results_show_only_when_read_again() -> None:
    """16 to 19: nothing re-reads them."""
    bench = Bench(Recorded(), Clock())
    asked(bench, EXCHANGES[16])
    state = bench.devices.documents(at="")[XX230V]["Device"]["IP"]["Diagnostics"]["IPPing"]
    before = state["DiagnosticsState"]["_value"]

    asked(bench, EXCHANGES[18])

    assert (before, state["DiagnosticsState"]["_value"]) == ("Requested", "Complete")


def test_restarted_device_is_away_then_says_that_it_started() -> None:
    clock = Clock()
    bench = Bench(Recorded(), clock)
    asked(bench, EXCHANGES[22])

    away = asked(bench, EXCHANGES[8])
    clock.at += timedelta(seconds=60)
    bench.answer("GET", "/devices/?query=%7B%7D", b"")

    document = bench.devices.documents(at="")[XX230V]
    assert away.reason == "Device is offline"
    assert START < datetime.fromisoformat(document["_lastBoot"]) < clock.at


def test_task_left_queued_runs_when_the_device_returns() -> None:
    """What makes an ACS dangerous: that is why ours are taken back."""
    clock = Clock()
    bench = Bench(Recorded(), clock)
    bench.off.add(NOKIA)
    asked(bench, EXCHANGES[37])
    bench.off.clear()
    clock.at += timedelta(minutes=6)

    told = bench.answer("GET", "/tasks/?query=%7B%7D", b"")

    assert told.body == []


def equipment(kind: str, model: str, mac: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a test's own value
    return {
        "equipment_type": kind, "model": model, "mac_address": mac, "status": "Installed",
        "serial_no": "2200000100001", "gpon_serial": "TPLGA1B2C3D4",
        "service_location": "LOC-00001", **more,
    }  # fmt: skip


@pytest.mark.parametrize("model", ["TP-Link XX230v", "TP-Link XC220-G3v", "Nokia G-240W-A"])
def test_made_up_device_reads_as_one_of_its_model(model: str) -> None:
    fleet = Fleet(lambda: [equipment("ONT", model, "A4:2B:B0:1C:9F:3E")])

    (document,) = fleet.documents(at="2026-11-20T23:20:00.000000Z").values()
    snapshot = normalise(document, now=START)

    assert snapshot.optical.rx_dbm is not None
    assert snapshot.wan[0].status == "connected"
    assert {radio.band for radio in snapshot.wifi.radios} == {"2.4GHz", "5GHz"}
    assert snapshot.wifi.clients
    assert {one.code for one in snapshot.warnings} <= {"implausible"}


def test_fleet_has_devices_that_are_well_and_some_that_are_not() -> None:
    pieces = [equipment("ONT", "TP-Link XX230v", f"A4:2B:B0:00:00:{n:02X}", serial_no=f"22{n:011}")
              for n in range(1, 60)]  # fmt: skip
    fleet = Fleet(lambda: pieces)

    found = fleet.documents(at="2026-11-20T23:20:00.000000Z").values()
    grades = {judge(normalise(document, now=START))[0].grade for document in found}

    assert grades == {Grade.OK, Grade.WATCH, Grade.BAD}
    assert any(fleet.is_off(document) for document in found)


def test_mesh_node_shows_under_the_gateway_at_its_address() -> None:
    node = equipment("Mesh Node", "TP-Link Deco X50", "14:EB:B6:00:00:01", serial_no="2241B2000011")
    fleet = Fleet(lambda: [equipment("ONT", "TP-Link XX230v", "A4:2B:B0:1C:9F:3E"), node])

    (document,) = fleet.documents(at="2026-11-20T23:20:00.000000Z").values()

    assert [n.role for n in normalise(document, now=START).mesh.nodes] == ["controller", "agent"]


def test_device_in_a_van_is_unknown_to_the_acs() -> None:
    fleet = Fleet(lambda: [equipment("ONT", "x", "A4:2B:B0:1C:9F:3E", status="In Stock")])

    assert fleet.documents(at="2026-11-20T23:20:00.000000Z") == {}
