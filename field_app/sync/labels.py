"""How documents are called and where they are: names, provisional labels, addresses."""

from typing import Final

from field_app.sync.replica import Replica
from field_core.canon import Body, Json

LABEL_DIGITS: Final = 4


def label_of(key: str, name: Json) -> str:
    """Return the ERP's name, or a provisional label for a document that has none yet."""
    return str(name) if name else f"NEW-{key[-LABEL_DIGITS:].upper()}"


def linked(replica: Replica, doctype: str, name: Json) -> Body | None:
    """Return the document that a link names, if it is here."""
    if not isinstance(name, str):
        return None
    found = replica.named(doctype, name)
    return found[1].body if found else None


def place_at(replica: Replica, location: Json) -> str:
    """Return the address of a location by its name."""
    return place_of(linked(replica, "Service Location", location))


def place_of(location: Body | None) -> str:
    """Return an address on one line."""
    if location is None:
        return ""
    parts = (
        text_of(location, "civic_address") or text_of(location, "location_name"),
        text_of(location, "city"),
    )
    return ", ".join(part for part in parts if part)


def text_of(body: Body, name: str) -> str:
    """Return a field as text, empty when it is not there."""
    value = body.get(name)
    return str(value) if value is not None else ""


def maybe_text(body: Body, name: str) -> str | None:
    """Return a field as text, or None."""
    return text_of(body, name) or None
