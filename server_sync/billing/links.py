"""Payment links by text or e-mail: asked for by whoever holds the paper, or sent by a clerk.

Whoever asks hears one sentence, after one insert, whatever is true: the decision comes later. What
counts as a try is counted there too, so that a wrong guess costs one as well as a right one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select

from field_core.problems import ProblemError
from field_core.tokens import ALL_USES, ExpiredToken, PayToken, Use, mint, verify
from server_sync.billing import ledger, limits
from server_sync.billing.documents import Raw, read_invoice
from server_sync.billing.limits import Limit
from server_sync.billing.messages import EMAIL, SMS, queue
from server_sync.billing.till import Till
from server_sync.billing.words import say
from server_sync.erp.failures import ErpFailure, ErpUnavailable
from server_sync.store.schema import pay_ask

HOUR_MS: Final = 3_600_000
PER_ADDRESS: Final = Limit("ask-address", 20, HOUR_MS)
EVERYBODY: Final = Limit("ask-all", 300, HOUR_MS)
PER_INVOICE: Final = Limit("ask-invoice", 5, 15 * 60_000)
WRONG: Final = Limit("ask-wrong", 5, 24 * HOUR_MS)
"""Five wrong guesses in a day close the invoice to requests; the next one comes free in hours."""
PER_PHONE: Final = Limit("ask-phone", 3, 24 * HOUR_MS)
BAD_TOKEN: Final = Limit("bad-token", 60, HOUR_MS)
PER_CHECKOUT: Final = Limit("checkout", 20, HOUR_MS)
PER_VIEW: Final = Limit("view", 1, HOUR_MS)
"""Each other amount is a session at Stripe; nobody tries twenty in earnest."""
NATIONAL_DIGITS: Final = 10
CHANNELS: Final = (SMS, EMAIL)
ASKS_PER_STEP_MAX: Final = 50
_LAST4: Final = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True)
class Links:
    """The service behind the form of an expired link, and the clerk's button."""

    till: Till

    def read(self, token: str) -> PayToken | ExpiredToken | None:
        """Return what a link says, if it is genuine."""
        return verify(token, ring=self.till.ring, accepts=ALL_USES, now_s=self.till.now_s())

    async def bad_token(self, address: str) -> int:
        """Count a link that is not genuine; return the seconds to wait once there were too many."""
        return await self._spend(BAD_TOKEN, address)

    async def begins(self, invoice: str) -> int:
        """Count that paying an invoice is begun; return the seconds to wait after too many."""
        return await self._spend(PER_CHECKOUT, invoice)

    async def opened(self, invoice: str) -> None:
        """Note that the pay page was shown, once an hour: mail scanners open links too."""
        if not await self._spend(PER_VIEW, invoice):
            await self._note("viewed", invoice, actor="customer")

    async def ask(self, token: str, *, channel: str, last4: str, address: str) -> int:
        """Note that a link is wanted; returns the seconds to wait, by address alone.

        Whether the paper, the digits or the channel are right is not looked at here.
        """
        wait_s = await self._spend(PER_ADDRESS, address) or await self._spend(EVERYBODY, "")
        if wait_s:
            return wait_s
        genuine = self.read(token)
        row = {
            "invoice": genuine.invoice if genuine else "",
            "channel": channel if channel in CHANNELS else "",
            "last4": last4 if _LAST4.fullmatch(last4) else "",
            "made_ms": self.till.now_ms(),
        }
        await self._write(lambda c: c.execute(insert(pay_ask), row))
        return 0

    async def decide(self) -> int:
        """Decide on what was asked for, each request once; returns how many links go out."""
        sent = 0
        for row in await self.till.run(self._asked):
            try:
                sent += await self._decide(row.invoice, row.channel, row.last4)
            except ErpUnavailable:
                break  # the ERP is away; what was asked for waits
            except ProblemError as problem:
                self.till.log.warning("payment link failed", code=problem.problem.code)
            await self._write(
                lambda c, r=row: c.execute(delete(pay_ask).where(pay_ask.c.id == r.id))
            )
        return sent

    def _asked(self) -> Sequence[Row[Any]]:
        with self.till.database.read() as connection:
            return connection.execute(
                select(pay_ask).order_by(pay_ask.c.id).limit(ASKS_PER_STEP_MAX)
            ).all()

    async def _decide(self, name: str, channel: str, last4: str) -> bool:
        found = await self._customer(name)
        if found is None or not channel:
            return False
        if await self._wait(WRONG, name) or await self._spend(PER_INVOICE, name):
            self.till.log.warning("payment link refused", reason="limit", invoice=name)
            return False
        phone = _digits(found.get("mobile_no"))
        if not last4 or phone[-4:] != last4:
            await self._wrong(name)
            return False
        return await self._send(name, found, channel, actor="customer")

    async def _wrong(self, name: str) -> None:
        await self._spend(WRONG, name)
        is_locked = await self._wait(WRONG, name) > 0
        await self._note("wrong-last4", name, actor="customer", locked=str(is_locked))
        if is_locked:
            self.till.log.warning("payment link locked", invoice=name)

    async def send(self, name: str, *, channel: str, actor: str) -> None:
        """Send a link to the customer of an invoice, for a clerk.

        Raises ProblemError `not-found`, `invalid-value` (channel), `rate-limited`.
        """
        if channel not in CHANNELS:
            raise ProblemError("invalid-value", field="channel")
        await read_invoice(self.till.client, name)
        customer = await self._customer(name)
        assert customer, "a submitted invoice has a customer"
        if not await self._send(name, customer, channel, actor=actor):
            raise ProblemError("invalid-value", field=channel)

    async def _send(self, name: str, customer: Raw, channel: str, *, actor: str) -> bool:
        field = "mobile_no" if channel == SMS else "email_id"
        to = str(customer.get(field) or "").strip()
        if not to or (channel == SMS and await self._spend(PER_PHONE, _digits(to))):
            return False
        language = "en" if str(customer.get("language") or "").startswith("en") else "fr"
        now_ms, till = self.till.now_ms(), self.till
        link = till.link(mint(name, use=Use.MAGIC, now_s=till.now_s(), ring=till.ring))
        content = say(language, "pay.message", company=till.company.name, invoice=name, url=link)

        def work(connection: Connection) -> None:
            queue(
                connection,
                channel=channel,
                recipient=_e164(to) if channel == SMS else to,
                subject=say(language, "pay.message_subject", invoice=name),
                content=content,
                now_ms=now_ms,
            )
            ledger.audit(
                connection, act="link-sent", invoice=name, actor=actor, now_ms=now_ms,
                channel=channel,
            )  # fmt: skip

        await self._write(work)
        return True

    async def _customer(self, name: str) -> Raw | None:
        try:
            invoice = await read_invoice(self.till.client, name)
        except ErpFailure:
            raise
        except ProblemError:
            return None
        return await self.till.client.get("Customer", str(invoice["customer"]))

    async def _note(self, act: str, name: str, *, actor: str, **details: str) -> None:
        now_ms = self.till.now_ms()
        await self._write(
            lambda c: ledger.audit(c, act=act, invoice=name, actor=actor, now_ms=now_ms, **details)
        )

    async def sweep(self) -> None:
        """Drop allowances that are whole again."""
        await self._write(lambda c: limits.sweep(c, now_ms=self.till.now_ms()))

    async def _spend(self, limit: Limit, who: str) -> int:
        subject = limits.subject_of(limit, who, secret=self.till.ring.newest.secret)
        now_ms = self.till.now_ms()
        wait_ms: int = await self._write(lambda c: limits.spend(c, limit, subject, now_ms=now_ms))
        return -(-wait_ms // 1000)

    async def _wait(self, limit: Limit, who: str) -> int:
        subject = limits.subject_of(limit, who, secret=self.till.ring.newest.secret)
        now_ms = self.till.now_ms()

        def look() -> int:
            with self.till.database.read() as connection:
                return limits.wait(connection, limit, subject, now_ms=now_ms)

        return await self.till.run(look)

    async def _write(self, work: Any) -> Any:  # noqa: ANN401  # whatever the work returns
        return await self.till.run(lambda: self.till.database.run(work), writes=True)


def _digits(text: object) -> str:
    return re.sub(r"\D", "", str(text or ""))


def _e164(phone: str) -> str:
    """Return a number as Twilio wants it; ours are Canadian unless they say otherwise."""
    digits = _digits(phone)
    return f"+{digits}" if phone.startswith("+") or len(digits) > NATIONAL_DIGITS else f"+1{digits}"
