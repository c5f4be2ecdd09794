"""Ending a contract: shown first, then decided once, then told the same to whoever asks again."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Row

from field_core.ending import Figures, Preview, Recap
from field_core.instants import ms_to_text
from field_core.office import EndingsUnderway, EndingUnderway
from field_core.problems import ProblemError
from field_core.termination import calculate, settle
from server_sync.billing.till import Till
from server_sync.contracts import journal
from server_sync.contracts.carrying import Carrying
from server_sync.contracts.held import ACTIVE, CANCELLED, Held, billed_until, read_held
from server_sync.contracts.journal import Plan
from server_sync.contracts.previews import check_quoted, preview_of
from server_sync.contracts.terms import Terms
from server_sync.contracts.underway import refused_first, underway_of

REASON_CHARACTERS: Final = range(3, 501)
"""The reason is for us: a consumer need not give one, and the screen offers a word for that."""
AHEAD: Final = timedelta(days=5 * 366)
"""No term of ours is longer: a year with a digit too many is a slip."""


@dataclass(frozen=True)
class Endings:
    """The service behind the termination of contracts."""

    till: Till
    terms: Terms
    carrying: Carrying

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
        today = self.carrying.today()
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
        preview), what `preview` raises, or, once it is decided, what `Carrying.carry_on` raises.
        """
        told = " ".join(reason.split())
        if len(told) not in REASON_CHARACTERS:
            raise ProblemError("reason-short", least=REASON_CHARACTERS.start)
        held = await read_held(self.till.client, name)
        row = await self._decided(held)
        if row is None:
            row = await self._decide(held, preview_id, end, reason=told, actor=actor)
        return await self.carrying.carry_on(row.key)

    async def try_again(self, name: str, *, actor: str) -> Recap:
        """Carry on with a termination because a person says so; one that is done is told again.

        Raises ProblemError `not-found` where none was decided, and what `carry_on` raises.
        """
        row = await self._decided(await read_held(self.till.client, name))
        if row is None:
            raise ProblemError("not-found")
        self.till.log.info("termination tried again", contract=name, actor=actor)
        return await self.carrying.carry_on(row.key)

    # --- what became of it

    async def recap(self, held: Held) -> Recap | None:
        """Return what was done, once it is."""
        row = await self._decided(held)
        return Recap.model_validate_json(row.recap) if row and row.recap else None

    async def underway(self, held: Held) -> EndingUnderway | None:
        """Return how far a termination has come that was decided and is not all done today."""
        today = self.carrying.today()
        rows = await self.till.look(lambda c: journal.open_rows(c, today=today))
        return next((underway_of(row) for row in rows if row.key == held.key), None)

    async def all_underway(self) -> EndingsUnderway:
        """Return every termination that is not all done, the refused ones in front."""
        return EndingsUnderway(rows=await self.till.run(self.look))

    def look(self) -> tuple[EndingUnderway, ...]:
        """Read the same; blocks."""
        with self.till.database.read() as connection:
            return refused_first(journal.open_rows(connection, today=self.carrying.today()))

    async def _decided(self, held: Held) -> Row[Any] | None:
        return await self.till.look(lambda c: journal.find(c, held.key))

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
            customer_name=str(customer.get("customer_name") or ""),
            location=held.location,
            language="en" if is_english else "fr",
            today=self.carrying.today(),
            figures=fresh.figures,
            reason=reason,
            actor=actor,
            at=ms_to_text(now_ms),
            subscriptions=tuple(str(one["name"]) for one in live),
            plan_item=next((str(one["plan"]) for one in live if one.get("plan")), ""),
        )
        return await self.till.write(lambda c: journal.begin(c, plan, now_ms=now_ms))

    @property
    def _secret(self) -> bytes:
        return self.till.ring.newest.secret
