"""What is typed of a device: judged when a field is left, and kept as typed when it is wrong."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from field_app.ports import NewEquipment
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
