"""Identities of equipment: valid, unique, and where they can be."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from server_sync.demo import Company
from server_sync.demo.identifiers import gpon_hexadecimal, gpon_serial, mac_address
from tests.server.demo.reading import day

MAC = re.compile(r"(?:[0-9A-F]{2}:){5}[0-9A-F]{2}")
GPON = re.compile(r"[A-Z]{4}[0-9A-F]{8}")
MULTICAST_OR_LOCAL = 0b11


def test_mac_is_well_formed_unicast_and_the_makers_own(any_company: Company) -> None:
    for body in any_company.documents["Service Equipment"]:
        mac = str(body["mac_address"])
        assert MAC.fullmatch(mac)
        assert not int(mac[:2], 16) & MULTICAST_OR_LOCAL


def test_identity_belongs_to_one_device_only(any_company: Company) -> None:
    for field in ("mac_address", "serial_no", "gpon_serial"):
        bodies = any_company.documents["Service Equipment"]
        seen = Counter(body[field] for body in bodies if field in body)
        assert set(seen.values()) == {1}, field


def test_gpon_serial_stands_on_every_ont_and_on_nothing_else(any_company: Company) -> None:
    for body in any_company.documents["Service Equipment"]:
        if body["equipment_type"] == "ONT":
            assert GPON.fullmatch(str(body["gpon_serial"]))
        else:
            assert "gpon_serial" not in body


def test_gpon_serial_in_hexadecimal_spells_the_vendor_in_ascii() -> None:
    assert gpon_hexadecimal("TPLGA1B2C3D4") == "54504C47A1B2C3D4"


def test_installed_equipment_has_a_place_and_a_past_day_and_the_rest_neither(
    any_company: Company,
) -> None:
    for body in any_company.documents["Service Equipment"]:
        if body["status"] == "Installed":
            assert "service_location" in body
            assert day(body["installed_on"]) <= any_company.today
        else:
            assert not {"service_location", "installed_on"} & set(body)


def test_place_has_at_most_one_ont(any_company: Company) -> None:
    onts = Counter(
        body["service_location"]
        for body in any_company.documents["Service Equipment"]
        if body["equipment_type"] == "ONT" and "service_location" in body
    )
    assert set(onts.values()) == {1}


@given(seed=st.integers(0, 2**31), start=st.integers(0, 2**20))
def test_identity_of_neighbouring_numbers_never_repeats(seed: int, start: int) -> None:
    numbers = range(start, start + 100)
    assert len({mac_address("A4:2B:B0", n, seed=seed) for n in numbers}) == len(numbers)
    assert len({gpon_serial("TPLG", n, seed=seed) for n in numbers}) == len(numbers)
