"""What the office knows of a device: for whom, from where, judged by which limits."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from field_core.capabilities import capabilities
from server_sync.acs.bridge import HttpBridge
from server_sync.acs.reports import Reports
from server_sync.sync.caller import Caller
from tests.server.acs.recordings import XX230V
from tests.server.acs.ward import MAC, ONT, Ward, read_at, ward_in
from tests.server.http.house import JOB, KARIM, NADIA, OTHER_JOB, SOPHIE

SECRET: Final = "DO-NOT-LEAK"


async def test_report_has_snapshot_verdicts_and_their_age(ward: Ward) -> None:
    """DX-01: value, unit, verdict, threshold, source and age, in one schema."""
    await ward.sign_in()

    told = (await ward.report()).json()

    assert told["matched_by"] == "mac"
    assert told["snapshot"]["optical"]["rx_dbm"] == pytest.approx(-19.21, abs=0.06)
    assert [one["code"] for one in told["verdicts"]] == ["all-good", "optical-ok", "wan-ok"]
    level = told["verdicts"][1]
    assert (level["grade"], level["unit"], level["age_s"]) == ("ok", "dBm", 60)
    assert level["limit_source"].startswith("ITU-T G.984.2")
    assert {(b["source"], b["age_s"]) for b in told["blocks"]} == {("acs", 60)}


async def test_report_holds_no_secret_of_the_document(ward: Ward) -> None:
    """DX-07: nor any RADIUS, PPP, Wi-Fi or ACS password."""
    await ward.sign_in()

    answer = await ward.report()

    assert SECRET not in answer.text
    assert SECRET in json.dumps(ward.bench.devices.documents(at="")[XX230V])


async def test_technician_without_a_job_there_learns_nothing(ward: Ward) -> None:
    nadia = await ward.house.sign_in(NADIA)
    await ward.sign_in()

    foreign, unknown = await ward.report(device=nadia), await ward.report("nothing", nadia)

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()


async def test_offer_does_not_open_the_equipment_at_its_address(ward: Ward) -> None:
    ward.house.job(JOB, technician=None, service_location="LOC-00001", offered_until="2027")
    await ward.sign_in()

    assert (await ward.report()).status_code == 404


@pytest.mark.parametrize("person", [SOPHIE, KARIM])
async def test_office_may_ask_about_any_equipment(ward: Ward, person: Any) -> None:  # noqa: ANN401 - a person of the house
    ward.house.put(JOB, body="gone")
    device = await ward.house.sign_in(person)

    assert (await ward.report(device=device)).json()["matched_by"] == "mac"


async def test_equipment_is_found_by_its_name_in_the_erp_too(ward: Ward) -> None:
    """A customer's page knows names."""
    await ward.sign_in()

    told = (await ward.report("EQP-00001")).json()

    assert (told["equipment"], told["matched_by"]) == ("EQP-00001", "mac")


async def test_device_that_never_reported_is_said_to_be_unknown(ward: Ward) -> None:
    ward.house.put(ONT, "Service Equipment", mac_address="A4:2B:B0:00:00:01",
                   service_location="LOC-00001")  # fmt: skip
    await ward.sign_in()

    told = (await ward.report()).json()

    assert (told["reason"], "snapshot" in told) == ("cpe-unknown", False)


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        pytest.param({"mac_address": MAC.lower().replace(":", "-")}, "mac", id="mac, other form"),
        pytest.param({"mac_address": "1C:61:B4:10:20:31"}, "mac", id="another of its own macs"),
        pytest.param({"gpon_serial": "TPLGB4102030"}, "gpon-serial", id="gpon, letters"),
        pytest.param({"gpon_serial": "54504C47B4102030"}, "gpon-serial", id="gpon, digits"),
        pytest.param({"serial_aliases": "54504C47B4102030"}, "gpon-serial", id="alias"),
        pytest.param({"serial_no": "2230A1000001"}, "serial", id="serial"),
    ],
)
async def test_device_is_found_by_mac_then_serials(
    ward: Ward, fields: dict[str, str], by: str
) -> None:
    document = ward.bench.devices.documents(at="")[XX230V]
    document["Device"]["Ethernet"]["Link"] = {
        "1": {"MACAddress": {"_value": "1c:61:b4:10:20:31", "_type": "xsd:string"}}
    }
    ward.house.put(ONT, "Service Equipment", service_location="LOC-00001", **fields)
    await ward.sign_in()

    assert (await ward.report()).json().get("matched_by") == by


async def test_host_behind_a_gateway_is_not_the_gateway(ward: Ward) -> None:
    """A TV box is in the ONT's list of hosts: that makes it no ONT."""
    ward.house.put(ONT, "Service Equipment", mac_address="02:11:22:33:44:01",
                   service_location="LOC-00001")  # fmt: skip
    await ward.sign_in()

    assert (await ward.report()).json()["reason"] == "cpe-unknown"


async def test_exchanged_device_is_found_again_as_another_one(ward: Ward) -> None:
    await ward.sign_in()
    await ward.report()

    ward.house.put(ONT, "Service Equipment", gpon_serial="ALCLB0000001",
                   service_location="LOC-00001")  # fmt: skip

    told = (await ward.report()).json()
    assert (told["matched_by"], told["snapshot"]["device"]["vendor"]) == ("gpon-serial", "Nokia")


