"""Identities as people type them: one spelling for every notation, one reason for every refusal."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Body
from field_core.identity import (
    SERIAL_LENGTH_MAX,
    SERIAL_LENGTH_MIN,
    bare,
    gpon_in_hex,
    gpon_in_letters,
    mac,
    read_gpon_serial,
    read_mac,
    read_serial,
    same_device,
    serial_forms,
)
from field_core.problems import ProblemError

ONT = "A4:2B:B0:1C:9F:3E"
ONT_SERIAL, ONT_IN_HEX = "TPLGA1B2C3D4", "54504C47A1B2C3D4"

hexadecimal = st.text("0123456789ABCDEF", min_size=12, max_size=12)
device_macs = hexadecimal.filter(lambda d: not int(d[:2], 16) & 1 and int(d, 16) > 0)
gpon_serials = st.builds(
    lambda letters, tail: letters + tail,
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4),
    st.text("0123456789ABCDEF", min_size=8, max_size=8),
)


def code_of(read: Callable[[str], str], text: str) -> str:
    with pytest.raises(ProblemError) as caught:
        read(text)
    return caught.value.problem.code


@pytest.mark.parametrize(
    "typed",
    [
        ONT,
        "a4:2b:b0:1c:9f:3e",
        "A4-2B-B0-1C-9F-3E",
        "a42b.b01c.9f3e",
        "A42BB01C9F3E",
        "  a42bb0 1c9f3e\t",
        "A4\N{EN DASH}2B\N{EN DASH}B0\N{EN DASH}1C\N{EN DASH}9F\N{EN DASH}3E",
    ],
)
def test_mac_in_any_notation_has_one_spelling(typed: str) -> None:
    """T-10."""
    assert read_mac(typed) == ONT


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("A42BB01C9F3", "mac-length"),
        ("A42BB01C9F3E5", "mac-length"),
        ("", "mac-length"),
        ("ZZ:2B:B0:1C:9F:3E", "mac-characters"),
        ("A4:2B:BO:1C:9F:3E", "mac-characters"),
        ("A4/2B/B0/1C/9F/3E", "mac-characters"),
        ("\N{ARABIC-INDIC DIGIT ONE}" * 12, "mac-characters"),
        ("01:00:5E:00:00:01", "mac-multicast"),
        ("00:00:00:00:00:00", "mac-reserved"),
        ("FF:FF:FF:FF:FF:FF", "mac-reserved"),
    ],
)
def test_mac_that_no_device_bears_is_refused_with_its_own_reason(typed: str, code: str) -> None:
    """T-10."""
    assert code_of(read_mac, typed) == code


def test_refusal_of_a_mac_names_what_was_read() -> None:
    """T-10: “O” and “0” look alike, so the letter is said."""
    with pytest.raises(ProblemError) as caught:
        read_mac("A4:2B:BO:1C:9F:3Z")

    assert caught.value.problem.details == {"found": "O Z"}
    assert "(lu : O Z)" in caught.value.problem.sentence("fr")


@given(device_macs, st.sampled_from(["", ":", "-", "."]), st.sampled_from([2, 4]))
def test_mac_however_parted_is_read_as_the_same(digits: str, mark: str, size: int) -> None:
    typed = mark.join(digits[at : at + size] for at in range(0, 12, size)).lower()

    assert bare(read_mac(typed)) == mac(typed) == digits
    assert read_mac(read_mac(typed)) == read_mac(typed)


@given(st.text(max_size=24) | hexadecimal)
def test_text_that_is_read_as_a_mac_is_found_as_that_mac(text: str) -> None:
    try:
        read = read_mac(text)
    except ProblemError:
        return
    assert mac(read) == bare(read)


@given(gpon_serials)
def test_gpon_serial_is_the_same_in_both_forms(serial: str) -> None:
    in_hex = gpon_in_hex(serial)

    assert (len(in_hex), gpon_in_letters(in_hex)) == (16, serial)
    assert read_gpon_serial(in_hex.lower()) == read_gpon_serial(serial) == serial
    assert {*serial_forms(in_hex)} == {*serial_forms(serial)} == {serial, in_hex}


@pytest.mark.parametrize("typed", [ONT_SERIAL, ONT_IN_HEX, "tplg-a1b2c3d4", "5450 4C47 A1B2 C3D4"])
def test_gpon_serial_in_either_form_has_one_spelling(typed: str) -> None:
    """T-06: `TPLGA1B2C3D4` and `54504C47A1B2C3D4` are one."""
    assert read_gpon_serial(typed) == ONT_SERIAL


@pytest.mark.parametrize(
    "typed", ["", "TPLGA1B2C3D", "TPLGA1B2C3DG", "TP1GA1B2C3D4", "00504C47A1B2C3D4", ONT, "0" * 16]
)
def test_gpon_serial_of_another_form_is_refused(typed: str) -> None:
    assert code_of(read_gpon_serial, typed) == "gpon-serial"


@pytest.mark.parametrize(
    ("typed", "read"),
    [(" 22 4679 8100001 ", "2246798100001"), ("ab-12/3.4_x", "AB-12/3.4_X"), ("12345", "12345")],
)
def test_serial_number_is_kept_in_capitals_without_blanks(typed: str, read: str) -> None:
    assert read_serial(typed) == read


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "serial-characters"),
        ("-12345", "serial-characters"),
        ("12345é", "serial-characters"),
        ("S/N: 12345", "serial-characters"),
        ("1" + "2" * (SERIAL_LENGTH_MIN - 2), "serial-length"),
        ("12" * SERIAL_LENGTH_MAX, "serial-length"),
        ("00000000", "serial-implausible"),
        ("0-0-0-0-0", "serial-implausible"),
        ("MODELNAME", "serial-implausible"),
    ],
)
def test_serial_number_that_no_maker_gives_is_refused(typed: str, code: str) -> None:
    assert code_of(read_serial, typed) == code


@given(st.text(max_size=40) | st.text("0123456789AB-. ", max_size=16))
def test_serial_number_once_read_is_read_again_as_it_is(text: str) -> None:
    try:
        read = read_serial(text)
    except ProblemError:
        return
    assert read_serial(read) == read


SAME, OTHER = True, False


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"mac_address": ONT}, {"mac_address": "a42b.b01c.9f3e"}, SAME),
        (
            {"mac_address": ONT, "serial_no": "2246798100001"},
            {"mac_address": "A4:2B:B0:1C:9F:3B", "serial_no": "2246798100001"},
            OTHER,
        ),
        ({"mac_address": ONT, "gpon_serial": ONT_SERIAL}, {"gpon_serial": ONT_IN_HEX}, SAME),
        ({"serial_no": ONT_IN_HEX}, {"gpon_serial": ONT_SERIAL}, SAME),
        ({"serial_no": "2246798100001"}, {"serial_no": "2246798100002"}, OTHER),
        ({"mac_address": ONT}, {"serial_no": "2246798100001"}, OTHER),
        ({}, {}, OTHER),
    ],
)
def test_devices_are_one_by_mac_and_else_by_serial(
    one: Body, other: Body, expected: object
) -> None:
    """SC-07."""
    assert same_device(one, other) is same_device(other, one) is expected
