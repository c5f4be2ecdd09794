"""What labels say: the corpus, provenance, checks of one text by another, and what is refused."""

from dataclasses import dataclass

import pytest

from field_core.identity import gpon_in_hex
from field_core.labels import Field, LabelText, Provenance, Wifi, parse_label
from field_core.labels.model import Label
from tests.core.labels.corpus import CODES, FORMS, PRINTED, VENDOR_SERIALS, Sample, code

MAC = "A4:2B:B0:1C:9F:3E"


def identity(label: Label) -> dict[str, str]:
    return {name.value: found.value for name, found in label.found.items()}


def typed(text: str) -> LabelText:
    return LabelText(text, Provenance.TYPED)


@pytest.mark.parametrize("sample", CODES + PRINTED, ids=lambda sample: str(sample.texts)[:60])
def test_label_tells_its_identity(sample: Sample) -> None:
    assert identity(parse_label(sample.texts)) == sample.identity


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("serial", VENDOR_SERIALS)
def test_serial_of_every_vendor_is_read_in_every_form(serial: str, form: str) -> None:
    """T-06, SC-07: as letters and as sixteen digits, by OCR."""
    printed = form.format(serial=serial, letters=serial[:4], digits=serial[4:])
    label = parse_label([printed])

    assert label.gpon_serial is not None
    assert (label.gpon_serial.value, label.gpon_serial_hex) == (serial, gpon_in_hex(serial))


@pytest.mark.parametrize("serial", VENDOR_SERIALS)
def test_serial_in_sixteen_digits_is_the_same_serial(serial: str) -> None:
    label = parse_label([code(gpon_in_hex(serial))])

    assert identity(label) == {"gpon_serial": serial}


# --- provenance and confidence


def test_value_remembers_where_it_comes_from() -> None:
    label = parse_label([code("A42BB01C9F3E"), "S/N: GMK170210005623", typed("Model: XX230v")])

    assert {name.value: found.provenance for name, found in label.found.items()} == {
        "mac_address": Provenance.BARCODE,
        "serial_no": Provenance.OCR,
        "model": Provenance.TYPED,
    }


def test_ocr_never_replaces_a_typed_value() -> None:
    """T-09: the other reading is kept beside it."""
    label = parse_label([f"MAC: {MAC}", typed("MAC: A4:2B:B0:1C:9F:44")])

    assert identity(label) == {"mac_address": "A4:2B:B0:1C:9F:44"}
    assert [(name, found.value) for name, found in label.others] == [(Field.MAC, MAC)]


def test_ocr_that_misread_a_scanned_value_is_left_out() -> None:
    label = parse_label([code("A42BB01C9F3E"), "MAC: A4:28:B0:1C:9F:3E"])

    assert (identity(label), label.others) == ({"mac_address": MAC}, ())


def test_text_that_agrees_with_a_code_adds_confidence() -> None:
    alone = parse_label([code("A42BB01C9F3E", "Code39")]).mac
    both = parse_label([code("A42BB01C9F3E", "Code39"), f"MAC: {MAC}"]).mac

    assert alone is not None
    assert both is not None
    assert (both.provenance, both.confidence > alone.confidence) == (Provenance.BARCODE, True)


@pytest.mark.parametrize(
    ("surer", "less_sure"),
    [
        (code("A42BB01C9F3E"), code("A42BB01C9F3E", "Code39")),
        (code(MAC), LabelText(MAC)),
        (code("MAC:" + MAC), code(MAC)),
        (code("MAC:A42BB01C9F3E"), code("MAC:A42BB11C9F3E".replace("A42BB1", "A4CCCC"))),
        (code("MAC:A4CCCC1C9F3E"), code("MAC:A6CCCC1C9F3E")),
        ("MAC: A4:2B:B0:1C:9F:3E", "MAC: A4:2B:BO:1C:9F:3E"),
    ],
)
def test_confidence_falls_with_every_doubt(
    surer: str | LabelText, less_sure: str | LabelText
) -> None:
    """Code 39, OCR, no name before it, no maker's prefix, given by hand, a character repaired."""
    first, second = parse_label([surer]).mac, parse_label([less_sure]).mac

    assert first is not None
    assert second is not None
    assert first.confidence > second.confidence


def test_maker_is_told_by_prefix_and_by_vendor_letters() -> None:
    label = parse_label([code("A42BB01C9F3E"), code("HWTCA1B2C3D4")])

    assert label.mac is not None
    assert label.gpon_serial is not None
    assert (label.mac.maker, label.gpon_serial.maker) == ("TP-Link", "Huawei")


# --- characters that look alike


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("MAC: A4:2B:BO:1C:9F:3E", MAC),
        ("MAC: A4:2B:B0:IC:9F:3E", MAC),
        ("MAC: A4:ZB:B0:1C:9F:3E", MAC),
        ("MAC: A42BBO1C9F3E", MAC),
        ("A4-2B-BO-1C-9F-3E", MAC),
        ("MAC A4:2B:B0:|C:9F:3E", MAC),
    ],
)
def test_mac_is_repaired_where_one_character_only_can_stand(printed: str, read: str) -> None:
    assert identity(parse_label([printed])) == {"mac_address": read}


