"""What a late reading of a label may do: fill, ask, agree, or be kept as evidence (SC-03, T-09)."""

import pytest

from field_core.labels import LabelText, Provenance, parse_label
from field_core.labels.model import Field
from field_core.suggestions import Fate, Suggested, fate, for_step, says_the_same, suggested

MAC = "A4:2B:B0:1C:9F:3E"
READ = Suggested(Field.MAC, MAC, Provenance.OCR, 0.7)
GPON = Suggested(Field.GPON, "TPLGA1B2C3D4", Provenance.BARCODE, 0.99)
SERIAL = Suggested(Field.SERIAL, "GMK170210005623", Provenance.OCR, 0.7)


def test_label_proposes_its_marks_the_surest_first() -> None:
    texts = [LabelText(f"MAC: {MAC}"), LabelText("S/N: GMK170210005623"), LabelText("Model: X1")]

    assert [(one.field, one.value) for one in suggested(parse_label(texts))] == [
        (Field.MAC, MAC),
        (Field.SERIAL, "GMK170210005623"),
        (Field.MODEL, "X1"),
    ]


def test_label_that_says_nothing_proposes_nothing() -> None:
    assert suggested(parse_label(["Bonjour"])) == ()


@pytest.mark.parametrize(
    ("current", "is_closed", "expected"),
    [
        ("", False, Fate.FILL),
        ("", True, Fate.EVIDENCE),
        ("A4:2B:B0:1C:9F:3B", False, Fate.ASK),
        ("A4:2B:B0:1C:9F:3B", True, Fate.EVIDENCE),
        ("a42b.b01c.9f3e", False, Fate.AGREE),
        ("a42b.b01c.9f3e", True, Fate.AGREE),
    ],
)
def test_fate_of_a_sure_reading(*, current: str, is_closed: bool, expected: Fate) -> None:
    assert fate(READ, current, is_closed=is_closed) is expected


@pytest.mark.parametrize(
    "unsure",
    [
        suggested(parse_label(["MAC: A4:2B:BO:1C:9F:3E"]))[0],
        suggested(parse_label(["MAC: 1C:49:7A:A1:A9:A6"]))[0],
    ],
)
def test_reading_that_was_repaired_or_of_an_unknown_maker_asks_before_it_fills(
    unsure: Suggested,
) -> None:
    assert fate(unsure, "", is_closed=False) is Fate.ASK


def test_step_without_an_answer_is_offered_the_surest_mark() -> None:
    assert for_step([READ, GPON, SERIAL], "") is READ
    assert for_step([SERIAL, Suggested(Field.MODEL, "X1", Provenance.OCR, 0.7)], "") is SERIAL


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("A4:2B:B0:1C:9F:3B", READ),
        ("TPLG00000001", GPON),
        ("54504C4700000001", GPON),
        ("GMK170210005624", SERIAL),
    ],
)
def test_answer_is_compared_with_its_own_kind(answer: str, expected: Suggested) -> None:
    assert for_step([READ, GPON, SERIAL], answer) is expected


def test_answer_of_a_kind_that_was_not_read_is_compared_with_nothing() -> None:
    assert for_step([READ], "GMK170210005624") is None


def test_both_forms_of_a_gpon_serial_say_the_same() -> None:
    assert says_the_same("TPLGA1B2C3D4", "54504C47A1B2C3D4")
    assert not says_the_same("TPLGA1B2C3D4", "")
    assert not says_the_same("", "TPLGA1B2C3D4")
