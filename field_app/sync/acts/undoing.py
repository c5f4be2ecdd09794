"""Taking an act back: withdrawn whole while nobody was offered it, else done in reverse.

What has left the device is never unsaid: a new operation puts the earlier value back, and both
stay in the record. What only grows (notes, photos) is then corrected, not undone.
"""

from collections.abc import Sequence
from typing import Final, assert_never

from field_app.sync.acts.acting import Acting, act, row_of, rows_of
from field_app.sync.recorder import Draft, current
from field_app.sync.withdrawing import withdraw
from field_core import status
from field_core.canon import Body
from field_core.operations import Append, Attach, Create, Operation, Remove, Set, Transition
from field_core.problems import ProblemError
from field_core.values import same

UNDO_MS: Final = 10_000
"""How long a screen offers to take an act back."""

_OPPOSITE: Final = {"Install": "Remove", "Remove": "Install"}


class UndoingActs(Acting):
    """Undo."""

    @act
    def undo(self, made: Operation | Sequence[Operation], *, reason: str) -> list[Operation]:
        """Take an act back; return what was recorded for it, nothing when it was withdrawn.

        made: all that the act answered with. reason: what the office reads beside a reversal.
        Refused when others have changed it since, or when it only grows and was sent.
        """
        whole = [*made] if isinstance(made, Sequence) else [made]
        if withdraw(self.replica, [operation.id for operation in whole]):
            return []
        self._check_unsent_create(whole)
        drafts = [self._reverse(operation, reason) for operation in reversed(whole)]
        return self._recorder.record(*drafts)

    def _check_unsent_create(self, whole: Sequence[Operation]) -> None:
        for operation in whole:
            if self.replica.device(operation.key) is None:
                raise ProblemError("changed-since")

    def _reverse(self, operation: Operation, reason: str) -> Draft:
        match operation:
            case Set():
                return self._set_back(operation)
            case Transition():
                return self._moved_back(operation, reason)
            case Create():
                return self._out_again(operation, reason)
            case Append():
                return self._row_back(operation, reason)
            case Attach() | Remove():
                raise ProblemError("already-sent")
            case _:
                assert_never(operation)

    def _set_back(self, operation: Set) -> Draft:
        """Put back what was there, where it still is what the act made of it."""
        body = self._device(operation.key)
        for path, (_, now) in operation.fields.items():
            if not same(current(body, path), now):
                raise ProblemError("changed-since")
        edits = {path: [now, was] for path, (was, now) in operation.fields.items()}
        return {"kind": "set", "key": operation.key, "fields": edits}

    def _moved_back(self, operation: Transition, reason: str) -> Draft:
        body = self._document(operation.key)
        current_status = body.get("status")
        if current_status != operation.to_status:
            raise ProblemError("changed-since")
        here, back = status.parse(current_status), status.parse(operation.from_status)
        move = status.move(here, back) if here and back else None
        if move is None or move.actor is status.Actor.OFFICE:
            raise ProblemError("already-sent")
        return {
            "kind": "transition",
            "key": operation.key,
            "from": operation.to_status,
            "to": operation.from_status,
            "reason": reason,
            "by": self._signature(),
        }

    def _out_again(self, operation: Create, reason: str) -> Draft:
        """A device that was put in by mistake is not at the customer's: it goes back to stock.

        One that was counted by mistake is in nobody's van.
        """
        body = self._device(operation.key)
        was_put_in = body.get("service_location") is not None
        now: Body = {
            "status": "In Stock",
            "service_location": None,
            "removal_reason": reason,
            "held_by": self._technician() if was_put_in else None,
        }
        edits = {n: [body.get(n), value] for n, value in now.items() if body.get(n) != value}
        return {"kind": "set", "key": operation.key, "fields": edits}

    def _row_back(self, operation: Append, reason: str) -> Draft:
        body = self._document(operation.key)
        row = row_of(body, operation.list_name, operation.item_id)
        match operation.list_name:
            case "materials":
                path = f"materials.{operation.item_id}.qty"
                return {
                    "kind": "set",
                    "key": operation.key,
                    "fields": {path: [row.get("qty"), 0]},
                }
            case "equipment" if row.get("action") in _OPPOSITE:
                item = {
                    **{name: value for name, value in row.items() if name != "id"},
                    "action": _OPPOSITE[str(row["action"])],
                    "reason": reason,
                }
                return self._recorder.row(operation.key, "equipment", item)
            case "time_entries":
                return self._no_time(operation.key, body, row)
            case _:
                raise ProblemError("already-sent")

    def _no_time(self, key: str, body: Body, row: Body) -> Draft:
        """An entry begun by mistake is corrected to one of no length."""
        if any(other.get("corrects") == row["id"] for other in rows_of(body, "time_entries")):
            raise ProblemError("changed-since")
        start = row.get("started_at")
        item = {
            **{name: value for name, value in row.items() if name != "id"},
            "ended_at": start,
            "corrects": row["id"],
        }
        return self._recorder.row(key, "time_entries", item)
