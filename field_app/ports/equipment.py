"""Devices: at an address, in a job, in the index of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from field_app.ports.jobs import JobFacts
from field_app.ports.sending import SendState


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a device is recorded: the answer to a scanned or typed identity."""

    equipment: str
    mac_address: str | None
    serial_no: str | None
    gpon_serial: str | None
    location: str | None
    place: str
    since: str | None
    key: str = ""
    """Key of the equipment, under which it may be here."""
    equipment_type: str = ""
    model: str = ""
    status: str = ""
    held_by: str | None = None
    """Who carries it, while it stands nowhere."""


@dataclass(frozen=True, slots=True)
class Device:
    """One piece of equipment at a location."""

    key: str
    label: str
    equipment_type: str
    model: str
    mac_address: str | None
    serial_no: str | None
    gpon_serial: str | None
    status: str
    since: str | None
    state: SendState | None = None


@dataclass(frozen=True, slots=True)
class DeviceAct:
    """What a job does to one device: planned by the office until it is done."""

    id: str
    action: str
    equipment: str | None
    """Key of the device, when it is here."""
    label: str
    model: str
    mac_address: str | None
    serial_no: str | None
    reason: str | None
    note: str | None
    is_planned: bool
    state: SendState | None = None


@dataclass(frozen=True, slots=True)
class JobEquipment:
    """The equipment at a job's location, and what the job does to it."""

    facts: JobFacts
    here: Sequence[Device]
    acts: Sequence[DeviceAct]


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """What one job did to a device."""

    id: str
    action: str
    job: str
    label: str
    """What the job is called."""
    day: str | None
    location: str | None
    place: str
    reason: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class DeviceHistory:
    """A device as it is recorded, and what jobs on this phone did to it, newest first."""

    record: Recorded
    events: Sequence[DeviceEvent]


class Claim(NamedTuple):
    """What a technician says about a device that is put in and was recorded elsewhere.

    equipment: key of the record that moves here, when it is this very device and is here.
    """

    reason: str
    note: str | None = None
    equipment: str | None = None


class NewEquipment(NamedTuple):
    """A device that is put in."""

    equipment_type: str
    mac_address: str | None = None
    serial_no: str | None = None
    gpon_serial: str | None = None
    model: str | None = None
    item: str | None = None
    serial_aliases: str | None = None
    """Other serials on its label, one a line."""
