"""Paying an invoice: begun by a customer, confirmed by Stripe alone, entered in the ERP once."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection

from field_core.money import amount_of, to_cents
from field_core.problems import ProblemError
from field_core.tokens import TTL_S, Use, sign
from server_sync.billing import ledger
from server_sync.billing.documents import Raw, read_payable
from server_sync.billing.events import ATTEMPT, Fact, verified
from server_sync.billing.gate import Gate, Session, Wanted
from server_sync.billing.ledger import Entry, State
from server_sync.billing.posting import Posting, credit_of
from server_sync.billing.till import Till
from server_sync.billing.words import say
from server_sync.erp.failures import ErpUnavailable

LEAST: Final = Decimal("5.00")
"""Smaller parts cost more in fees than they bring; what is owed below it may always be paid."""
SESSION_S: Final = TTL_S[Use.BRIDGE]
"""Stripe takes 30 minutes to 24 hours; a person who fetches a card needs less than an hour.
The way back is a link of the same life: it follows from the attempt, so a repeated call is the
same."""
REUSED_BEFORE_END_MS: Final = 5 * 60_000
REPEATED_BEFORE_END_MS: Final = 31 * 60_000
"""Stripe makes no session that ends in less than half an hour."""
DEBIT_DAYS: Final = 7
"""Five business days and a weekend: how long a bank debit is waited for."""
RECONCILED_S: Final = 4 * 86_400
"""Stripe repeats a webhook for three days."""
DAY_MS: Final = 86_400_000


@dataclass(frozen=True)
class Payments:
    """The service behind the pay page and the webhook."""

    till: Till
    gate: Gate | None
    """None where neither Stripe nor its stand-in is set up: nothing can be paid then."""
    posting: Posting
    webhook_secret: str
    on_entered: Callable[[str], None] = lambda _doctype: None
    """Told the doctype that changed in the ERP: devices are to see it before the next poll."""

    # --- a customer begins

    async def begin(self, name: str, *, cents: int, language: str) -> str:
        """Return where an invoice is paid; the same amount again leads to the same session.

        Raises ProblemError `already-paid`, `invalid-value` (amount), `debit-underway`, `busy`.
        """
        if self.gate is None:
            raise ProblemError("busy")
        invoice = await read_payable(self.till.client, name)
        self._check(owed_cents(invoice), cents)
        if await self.is_debited(name):
            raise ProblemError("debit-underway")
        wanted, stale = await self.till.write(
            lambda c: self._attempt(c, invoice, cents=cents, language=language)
        )
        if isinstance(wanted, str):
            return wanted
        if stale:
            await self._expire(stale)
        return await self._created(wanted)

    def _check(self, owed: int, cents: int) -> None:
        if owed <= 0:
            raise ProblemError("already-paid")
        if not min(to_cents(LEAST), owed) <= cents <= owed:
            raise ProblemError("invalid-value", field="amount")

    def _attempt(
        self, connection: Connection, invoice: Raw, *, cents: int, language: str
    ) -> tuple[Wanted | str, str | None]:
        """Return the address of the attempt that goes on, or a new one and what it replaces."""
        now_ms, name = self.till.now_ms(), str(invoice["name"])
        have = ledger.open_attempt(connection, name, now_ms=now_ms + REUSED_BEFORE_END_MS)
        if have and have.cents == cents and have.url:
            return have.url, None
        if have and have.cents == cents and have.expires_ms > now_ms + REPEATED_BEFORE_END_MS:
            # Stored, but Stripe's answer was lost: the same call again.
            return self._wanted(have.key, name, cents, have.language, have.expires_ms), None
        number = ledger.attempts(connection, name) + 1
        expires_ms = (self.till.now_s() + SESSION_S) * 1000
        wanted = self._wanted(
            f"{ATTEMPT}{name}:{cents}:{number}", name, cents, language, expires_ms
        )
        customer = str(invoice["customer"])
        ledger.note_attempt(connection, wanted, customer=customer, now_ms=now_ms)
        return wanted, have.session if have else None

    def _wanted(self, key: str, name: str, cents: int, language: str, expires_ms: int) -> Wanted:
        expires_at_s = expires_ms // 1000
        token = sign(name, use=Use.BRIDGE, expires_at_s=expires_at_s, key=self.till.ring.newest)
        back = urlencode({"t": token, "lang": language})
        return Wanted(
            key=key,
            invoice=name,
            cents=cents,
            language=language,
            expires_at_s=expires_at_s,
            title=say(language, "pay.line", invoice=name),
            success_url=f"{self.till.page}/done?s={{CHECKOUT_SESSION_ID}}&{back}",
            cancel_url=f"{self.till.page}?{back}",
        )

    async def _expire(self, session: str) -> None:
        gate = self.gate
        assert gate, "somebody began to pay"
        with contextlib.suppress(ProblemError):  # should both be paid, the second becomes credit
            await self.till.run(lambda: gate.expire(session))

    async def _created(self, wanted: Wanted) -> str:
        gate = self.gate
        assert gate, "somebody began to pay"
        made = await self.till.run(lambda: gate.create(wanted))
        if not made.url:
            raise ProblemError("busy")
        await self.till.write(
            lambda c: ledger.note_session(c, wanted.key, session=made.id, url=made.url)
        )
        return made.url

    # --- Stripe confirms

    async def receive(self, raw: bytes, header: str | None) -> None:
        """Take a webhook; returns once its effect is in the ERP.

        Raises ProblemError `webhook-signature` (nothing was written), or whatever kept the effect
        from being applied: the event is stored then, not done, and Stripe sends it again.
        """
        fact = verified(raw, header, secret=self.webhook_secret, now_s=self.till.now_s())
        await self._take(fact)

    async def _take(self, fact: Fact) -> None:
        """Store a fact, then apply it, unless that is done."""
        if await self.till.write(lambda c: ledger.remember(c, fact, now_ms=self.till.now_ms())):
            await self._apply(fact)

    async def _apply(self, fact: Fact) -> None:
        now_ms = self.till.now_ms
        if fact.kind in ledger.TAKEN_BACK and not await self._knows_payment(fact):
            await self.till.write(lambda c: ledger.processed(c, fact.event, now_ms=now_ms()))
            return
        entry = await self.till.write(lambda c: ledger.take(c, fact, now_ms=now_ms()))
        if entry and entry.posted_ms is None:
            await self._post(entry)
        await self.till.write(lambda c: ledger.processed(c, fact.event, now_ms=now_ms()))

    async def _knows_payment(self, fact: Fact) -> bool:
        """Tell whether money goes back from a payment of ours, and hear of that payment first.

        Its own event may come later, or never; one Stripe account may serve other products.
        """
        intent, gate = fact.payment_intent, self.gate
        if gate is None or not intent:
            return True  # nobody to ask: it waits for the payment's own event
        if await self.till.look(lambda c: ledger.find_entry(c, ledger.RECEIPT, intent)):
            return True
        session = await self.till.run(lambda: gate.paid_by(intent))
        told = _fact(session) if session and session.invoice else None
        if told:
            await self._take(told)
        return told is not None

    async def _post(self, entry: Entry) -> None:
        done = await self.posting.post(entry)
        credit = credit_of(entry, done)
        is_over = entry.kind == ledger.RECEIPT and credit > 0 and not entry.flag
        flag = "overpaid" if is_over else entry.flag
        now_ms = self.till.now_ms()

        def work(connection: Connection) -> bool:
            is_first = ledger.posted(
                connection,
                entry,
                erp_name=done.name,
                customer=done.customer,
                allocated_cents=to_cents(done.allocated),
                flag=flag,
                now_ms=now_ms,
            )
            if is_first:
                ledger.audit(
                    connection,
                    act=entry.kind,
                    invoice=entry.invoice,
                    actor="stripe",
                    now_ms=now_ms,
                    payment_entry=done.name,
                    cents=str(entry.cents),
                    flag=flag or "",
                )
            return is_first

        if await self.till.write(work):
            note = self.till.log.warning if flag else self.till.log.info
            note("payment entered", entry=done.name, invoice=entry.invoice, flag=flag or "")
            self.on_entered("Sales Invoice")

    # --- what time asks for

    async def catch_up(self) -> int:
        """Apply stored events whose effect is missing; returns how many were applied."""
        applied = 0
        for fact in await self.till.look(ledger.unprocessed):
            try:
                await self._apply(fact)
            except ErpUnavailable:
                break  # the ERP is away: the others would fail too
            except ProblemError as problem:
                self.till.log.warning("event waits", kind=fact.kind, code=problem.problem.code)
            else:
                applied += 1
        return applied

    async def reconcile(self) -> int:
        """Ask Stripe what became of the last days' sessions, refunds and disputes; apply it alike.

        Returns how many there were. One that cannot be applied now keeps no other waiting: it is
        stored, and `catch_up` goes on with it.
        """
        gate = self.gate
        if gate is None:
            return 0
        since_s = self.till.now_s() - RECONCILED_S
        sessions = await self.till.run(lambda: gate.recent(since_s))
        back = await self.till.run(lambda: gate.taken_back(since_s))
        facts = [*(told for one in sessions if (told := _fact(one))), *back]
        for fact in facts:
            await self._take_or_leave(fact)
        return len(facts)

    async def _take_or_leave(self, fact: Fact) -> None:
        try:
            await self._take(fact)
        except ProblemError as problem:
            self.till.log.warning("event waits", kind=fact.kind, code=problem.problem.code)

    # --- what the page shows

    async def is_debited(self, invoice: str) -> bool:
        """Tell whether a bank debit of an invoice is on its way."""
        since_ms = self.till.now_ms() - DEBIT_DAYS * DAY_MS
        return await self.till.look(lambda c: ledger.processing(c, invoice, since_ms=since_ms))

    async def state_of(self, session: str) -> tuple[State, str] | None:
        """Return how far a session has come and its invoice; None for one that is not ours."""
        row = await self.till.look(lambda c: ledger.by_session(c, session))
        return (State(row.state), str(row.invoice)) if row else None


def owed_cents(invoice: Raw) -> int:
    """Return what the ERP says an invoice still owes."""
    return to_cents(amount_of(invoice.get("outstanding_amount") or 0, "outstanding_amount"))


def _fact(session: Session) -> Fact | None:
    """Return what a polled session says, in the words of the event that did not come."""
    word = "completed" if session.status == "complete" else session.status
    if word not in ("completed", "expired"):
        return None
    return Fact(
        event=f"poll:{session.id}:{word}:{'paid' if session.is_paid else 'unpaid'}",
        kind=f"checkout.session.{word}",
        session=session.id,
        reference=session.payment_intent,
        payment_intent=session.payment_intent,
        cents=session.cents,
        currency=session.currency,
        invoice=session.invoice,
        is_paid=session.is_paid,
    )
