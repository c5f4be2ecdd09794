"""What the office reads, in the schema of every result: three units (DX-01)."""

import json
from pathlib import Path
from typing import Any

import pytest

from field_core.cpe import Grade, judge, normalise
from field_core.cpe.report import CpeReport
from field_core.diagnosis import QUANTITIES, Absence, Probe, Result, Run, Target
from field_core.diagnosis.judging import by_urgency, judge_run
from field_core.diagnosis.remote import Unit, results_of, unit_of, verdicts_of, with_report

DEVICES = Path(__file__).parents[2] / "fixtures" / "cpe" / "devices"
NOW = "2026-11-20T23:25:00Z"


def report_of(name: str, **more: Any) -> CpeReport:  # noqa: ANN401 - members of a report
    told = json.loads((DEVICES / f"{name}.json").read_text("utf-8"))
    snapshot = normalise(told[0] if isinstance(told, list) else told, now=NOW)
    return CpeReport(
        equipment="e", read_at=NOW, snapshot=snapshot, verdicts=judge(snapshot), **more
    )


XX230V = report_of("dev_tplink_xx230v_deco_ok")
WEAK = report_of("dev_zte_f670l_degraded_raw")
RUN = Run(id="r", profile="full", started_at=NOW)


def found(report: CpeReport, unit: Unit) -> dict[str, Result]:
    return {result.quantity: result for result in results_of(report, unit)}


@pytest.mark.parametrize("unit", Unit)
def test_every_result_has_value_unit_source_and_time(unit: Unit) -> None:
    """DX-01: one schema for all three."""
    results = results_of(XX230V, unit)

    assert results
    for result in results:
        assert result.unit == QUANTITIES[result.quantity].unit
        assert result.source.startswith("Device.")
        assert result.measured_at < NOW
        assert (result.probe, result.method) == (Probe.ACS, "acs")


def test_light_has_the_grade_and_limit_that_the_office_gave() -> None:
    level = found(WEAK, Unit.MODEM)["optical-rx"]

    assert level.value == pytest.approx(-27.7, abs=0.05)
    assert (level.grade, level.limit) == (Grade.BAD, -27)
    assert level.limit_source is not None


def test_stations_come_weakest_first_with_their_names() -> None:
    signals = [r for r in results_of(XX230V, Unit.WIFI) if r.quantity == "client-signal"]

    values = [float(r.value) for r in signals if isinstance(r.value, int | float)]
    assert values == sorted(values)
    assert all(r.details["name"] and r.grade for r in signals)


def test_device_says_model_firmware_and_load() -> None:
    assert found(XX230V, Unit.DEVICE).keys() == {
        "device-model", "device-firmware", "device-uptime", "device-cpu", "device-memory",
    }  # fmt: skip


def test_report_without_a_snapshot_has_no_results() -> None:
    assert results_of(CpeReport(equipment="e", read_at=NOW, reason="cpe-unknown"), Unit.WIFI) == []


def test_connection_that_nothing_is_known_of_has_no_value() -> None:
    blank = CpeReport(equipment="e", read_at=NOW, snapshot=normalise({}, now=NOW))

    assert [result for unit in Unit for result in results_of(blank, unit)] == []


@pytest.mark.parametrize(
    ("field", "unit"),
    [
        ("optical.rx_dbm", Unit.MODEM), ("wan.0.status", Unit.MODEM), ("wifi.radios", Unit.WIFI),
        ("mesh.nodes", Unit.WIFI), ("last_inform", Unit.DEVICE), ("health.overall", None),
    ],
)  # fmt: skip
def test_finding_belongs_to_one_unit(field: str, unit: Unit | None) -> None:
    assert unit_of(field) is unit


def test_verdicts_of_a_unit_are_its_own() -> None:
    assert verdicts_of(WEAK, Unit.MODEM)[0].code == "optical-low"
    assert {one.code for one in verdicts_of(WEAK, Unit.WIFI)} == {"client-weak"}


def test_run_takes_in_what_the_office_read() -> None:
    whole = with_report(RUN, WEAK)

    assert whole.verdicts[0].code == "optical-low"
    assert whole.verdicts == by_urgency(whole.verdicts)
    assert {r.probe for r in whole.results} == {Probe.ACS}
    assert "acs" in whole.raw
    assert with_report(whole, WEAK) == whole


def test_all_good_of_the_office_does_not_stand_beside_the_run_s_own_summary() -> None:
    assert "all-good" not in {one.code for one in with_report(RUN, XX230V).verdicts}


def test_run_that_found_nothing_does_not_call_all_good_what_the_office_finds_amiss() -> None:
    good = Result(probe=Probe.PING, quantity="latency", target=Target.SERVER, value=4.0, unit="ms")
    run = RUN.model_copy(update={"results": [good], "verdicts": judge_run([good])})

    assert run.verdicts[0].code == "good"
    assert "good" not in {one.code for one in with_report(run, WEAK).verdicts}
    assert "good" in {one.code for one in with_report(run, XX230V).verdicts}


@pytest.mark.parametrize("code", ["offline", "queued"])
def test_reading_that_is_late_is_told_as_later_not_as_a_failure(code: str) -> None:
    """T-13, T-14."""
    (missing,) = with_report(RUN, None, absence=Absence(code=code)).results

    assert missing.absence is not None
    assert missing.absence.is_later
    assert (missing.grade, missing.target) == (None, Target.GATEWAY)


def test_run_without_anything_of_the_office_stays_as_it_is() -> None:
    assert with_report(RUN, None) == RUN


def test_snapshot_comes_back_from_text_as_it_was() -> None:
    assert CpeReport.model_validate_json(XX230V.model_dump_json()) == XX230V


def test_snapshot_refuses_what_is_no_object() -> None:
    with pytest.raises(ValueError, match="snapshot"):
        CpeReport.model_validate({"equipment": "e", "read_at": NOW, "snapshot": 3})


def test_grade_is_kept_where_the_office_gave_none() -> None:
    assert found(XX230V, Unit.DEVICE)["device-cpu"].grade is None
    assert found(XX230V, Unit.MODEM)["optical-temperature"].grade is Grade.OK
