"""What a decoder read and what of it counts: text, kind of code, place in the picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Point = tuple[float, float]
"""x to the right and y down, in pixels of the picture as a person sees it: upright."""
Corners = tuple[Point, Point, Point, Point]
"""Around the code, beginning at its own upper left where the decoder knows it."""

GTIN_DIGITS: Final = 13

_FNC1: Final = "\x1d"


class Symbology(StrEnum):
    """The kinds of code that occur on labels of equipment, boxes and cards."""

    QR = "QR"
    MICRO_QR = "MicroQR"
    DATA_MATRIX = "DataMatrix"
    AZTEC = "Aztec"
    PDF417 = "PDF417"
    CODE_128 = "Code128"
    CODE_93 = "Code93"
    CODE_39 = "Code39"
    EAN_13 = "EAN13"
    EAN_8 = "EAN8"
    UPC_A = "UPCA"
    UPC_E = "UPCE"
    ITF = "ITF"


RETAIL: Final = frozenset(
    {Symbology.EAN_13, Symbology.EAN_8, Symbology.UPC_A, Symbology.UPC_E},
)
"""Article numbers (GS1 General Specifications, 5.2): never a serial."""

SELF_PROVING: Final = frozenset(
    {
        Symbology.QR,
        Symbology.MICRO_QR,
        Symbology.DATA_MATRIX,
        Symbology.AZTEC,
        Symbology.PDF417,
        Symbology.CODE_128,
        Symbology.CODE_93,
    },
)
"""Error correction, or check characters of more than one part in ten: one read is enough."""


LINEAR: Final = RETAIL | {Symbology.CODE_128, Symbology.CODE_93, Symbology.CODE_39, Symbology.ITF}
"""Bars, as against squares of modules."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one decoder says of one picture; the place is in that picture's own pixels."""

    text: str
    symbology: Symbology
    corners: Corners

    @property
    def fact(self) -> tuple[str, str]:
        """What two reads have in common that saw the same print.

        Decoders differ in how they call an article number: all of its forms are one GTIN-13.
        """
        if self.symbology in RETAIL:
            return "retail", gtin(self.text, self.symbology)
        return self.symbology.value, self.text


@dataclass(frozen=True, slots=True)
class Code:
    """One code of the picture, with the stage and the decoder that read it first."""

    text: str
    symbology: Symbology
    corners: Corners
    stage: str
    decoder: str
    votes: int = 1
    """How many stages read the same."""

    @property
    def is_checked(self) -> bool:
        """Whether it has a check of its own that a wrong read would not pass."""
        return self.symbology in SELF_PROVING


def gtin(text: str, symbology: Symbology) -> str:
    """Return an article number as 13 digits, the short forms written out."""
    digits = expanded_upc(text) if symbology is Symbology.UPC_E else text
    return digits.zfill(GTIN_DIGITS)


def expanded_upc(text: str) -> str:
    """Write the eight digits of a UPC-E as the twelve of its UPC-A (GS1, 5.2.2.4)."""
    system, body, check = text[0], text[1:7], text[7:]
    last = body[5]
    match last:
        case "0" | "1" | "2":
            maker, item = f"{body[:2]}{last}00", f"00{body[2:5]}"
        case "3":
            maker, item = f"{body[:3]}00", f"000{body[3:5]}"
        case "4":
            maker, item = f"{body[:4]}0", f"0000{body[4]}"
        case _:
            maker, item = body[:5], f"0000{last}"
    return f"{system}{maker}{item}{check}"


def shortened_upc(digits: str) -> str:
    """Write the twelve digits of a UPC-A that has a short form as the eight of its UPC-E."""
    maker, item = digits[1:6], digits[6:11]
    if maker[2:] in ("000", "100", "200"):
        body = maker[:2] + item[2:] + maker[2]
    elif maker.endswith("00"):
        body = maker[:3] + item[3:] + "3"
    elif maker.endswith("0"):
        body = maker[:4] + item[4] + "4"
    else:
        body = maker + item[4]
    return digits[0] + body + digits[-1]


def printed(text: str, symbology: Symbology, corners: Corners) -> Read:
    """Return a read with the text as people see it printed, which decoders vary.

    They write the short article numbers out, put a 0 before a UPC-A, and give the separator of a
    GS1-128 as a control character that stands on no label.
    """
    if symbology is Symbology.CODE_128:
        text = text.replace(_FNC1, "")
    elif symbology is Symbology.UPC_E and len(text) == GTIN_DIGITS:
        text = shortened_upc(text[1:])
    elif symbology is Symbology.EAN_13 and text.startswith("0"):
        text, symbology = text[1:], Symbology.UPC_A
    return Read(text, symbology, corners)


def around(points: Iterable[Point]) -> Corners:
    """Return the upright box around some points."""
    xs, ys = zip(*points, strict=True)
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return (left, top), (right, top), (right, bottom), (left, bottom)
