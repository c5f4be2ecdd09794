"""Device documents as the ACS stores them: made of flat values, looked into, changed in place."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from field_core.canon import Json

_TYPES: Final = {
    bool: "xsd:boolean",
    int: "xsd:unsignedInt",
    str: "xsd:string",
    float: "xsd:string",
}


def grown(values: Mapping[str, Json], *, at: str) -> dict[str, Any]:
    """Return a document of flat parameters, all read at `at`."""
    document: dict[str, Any] = {}
    for path, value in values.items():
        here = document
        for part in path.split("."):
            here = here.setdefault(part, {})
        here.update(
            {
                "_object": False,
                "_writable": True,
                "_value": value,
                "_type": _TYPES[type(value)],
                "_timestamp": at,
            }
        )
    return document


def leaf(document: Mapping[str, Any], path: str) -> dict[str, Any] | None:
    """Return a parameter, or None for a name that the device does not have."""
    found = below(document, path)
    return found if found is not None and "_type" in found else None


def below(document: Mapping[str, Any], path: str) -> dict[str, Any] | None:
    """Return what stands at a path."""
    here: Any = document
    for part in path.rstrip(".").split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else None


def leaves(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every parameter below an object, with its path."""
    for name, item in tree.items():
        if name.startswith("_") or not isinstance(item, dict):
            continue
        here = f"{path}.{name}" if path else name
        if "_type" in item:
            yield here, item
        yield from leaves(item, here)


def projected(document: Mapping[str, Any], paths: list[str]) -> dict[str, Any]:
    """Return parts of a document: its id always, objects on the way without their own members."""
    kept: dict[str, Any] = {}
    for path in paths:
        *above, last = path.split(".")
        source: Any = document
        target = kept
        for part in above:
            source = source.get(part) if isinstance(source, dict) else None
            if source is None:
                break
            target = target.setdefault(part, {})
        if isinstance(source, dict) and last in source:
            target[last] = source[last]
    return {**kept, "_id": document["_id"]}


def finds(document: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """Tell whether a query finds a document: equality, `$in`, `$or`, as the adapter asks."""
    for path, wanted in query.items():
        if path == "$or":
            if not any(finds(document, one) for one in wanted):
                return False
        elif not _holds(_value(document, path), wanted):
            return False
    return True


def _holds(found: Json, wanted: Json) -> bool:
    if isinstance(wanted, dict):
        among = wanted.get("$in")
        return isinstance(among, list) and found in among
    if isinstance(found, list):
        return wanted in found
    return found == wanted


def _value(document: Mapping[str, Any], path: str) -> Json:
    """Return a member whose last part begins with `_` as it is, of a parameter its value."""
    above, _, last = path.rpartition(".")
    if last.startswith("_"):
        holder = below(document, above) if above else document
        value: Json = (holder or {}).get(last)
        return value
    if isinstance(document.get(path), str):  # a member of a task or a fault
        told: Json = document[path]
        return told
    return (leaf(document, path) or {}).get("_value")
