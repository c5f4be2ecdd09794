"""Carrying a decided termination out, whoever asks for it: a clerk, a restart, the minute's turn.

A failure that passes (the ERP is away, its answer was lost) is tried again every minute. What the
ERP refuses stays refused until somebody mends something there: it is noted with the ERP's words
and how far it came, and tried again when a person says so, or now and then by itself.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from weakref import WeakValueDictionary

from sqlalchemy import Row

from field_core.canon import dump
from field_core.ending import Recap
from field_core.office import EndingStep, EndingTrouble, StepDone
from field_core.problems import ProblemError
from server_sync.billing.till import Till
from server_sync.clock import today_at
from server_sync.contracts import journal
from server_sync.contracts.journal import Halt, Plan, State
from server_sync.contracts.steps import (
    CONTRACT,
    INVOICE,
    SUBSCRIPTION,
    Steps,
    done_when_notified,
)
from server_sync.contracts.terms import Terms
from server_sync.erp.failures import ErpNotFound, ErpRefused

REFUSED_AGAIN_MS: Final = 10 * 60_000
"""What somebody mended in the ERP goes on by itself; six refusals an hour drown no log."""
_CHANGED: Final = (INVOICE, CONTRACT, SUBSCRIPTION)


@dataclass(frozen=True)
class Carrying:
    """Walks the steps of decisions; one walk at a time for each."""

    till: Till
    terms: Terms
    on_changed: Callable[[str], None] = lambda _doctype: None
    """Told the doctypes that changed in the ERP: devices see it before the next poll."""
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def carry_on(self, key: str) -> Recap:
        """Do what is left of a decision and return its recap; harmless to repeat.

        Raises ProblemError `termination-refused` or `termination-underway`, noted in the journal.
        """
        async with self._locks.setdefault(key, asyncio.Lock()):
            row, today = await self._row(key), self.today()
            if row.state == State.BEGUN:
                await self._all(row, today)
            elif row.state == State.NOTIFIED and row.ends_on <= today.isoformat():
                await self._subscriptions(row, today)
            return Recap.model_validate_json((await self._row(key)).recap)

    async def resume(self) -> int:
        """Carry on with what a crash or the ERP cut off; returns how many are done.

        One that cannot be done keeps no other waiting.
        """
        today, now_ms, finished = self.today(), self.till.now_ms(), 0
        for row in await self.till.look(lambda c: journal.open_rows(c, today=today)):
            if not _is_due(row, now_ms):
                continue
            try:
                await self.carry_on(row.key)
            except ProblemError as error:
                code = error.problem.code
                self.till.log.warning("termination waits", contract=row.contract, code=code)
            else:
                finished += 1
        return finished

    def today(self) -> date:
        """Return the company's day."""
        return today_at(self.till.clock, self.till.zone)

    async def _row(self, key: str) -> Row[Any]:
        row = await self.till.look(lambda c: journal.find(c, key))
        assert row is not None, "the journal forgets nothing"
        return row

    async def _all(self, row: Row[Any], today: date) -> None:
        plan = Plan.model_validate_json(row.plan)
        made = await self._walk(row, Steps(self.till.client, self.terms).all(plan, today=today))
        recap = _recap(plan, made)
        is_over = plan.figures.end <= today
        await self._finish(row, recap, State.DONE if is_over else State.NOTIFIED)
        self.till.log.info("contract ended", contract=plan.contract, invoice=recap.invoice or "")

    async def _subscriptions(self, row: Row[Any], today: date) -> None:
        """Cancel what was left alive until the day that the customer named."""
        plan, recap = Plan.model_validate_json(row.plan), Recap.model_validate_json(row.recap)
        walk = Steps(self.till.client, self.terms).subscriptions(plan, today=today)
        await self._walk(row, walk, before=done_when_notified(plan, recap))
        await self._finish(row, recap, State.DONE)

    async def _walk(
        self, row: Row[Any], steps: AsyncIterator[StepDone], *, before: Sequence[StepDone] = ()
    ) -> Sequence[StepDone]:
        """Return every step that is done; where that fails, note how far it came and why."""
        made = [*before]
        try:
            async for step in steps:
                made.append(step)  # noqa: PERF401 - what was done counts when the next step fails
        except ProblemError as error:
            halt = _halt(journal.halt_of(row), made, error, now_ms=self.till.now_ms())
            await self.till.write(lambda c: journal.halted(c, row.key, halt))
            self._tell()
            raise _told(error, halt.trouble) from error
        return made

    async def _finish(self, row: Row[Any], recap: Recap, state: State) -> None:
        now_ms = self.till.now_ms()
        await self.till.write(
            lambda c: journal.finish(c, row.key, recap, state=state, now_ms=now_ms)
        )
        self._tell()

    def _tell(self) -> None:
        for doctype in _CHANGED:
            self.on_changed(doctype)


def _is_due(row: Row[Any], now_ms: int) -> bool:
    halt = journal.halt_of(row)
    if halt is None or not halt.trouble.is_refused:
        return True
    return now_ms - halt.trouble.tried_ms >= REFUSED_AGAIN_MS


def _halt(
    earlier: Halt | None, made: Sequence[StepDone], error: ProblemError, *, now_ms: int
) -> Halt:
    """Return where a try stopped; `since_ms` is of the first try that stopped there so."""
    is_refused = isinstance(error, (ErpRefused, ErpNotFound))
    if earlier and not is_refused:  # an ERP that is away undoes nothing that was seen done
        made = max(made, earlier.done, key=len)
    step, problem = _next(made), error.problem
    is_same = earlier and (earlier.trouble.step, earlier.trouble.is_refused) == (step, is_refused)
    trouble = EndingTrouble(
        step=step,
        is_refused=is_refused,
        code=problem.code,
        details={name: str(value) for name, value in problem.details.items()},
        since_ms=earlier.trouble.since_ms if earlier and is_same else now_ms,
        tried_ms=now_ms,
    )
    return Halt(trouble=trouble, done=tuple(made))


def _next(made: Sequence[StepDone]) -> EndingStep:
    """Return the step that was at hand: the first that is not done."""
    names = {one.step for one in made}
    return next(step for step in EndingStep if step not in names)


def _told(error: ProblemError, trouble: EndingTrouble) -> ProblemError:
    """Say to whoever waits that the decision stands, and what became of it."""
    if trouble.is_refused:
        said = trouble.details.get("message") or error.problem.sentence()
        return ProblemError("termination-refused", step=trouble.step, message=said)
    return ProblemError("termination-underway", step=trouble.step)


def _recap(plan: Plan, made: Sequence[StepDone]) -> Recap:
    """Return the frozen account of a termination, with its own hash."""
    left = {one.step: one.documents for one in made}
    told = Recap(
        figures=plan.figures,
        reason=plan.reason,
        actor=plan.actor,
        at=plan.at,
        subscriptions=plan.subscriptions,
        invoice=next(iter(left[EndingStep.FEE]), None),
        settlement=next(iter(left[EndingStep.DAYS]), None),
    )
    canonical = dump(told.model_dump(mode="json", exclude={"sha256"}))
    return told.model_copy(update={"sha256": hashlib.sha256(canonical.encode()).hexdigest()})
