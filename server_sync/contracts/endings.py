"""Ending a contract: shown first, then done once, then told the same to whoever asks again."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from weakref import WeakValueDictionary

from sqlalchemy import Row

from field_core.canon import dump
from field_core.ending import Figures, Preview, Recap
from field_core.instants import ms_to_text
from field_core.problems import ProblemError
from field_core.termination import calculate, settle
from server_sync.billing.till import Till
from server_sync.clock import today_at
from server_sync.contracts import journal
from server_sync.contracts.held import ACTIVE, CANCELLED, Held, billed_until, read_held
from server_sync.contracts.journal import Plan, State
from server_sync.contracts.previews import check_quoted, preview_of
from server_sync.contracts.steps import CONTRACT, INVOICE, SUBSCRIPTION, Documents, Steps
from server_sync.contracts.terms import Terms

REASON_CHARACTERS: Final = range(3, 501)
"""The reason is for us: a consumer need not give one, and the screen offers a word for that."""
AHEAD: Final = timedelta(days=5 * 366)
"""No term of ours is longer: a year with a digit too many is a slip."""
_CHANGED: Final = (INVOICE, CONTRACT, SUBSCRIPTION)


@dataclass(frozen=True)
class Endings:
    """The service behind the termination of contracts."""

    till: Till
    terms: Terms
    on_changed: Callable[[str], None] = lambda _doctype: None
    """Told the doctypes that changed in the ERP: devices see it before the next poll."""
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    # --- first step

    async def preview(self, name: str, end: date) -> Preview:
        """Work out what ending a contract on a day comes to; changes nothing.

        Raises ProblemError `not-found`, `contract-not-active`, `termination-date`,
        `invalid-value` for a field of the contract that cannot be read.
        """
        held = await read_held(self.till.client, name)
        return await self._preview(held, end)

    async def _preview(self, held: Held, end: date) -> Preview:
        if held.status != ACTIVE:
            raise ProblemError("contract-not-active", contract=held.name, status=held.status)
        today = self._today()
        if end > today + AHEAD:
            raise ProblemError("invalid-value", field="end")
        found = calculate(held.contract, end, follows_crtc=self.terms.follows_crtc)
        billed = await billed_until(self.till.client, held)
        # Until a day to come the monthly invoices go on: only what they overshoot is settled now.
        until = max(billed or end, end) if end > today else billed or end
        settled = settle(found, billed_until=until, is_tax_included=self.terms.is_tax_included)
        figures = Figures.of(found, settled, is_billing_known=billed is not None)
        return preview_of(
            figures, contract_key=held.key, secret=self._secret, now_s=self.till.now_s()
        )

    # --- second step

    async def terminate(
        self, name: str, *, preview_id: str, end: date, reason: str, actor: str
    ) -> Recap:
        """End a contract as it was shown; the same again returns what was done (CT-07).

        Raises ProblemError `reason-short`, `preview-expired`, `preview-changed` (with a fresh
        preview), what `preview` raises, or ErpFailure: it is noted then, and carried on with.
        """
        told = " ".join(reason.split())
        if len(told) not in REASON_CHARACTERS:
            raise ProblemError("reason-short", least=REASON_CHARACTERS.start)
        held = await read_held(self.till.client, name)
        row = await self.till.look(lambda c: journal.find(c, held.key))
        if row is None:
            row = await self._decide(held, preview_id, end, reason=told, actor=actor)
        return await self._carry_on(row)

    async def recap(self, held: Held) -> Recap | None:
        """Return what was done, once it is."""
        row = await self.till.look(lambda c: journal.find(c, held.key))
        return Recap.model_validate_json(row.recap) if row and row.recap else None

    async def is_underway(self, held: Held) -> bool:
        """Tell whether a termination was decided and is not done yet."""
        row = await self.till.look(lambda c: journal.find(c, held.key))
        return row is not None and row.recap is None

    async def _decide(
        self, held: Held, preview_id: str, end: date, *, reason: str, actor: str
    ) -> Row[Any]:
        fresh, now_ms = await self._preview(held, end), self.till.now_ms()
        check_quoted(
            preview_id,
            fresh,
            contract_key=held.key,
            secret=self._secret,
            now_s=self.till.now_s(),
        )
        customer = await self.till.client.get("Customer", held.customer)
        is_english = str(customer.get("language") or "").startswith("en")
        live = [one for one in held.subscriptions if one.get("status") != CANCELLED]
        plan = Plan(
            key=held.key,
            contract=held.name,
            customer=held.customer,
            location=held.location,
            language="en" if is_english else "fr",
            today=self._today(),
            figures=fresh.figures,
            reason=reason,
            actor=actor,
            at=ms_to_text(now_ms),
            subscriptions=tuple(str(one["name"]) for one in live),
            plan_item=next((str(one["plan"]) for one in live if one.get("plan")), ""),
        )
        return await self.till.write(lambda c: journal.begin(c, plan, now_ms=now_ms))

    async def _carry_on(self, row: Row[Any]) -> Recap:
        """Walk the steps of a decision, unless that is done."""
        async with self._locks.setdefault(row.key, asyncio.Lock()):
            again = await self.till.look(lambda c: journal.find(c, row.key))
            if again and again.recap:
                return Recap.model_validate_json(again.recap)
            return await self._walk(Plan.model_validate_json(row.plan))

    async def _walk(self, plan: Plan) -> Recap:
        today = self._today()
        try:
            made = await Steps(self.till.client, self.terms).all(plan, today=today)
        except ProblemError as error:
            problem = error.problem
            await self.till.write(
                lambda c: journal.failed(c, plan.key, problem.code, problem.sentence())
            )
            raise
        recap = _recap(plan, made)
        state = State.DONE if plan.figures.end <= today else State.NOTIFIED
        now_ms = self.till.now_ms()
        await self.till.write(
            lambda c: journal.finish(c, plan.key, recap, state=state, now_ms=now_ms)
        )
        self.till.log.info("contract ended", contract=plan.contract, invoice=made.invoice or "")
        for doctype in _CHANGED:
            self.on_changed(doctype)
        return recap

    # --- what time asks for

    async def resume(self) -> int:
        """Carry on with what a crash or the ERP's absence cut off; returns how many are done.

        One that cannot be done keeps no other waiting.
        """
        today, done = self._today(), 0
        for row in await self.till.look(lambda c: journal.open_rows(c, today=today)):
            try:
                await self._resume(row, today)
            except ProblemError as error:
                code = error.problem.code
                self.till.log.warning("termination waits", contract=row.contract, code=code)
            else:
                done += 1
        return done

    async def _resume(self, row: Row[Any], today: date) -> None:
        if row.state == State.BEGUN:
            await self._carry_on(row)
            return
        plan = Plan.model_validate_json(row.plan)
        await Steps(self.till.client, self.terms).subscriptions(plan, today=today)
        recap, now_ms = Recap.model_validate_json(row.recap), self.till.now_ms()
        await self.till.write(
            lambda c: journal.finish(c, row.key, recap, state=State.DONE, now_ms=now_ms)
        )
        self.on_changed(SUBSCRIPTION)

    @property
    def _secret(self) -> bytes:
        return self.till.ring.newest.secret

    def _today(self) -> date:
        return today_at(self.till.clock, self.till.zone)


def _recap(plan: Plan, made: Documents) -> Recap:
    """Return the frozen account of a termination, with its own hash."""
    told = Recap(
        figures=plan.figures,
        reason=plan.reason,
        actor=plan.actor,
        at=plan.at,
        subscriptions=plan.subscriptions,
        invoice=made.invoice,
        settlement=made.settlement,
    )
    canonical = dump(told.model_dump(mode="json", exclude={"sha256"}))
    return told.model_copy(update={"sha256": hashlib.sha256(canonical.encode()).hexdigest()})
