"""Values of documents as something to be said: dates, choices, devices, never keys or hashes."""

from field_app.saying import Choice, Instant, Part, Sentence
from field_app.sync.labels import label_of
from field_core.canon import Body, Json
from field_core.fields import Column, Kind
from field_core.ids import is_uuid

_HASH_DIGITS = 64


def value_of(column: Column | None, value: Json) -> Part:
    """Return a field's value in words."""
    if value is None or value == "":
        return Sentence("value.none")
    if isinstance(value, (list, dict)):
        return Sentence("value.several")
    if isinstance(value, str):
        return _text(column.kind if column else Kind.DATA, value)
    return bool(value) if column and column.kind is Kind.CHECK else value


def _text(kind: Kind, value: str) -> Part:
    if is_uuid(value):
        return label_of(value, None)
    if kind is Kind.ATTACH or _is_hash(value):
        return Sentence("value.file")
    match kind:
        case Kind.SELECT:
            return Choice(value)
        case Kind.DATETIME:
            return Instant(value)
        case Kind.JSON:
            return Sentence("value.several")
        case _:
            return value


def _is_hash(value: str) -> bool:
    return len(value) == _HASH_DIGITS and all(c in "0123456789abcdef" for c in value)


def quoted(row: Body, *fields: str) -> Part:
    """Return the first of these fields that says something."""
    found = next((str(row[name]) for name in fields if row.get(name)), None)
    return found or Sentence("value.unnamed")


def device_of(body: Body) -> Part:
    """Name a device by its type and the mark that is printed on it."""
    kind = body.get("equipment_type")
    mark = next(
        (str(body[n]) for n in ("mac_address", "gpon_serial", "serial_no", "name") if body.get(n)),
        "",
    )
    what: Part = Choice(str(kind)) if kind else Sentence("doctype.Service Equipment")
    return Sentence("said.device", {"type": what, "mark": mark}) if mark else what
