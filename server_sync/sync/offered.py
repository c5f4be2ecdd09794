"""What a device offers, as it came: nothing is believed yet, and nothing odd blocks the rest."""

from collections.abc import Iterator, Sequence
from typing import Any

from field_core.canon import Body


def units(ops: Sequence[Any]) -> Iterator[list[Any]]:
    """Cut a call into operations that count alone and groups that count together."""
    unit: list[Any] = []
    for raw in ops:
        if unit and _group(raw) != _group(unit[-1]):
            yield unit
            unit = []
        unit.append(raw)
        if _group(raw) is None:
            yield unit
            unit = []
    if unit:
        yield unit


def is_whole(unit: Sequence[Any]) -> bool:
    """Tell whether a unit is complete: a group in pieces is asked for again, not taken in part."""
    if _group(unit[0]) is None:
        return True
    return all(raw["group"].get("size") == len(unit) for raw in unit)


def number(raw: object, expected: int) -> int:
    """Return an operation's number; a malformed one stands where it is and blocks nothing."""
    n = raw.get("n") if isinstance(raw, dict) else None
    return n if isinstance(n, int) and not isinstance(n, bool) and n > 0 else expected


def body(raw: object) -> Body:
    """Return what may be an operation; raises TypeError for what is no object at all."""
    if not isinstance(raw, dict):
        raise TypeError("an operation is an object")
    return raw


def text(raw: object, name: str) -> str:
    """Return a text of an operation, empty when there is none."""
    value = raw.get(name) if isinstance(raw, dict) else None
    return value if isinstance(value, str) else ""


def id_of(raw: object, n: int, *, device: str) -> str:
    """Return an operation's id, or the one under which something without any is kept."""
    return text(raw, "id") or f"{device}:{n}"


def _group(raw: object) -> object:
    group = raw.get("group") if isinstance(raw, dict) else None
    return group.get("id") if isinstance(group, dict) else None
