"""What was decided before: a repeat gets the same answer, by number or under another identity."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from field_core import wire
from field_core.operations import Verdict
from field_core.problems import ProblemError
from server_sync.store.batches import rows_in
from server_sync.store.schema import erp_out, outcome
from server_sync.store.transaction import OutcomeRow, Transaction
from server_sync.sync import offered


def outcome_of(row: Row[Any]) -> wire.Outcome:
    """Turn a stored outcome into what travels."""
    return wire.Outcome(
        n=row.n,
        op=row.op_id[-wire.OP_TAIL :],
        verdict=Verdict(row.verdict),
        seq=row.seq,
        problem=row.problem,
        details=json.loads(row.details) if row.details else None,
        office=row.office,
    )


class Decided:
    """The stored outcomes that one call will ask for, read in two statements."""

    def __init__(
        self, transaction: Transaction, device: str, ops: Sequence[Any], *, last_n: int
    ) -> None:
        self._tx = transaction
        self._device = device
        connection = transaction.connection
        numbers = [n for raw in ops if (n := offered.number(raw, 0)) <= last_n]
        ids = (offered.text(raw, "id") for raw in ops)
        self._by_number = {r.n: r for r in rows_in(connection, _BY_NUMBER, numbers, d=device)}
        self._by_id = {row.op_id: row for row in rows_in(connection, _BY_ID, ids)}

    def repeat(self, raw: object, n: int) -> wire.Outcome:
        """Return what was decided about a number that was taken before.

        Raises ProblemError `device-cloned`: another operation has it, so two copies exist.
        """
        row = self._by_number.get(n)
        if row is None:  # older than outcomes are kept
            tail = offered.text(raw, "id")[-wire.OP_TAIL :]
            return wire.Outcome(n=n, op=tail, verdict=Verdict.APPLIED)
        if row.op_id != offered.id_of(raw, n, device=self._device):
            raise ProblemError("device-cloned")
        return outcome_of(row)

    def adopt(self, raw: object, n: int) -> Verdict | None:
        """Give an operation the verdict it got under another identity of its device, if it did.

        Who offers an operation again is who wants to hear that the ERP has it.
        """
        before = self._by_id.get(offered.text(raw, "id"))
        if before is None:
            return None
        self._tx.connection.execute(_REPOINT, {"b_o": before.op_id, "device": self._device, "n": n})
        self._tx.add_outcome(
            OutcomeRow(
                self._device,
                n,
                before.op_id,
                before.verdict,
                before.problem,
                json.loads(before.details) if before.details else None,
                before.office,
            )
        )
        return Verdict(before.verdict)


_BY_NUMBER = select(outcome).where(
    outcome.c.device == bindparam("d"), outcome.c.n.in_(bindparam("v", expanding=True))
)
_BY_ID = select(outcome).where(outcome.c.op_id.in_(bindparam("v", expanding=True)))
_REPOINT = update(erp_out).where(erp_out.c.op_id == bindparam("b_o"))
