"""Where a device that is put in is recorded already, and how a person says that it came (T-11)."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from field_app.ports import Claim, NewEquipment, Recorded
from field_core.canon import Body
from field_core.identity import same_device

Say = Callable[..., str]
"""Words for the office, in the person's language."""


class Origin(StrEnum):
    """How a device that is recorded elsewhere came here."""

    MOVED = "moved"
    RETURNED = "returned"
    WRONG_LABEL = "wrong-label"


class Records:
    """What the index says of a device, seen from one location; and the answer to its question."""

    def __init__(self, location: str | None = None, found: Sequence[Recorded] = ()) -> None:
        self.location = location
        self.found = found
        self.origin: Origin | None = None

    @property
    def here(self) -> Recorded | None:
        """The record of the very device at this very location."""
        found = (r for r in self.found if self.location and r.location == self.location)
        return next(found, None)

    @property
    def elsewhere(self) -> Recorded | None:
        """The record of the device at another location: the alarm."""
        found = (record for record in self.found if record.location)
        return None if self.here else next(found, None)

    @property
    def in_stock(self) -> Recorded | None:
        """The record of a device that stands nowhere: what a technician takes from the van."""
        return None if self.here or self.elsewhere else next(iter(self.found), None)

    def take(self, location: str | None, found: Sequence[Recorded]) -> None:
        """Take what was found; the question is asked anew for another device."""
        if [record.key for record in found] != [record.key for record in self.found]:
            self.origin = None
        self.location, self.found = location, found

    def claim(self, new: NewEquipment, say: Say) -> Claim | None:
        """Say to the office how a known device came here; a wrong label is another device."""
        if stocked := self.in_stock:
            note = say("equipment.was-stock", equipment=name_of(stocked))
            return Claim(say("origin.stock"), note, _same(new, stocked))
        known = self.elsewhere
        if known is None or self.origin is None:
            return None
        note = say(
            "equipment.was-at",
            equipment=name_of(known),
            location=known.location or "",
            since=known.since or "—",
        )
        is_this = self.origin is not Origin.WRONG_LABEL
        return Claim(say(f"origin.{self.origin}"), note, _same(new, known) if is_this else None)


def name_of(record: Recorded) -> str:
    """Return what a recorded device is called: one that is not on this device, by its marks."""
    is_named = record.equipment != record.key
    return record.equipment if is_named else record.mac_address or record.serial_no or ""


def _same(new: NewEquipment, known: Recorded) -> str | None:
    """Return the key of a record if it is of the very device that was typed."""
    typed: Body = {
        "mac_address": new.mac_address,
        "serial_no": new.serial_no,
        "gpon_serial": new.gpon_serial,
    }
    record: Body = {
        "mac_address": known.mac_address,
        "serial_no": known.serial_no,
        "gpon_serial": known.gpon_serial,
    }
    return known.key if same_device(typed, record) else None
