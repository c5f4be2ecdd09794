"""What recorded operations must leave behind at the server, as a list that travels."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from field_core.canon import Json
from field_core.operations import Append, Operation, Set, Transition


@dataclass(frozen=True, slots=True)
class Fact:
    """What one operation must have left behind in a document: a row, or a field's value."""

    key: str
    table: str | None
    row: str | None
    field: str | None = None
    value: Any = None


def facts_of(operations: Iterable[Operation]) -> Json:
    """Return what the server must hold after these; later values of a field outlast earlier."""
    facts: dict[tuple[str, ...], Fact] = {}
    for operation in operations:
        for fact in _facts(operation):
            facts[fact.key, str(fact.table), str(fact.row), str(fact.field)] = fact
    return [asdict(fact) for fact in facts.values()]


def _facts(operation: Operation) -> Iterable[Fact]:
    match operation:
        case Transition():
            yield Fact(operation.key, "status_log", operation.id)
            yield Fact(operation.key, None, None, "status", operation.to_status)
        case Append():
            yield Fact(operation.key, operation.list_name, operation.item_id)
        case Set():
            for path, (_, now) in operation.fields.items():
                table, row, field = path.split(".")
                yield Fact(operation.key, table, row, field, now)
        case _:
            raise AssertionError("a data set's edits are moves, rows and values")
