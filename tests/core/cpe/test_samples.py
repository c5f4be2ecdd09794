"""Every expected value of the samples is reached, and no secret passes."""

from typing import Any

import pytest

from field_core.cpe import normalise, normalise_snmp
from tests.core.cpe.samples import CASES, WALKS, read, walk

TESTERS_OWN = ("case", "must_not_contain", "warning_codes")


def key_of(item: dict[str, Any]) -> str:
    return str([item.get(name) for name in ("mac", "bssid", "ssid", "band", "name", "type", "ip")])


def agree(found: Any, expected: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return what was found, cut to the names that are expected, lists in their order."""
    if isinstance(expected, dict):
        assert isinstance(found, dict)
        return {name: agree(found.get(name, "absent"), item) for name, item in expected.items()}
    if isinstance(expected, list) and expected and isinstance(expected[0], dict):
        assert len(found) == len(expected)
        ordered = {key_of(agree(item, expected[0])): item for item in found}
        return [agree(ordered[key_of(agree(item, expected[0]))], item) for item in expected]
    return pytest.approx(found, abs=0.06) if isinstance(expected, float) else found


@pytest.mark.parametrize("case", CASES)
def test_device_sampled_gives_all_expected_values(case: str) -> None:
    expected = read("expected", case)
    snapshot = normalise(read("devices", case), now=expected["evaluate_at"])
    found = snapshot.model_dump(mode="json")
    wanted = {name: item for name, item in expected.items() if name not in TESTERS_OWN}

    assert agree(found, wanted) == wanted
    assert set(expected["warning_codes"]) <= set(found["warning_codes"])


@pytest.mark.parametrize("case", CASES)
def test_device_sampled_leaks_no_marker(case: str) -> None:
    expected = read("expected", case)
    text = normalise(read("devices", case), now=expected["evaluate_at"]).model_dump_json()

    assert [marker for marker in expected["must_not_contain"] if marker in text] == []


@pytest.mark.parametrize("case", CASES)
def test_device_sampled_says_of_each_number_where_it_is_from(case: str) -> None:
    snapshot = normalise(read("devices", case), now=read("expected", case)["evaluate_at"])
    blocks = snapshot.model_dump(mode="json")
    numbers = {
        f"{name}.{field}"
        for name in ("device", "optical")
        for field, value in blocks[name].items()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    }
    numbers |= {
        f"wifi.clients.{client['mac']}.{field}"
        for client in blocks["wifi"]["clients"]
        for field in ("rssi_dbm", "down_kbps", "up_kbps")
        if client[field] is not None
    }

    assert numbers - snapshot.provenance.keys() == set()
    assert {note.age_s for note in snapshot.provenance.values()} <= {None, 59, 60}


def test_device_healthy_has_no_warning() -> None:
    healthy = [case for case in CASES if case.endswith("_ok")]
    times = {case: read("expected", case)["evaluate_at"] for case in healthy}
    found = {case: normalise(read("devices", case), now=times[case]).warnings for case in healthy}

    assert found == {case: [] for case in healthy}


def test_raw_value_and_unit_chosen_are_kept() -> None:
    case = "dev_zte_f670l_degraded_raw"
    snapshot = normalise(read("devices", case), now=read("expected", case)["evaluate_at"])

    assert snapshot.provenance["optical.rx_dbm"].model_dump(mode="json") == {
        "source": ("InternetGatewayDevice.WANDevice.1.X_ZTE-COM_WANPONInterfaceConfig.RXPower"),
        "unit": "dBm",
        "raw": 17,
        "raw_unit": "0.1 µW",
        "age_s": 59,
        "quality": "assumed",
    }


@pytest.mark.parametrize("name", WALKS)
def test_walk_sampled_gives_all_expected_values(name: str) -> None:
    expected = read("snmp", f"{name}.expected")
    found = normalise_snmp(walk(name)).model_dump(mode="json")

    assert {field: found[field] for field in expected} == expected


def test_walk_recorded_is_read() -> None:
    snapshot = normalise_snmp(walk("router_netsnmp_recorded"))
    arp = [entry.model_dump() for entry in snapshot.arp]

    assert [(i.name, i.kind, i.speed_mbps) for i in snapshot.interfaces] == [
        ("lo", "loopback", 10),
        ("wan0", "ethernet", 0),
        ("rt-lan", "ethernet", 10_000),
    ]
    assert arp == [{"ip": "192.168.88.10", "mac": "7A:92:AA:C7:13:61", "port": "rt-lan"}]
    assert (snapshot.sys_name, snapshot.uptime_s, snapshot.optical) == ("lab-cpe", 669, None)