def test_code_is_taken_to_the_letter() -> None:
    label = parse_label([code("MAC:A42BBO1C9F3E")])

    assert identity(label) == {}
    assert [refused.problem.code for refused in label.refused] == ["mac-characters"]


def test_reading_with_too_many_strange_characters_is_another_text() -> None:
    assert parse_label(["MAC: OO:OO:OI:IC:9F:3E"]).mac is None
    assert parse_label(["MAC: OOOOOIIC9F3E"]).mac is None


@pytest.mark.parametrize(
    ("printed", "serial"),
    [
        ("GPON SN: TPLGA1B2C3DO", "TPLGA1B2C3D0"),
        ("GPON SN: 7PLGA1B2C3D4", "TPLGA1B2C3D4"),
        ("SN: ZTE6C1234567", "ZTEGC1234567"),
        ("SN 5COM0A1B2C3D", "SCOM0A1B2C3D"),
        ("S/N: 54504C47A1B2C3DO", "TPLGA1B2C3D0"),
    ],
)
def test_gpon_serial_is_repaired_letters_and_digits_each_in_its_way(
    printed: str, serial: str
) -> None:
    assert identity(parse_label([printed])) == {"gpon_serial": serial}


@pytest.mark.parametrize("printed", ["GPON SN: 6DKTA1B2C3DO", "GPON SN: TPLGOOOOOIII"])
def test_gpon_serial_that_may_be_two_is_none(printed: str) -> None:
    """CDKT and DDKT are one letter apart; five repairs make another text."""
    assert parse_label([printed]).gpon_serial is None


def test_digits_that_may_be_either_are_alternatives() -> None:
    label = parse_label(["MAC: A4:2B:B0:1C:9F:3E"])

    assert label.mac is not None
    assert label.mac.alternatives[:2] == ("A4:28:B0:1C:9F:3E", "A4:2B:80:1C:9F:3E")
    assert parse_label([code("A42BB01C9F3E")]).mac.alternatives == ()  # type: ignore[union-attr]  # it is read


def test_alternative_whose_prefix_a_maker_has_comes_first() -> None:
    label = parse_label(["MAC: 1C:49:78:A8:D9:A6"])

    assert label.mac is not None
    assert label.mac.alternatives[0] == "1C:49:7B:A8:D9:A6"


def test_identity_known_to_the_office_settles_what_looks_alike() -> None:
    label = parse_label(["MAC: A4:28:B0:1C:9F:3E"], known=["a42bb01c9f3e", "GMK1"])

    assert label.mac is not None
    assert (label.mac.value, label.mac.confidence) == (MAC, 0.9)
    assert label.mac.alternatives[0] == "A4:28:B0:1C:9F:3E"


def test_name_of_the_network_settles_what_looks_alike() -> None:
    """Makers end the name with the last digits of the MAC."""
    label = parse_label(["MAC: A4:2B:B0:1C:9F:B8  SSID: TP-Link_9F88"])

    assert label.mac is not None
    assert label.mac.value == "A4:2B:B0:1C:9F:88"


def test_serial_read_by_ocr_tells_what_else_it_may_be() -> None:
    label = parse_label(["S/N: GMK17021O005"])

    assert label.serial is not None
    assert len(label.serial.alternatives) == 8
    assert "GMK170210005" in label.serial.alternatives


# --- never a guess


def test_two_serials_that_nothing_tells_apart_are_both_shown() -> None:
    label = parse_label([code("ABC12345678"), code("DEF87654321")])

    assert label.serial is None
    assert [(name, found.value) for name, found in label.others] == [
        (Field.SERIAL, "ABC12345678"),
        (Field.SERIAL, "DEF87654321"),
    ]


def test_serial_with_a_name_before_it_is_preferred() -> None:
    label = parse_label([code("ABC12345678"), code("S/N:DEF87654321")])

    assert identity(label) == {"serial_no": "DEF87654321"}


def test_two_serials_one_of_which_the_office_knows_are_told_apart() -> None:
    label = parse_label([code("ABC12345678"), code("DEF87654321")], known=["DEF-87654321"])

    assert identity(label) == {"serial_no": "DEF87654321"}


def test_macs_of_one_device_count_up_from_the_lowest() -> None:
    label = parse_label([code("A42BB01C9F40"), code("A42BB01C9F3E")])

    assert identity(label) == {"mac_address": MAC}


def test_macs_of_two_devices_are_both_shown() -> None:
    label = parse_label([code("A42BB01C9F3E"), code("1C497BA8D9A6")])

    assert label.mac is None
    assert len(label.others) == 2


def test_code_that_repeats_the_model_is_no_serial() -> None:
    label = parse_label([code("XX230V-12345"), "Model: XX230v-12345"])

    assert identity(label) == {"model": "XX230v-12345"}


