"""Invoices as paper: read from the ERP, drawn once, archived, and given out again as they were."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from field_core.problems import ProblemError
from field_core.tokens import Use, mint
from server_sync.billing.archive import Archive
from server_sync.billing.documents import SUBMITTED, Billed, read_billed, read_invoice
from server_sync.billing.print_format import FIELD, data_of
from server_sync.billing.printed import Layout, printed
from server_sync.billing.referral_codes import code_for
from server_sync.billing.rendering import facture_pdf
from server_sync.billing.statement import statement_of
from server_sync.billing.till import Till
from server_sync.clock import today_at
from server_sync.erp.failures import ErpUnavailable
from server_sync.qr import qr_image

ARCHIVED_PER_STEP_MAX: Final = 50
"""About fifteen seconds of one core; the next step goes on."""
Tick = Callable[[int, int, str], None]
"""Told how many invoices were looked at, of how many, and which one."""
ARCHIVED_DAYS: Final = 35
"""Older invoices, imported ones above all, are drawn when somebody asks for them."""


@dataclass(frozen=True)
class Invoices:
    """The service behind `/v1/invoices`."""

    till: Till
    archive: Archive
    layout: Layout
    feeds_print_format: bool = False
    """Whether the ERP's own Print Format is to draw the same: its data are written there."""

    async def pdf(self, name: str) -> bytes:
        """Return an invoice's PDF, archived at the first question.

        Raises ProblemError `not-found` for a draft or an unknown name, `pdf-unavailable`.
        """
        kept = await self.till.run(lambda: self.archive.find(name))
        if kept is not None:
            return kept
        billed = await read_billed(self.till.client, await read_invoice(self.till.client, name))
        code = await self.till.run(lambda: self._code(billed), writes=True)
        data = self.data(billed, code)
        made = await self.till.run(lambda: facture_pdf(data))
        if self.feeds_print_format:
            await self.till.client.update("Sales Invoice", name, {FIELD: data_of(data)})
        return await self.till.run(lambda: self.archive.keep(name, made), writes=True)

    def data(self, billed: Billed, referral_code: str | None) -> dict[str, Any]:
        """Return what an invoice's paper says; its code is a link good for sixty days from now."""
        told = statement_of(
            billed.invoice,
            customer=billed.customer,
            locations=billed.locations,
            earlier=billed.earlier,
        )
        qr = qr_image(self.till.link(self._token(told.invoice))) if told.total > 0 else None
        return printed(
            told,
            company=self.till.company,
            layout=self.layout,
            qr=qr,
            referral_code=referral_code,
        )

    async def archive_new(
        self, tick: Tick = lambda _done, _all, _what: None, *, most: int = ARCHIVED_PER_STEP_MAX
    ) -> int:
        """Archive what was submitted lately; returns how many. Safe to repeat.

        One that cannot be drawn is logged and keeps no other waiting.
        """
        since = today_at(self.till.clock, self.till.zone) - timedelta(days=ARCHIVED_DAYS)
        rows = await self.till.client.rows(
            "Sales Invoice",
            ["name"],
            filters=[("docstatus", "=", SUBMITTED), ("posting_date", ">=", since.isoformat())],
            order_by="posting_date asc, name asc",
        )
        names = [str(row["name"]) for row in rows]
        lacking = await self.till.run(lambda: self.archive.lacking(names))
        done = 0
        for number, name in enumerate(lacking, start=1):
            if done == most:
                break
            done += await self._archived(name)
            tick(number, len(lacking), name)
        return done

    async def _archived(self, name: str) -> bool:
        try:
            await self.pdf(name)
        except ErpUnavailable:
            raise
        except ProblemError as problem:
            self.till.log.warning("invoice not drawn", invoice=name, code=problem.problem.code)
            return False
        return True

    def _token(self, invoice: str) -> str:
        return mint(invoice, use=Use.QR, now_s=self.till.now_s(), ring=self.till.ring)

    def _code(self, billed: Billed) -> str:
        customer, secret = str(billed.customer["name"]), self.till.ring.newest.secret
        return self.till.database.run(lambda c: code_for(c, customer, secret=secret))
