"""What is typed of a device: judged when a field is left, and kept as typed when it is wrong."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from field_app.ports import NewEquipment
from field_app.state.scanning.identified import Identified, Source
from field_core import labels
from field_core.identity import read_gpon_serial, read_mac, read_serial
from field_core.problems import Problem, ProblemError

MODEL_LENGTH_MAX: Final = 80
"""ERPNext keeps 140 characters; no model's name has half of it."""


class Field(StrEnum):
    """What is typed of a device, by its name in the document."""

    MAC = "mac_address"
    SERIAL = "serial_no"
    GPON = "gpon_serial"
    MODEL = "model"


_READ: Final[Mapping[Field, Callable[[str], str]]] = {
    Field.MAC: read_mac,
    Field.SERIAL: read_serial,
    Field.GPON: read_gpon_serial,
    Field.MODEL: lambda text: " ".join(text.split())[:MODEL_LENGTH_MAX],
}


class Marks:
    """The fields of one device, and what is wrong with them."""

    def __init__(self) -> None:
        self.typed: dict[Field, str] = dict.fromkeys(Field, "")
        """What stands in the fields, letter by letter."""
        self.problems: dict[Field, Problem] = {}
        self.sources: dict[Field, Source] = {}
        """How each field came that was not typed (SC-05)."""

    def type(self, field: Field, text: str) -> None:
        """Note what stands in a field; typed over, it is no longer what was read."""
        if text != self.typed[field]:
            self.typed[field] = text
            self.sources.pop(field, None)

    def take(self, found: Identified) -> None:
        """Take what one label told; nothing of another device stays beside it."""
        self.problems.clear()
        for field in Field:
            value = found.values.get(labels.Field(field.value))
            if field is Field.MODEL:  # some makers print no model, but what they order it by
                value = value or found.values.get(labels.Field.PART)
            self.typed[field] = value or ""
            self.sources.pop(field, None)
            if value:
                self.sources[field] = found.source

    def put(self, field: Field, value: str, source: Source) -> None:
        """Put what was read of one field in its place."""
        self.typed[field] = value
        self.sources[field] = source
        self.problems.pop(field, None)

    def judge(self, field: Field) -> None:
        """Write a field in its one spelling, or say what is wrong with it."""
        self.problems.pop(field, None)
        text = self.typed[field].strip()
        try:
            self.typed[field] = _READ[field](text) if text else ""
        except ProblemError as error:
            self.problems[field] = error.problem

    def value(self, field: Field) -> str | None:
        """Return a field that is filled and right."""
        return None if field in self.problems else self.typed[field].strip() or None

    @property
    def mac(self) -> str | None:
        """The MAC, if it is right."""
        return self.value(Field.MAC)

    @property
    def serials(self) -> list[str]:
        """The serial numbers that are right."""
        return [value for f in (Field.SERIAL, Field.GPON) if (value := self.value(f))]

    @property
    def identify(self) -> bool:
        """Whether they tell which device it is."""
        return bool(self.mac or self.serials)

    def device(self, equipment_type: str) -> NewEquipment:
        """Return the device that they describe."""
        return NewEquipment(
            equipment_type=equipment_type,
            mac_address=self.mac,
            serial_no=self.value(Field.SERIAL),
            gpon_serial=self.value(Field.GPON),
            model=self.value(Field.MODEL),
        )
