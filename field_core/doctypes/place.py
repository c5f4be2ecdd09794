"""Where the network ends: Service Location, the equipment at it, and the identity index."""

from typing import ClassVar

from field_core.fields import Document, Kind, office, server, shared
from field_core.fields import technician as field

EQUIPMENT_TYPE_OPTIONS = "ONT\nRouter\nTV Box\nMesh Node\nPhone Adapter"
EQUIPMENT_STATUS_OPTIONS = "Installed\nIn Stock\nTo Return\nRetired"


class ServiceLocation(Document):
    """A customer's premises: address, position, port on the OLT."""

    doctype: ClassVar[str] = "Service Location"
    naming: ClassVar[str] = "LOC-.#####"

    customer: str | None = office(Kind.LINK, "Customer", indexed=True)
    location_name: str | None = office(Kind.DATA, searched=True)
    civic_address: str | None = office(Kind.DATA, searched=True)
    city: str | None = office(Kind.DATA, searched=True)
    province: str | None = office(Kind.DATA)
    postal_code: str | None = office(Kind.DATA, searched=True)
    latitude: float | None = office(Kind.FLOAT)
    longitude: float | None = office(Kind.FLOAT)
    status: str | None = office(Kind.SELECT, "Active\nInactive")
    connection_type: str | None = office(Kind.DATA)
    olt_port: str | None = office(Kind.DATA, searched=True)
    network_config: str | None = office(Kind.TEXT)
    access_notes: str | None = shared(Kind.TEXT)
    legacy_location_id: str | None = office(Kind.DATA, searched=True)
    legacy_delivery_id: str | None = office(Kind.DATA)


class ServiceEquipment(Document):
    """A device; it belongs to the Service Location, never to the customer. MAC is its identity."""

    doctype: ClassVar[str] = "Service Equipment"
    naming: ClassVar[str] = "EQP-.#####"

    equipment_type: str | None = shared(Kind.SELECT, EQUIPMENT_TYPE_OPTIONS)
    service_location: str | None = shared(Kind.LINK, "Service Location", indexed=True)
    status: str | None = shared(Kind.SELECT, EQUIPMENT_STATUS_OPTIONS, indexed=True)
    item: str | None = shared(Kind.LINK, "Item")
    model: str | None = shared(Kind.DATA, searched=True)
    mac_address: str | None = shared(Kind.DATA, indexed=True, searched=True)
    serial_no: str | None = shared(Kind.DATA, searched=True)
    gpon_serial: str | None = shared(Kind.DATA, searched=True)
    serial_aliases: str | None = shared(Kind.TEXT)
    ip_address: str | None = office(Kind.DATA)
    firmware: str | None = field(Kind.DATA)
    installed_on: str | None = shared(Kind.DATE)
    removed_on: str | None = shared(Kind.DATE)
    removal_reason: str | None = field(Kind.DATA)
    held_by: str | None = shared(Kind.LINK, "Dispatch Technician")
    """Who carries it, while it stands nowhere: the stock of their van."""
    legacy_device_id: str | None = office(Kind.DATA)


class EquipmentIdentity(Document):
    """One row of the index that every phone holds: which device is recorded where, since when."""

    doctype: ClassVar[str] = "Equipment Identity"
    naming: ClassVar[str] = ""

    equipment: str | None = server(Kind.DATA, local=True)
    """Key of the device; `equipment_name` is what the ERP calls it."""
    equipment_name: str | None = server(Kind.DATA, local=True)
    equipment_type: str | None = server(Kind.DATA, local=True)
    status: str | None = server(Kind.DATA, local=True)
    held_by: str | None = server(Kind.DATA, local=True)
    mac_address: str | None = server(Kind.DATA, local=True)
    serial_no: str | None = server(Kind.DATA, local=True)
    gpon_serial: str | None = server(Kind.DATA, local=True)
    serial_aliases: str | None = server(Kind.DATA, local=True)
    service_location: str | None = server(Kind.DATA, local=True)
    since: str | None = server(Kind.DATE, local=True)
