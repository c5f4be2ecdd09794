"""SNMP walks of other scales, other libraries, and broken ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.cpe import normalise_snmp
from field_core.cpe.snmp_model import ArpEntry, SnmpInterface, SnmpOptical, SnmpSnapshot
from tests.core.cpe.samples import WALKS, walk

IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
ENTITY, SENSOR = "1.3.6.1.2.1.47.1.1.1.1", "1.3.6.1.2.1.99.1.1.1"
EXTEND = "1.3.6.1.4.1.8072.1.3.2.3.1"
Entry = tuple[str, Any]


def sensor(
    name: str, kind: int, scale: int, precision: int, value: int, oper: int = 1
) -> dict[str, Entry]:
    return {
        f"{ENTITY}.7.5": ("4", name),
        f"{SENSOR}.1.5": ("2", str(kind)),
        f"{SENSOR}.2.5": ("2", str(scale)),
        f"{SENSOR}.3.5": ("2", str(precision)),
        f"{SENSOR}.4.5": ("2", str(value)),
        f"{SENSOR}.5.5": ("2", str(oper)),
    }


def extend(name: str, line: str, result: int = 0) -> dict[str, Entry]:
    index = ".".join(str(code) for code in (len(name), *name.encode()))
    return {f"{EXTEND}.1.{index}": ("4", line), f"{EXTEND}.4.{index}": ("2", str(result))}


@pytest.mark.parametrize(
    ("found", "optical"),
    [
        (sensor("optic-rx-power", 6, 6, 0, 14_454), SnmpOptical(rx_dbm=-18.4)),
        (sensor("optic-rx-power", 6, 7, 1, 145), SnmpOptical(rx_dbm=-18.39)),
        (sensor("optic-rx-power", 6, 8, 4, 145), SnmpOptical(rx_dbm=-18.39)),
        (sensor("optic-tx-power", 6, 9, 6, 3631), SnmpOptical(tx_dbm=5.6)),
        (sensor("sfp temp", 8, 8, 0, 52_300), SnmpOptical(temperature_c=52.3)),
        (sensor("sfp voltage", 4, 9, 3, 3291), SnmpOptical(voltage_v=3.291)),
        (sensor("laser bias", 5, 8, 2, 1312), SnmpOptical(bias_ma=13.12)),
        (sensor("optic-rx-power", 6, 6, 0, 14_454, oper=2), SnmpOptical()),
        (sensor("optic-rx-power", 6, 6, 0, 0), SnmpOptical()),
        (sensor("optic-rx-power", 6, 16, 0, 5), SnmpOptical()),
        (sensor("optic-tx-power", 6, 15, 0, 5), SnmpOptical()),
        (sensor("optic-rx-power", 6, 99, 0, 14_454), SnmpOptical()),
        (sensor("optic-rx-power", 6, 6, 99, 14_454), SnmpOptical()),
        (sensor("optic-rx-power", 6, 6, 0, 2_000_000_000), SnmpOptical()),
        (sensor("optic-rx-power", 8, 6, 0, 14_454), SnmpOptical()),
        (sensor("RX power", 6, 6, 0, 14_454), SnmpOptical(rx_dbm=-18.4)),
        (sensor("CPU temperature", 8, 9, 0, 58), None),
        (sensor("PSU input power", 6, 9, 0, 58), None),
    ],
)
def test_sensor(found: dict[str, Entry], optical: SnmpOptical | None) -> None:
    assert normalise_snmp(found).optical == optical


def test_sensor_without_a_value_reads_nothing() -> None:
    found = sensor("optic-rx-power", 6, 6, 0, 14_454)
    del found[f"{SENSOR}.4.5"], found[f"{SENSOR}.5.5"]

    assert normalise_snmp(found).optical == SnmpOptical()


@pytest.mark.parametrize(
    ("found", "optical"),
    [
        (extend("rx-power-dbm", "-18.40") | extend("tx-power-dbm", "5.60"), (-18.4, 5.6, None)),
        (extend("rx-power-dbm", "-18.40", result=1), None),
        (extend("rx-power-dbm", "0.00"), (None, None, None)),
        (extend("rx-power-dbm", "n/a") | extend("ploam-state", "50"), (None, None, "O5")),
        (extend("ploam-state", "51"), (None, None, "O5.1")),
        (extend("ploam-state", "O5.2"), (None, None, "O5.2")),
        (extend("ploam-state", "5"), (None, None, "O5")),
        (extend("fw-version", "v2.8.2"), None),
    ],
)
def test_agent_s_own_commands(
    found: dict[str, Entry], optical: tuple[float | None, float | None, str | None] | None
) -> None:
    read = normalise_snmp(found).optical

    assert (read and (read.rx_dbm, read.tx_dbm, read.pon_state)) == optical


def test_interface_without_64_bit_counters() -> None:
    found = normalise_snmp(
        {
            f".{IF}.2.7": ("4", b"eth0"),
            f"{IF}.3.7": ("2", 131),
            f"{IF}.5.7": ("66", 1_544_000),
            f"{IF}.7.7": ("2", 2),
            f"{IF}.8.7": ("2", 7),
            f"{IF}.10.7": ("65", 500),
            f"{IF}.14.7": ("65", -1),
            f"{IF}.16.7": ("65", "text"),
            f"{IFX}.18.7": ("4", ""),
            f"{IFX}.15.7": ("4", "1000"),
            f"{IF}.5.8": ("66", "4294967295"),
            f"{IF}.2.8": ("4", "fast"),
        }
    )

    assert found.interfaces == [
        SnmpInterface(
            name="eth0", kind="other", admin="down", oper="down", speed_mbps=1.544, in_bytes=500
        ),
        SnmpInterface(name="fast", kind="other"),
    ]


def test_arp_entry_without_a_bridge_is_behind_its_interface() -> None:
    found = normalise_snmp(
        {
            f"{IF}.2.7": ("4", "br0"),
            "1.3.6.1.2.1.4.22.1.2.7.192.168.88.12": ("4", b"\x02\x66\x00\x00\x00\x12"),
            "1.3.6.1.2.1.4.22.1.2.7.192.168.88.9": ("4x", "0x026600000009"),
            "1.3.6.1.2.1.4.22.1.2.7.192.168.88.8": ("4", "02:66:00:00:00:08"),
            "1.3.6.1.2.1.4.22.1.2.9.192.168.88.7": ("4x", "026600000007"),
            "1.3.6.1.2.1.4.22.1.2.7.192.168.88": ("4x", "026600000006"),
            "1.3.6.1.2.1.4.22.1.2.7.192.168.88.5": ("4x", "odd"),
            "1.3.6.1.2.1.17.4.3.1.2.2.102.0.0.0.999": ("2", "1"),
            "1.3.6.1.2.1.17.4.3.1.2.2.102.0.0.0.7": ("2", "1"),
        }
    )

    assert found.arp == [
        ArpEntry(ip="192.168.88.7", mac="02:66:00:00:00:07"),
        ArpEntry(ip="192.168.88.8", mac="02:66:00:00:00:08", port="br0"),
        ArpEntry(ip="192.168.88.9", mac="02:66:00:00:00:09", port="br0"),
        ArpEntry(ip="192.168.88.12", mac="02:66:00:00:00:12", port="br0"),
    ]


def test_memory_is_of_the_first_ram_that_can_be() -> None:
    at = "1.3.6.1.2.1.25.2.3.1"
    found = normalise_snmp(
        {
            f"{at}.2.1": ("6", ".1.3.6.1.2.1.25.2.1.4"),
            f"{at}.2.2": ("6", ".1.3.6.1.2.1.25.2.1.2"),
            f"{at}.5.2": ("2", "100"),
            f"{at}.6.2": ("2", "130"),
            f"{at}.2.3": ("6", "1.3.6.1.2.1.25.2.1.2"),
            f"{at}.5.3": ("2", "200"),
            f"{at}.6.3": ("2", "50"),
            "1.3.6.1.2.1.25.3.3.1.2.1": ("2", "300"),
        }
    )

    assert (found.mem_used_pct, found.cpu_pct) == (25, None)


def test_serial_is_the_chassis_else_any() -> None:
    one = {f"{ENTITY}.11.1": ("4", "A"), f"{ENTITY}.11.2": ("4", "B"), f"{ENTITY}.5.2": ("2", "3")}

    assert normalise_snmp(one).serial == "B"
    assert normalise_snmp({f"{ENTITY}.11.1": ("4", "A")}).serial == "A"


@pytest.mark.parametrize(
    "nothing",
    [None, [], "text", {5: ("2", 1)}, {"1.3.6": "x"}, {"1.3.6.1.2.1.1.3.0": ("67", True)},
     {"1.3.6.1.2.1.1.3.0": ("67", -1)}, {"1.3.6.1.2.1.1.3.0": ("67", 10**30)},
     {"1.3.6.1.2.1.1.5.0": ("2", 5)}, {"iso.3": ("2", 1)}],
)  # fmt: skip
def test_nothing_gives_a_snapshot_of_nothing(nothing: object) -> None:
    assert normalise_snmp(nothing) == SnmpSnapshot()


ENTRIES = st.tuples(
    st.sampled_from(["2", "4", "4x", "6", "64", "65", "66", "67", "70", "", "x"]),
    st.integers() | st.text(max_size=8) | st.binary(max_size=8) | st.none() | st.floats(),
)


@given(st.data(), st.sampled_from(WALKS))
def test_walk_mutated_never_raises_nor_invents(data: st.DataObject, name: str) -> None:
    found: dict[str, Any] = dict(walk(name))
    for oid in data.draw(st.lists(st.sampled_from(sorted(found)), min_size=1, max_size=20)):
        found[oid] = data.draw(ENTRIES)
    snapshot = normalise_snmp(found)
    optical = snapshot.optical or SnmpOptical()

    assert snapshot.model_dump_json()
    assert optical.rx_dbm is None or -60 < optical.rx_dbm < 12
    assert snapshot.cpu_pct is None or 0 <= snapshot.cpu_pct <= 100
    assert snapshot.mem_used_pct is None or 0 <= snapshot.mem_used_pct <= 100
