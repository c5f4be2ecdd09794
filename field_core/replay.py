"""The view: the server's word with the operations that it does not yet contain applied on top."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from field_core.canon import Body, Json, dump
from field_core.doctypes.registry import spec_of
from field_core.merge import apply
from field_core.operations import Create, Operation


@dataclass(frozen=True, slots=True)
class Held:
    """A document as a device shows it."""

    doctype: str
    body: Body


def replay(base: Held | None, operations: Iterable[tuple[Operation, str]]) -> Held | None:
    """Apply `(operation, corrected instant)` pairs, in order of number, to a base document.

    An operation that would be parked leaves the document as it is: the outbox shows it instead.
    """
    held = base
    for operation, when in operations:
        doctype = held.doctype if held else _doctype(operation)
        result = apply(operation, held.body if held else None, spec=spec_of(doctype), when=when)
        held = Held(doctype, result.body) if result.body is not None else None
    return held


def _doctype(operation: Operation) -> str:
    return operation.doctype if isinstance(operation, Create) else ""


def changes_between(before: Mapping[str, Json], after: Mapping[str, Json]) -> set[str]:
    """Return the top-level fields whose JSON differs."""
    return {n for n in {*before, *after} if _differ(before.get(n), after.get(n))}


def _differ(one: Json, other: Json) -> bool:
    """Compare as hashes do: 1, 1.0 and true are equal to Python and three texts in JSON."""
    if one is other or (one == other and isinstance(one, str)):
        return False
    return one != other or dump(one) != dump(other)
