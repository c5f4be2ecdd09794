"""The port's promise, against every decoder that is here."""

import sys
from collections.abc import Iterator

import numpy as np
import pytest

from field_codes.codes import Read, Symbology
from field_codes.decoders import MODULES, Decode, Grey, present
from tests.app.scanner.pictures import drawn, middle

EVERY = present()
READS = [
    ("zxing", "TPLGA1B2C3D4", Symbology.QR),
    ("zxing", "[)>\x1e06\x1dSHBMT22700048\x1e\x04", Symbology.DATA_MATRIX),
    ("zxing", "1C497BA8D9A6", Symbology.CODE_128),
    ("zxing", "ABC-123", Symbology.CODE_39),
    ("zxing", "3574660239843", Symbology.EAN_13),
    ("zxing", "882428015268", Symbology.UPC_A),
    ("zxing", "03897425", Symbology.UPC_E),
    ("zxing", "00012345678905", Symbology.ITF),
    ("zxing-fast", "1C497BA8D9A6", Symbology.CODE_128),
    ("zxing-rotate", "1C497BA8D9A6", Symbology.CODE_128),
    ("zbar", "TPLGA1B2C3D4", Symbology.QR),
    ("zbar", "1C497BA8D9A6", Symbology.CODE_128),
    ("zbar", "ABC-123", Symbology.CODE_39),
    ("zbar", "3574660239843", Symbology.EAN_13),
    ("zbar", "882428015268", Symbology.UPC_A),
    ("opencv-qr", "TPLGA1B2C3D4", Symbology.QR),
    ("opencv-articles", "3574660239843", Symbology.EAN_13),
]


@pytest.mark.parametrize(("mode", "text", "symbology"), READS)
def test_code_is_read_as_printed_and_where_it_is(
    mode: str, text: str, symbology: Symbology
) -> None:
    code = drawn(text, symbology, scale=2 if mode == "opencv-articles" else 4)
    picture = np.pad(code, ((100, 300), (400, 100)), constant_values=255)

    (read,) = EVERY.modes[mode](picture)

    assert (read.text, read.symbology) == (text, symbology)
    x, y = middle(read.corners)
    assert abs(x - (400 + code.shape[1] / 2)) < 30
    assert abs(y - (100 + code.shape[0] / 2)) < code.shape[0] / 2


def nothing_to_read() -> Iterator[Grey]:
    noise = np.random.default_rng(7)
    for shape in ((12, 12), (12, 900), (480, 640)):
        yield np.zeros(shape, np.uint8)
        yield np.full(shape, 255, np.uint8)
        yield noise.integers(0, 255, shape, np.uint8)


@pytest.mark.parametrize("mode", sorted(EVERY.modes))
def test_picture_without_a_code_gives_none(mode: str) -> None:
    assert [list(EVERY.modes[mode](grey)) for grey in nothing_to_read()] == [[]] * 9


@pytest.mark.parametrize("mode", ["zxing", "zbar"])
def test_text_keeps_its_letters(mode: str) -> None:
    decode: Decode = EVERY.modes[mode]
    reads: list[Read] = list(decode(drawn("S/N:1;MODÈLE:É", Symbology.QR, scale=5)))

    assert len(reads) == 1
    assert mode == "zbar" or reads[0].text == "S/N:1;MODÈLE:É"


def test_every_decoder_of_a_desktop_is_here() -> None:
    assert (EVERY.missing, set(EVERY.names.values())) == ((), set(MODULES))


@pytest.mark.parametrize("absent", ["zxingcpp", "pyzbar.pyzbar", "cv2"])
def test_decoder_that_cannot_be_loaded_is_named_as_missing(
    absent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(sys.modules):
        if name.startswith("field_codes.") and name.rpartition(".")[2] in (
            "zxing",
            "zbar",
            "detectors",
        ):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, absent, None)
    library = {"zxingcpp": "zxing-cpp", "pyzbar.pyzbar": "pyzbar", "cv2": "opencv"}[absent]

    found = present()

    assert found.missing == (library,)
    assert library not in found.names.values()
