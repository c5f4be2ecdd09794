"""Taking operations in order: each exactly once, each with a verdict, none of them lost.

In one transaction: an operation is the next number or a repeat; a group counts whole or not at
all; `judging` says what each does after the earlier ones of the call, `deciding` does it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from field_core import wire
from field_core.device_time import Stamp
from field_core.operations import Verdict
from field_core.problems import Problem, ProblemError
from server_sync.store.schema import device
from server_sync.store.transaction import Transaction
from server_sync.sync import offered
from server_sync.sync.caller import Caller
from server_sync.sync.deciding import Decider
from server_sync.sync.judging import Judge
from server_sync.sync.outcomes import Decided

_NOTHING: Final[Mapping[str, object]] = {}


class Pusher:
    """Takes one call's operations inside one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        caller: Caller,
        *,
        sent: Stamp,
        upcasters: Mapping[int, wire.Upcaster] = wire.UPCASTERS,
    ) -> None:
        self._tx = transaction
        self._caller = caller
        self._sent = sent
        self._upcasters = upcasters
        self.last_n = 0
        self.told: list[wire.Outcome] = []

    def push(self, ops: Sequence[Any], *, noting: Mapping[str, object] = _NOTHING) -> None:
        """Take operations in order; stops quietly at a gap: `last_n` tells where to resume.

        noting: what else is written of the device, with its last number.
        Raises ProblemError `device-cloned`.
        """
        row = self._tx.connection.execute(_DEVICE_LOCKED, {"d": self._caller.device}).one()
        self.last_n = started = row.last_n
        call = self._look_ahead(ops)
        units = [*offered.units(ops)]
        for unit in units:
            if not self._take(call, unit, is_last=unit is units[-1]):
                break
        moved = {"last_n": self.last_n} if self.last_n != started else _NOTHING
        if values := {**noting, **moved}:
            self._tx.connection.execute(_UPDATE, {"b_d": self._caller.device, **values})

    def _look_ahead(self, ops: Sequence[Any]) -> "_Call":
        """Read in a few statements what the operations of a call will ask for one by one."""
        keys = {offered.text(raw, "key") for raw in ops}
        self._tx.prefetch(keys)
        decided = Decided(self._tx, self._caller.device, ops, last_n=self.last_n)
        judge = Judge(self._tx, self._caller, keys=keys)
        decider = Decider(self._tx, self._caller, judge, sent=self._sent, upcasters=self._upcasters)
        return _Call(self._tx, decided, decider)

    def _take(self, call: "_Call", unit: Sequence[Any], *, is_last: bool) -> bool:
        numbers = [offered.number(raw, self.last_n + 1 + i) for i, raw in enumerate(unit)]
        if numbers[-1] <= self.last_n:
            self.told += [call.repeat(raw, n) for raw, n in zip(unit, numbers, strict=True)]
            return True
        if numbers[0] <= self.last_n:  # a unit is decided at once: another one has its number
            raise ProblemError("device-cloned")
        is_whole = offered.is_whole(unit)
        if not self._is_next(numbers) or (is_last and not is_whole):
            return False  # a group cut off by the end of a call comes again with its rest
        if is_whole:
            call.decide(unit, numbers)
        else:
            call.keep(unit, numbers, Problem("group-incomplete"))
        self.last_n = numbers[-1]
        return True

    def _is_next(self, numbers: list[int]) -> bool:
        """Tell whether these numbers follow the last one and each other: one left out is a gap."""
        return numbers == [*range(self.last_n + 1, self.last_n + 1 + len(numbers))]


class _Call:
    """One call, with what was read ahead for it: answers repeats, has units decided."""

    def __init__(self, transaction: Transaction, decided: Decided, decider: Decider) -> None:
        self._tx = transaction
        self._decided = decided
        self._decider = decider

    def repeat(self, raw: object, n: int) -> wire.Outcome:
        """Return what was decided about this number before."""
        return self._decided.repeat(raw, n)

    def decide(self, unit: Sequence[Any], numbers: Sequence[int]) -> None:
        """Have every operation of a unit decided; a group of which one is kept is kept whole."""
        mark = self._tx.mark()
        verdicts = [self._decide(raw, n) for raw, n in zip(unit, numbers, strict=True)]
        if len(unit) > 1 and any(verdict.is_kept_for_review for verdict in verdicts):
            self._tx.back_to(mark)
            self.keep(unit, numbers, Problem("group-parked"))

    def keep(self, unit: Sequence[Any], numbers: Sequence[int], problem: Problem) -> None:
        """Have every operation of a unit kept for a person."""
        for raw, n in zip(unit, numbers, strict=True):
            self._decider.keep(raw, n, Verdict.PARKED, problem)

    def _decide(self, raw: object, n: int) -> Verdict:
        return self._decided.adopt(raw, n) or self._decider.decide(raw, n)


_DEVICE_LOCKED = select(device.c.last_n).where(device.c.id == bindparam("d")).with_for_update()
_UPDATE = update(device).where(device.c.id == bindparam("b_d"))
