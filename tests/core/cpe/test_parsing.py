"""What devices write, as numbers, truths, texts and addresses."""

import pytest
from hypothesis import given

from field_core.canon import Json
from field_core.cpe import addresses, parsing
from tests.core.strategies import JSON

NUMBERS: list[tuple[Json, float | None]] = [
    (4, 4.0), (-22, -22.0), ("-3.409399", -3.409399), ("41%", 41.0), ("3.25 V", 3.25),
    ("41.5 °C", 41.5), (" 7 ", 7.0), ("+5", 5.0), ("", None), ("-", None), ("Auto", None),
    (True, None), (None, None), ([], None), ({}, None), (float("nan"), None),
    (float("inf"), None), (10**400, None), ("9" * 5000, None), ("1e9", None), ("١٢", None),
    ("12 apples", None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), NUMBERS)
def test_number(written: Json, read: float | None) -> None:
    assert parsing.number(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [(0, 0), ("864123", 864_123), (3.0, 3), (3.5, None), (-1, None), (4_294_967_295, None)],
)
def test_count(written: Json, read: int | None) -> None:
    assert parsing.count(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [(True, True), ("TRUE", True), (1, True), ("0", False), (0, False), ("yes", None), (2.5, None)],
)
def test_flag(written: Json, read: bool | None) -> None:  # noqa: FBT001 - the value expected
    assert parsing.flag(written) is read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("7%;9%", 9), ("12, 4", 12), (57, 57), ("7%;130%", None), (101, None), (-1, None),
        ("-5;4", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_percent_of_several_cores_is_the_highest(written: Json, read: int | None) -> None:
    assert parsing.percent(written) == read


def test_text_is_stripped_and_bounded() -> None:
    assert parsing.text(" XX230v ") == "XX230v"
    assert [parsing.text(value) for value in ("", " - ", 5, None, "x" * 257)] == [None] * 5


@pytest.mark.parametrize(
    ("written", "read"),
    [("-19.2 dBm", -19.2), ("0.00 mW (-23.19 dBm)", -23.19), ("-19.2", None), (-19, None)],
)
def test_level_with_its_unit_is_read(written: Json, read: float | None) -> None:
    assert parsing.stated_dbm(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("025566778801", "02:55:66:77:88:01"),
        ("90:75:bc:00:63:2d", "90:75:BC:00:63:2D"),
        ("1c61.b410.2030", "1C:61:B4:10:20:30"),
        ("00:00:00:00:00:00", None),
        ("FF:FF:FF:FF:FF:FF", None),
        ("01:00:5E:00:00:01", None),
        ("ZZ:61:B4:10:20:30", None),
        ("1C:61:B4:10:20", None),
        (121, None),
    ],
)
def test_mac(written: Json, read: str | None) -> None:
    assert addresses.mac(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("203.0.113.57", "203.0.113.57"), (addresses.NO_IPV4[0], None), ("255.255.255.255", None),
        ("", None), ("300.1.1.1", None), ("2001:db8::1", None), (7, None),
    ],
)  # fmt: skip
def test_ipv4(written: Json, read: str | None) -> None:
    assert addresses.ipv4(written) == read


def test_servers_leave_out_empties_and_zeros() -> None:
    written = "198.51.100.53,0.0.0.0, ,nonsense;2001:db8::53"

    assert addresses.servers(written) == ["198.51.100.53", "2001:db8::53"]
    assert addresses.servers(None) == []


def test_shared_and_private_addresses_are_told() -> None:
    told = {
        address: (addresses.is_cgnat(address), addresses.is_private(address))
        for address in ("100.64.0.0", "100.127.255.255", "100.128.0.1", "172.31.0.1", "169.254.1.1")
    }

    assert told == {
        "100.64.0.0": (True, False),
        "100.127.255.255": (True, False),
        "100.128.0.1": (False, False),
        "172.31.0.1": (False, True),
        "169.254.1.1": (False, True),
    }
    assert not addresses.is_cgnat(None)
    assert not addresses.is_private(None)


@pytest.mark.parametrize("none", ["", "*", "Unknown", "unknown", None, 4])
def test_host_name_that_is_none(none: Json) -> None:
    assert addresses.host_name(none) is None


@given(JSON)
def test_every_reader_takes_every_value(value: Json) -> None:
    readers = (
        parsing.number, parsing.count, parsing.flag, parsing.text, parsing.percent,
        parsing.stated_dbm, parsing.is_empty, addresses.mac, addresses.ipv4, addresses.servers,
        addresses.host_name,
    )  # fmt: skip

    assert len([reader(value) for reader in readers]) == len(readers)
