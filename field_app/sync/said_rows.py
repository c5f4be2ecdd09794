"""Rows that were added to a table, in plain words."""

from collections.abc import Callable, Mapping
from typing import Final

from field_app.saying import Choice, Instant, Part, Sentence
from field_app.sync.said_values import device_of, quoted
from field_core.canon import Body
from field_core.doctypes import spec_of
from field_core.ids import is_uuid


def row_added(table: str, item: Body) -> Sentence:
    """Say what a new row of a job's table means."""
    make = _MAKERS.get(table)
    if make:
        return make(item)
    known = table if table in spec_of("Dispatch Job").tables else "other"
    return Sentence("said.added", {"what": Sentence(f"table.{known}")})


def _note(item: Body) -> Sentence:
    key = "said.note.corrected" if item.get("corrects") else "said.note"
    return Sentence(key, {"text": str(item.get("text") or "")})


def _material(item: Body) -> Sentence:
    qty = item.get("qty")
    amount: Part = qty if isinstance(qty, int | float) else 1
    unit = str(item.get("uom") or "")
    what = quoted(item, "description", "item")
    return Sentence("said.material", {"qty": amount, "unit": unit, "what": what})


def _reading(item: Body) -> Sentence:
    value = item.get("value")
    return Sentence(
        "said.reading",
        {
            "quantity": Choice(str(item.get("quantity") or "")),
            "value": value if isinstance(value, int | float) else str(value or ""),
            "unit": str(item.get("unit") or ""),
        },
    )


def _time(item: Body) -> Sentence:
    parts: dict[str, Part] = {
        "activity": Choice(str(item.get("activity") or "Work")),
        "start": Instant(str(item.get("started_at") or "")),
        "end": Instant(str(item.get("ended_at") or "")),
    }
    if item.get("corrects"):
        return Sentence("said.time.corrected", parts)
    return Sentence("said.time" if item.get("ended_at") else "said.time.started", parts)


def _device(item: Body) -> Sentence:
    action = str(item.get("action") or "Inspect")
    known = action if action in ("Install", "Remove", "Swap", "Inspect") else "Inspect"
    name = item.get("equipment")
    named = name if isinstance(name, str) and not is_uuid(name) else None
    return Sentence(f"said.equipment.{known}", {"device": device_of({**item, "name": named})})


def _photo(item: Body) -> Sentence:
    caption = str(item.get("caption") or "")
    if caption:
        return Sentence("said.photo.row", {"caption": caption})
    return Sentence("said.added", {"what": Sentence("table.photos")})


def _response(item: Body) -> Sentence:
    is_accepted = item.get("answer") == "Accept"
    return Sentence("said.offer.accepted" if is_accepted else "said.offer.declined")


_MAKERS: Final[Mapping[str, Callable[[Body], Sentence]]] = {
    "notes": _note,
    "materials": _material,
    "readings": _reading,
    "time_entries": _time,
    "equipment": _device,
    "photos": _photo,
    "responses": _response,
}
