"""The identity index: for every device with a MAC or serial, where it is recorded and since when.

Everybody holds it, so that a phone without signal can tell that a device is recorded elsewhere.
"""

import uuid
from collections.abc import Iterable
from typing import Final

from field_core.canon import canonical_body
from server_sync.store.documents import Doc

DOCTYPE: Final = "Equipment Identity"
VERSION: Final = 2
"""Counts up with what a row tells: those written under an earlier one are written anew."""
_NAMESPACE: Final = uuid.UUID("0c8e7c52-51f4-5d0e-8a40-1f3f5a3f9b60")
_IDENTIFIERS: Final = ("mac_address", "serial_no", "gpon_serial")
_TOLD: Final = ("serial_aliases", "equipment_type", "status", "held_by", "service_location")
"""What a technician must know of a device to put it in, or find it in the van, without its record:
the fields that `authority` lets them write, and by what they would recognise it."""


def derive(document: Doc) -> Iterable[Doc]:
    """Yield the index row of a piece of equipment; other doctypes have none."""
    if document.doctype != "Service Equipment":
        return
    body = document.body or {}
    row = Doc(str(uuid.uuid5(_NAMESPACE, document.key)), DOCTYPE)
    if not any(body.get(name) for name in _IDENTIFIERS):
        yield row
        return
    yield row.with_body(
        canonical_body(
            {
                "equipment": document.key,
                "equipment_name": body.get("name"),
                **{name: body.get(name) for name in (*_IDENTIFIERS, *_TOLD)},
                "since": body.get("installed_on"),
            }
        )
    )