def rx_of(ward: Ward, dbm: float) -> None:
    optics = ward.bench.devices.documents(at="")[XX230V]["Device"]["Optical"]["Interface"]["1"]
    optics["X_TP_GPON_Config"]["RXPower"]["_value"] = round(10 ** (dbm / 10) * 10_000)


def subscribe(ward: Ward, profile: str) -> None:
    ward.house.put("item-1", "Item", "FIBRE-500", item_name="500", olt_profile=profile)
    ward.house.put("sub-1", "Service Subscription", "SUB-00001", service_location="LOC-00001",
                   plan="FIBRE-500", status="Active")  # fmt: skip


def optical_codes(told: dict[str, Any]) -> list[str]:
    return [v["code"] for v in told["verdicts"] if v["code"].startswith("optical")]


@pytest.mark.parametrize(
    ("dbm", "profile", "code"),
    [
        pytest.param(-24.1, "RES-500", "optical-ok", id="T-12 pass"),
        pytest.param(-27.6, "RES-500", "optical-low", id="T-12 below the limit"),
        pytest.param(-6.5, "RES-500", "optical-high", id="T-12 overload"),
        pytest.param(-27.6, "RURAL", "optical-ok", id="DX-06 a profile with C+ optics"),
    ],
)
async def test_level_is_judged_by_the_limits_of_the_plan_s_profile(
    tmp_path: Path, dbm: float, profile: str, code: str
) -> None:
    limits = tmp_path / "limits.json"
    limits.write_text('{"olt_profiles": {"RURAL": {"pon_class": "GPON C+"}}}')
    with ward_in(tmp_path, cpe_thresholds=limits) as ward:
        subscribe(ward, profile)
        rx_of(ward, dbm)
        await ward.sign_in()

        told = (await ward.report()).json()

    assert (told["olt_profile"], optical_codes(told)) == (profile, [code])


async def test_level_that_fell_since_installation_is_told(ward: Ward) -> None:
    rx_of(ward, -21.5)
    ward.house.job(OTHER_JOB, service_location="LOC-00001", job_type="Install", status="Completed",
                   checklist=[{"id": "r", "kind": "reading", "unit": "dBm", "done": True,
                               "value": "-18.2"}])  # fmt: skip
    await ward.sign_in()

    assert optical_codes((await ward.report()).json()) == ["optical-drop"]


async def test_acs_that_does_not_answer_is_said(ward: Ward) -> None:
    def dead(*_: object) -> None:
        raise ConnectionError("gone")

    ward.bench.answer = dead  # type: ignore[method-assign,assignment]  # the stand-in is switched off
    await ward.sign_in()

    told = (await ward.report()).json()
    ready = (await ward.house.client.get("/ready")).json()

    assert told["reason"] == "acs-unreachable"
    assert [c["says"] for c in ready["checks"] if c["name"] == "acs"] == ["no answer"]


async def test_server_without_an_acs_says_so(tmp_path: Path) -> None:
    with ward_in(tmp_path) as ward:
        reach = replace(ward.diagnostics.reach, acs=None)
        told = await Reports(reach, None, ward.diagnostics.reports.thresholds).report(ONT, _karim())

    assert told.reason == "acs-missing"
    assert reach.standing() == (False, "not connected: ACS_URL is not set")


def _karim() -> Caller:
    return Caller("karim", "d", None, "@office", capabilities(KARIM.roles))


# --- the bridge


def bridge(answer: httpx.Response) -> HttpBridge:
    return HttpBridge(
        "http://bridge.test", token="t", transport=httpx.MockTransport(lambda _: answer)
    )


def reading(channel: int, at: str) -> httpx.Response:
    at_radio = "Device.WiFi.Radio.1"
    return httpx.Response(200, json={"read_at": at, "parameters": {
        f"{at_radio}.OperatingFrequencyBand": "2.4GHz", f"{at_radio}.Channel": channel,
        "Device.WiFi.AccessPoint.1.Security.KeyPassphrase": f"{SECRET}-wifi",
    }})  # fmt: skip


@pytest.mark.parametrize(
    ("at", "channel", "source"),
    [
        pytest.param("2026-09-21T13:59:59Z", 11, "bridge", id="the bridge is fresher"),
        pytest.param("2026-01-01T00:00:00Z", 6, "acs", id="the ACS is fresher"),
    ],
)
async def test_bridge_and_acs_are_blended_by_freshness(
    ward: Ward, at: str, channel: int, source: str
) -> None:
    """DX-02: a block is taken whole from where it is younger."""
    read_at(ward.bench.devices.documents(at="")[XX230V], "2026-09-21T13:30:00Z")
    reports = replace(ward.diagnostics.reports, bridge=bridge(reading(11, at)))

    told = await reports.report(ONT, _karim())

    assert told.snapshot is not None
    found = [r.channel for r in told.snapshot.wifi.radios if r.band == "2.4GHz"]
    assert (found, [b.source for b in told.blocks if b.block == "wifi"]) == ([channel], [source])
    assert [b.source for b in told.blocks if b.block == "optical"] == ["acs"]
    assert SECRET not in told.model_dump_json()


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(404), httpx.Response(500), httpx.Response(200, json=[])],
    ids=["unknown", "broken", "nonsense"],
)
async def test_bridge_that_knows_nothing_leaves_the_acs_s_word(
    ward: Ward, answer: httpx.Response
) -> None:
    reports = replace(ward.diagnostics.reports, bridge=bridge(answer))

    told = await reports.report(ONT, _karim())

    assert {b.source for b in told.blocks} == {"acs"}
