"""What the office reads of a device, in the schema of every result: three units (DX-01).

The device, its Wi-Fi, its line and light: each is complete by itself, for a technician's screen as
for a customer's page. `with_report` puts them into a run, so that one piece of evidence holds all.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from field_core.cpe.ledger import instant
from field_core.cpe.model import CpeSnapshot, Grade, Wan
from field_core.cpe.report import CpeReport
from field_core.cpe.thresholds import DEFAULT, Thresholds
from field_core.cpe.verdict import Verdict
from field_core.diagnosis.absences import Absence
from field_core.diagnosis.judging import by_urgency, graded
from field_core.diagnosis.model import Probe, Result, Run, Target
from field_core.diagnosis.quantities import QUANTITIES
from field_core.instants import to_text

METHOD: Final = "acs"


class Unit(StrEnum):
    """A part of a device that is read, judged and shown by itself."""

    DEVICE = "device"
    WIFI = "wifi"
    MODEM = "modem"


_FIELDS: Final[Mapping[Unit, tuple[str, ...]]] = {
    Unit.DEVICE: ("device", "last_inform", "lan"),
    Unit.WIFI: ("wifi", "mesh"),
    Unit.MODEM: ("optical", "wan"),
}
"""Which blocks of a snapshot a unit is made of."""
_Value = str | int | float | None


def unit_of(field: str) -> Unit | None:
    """Return the unit that a field of a snapshot belongs to; what is of all is of none."""
    block = field.partition(".")[0]
    return next((unit for unit, blocks in _FIELDS.items() if block in blocks), None)


def verdicts_of(report: CpeReport, unit: Unit) -> list[Verdict]:
    """Return what was found about a unit, the worst first."""
    return [one for one in report.verdicts if unit_of(one.field) is unit]


def results_of(report: CpeReport, unit: Unit, *, thresholds: Thresholds = DEFAULT) -> list[Result]:
    """Return a unit's quantities that have a value; none without a snapshot."""
    if report.snapshot is None:
        return []
    make = _Maker(report, report.snapshot, thresholds)
    lines = {Unit.DEVICE: _device, Unit.WIFI: _wifi, Unit.MODEM: _modem}[unit](make)
    return [line for line in lines if line.value is not None]


def with_report(
    run: Run,
    report: CpeReport | None,
    *,
    absence: Absence | None = None,
    thresholds: Thresholds = DEFAULT,
) -> Run:
    """Return a run with what the office read, or with why it has not (T-13, T-14)."""
    own = [result for result in run.results if result.probe is not Probe.ACS]
    if report is None or report.snapshot is None:
        missing = [_missing(absence)] if absence else []
        return run.model_copy(update={"results": [*own, *missing]})
    read = [result for unit in Unit for result in results_of(report, unit, thresholds=thresholds)]
    known = {one.code for one in run.verdicts}
    found = [one for one in report.verdicts if one.code not in known and one.code != "all-good"]
    is_amiss = any(one.grade in (Grade.BAD, Grade.WATCH) for one in found)
    stands = [one for one in run.verdicts if not (is_amiss and one.code in _ALL_WELL)]
    return run.model_copy(
        update={
            "results": [*own, *read],
            "verdicts": by_urgency([*stands, *found]),
            "raw": {**run.raw, METHOD: report.snapshot.model_dump(mode="json")},
        }
    )


_ALL_WELL: Final = frozenset({"good", "good-on-wifi"})
"""What a run says of itself when nothing here was amiss: no longer true with the office's word."""


def _missing(absence: Absence) -> Result:
    return Result(
        probe=Probe.ACS,
        quantity="remote-reading",
        target=Target.GATEWAY,
        method=METHOD,
        absence=absence,
    )


class _Maker:
    """Makes results of one report: each with its path on the device and its time."""

    def __init__(self, report: CpeReport, snapshot: CpeSnapshot, thresholds: Thresholds) -> None:
        self.snapshot = snapshot
        self._report = report
        self._thresholds = thresholds
        self._judged = {one.field: one for one in report.verdicts}

    def line(self, quantity: str, field: str, value: _Value, name: str | None = None) -> Result:
        """Return a result; one that was judged by the office has the office's grade."""
        note = self.snapshot.provenance.get(field)
        result = Result(
            probe=Probe.ACS,
            quantity=quantity,
            target=Target.GATEWAY,
            value=value,
            unit=QUANTITIES[quantity].unit,
            source=note.source if note else "",
            method=METHOD,
            measured_at=self._at(note.age_s if note else None),
            details={"name": name} if name else {},
        )
        verdict = self._judged.get(field)
        if verdict is None:
            return graded(result, self._thresholds)
        changes = {
            "grade": verdict.grade,
            "limit": verdict.limit,
            "limit_source": verdict.limit_source,
        }
        return result.model_copy(update=changes)

    def _at(self, age_s: int | None) -> str:
        read = instant(self._report.read_at)
        return to_text(read - timedelta(seconds=age_s)) if read and age_s is not None else ""


def _device(make: _Maker) -> Iterator[Result]:
    device = make.snapshot.device
    model = " ".join(part for part in (device.vendor, device.model) if part)
    yield make.line("device-model", "device.model", model or None)
    yield make.line("device-firmware", "device.firmware", device.firmware)
    yield make.line("device-uptime", "device.uptime_s", device.uptime_s)
    yield make.line("device-cpu", "device.cpu_pct", device.cpu_pct)
    yield make.line("device-memory", "device.mem_used_pct", device.mem_used_pct)


def _wifi(make: _Maker) -> Iterator[Result]:
    """Give each band its channel, then the stations, the weakest first, then the mesh."""
    wifi = make.snapshot.wifi
    for radio in wifi.radios:
        at = f"wifi.radios.{radio.band}"
        yield make.line("wifi-channel", f"{at}.channel", radio.channel, radio.band)
        busy = radio.utilization_pct
        yield make.line("channel-busy", f"{at}.utilization_pct", busy, radio.band)
    for client in sorted(wifi.clients, key=lambda one: one.rssi_dbm or 0.0):
        name = client.hostname or client.mac
        yield make.line(
            "client-signal", f"wifi.clients.{client.mac}.rssi_dbm", client.rssi_dbm, name
        )
    for node in make.snapshot.mesh.nodes:
        field = f"mesh.nodes.{node.mac or node.serial}.backhaul_rssi_dbm"
        yield make.line("node-signal", field, node.backhaul_rssi_dbm, node.model or node.mac)


def _modem(make: _Maker) -> Iterator[Result]:
    optical = make.snapshot.optical
    yield make.line("optical-rx", "optical.rx_dbm", optical.rx_dbm)
    yield make.line("optical-tx", "optical.tx_dbm", optical.tx_dbm)
    yield make.line("optical-temperature", "optical.temperature_c", optical.temperature_c)
    yield make.line("onu-state", "optical.onu_state", optical.onu_state)
    found = enumerate(make.snapshot.wan)
    at, wan = next(((at, wan) for at, wan in found if wan.primary), (0, Wan()))
    status = None if wan.status == "unknown" else wan.status
    yield make.line("line-status", f"wan.{at}.status", status)
    yield make.line("line-address", f"wan.{at}.ipv4", wan.ipv4)
    yield make.line("line-uptime", f"wan.{at}.uptime_s", wan.uptime_s)
    yield make.line("line-vlan", f"wan.{at}.vlan", wan.vlan)
