"""Recording what a person does: view and outbox in one transaction, then the screen says so.

An act that the status table or the checklist refuses is refused here, before anything is stored;
whatever is accepted is safe from the moment the method returns.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from field_app.sync import view
from field_app.sync.author import author
from field_app.sync.index_rows import device_in_index
from field_app.sync.replica import Replica
from field_core import merge, operations
from field_core.canon import Body, Json
from field_core.device_time import Stamp
from field_core.doctypes import spec_of
from field_core.instants import ms_to_text
from field_core.operations import Create, Operation, Set, Transition, Verdict
from field_core.problems import ProblemError
from field_core.replay import Held

Draft = dict[str, Any]
"""An operation without id, number and time: `{"kind": "set", "key": …, "fields": {…}}`."""

GROUP_MAX: Final = 50


class Recorder:
    """Turns drafts into operations with identity, number and time, and keeps them."""

    def __init__(
        self, replica: Replica, *, stamp: Callable[[], Stamp], new_id: Callable[[], str]
    ) -> None:
        self._replica = replica
        self._stamp = stamp
        self._new_id = new_id

    def record(self, *drafts: Draft) -> list[Operation]:
        """Keep an act of one or several operations, all or none; return them as recorded.

        Raises ProblemError when the act is not possible as things stand; nothing is stored then.
        """
        assert 0 < len(drafts) <= GROUP_MAX, "an act has 1 to 50 operations"
        several = len(drafts) > 1
        group: Body | None = {"id": self._new_id(), "size": len(drafts)} if several else None
        with self._replica.db.atomic():
            return [self._record(draft, group) for draft in drafts]

    def _record(self, draft: Draft, group: Body | None) -> Operation:
        identity = self._replica.outbox.identity()
        if identity is None:
            raise ProblemError("not-enrolled")
        stamp = self._stamp()
        (here,) = view.standing(self._replica.db, [draft["key"]])
        operation = operations.parse(
            {
                **draft,
                "id": draft.get("id") or self._new_id(),
                "n": identity.next_n,
                "at": stamp,
                "group": group,
                "rev": here.rev,
            }
        )
        when = ms_to_text(stamp.wall_ms - identity.skew_ms)
        held = self._held(operation, here.shown, when)
        self._replica.outbox.add(
            operation,
            device=identity.device,
            doctype=held.doctype,
            at=when,
            made_ms=stamp.wall_ms,
        )
        is_removed = operation.kind == "remove"
        view.show(self._replica.db, operation.key, here.shown, None if is_removed else held)
        return operation

    def _held(self, operation: Operation, shown: view.Shown | None, when: str) -> Held:
        """Return the document as it will be shown; raises ProblemError when it cannot be done."""
        held = shown.held() if shown else device_in_index(self._replica.db, operation.key)
        doctype = held.doctype if held else _doctype(operation)
        result = merge.apply(
            operation, held.body if held else None, spec=spec_of(doctype), when=when
        )
        if result.problem:
            raise ProblemError(result.problem.code, **dict(result.problem.details))
        is_told = isinstance(operation, Set) and operation.yields_to is not None
        if (
            result.verdict is Verdict.SUPERSEDED and not is_told
        ):  # nothing would come of it, here or at the server
            raise _without_effect(operation, held)
        return Held(doctype, result.body or {})

    # --- the acts that screens and commands know

    def set_fields(self, key: str, values: dict[str, Json]) -> Operation:
        """Give fields new values; what they were is read here, in the same transaction."""
        with self._replica.db.atomic():
            held = self._replica.document(key)
            if held is None:
                raise ProblemError("unknown-document")
            edits = {path: (current(held.body, path), now) for path, now in values.items()}
            return self.record({"kind": "set", "key": key, "fields": edits})[0]

    def new_key(self) -> str:
        """Return the key of a document that is about to be made."""
        return self._new_id()

    def create(self, doctype: str, body: Body) -> Operation:
        """Make a document; its key is made here and never changes."""
        return self.record(
            {"kind": "create", "key": self._new_id(), "doctype": doctype, "body": body}
        )[0]

    def transition(self, key: str, to: str, *, reason: str | None = None) -> Operation:
        """Move a job in the status table."""
        held = self._replica.document(key)
        if held is None:
            raise ProblemError("unknown-document")
        return self.record(
            {
                "kind": "transition",
                "key": key,
                "from": str(held.body.get("status")),
                "to": to,
                "reason": reason,
                "by": author(self._replica).signature or None,
            }
        )[0]

    def append(self, key: str, table: str, item: Body) -> Operation:
        """Add a row to a table that grows."""
        return self.record(self.row(key, table, item))[0]

    def row(self, key: str, table: str, item: Body) -> Draft:
        """Return the draft that adds a row, for an act of several parts."""
        return {
            "kind": "append",
            "key": key,
            "list": table,
            "item_id": self._new_id(),
            "item": item,
        }


def _without_effect(operation: Operation, held: Held | None) -> ProblemError:
    if isinstance(operation, Transition):
        current = held.body.get("status") if held else None
        return ProblemError("illegal-transition", current=current, to=operation.to_status)
    return ProblemError("changed-since")


def _doctype(operation: Operation) -> str:
    return operation.doctype if isinstance(operation, Create) else ""


def current(body: Body, path: str) -> Json:
    """Return what stands at a path, `field` or `table.row.field`."""
    table, _, rest = path.partition(".")
    if not rest:
        return body.get(path)
    row_id, _, field = rest.rpartition(".")
    rows: Any = body.get(table)
    found: Sequence[Json] = [r.get(field) for r in rows or () if str(r.get("id")) == row_id]
    return found[0] if found else None
