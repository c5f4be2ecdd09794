"""What a label told of its device, as it is shown and as it is handed on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from field_app.ports import Box, ReadCode
from field_core.canon import Json
from field_core.identity import gpon_in_hex
from field_core.labels import Field, Label, Refused, parse_label, redacted

SHOWN: Final = (Field.MAC, Field.GPON, Field.SERIAL, Field.MODEL, Field.PART, Field.PRODUCT)
_IDENTITIES: Final = (Field.MAC, Field.GPON, Field.SERIAL)


class Source(StrEnum):
    """How an identity came, as it is kept with a step (SC-05)."""

    BARCODE = "barcode"
    TYPED = "typed"
    OCR = "ocr"
    PHOTO = "photo"
    """Only a photo yet: the identity is to be confirmed (T-07)."""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code of a label, with the fields that it gave."""

    text: str
    """Without a Wi-Fi key."""
    symbology: str
    gave: Sequence[tuple[Field, str]]
    refused: Sequence[Refused] = ()


@dataclass(frozen=True, slots=True)
class Identified:
    """A device's identity, on its way to a step, a form, a search or a list."""

    values: Mapping[Field, str]
    source: Source
    told: Mapping[str, Json] = field(default_factory=dict)
    """What is kept with it: each field with its provenance; both forms of a GPON serial."""
    picture: bytes | None = None
    box: Box | None = None
    photo: str | None = None
    """The id of the photo that was kept of the label."""

    @property
    def best_field(self) -> Field | None:
        """What names the device: its MAC, else a serial."""
        return next((name for name in _IDENTITIES if name in self.values), None)

    @property
    def best(self) -> str | None:
        """The value that names the device."""
        return self.values[self.best_field] if self.best_field else None

    @property
    def serials(self) -> list[str]:
        """Every serial number that it has."""
        return [self.values[name] for name in (Field.SERIAL, Field.GPON) if name in self.values]

    @property
    def text(self) -> str | None:
        """What was told, as it is kept with a step."""
        return json.dumps(self.told, ensure_ascii=False, sort_keys=True) if self.told else None


def of_codes(codes: Sequence[ReadCode], *, picture: bytes | None, box: Box | None) -> Identified:
    """Return what the codes of one label say."""
    label = parse_label(codes)
    values = {name: found.value for name, found in label.found.items()}
    return Identified(values, Source.BARCODE, told_of(label), picture, box)


def of_typed(name: Field, value: str) -> Identified:
    """Return what a person typed, already in its one spelling."""
    told: dict[str, Json] = {name.value: {"value": value, "provenance": Source.TYPED.value}}
    return Identified({name: value}, Source.TYPED, _with_hex(told, {name: value}))


def told_of(label: Label) -> dict[str, Json]:
    """Return a label's fields with their provenance, and both forms of its GPON serial."""
    values = {name: found.value for name, found in label.found.items()}
    return _with_hex(label.as_json(), values)


def _with_hex(told: dict[str, Json], values: Mapping[Field, str]) -> dict[str, Json]:
    gpon = values.get(Field.GPON)
    return {**told, "gpon_serial_hex": gpon_in_hex(gpon)} if gpon else told


def lines_of(codes: Iterable[ReadCode]) -> list[CodeLine]:
    """Return each code with what the whole label took from it."""
    every = [*codes]
    whole = parse_label(every)
    counted = {(name, found.value) for name, found in whole.found.items()}
    return [_line(code, counted) for code in every]


def _line(code: ReadCode, counted: set[tuple[Field, str]]) -> CodeLine:
    alone = parse_label([code])
    told = [(name, found.value) for name, found in (*alone.found.items(), *alone.others)]
    gave = [one for one in dict.fromkeys(told) if one in counted]
    gave.sort(key=lambda one: SHOWN.index(one[0]))
    return CodeLine(redacted(code.text), str(code.symbology), gave, () if gave else alone.refused)
