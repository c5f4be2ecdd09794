"""Which operation a value or a row came from: its author is its author in the ERP too."""

from collections.abc import Sequence
from typing import Final

from field_core.operations import Append, Attach, Create, Operation, Set, Transition
from server_sync.sync.remerge import Work


def source(work: Sequence[Work], path: str) -> Work:
    """Return the last operation that wrote a field or row; the last of all when none did."""
    return next((one for one in reversed(work) if _touches(one.operation, path)), work[-1])


def _touches(operation: Operation, path: str) -> bool:
    head, _, rest = path.partition(".")
    match operation:
        case Set():
            return head in operation.fields or any(
                edited == path or edited.startswith(f"{path}.") for edited in operation.fields
            )
        case Transition():
            return head in _MOVED and (head != "status_log" or rest.startswith(operation.id))
        case Append():
            return head == operation.list_name and rest.startswith(operation.item_id)
        case Attach():
            return path == operation.field or (
                head == operation.list_name and rest.startswith(operation.item_id or operation.id)
            )
        case _:
            return isinstance(operation, Create)


_MOVED: Final = frozenset(
    {
        "status",
        "status_log",
        "started_at",
        "completed_at",
        "closed_reason",
        "cancelled_at",
        "cancelled_by",
    }
)
