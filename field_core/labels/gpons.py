"""GPON serials on labels: four letters of a known vendor and eight digits, or sixteen digits."""

import re
from typing import Final

from field_core.identity import VENDOR_LETTERS, read_gpon_serial
from field_core.labels.candidates import (
    REPAIRED,
    REPAIRS_MAX,
    UNLIKE_ANY_VENDOR,
    Answer,
    Candidate,
    first_word,
    sure,
)
from field_core.labels.keys import Key
from field_core.labels.lookalikes import (
    ALTERNATIVES_MAX,
    HEX_LIKE,
    TO_LETTERS,
    hex_alternatives,
    repaired,
)
from field_core.labels.model import Field, LabelText, Provenance, Refused
from field_core.labels.vendors import VENDORS, near
from field_core.problems import ProblemError


def _sixteen(digit: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9A-Z])(?:{digit}{{2}}[:\- ]?){{7}}{digit}{{2}}(?![0-9A-Z])")


_HEX: Final = _sixteen("[0-9A-F]")
_HEX_OCR: Final = _sixteen(f"[{HEX_LIKE}]")
_LETTERS: Final = re.compile(r"(?<![0-9A-Z])([A-Z]{4})[- :]?([0-9A-F]{8})(?![0-9A-Z])")
_LETTERS_OCR: Final = re.compile(
    rf"(?<![0-9A-Z])([A-Z0-9]{{4}})[- :]?([{HEX_LIKE}]{{8}})(?![0-9A-Z])"
)
_PARTED: Final = re.compile(r"[:\- ]")


def named_gpon(text: str, source: LabelText) -> list[Answer]:
    """Read what is announced as a GPON serial: unknown vendors too; or tell why it is none."""
    shaped = gpons(text, source, is_named=True)
    if shaped:
        return shaped
    try:
        value = read_gpon_serial(first_word(text))
    except ProblemError as error:
        return [Refused(Field.GPON, text, error.problem)]
    confidence = sure(source) * UNLIKE_ANY_VENDOR
    return [Candidate(Field.GPON, value, text, source.provenance, confidence, Key.GPON)]


def gpons(text: str, source: LabelText, *, is_named: bool = False) -> list[Answer]:
    """Return GPON serials of known vendors; where one is announced, of those spelled nearly so."""
    answers = [_gpon(f"{a}{b}", text, source) for a, b in _LETTERS.findall(text) if a in VENDORS]
    is_ocr = source.provenance is Provenance.OCR
    for digits in (_HEX_OCR if is_ocr else _HEX).findall(text):
        answers += _gpon_of_hex(digits, text, source)
    if is_ocr and not answers:
        for letters, digits in _LETTERS_OCR.findall(text):
            answers += _gpon_of_ocr(letters, digits, text, source, is_named=is_named)
    return answers


def _gpon(serial: str, text: str, source: LabelText, factor: float = 1.0) -> Answer:
    alternatives: tuple[str, ...] = ()
    if source.provenance is Provenance.OCR:
        flipped = hex_alternatives(serial[VENDOR_LETTERS:])
        alternatives = tuple(serial[:VENDOR_LETTERS] + digits for digits in flipped)[
            :ALTERNATIVES_MAX
        ]
    confidence = round(sure(source) * factor, 2)
    maker = VENDORS.get(serial[:VENDOR_LETTERS], "")
    return Candidate(
        Field.GPON, serial, text, source.provenance, confidence, Key.GPON, alternatives, maker
    )


def _gpon_of_hex(digits: str, text: str, source: LabelText) -> list[Answer]:
    right, repairs = repaired(_PARTED.sub("", digits))
    try:
        serial = read_gpon_serial(right)
    except ProblemError:
        return []
    is_known = serial[:VENDOR_LETTERS] in VENDORS and repairs <= REPAIRS_MAX
    return [_gpon(serial, text, source, REPAIRED**repairs)] if is_known else []


def _gpon_of_ocr(
    letters: str, digits: str, text: str, source: LabelText, *, is_named: bool
) -> list[Answer]:
    """Repair letters and digits each by what can stand there; CDKT and DDKT stay two readings."""
    spelled = letters.translate(TO_LETTERS)
    right, repairs = repaired(digits)
    repairs += sum(a != b for a, b in zip(letters, spelled, strict=True))
    known = near(spelled) if is_named else [spelled] if spelled in VENDORS else []
    if len(known) != 1 or repairs > REPAIRS_MAX:
        return []
    doubts = repairs + (known[0] != spelled)
    return [_gpon(known[0] + right, text, source, REPAIRED**doubts)]
