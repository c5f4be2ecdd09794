"""MACs on labels: announced or not, in groups or bare, as printed or as OCR saw them."""

import re
from typing import Final

from field_core.identity import bare, read_mac
from field_core.labels.candidates import (
    LOCAL,
    REPAIRED,
    REPAIRS_MAX,
    UNKNOWN_MAKER,
    UNNAMED,
    Answer,
    Candidate,
    sure,
)
from field_core.labels.keys import Key
from field_core.labels.lookalikes import ALTERNATIVES_MAX, HEX_LIKE, hex_alternatives, repaired
from field_core.labels.model import Field, LabelText, Provenance, Refused
from field_core.labels.oui import is_local, maker_of
from field_core.problems import ProblemError


def _apart(digit: str) -> re.Pattern[str]:
    """Six pairs or three fours, parted by one kind of mark throughout."""
    pairs = rf"{digit}{{2}}(?P<by>[:.\- \N{{EN DASH}}]|: ){digit}{{2}}(?:(?P=by){digit}{{2}}){{4}}"
    fours = rf"{digit}{{4}}(?P<at>[.:\-]){digit}{{4}}(?P=at){digit}{{4}}"
    return re.compile(rf"(?<![0-9A-Z])(?:{pairs}|{fours})(?![0-9A-Z])")


_APART: Final = _apart("[0-9A-F]")
_APART_OCR: Final = _apart(f"[{HEX_LIKE}]")
_PARTED: Final = re.compile(r"[:.\- \N{EN DASH}]")
_TELLING_MARKS: Final = frozenset(":-")
"""Pairs parted by blanks or points may be anything; then a maker's prefix must speak for them."""
_BARE: Final = re.compile("[0-9A-F]{12}")
_MULTICAST: Final = 0x01


def named_mac(text: str, key: Key, source: LabelText) -> list[Answer]:
    """Read what is announced as a MAC, or tell why it is none."""
    shaped = macs_apart(text, key, source, is_named=True)
    if shaped:
        return shaped
    digits, repairs = repaired_by(source, text.partition(" ")[0])
    try:
        value = read_mac(digits if repairs <= REPAIRS_MAX else text)
    except ProblemError as error:
        return [Refused(Field.MAC, text, error.problem)]
    return [_mac(value, text, source, key, repairs)]


def repaired_by(source: LabelText, digits: str) -> tuple[str, int]:
    """Repair what OCR took for another character; a code is taken to the letter."""
    return repaired(digits) if source.provenance is Provenance.OCR else (digits, 0)


def macs_apart(text: str, key: Key, source: LabelText, *, is_named: bool) -> list[Answer]:
    """Return MACs written in groups: nothing else on a label looks like that."""
    is_ocr = source.provenance is Provenance.OCR
    answers: list[Answer] = []
    for written in (_APART_OCR if is_ocr else _APART).finditer(text):
        right, repairs = repaired(_PARTED.sub("", written[0]))
        is_telling = not repairs and written["by"] in _TELLING_MARKS
        if is_named or is_telling or maker_of(right):
            answers += _checked_mac(right, written[0], key, source, repairs)
    return answers


def bare_mac(text: str, source: LabelText) -> list[Answer]:
    """Twelve digits without marks are a MAC when a maker's prefix or a code speaks for it."""
    if not _BARE.fullmatch(text) or int(text[:2], 16) & _MULTICAST or not int(text, 16):
        return []
    is_code = source.provenance is not Provenance.OCR and not text.isdigit()
    if not maker_of(text) and not is_code:
        return []
    return [_mac(read_mac(text), text, source, Key.NONE, 0)]


def _checked_mac(
    digits: str, written: str, key: Key, source: LabelText, repairs: int
) -> list[Answer]:
    if repairs > REPAIRS_MAX:
        return []
    try:
        return [_mac(read_mac(digits), written, source, key, repairs)]
    except ProblemError as error:
        return [Refused(Field.MAC, written, error.problem)]


def _mac(value: str, text: str, source: LabelText, key: Key, repairs: int) -> Candidate:
    digits = bare(value)
    maker = maker_of(digits)
    confidence = sure(source) * REPAIRED**repairs
    confidence *= 1.0 if maker else LOCAL if is_local(digits) else UNKNOWN_MAKER
    confidence *= UNNAMED if key is Key.NONE else 1.0
    return Candidate(
        Field.MAC,
        value,
        text,
        source.provenance,
        round(confidence, 2),
        key,
        _mac_alternatives(digits) if source.provenance is Provenance.OCR else (),
        maker,
    )


def _mac_alternatives(digits: str) -> tuple[str, ...]:
    """Return what the digits also may be: those whose prefix a maker has come first."""
    flipped = [other for other in hex_alternatives(digits) if not int(other[:2], 16) & _MULTICAST]
    likelier = sorted(flipped, key=lambda other: not maker_of(other))
    return tuple(read_mac(other) for other in likelier[:ALTERNATIVES_MAX])
