"""What a piece of a label is, by what announces it and by its shape.

Each reader answers with candidates, and with the reason when a text that was announced as a field
cannot be its value. Barcodes and typed texts are taken to the letter; of OCR what looks alike is
repaired where only one character can stand (`lookalikes`).
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from field_core.identity import bare, read_serial
from field_core.labels.candidates import UNNAMED, Answer, Candidate, first_word, sure
from field_core.labels.gpons import gpons, named_gpon
from field_core.labels.keys import Key, Piece
from field_core.labels.lookalikes import serial_alternatives
from field_core.labels.macs import bare_mac, macs_apart, named_mac
from field_core.labels.model import Field, LabelText, Provenance, Refused
from field_core.problems import ProblemError

_NOKIA_PART: Final = re.compile(r"3FE\d{5}[A-Z]{4}")
_SERIAL: Final = re.compile(r"(?=(?:[A-Z-]*\d){4})[A-Z0-9-]{8,20}")
_ARTICLE: Final = re.compile(r"\d{12,13}")
_IMEI: Final = re.compile(r"\d{15}")
_RETAIL: Final = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})
_SINGLE: Final = frozenset({"", "Code128", "Code93", "Code39", "QR", "MicroQR", "DataMatrix"})
"""Codes whose whole content may be one serial."""
_WORDS_LENGTH_MAX: Final = 40
"""Longer is a sentence, not a model's name."""


def read(piece: Piece, source: LabelText) -> list[Answer]:
    """Return what a piece of a text may be."""
    reader = _READERS.get(piece.key)
    return reader(Piece(piece.key, piece.text.strip()), source) if reader else []


def _named_mac(piece: Piece, source: LabelText) -> list[Answer]:
    """A GPON serial under a MAC's name is what it is; the reason is told all the same."""
    text = piece.text.upper()
    return [*named_mac(text, piece.key, source), *gpons(text, source)]


def _named_gpon(piece: Piece, source: LabelText) -> list[Answer]:
    return named_gpon(piece.text.upper(), source)


def _named_serial(piece: Piece, source: LabelText) -> list[Answer]:
    text = piece.text.upper()
    shaped = gpons(text, source) or macs_apart(text, Key.NONE, source, is_named=False)
    if shaped:
        return shaped
    first = first_word(text)
    try:
        value = read_serial(first)
    except ProblemError as error:
        return [Refused(Field.SERIAL, text, error.problem)]
    return [_serial(value, text, source, Key.SERIAL)]


def _worded(piece: Piece, source: LabelText) -> list[Answer]:
    """A model or a part number: any short text with a letter or digit in it."""
    value = piece.text
    if not bare(value) or len(value) > _WORDS_LENGTH_MAX:
        return []
    field = Field.MODEL if piece.key is Key.MODEL else Field.PART
    return [Candidate(field, value, value, source.provenance, sure(source), piece.key)]


def _by_shape(piece: Piece, source: LabelText) -> list[Answer]:
    text = piece.text.upper()
    shaped = gpons(text, source) or macs_apart(text, Key.NONE, source, is_named=False)
    if shaped:
        return shaped
    if _NOKIA_PART.fullmatch(text):
        return [Candidate(Field.PART, text, text, source.provenance, sure(source))]
    return _product(piece, source) or bare_mac(text, source) or _bare_serial(text, source)


def _product(piece: Piece, source: LabelText) -> list[Answer]:
    """An article number, by the kind of code or by its check digit (GS1, 7.9)."""
    text = piece.text
    is_retail = source.symbology in _RETAIL
    if not is_retail and not (_ARTICLE.fullmatch(text) and _is_article(text)):
        return []
    return [Candidate(Field.PRODUCT, text, text, source.provenance, sure(source))]


def _is_article(digits: str) -> bool:
    weighted = sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(reversed(digits)))
    return weighted > 0 and weighted % 10 == 0


def _bare_serial(text: str, source: LabelText) -> list[Answer]:
    """A code that is nothing else and looks like one; a text by OCR needs a name before it."""
    is_code = source.provenance is not Provenance.OCR and source.symbology in _SINGLE
    if not is_code or not _SERIAL.fullmatch(text) or _is_imei(text):
        return []
    try:
        return [_serial(read_serial(text), text, source, Key.NONE)]
    except ProblemError:
        return []


def _is_imei(text: str) -> bool:
    """Fifteen digits with Luhn's check digit (3GPP TS 23.003, 6.2.1)."""
    if not _IMEI.fullmatch(text):
        return False
    doubled = (int(d) * (2 if at % 2 else 1) for at, d in enumerate(reversed(text)))
    return sum(sum(divmod(number, 10)) for number in doubled) % 10 == 0


def _serial(value: str, text: str, source: LabelText, key: Key) -> Candidate:
    is_ocr = source.provenance is Provenance.OCR
    alternatives = serial_alternatives(value) if is_ocr else []
    confidence = sure(source) * (1.0 if key is Key.SERIAL else UNNAMED)
    return Candidate(
        Field.SERIAL,
        value,
        text,
        source.provenance,
        round(confidence, 2),
        key,
        tuple(alternatives),
    )


_READERS: Final[Mapping[Key, Callable[[Piece, LabelText], list[Answer]]]] = {
    Key.MAC: _named_mac,
    Key.PORT_MAC: _named_mac,
    Key.GPON: _named_gpon,
    Key.SERIAL: _named_serial,
    Key.PRODUCT: _product,
    Key.MODEL: _worded,
    Key.PART: _worded,
    Key.NONE: _by_shape,
}
"""What announces a network or something of no use has no reader."""
