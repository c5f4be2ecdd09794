"""Identities of devices: every notation one spelling, every refusal its own reason (T-10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.identity import bare, mac, serial_forms


@pytest.mark.parametrize(
    "typed", ["A4:2B:B0:1C:9F:3E", "a42b.b01c.9f3e", "A4-2B-B0-1C-9F-3E", " a42bb01c9f3e "]
)
def test_address_is_one_however_it_is_written(typed: str) -> None:
    assert mac(typed) == "A42BB01C9F3E"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "A42BB01C9F3",
        "A42BB01C9F3E0",
        "ZZ:2B:B0:1C:9F:3E",
        "01:00:5E:00:00:01",
        "FF:FF:FF:FF:FF:FF",
        "00:00:00:00:00:00",
    ],
)
def test_address_that_no_device_has_is_none(typed: str) -> None:
    """T-10: length, digits, groups and the null address."""
    assert mac(typed) is None


@given(st.integers(1, (1 << 48) - 1).filter(lambda n: not n >> 40 & 1))
def test_every_other_address_is_kept(number: int) -> None:
    assert mac(f"{number:012x}") == f"{number:012X}"


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("TPLG1A2B3C4D", ("TPLG1A2B3C4D", "54504C471A2B3C4D")),
        ("54504c47-1a2b3c4d", ("54504C471A2B3C4D", "TPLG1A2B3C4D")),
        ("224A1B 0012", ("224A1B0012",)),
        ("FFFFFFFF1A2B3C4D", ("FFFFFFFF1A2B3C4D",)),
        (" - ", ()),
    ],
)
def test_gpon_serial_is_known_in_both_forms(typed: str, forms: tuple[str, ...]) -> None:
    """SC-07."""
    assert serial_forms(typed) == forms


@given(st.text())
def test_forms_of_a_serial_are_one_set_from_either(typed: str) -> None:
    forms = serial_forms(typed)

    assert all(set(serial_forms(form)) == set(forms) for form in forms)
    assert forms == () or forms[0] == bare(typed)
