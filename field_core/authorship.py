"""Who did it: how an act is signed in a document that others read.

A technician signs by their name in the ERP, which every screen resolves; whoever is none has no
document of their own there and signs by their full name. The device signs what it shows at once;
the server, which knows who is signed in, signs whatever a device said: nobody signs for another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from field_core.canon import Body, Json
from field_core.doctypes.registry import spec_of
from field_core.fields import Owner
from field_core.operations import Append, Create, Operation, Set, Transition

JOB: Final = "Dispatch Job"


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who is signed in. technician: the Dispatch Technician they are, if they are one."""

    technician: str | None
    full_name: str
    account: str

    @property
    def signature(self) -> str:
        """What stands in a document for who did it; empty while nobody is signed in."""
        return self.technician or self.full_name or self.account

    def is_author_of(self, row: Mapping[str, Json]) -> bool:
        """Tell whether a row is this person's.

        Rows of the office named nobody once; they are anybody's there, as they were.
        """
        by = row.get("by")
        return by == self.signature or (by is None and self.technician is None)


def signed(operation: Operation, author: Author) -> Operation:
    """Return an operation with its author put wherever it names one."""
    by = author.signature
    match operation:
        case Transition():
            return operation.model_copy(update={"by": by})
        case Append() if operation.list_name in SIGNED_TABLES:
            return operation.model_copy(update={"item": {**operation.item, "by": by}})
        case Create() if operation.doctype == JOB:
            return operation.model_copy(update={"body": _signed_body(operation.body, by)})
        case Set():
            return _signed_steps(operation, author.technician)
        case _:
            return operation


def _signed_body(body: Body, by: str) -> Body:
    rows: Body = {
        table: [{**row, "by": by} if isinstance(row, dict) else row for row in held]
        for table in SIGNED_TABLES
        if isinstance(held := body.get(table), list)
    }
    return {**body, **rows}


def _signed_steps(operation: Set, technician: str | None) -> Set:
    """A step names a technician or nobody: the ERP holds a link there."""
    edits = {
        path: (was, technician if now is not None and _is_step_author(path) else now)
        for path, (was, now) in operation.fields.items()
    }
    return operation.model_copy(update={"fields": edits})


def _is_step_author(path: str) -> bool:
    return path.startswith("checklist.") and path.endswith(".done_by")


SIGNED_TABLES: Final = frozenset(
    name
    for name, inner in spec_of(JOB).tables.items()
    if "by" in inner.columns and inner.columns["by"].owner is Owner.SERVER
)
"""Tables whose rows name their author, which is the server's word."""
