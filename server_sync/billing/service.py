"""Billing as HTTP and the schedule see it."""

import functools
from dataclasses import dataclass
from typing import Final

from field_core.problems import ProblemError
from server_sync.billing.bench import Bench
from server_sync.billing.counter import Counter
from server_sync.billing.desk import Desk
from server_sync.billing.invoices import Invoices
from server_sync.billing.links import Links
from server_sync.billing.messages import Outbox
from server_sync.billing.payments import Payments
from server_sync.billing.referrals import Referrals
from server_sync.billing.till import Till

LOOPBACK_CLIENTS: Final = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True)
class Billing:
    """Invoices, payments and links of one server."""

    till: Till
    invoices: Invoices
    payments: Payments
    counter: Counter
    links: Links
    referrals: Referrals
    outbox: Outbox
    desk: Desk
    bench: Bench | None = None
    bench_from: frozenset[str] = LOOPBACK_CLIENTS
    """Who may open the stand-in's page: this machine."""

    async def deliver(self) -> int:
        """Deliver what the stand-in has to tell, like Stripe would; returns how many were taken."""
        bench, taken = self.bench, 0
        if bench is None:
            return 0
        for event, raw, signed in await self.till.run(bench.due):
            try:
                await self.payments.receive(raw, signed)
            except ProblemError:
                is_taken = False  # it comes again, like Stripe's
            else:
                is_taken = True
            taken += is_taken
            noting = functools.partial(bench.delivered, event, is_taken=is_taken)
            await self.till.run(noting, writes=True)
        return taken

    def archive_name(self, invoice: str) -> str | None:
        """Return the hash of an archived invoice, which proves what was sent."""
        return self.invoices.archive.sha256(invoice)

    def standing(self) -> tuple[bool, str]:
        """Return whether payments can come in and be heard of, and a sentence for the operator."""
        if self.bench:
            return True, "test bench: no real money"
        if self.payments.gate is None:
            return True, "not set up"
        is_heard = bool(self.payments.webhook_secret)
        return is_heard, "set up" if is_heard else "webhook secret not set: nothing is confirmed"

    async def close(self) -> None:
        """Close the connections to the ERP."""
        await self.till.client.close()