@pytest.mark.parametrize(
    "text",
    [
        "A6CCCC1C9F3E",  # by OCR nothing speaks for it: no name, no maker
        "ABCDE12345678",  # by OCR a serial needs a name before it
        code("1234"),
        code("000000000000"),
        code("111111111111"),
        code("AAAAAAAA"),
        code("A4:2B:B0:1C:9F"),
        code("Bonjour", "QR"),
        code("12 34 56 78 90 12", "QR"),
        code("[)>", "DataMatrix"),
        code("{not json", "QR"),
        code("[" * 4000, "QR"),
        code("{" * 4000, "QR"),
        code('{"a":' * 2000 + "1" + "}" * 2000, "QR"),
        code("00000000", "ITF"),
        "Model: -",
        "Model: " + "very " * 20,
    ],
)
def test_text_that_identifies_nothing_gives_nothing(text: str | LabelText) -> None:
    label = parse_label([text])

    assert (identity(label), label.identifies) == ({}, False)


def test_code_of_twelve_digits_without_a_maker_is_a_mac_with_doubt() -> None:
    label = parse_label([code("A4CCCC1C9F3E")])

    assert label.mac is not None
    assert label.mac.confidence < 0.7


def test_twelve_decimal_digits_are_a_serial_not_a_mac() -> None:
    label = parse_label([code("445566778899")])

    assert identity(label) == {"serial_no": "445566778899"}


# --- refusals say why (T-10)


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ("MAC: 01:00:5E:00:00:01", Field.MAC, "mac-multicast"),
        ("01-00-5E-00-00-01", Field.MAC, "mac-multicast"),
        ("MAC: 00:00:00:00:00:00", Field.MAC, "mac-reserved"),
        ("MAC: A42BB01C9F3", Field.MAC, "mac-length"),
        ("MAC: XYX", Field.MAC, "mac-characters"),
        ("GPON SN: 12345", Field.GPON, "gpon-serial"),
        ("S/N: 12", Field.SERIAL, "serial-length"),
        ("S/N: ABCDEF", Field.SERIAL, "serial-implausible"),
    ],
)
def test_text_meant_for_a_field_is_refused_with_the_reason(
    text: str, field: Field, problem: str
) -> None:
    label = parse_label([text, text])

    assert [(r.field, r.problem.code) for r in label.refused] == [(field, problem)]


# --- networks


def test_network_is_read_from_its_code_with_marks_escaped() -> None:
    label = parse_label([code(r"WIFI:T:WPA;S:my\;net;P:p\:w\\d;H:true;;", "QR")])

    assert label.wifi == Wifi("my;net", r"p:w\d", "WPA", is_hidden=True)
    assert label.found == {}


def test_network_is_read_from_print() -> None:
    label = parse_label(["SSID: Gemtek_A8D9A6", "WPA2 Key: abcd efgh"])

    assert label.wifi == Wifi("Gemtek_A8D9A6", "abcd efgh")


@pytest.mark.parametrize("text", ["WIFI:T:WPA;P:secret;;", "Key: secret", "nothing"])
def test_network_without_a_name_is_none(text: str) -> None:
    assert parse_label([text]).wifi is None


def test_key_of_a_network_is_shown_only_when_asked_for() -> None:
    label = parse_label([code("WIFI:S:net;P:hunter2;T:WPA;;", "QR"), f"MAC: {MAC}"])

    assert "hunter2" not in repr(label)
    assert "hunter2" not in str(label.as_json())
    assert label.as_json(with_wifi_key=True)["wifi"] == {
        "ssid": "net",
        "security": "WPA",
        "hidden": False,
        "passphrase": "hunter2",
    }


def test_label_is_kept_without_raw_text() -> None:
    label = parse_label([code("MAC:A42BB01C9F3E")])

    assert label.as_json() == {
        "mac_address": {
            "value": MAC,
            "provenance": "barcode",
            "confidence": 0.98,
            "alternatives": [],
        }
    }


# --- what may be given


@dataclass(frozen=True)
class Scan:
    text: str
    symbology: str


def test_code_of_the_scanner_is_a_barcode() -> None:
    label = parse_label([Scan("A42BB01C9F3E", "Code128")])

    assert label.mac is not None
    assert label.mac.provenance is Provenance.BARCODE


def test_label_has_every_field_by_name() -> None:
    label = parse_label(
        [
            code("S/N:ABC12345678;MAC:A42BB01C9F3E;MODEL:M1;P/N:P1"),
            code("TPLGA1B2C3D4"),
            code("882428015268", "UPCA"),
        ]
    )

    fields = (
        label.mac,
        label.gpon_serial,
        label.serial,
        label.model,
        label.part_number,
        label.product_code,
    )
    assert [found.value for found in fields if found] == [
        MAC,
        "TPLGA1B2C3D4",
        "ABC12345678",
        "M1",
        "P1",
        "882428015268",
    ]
    assert parse_label([]).gpon_serial_hex is None


def test_texts_beyond_the_limits_are_left_out() -> None:
    late = ["x"] * 200 + [f"MAC: {MAC}"]
    long = "x" * 4_300 + f" MAC: {MAC}"

    assert (parse_label(late).mac, parse_label([long]).mac) == (None, None)
