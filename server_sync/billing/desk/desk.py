"""The desk as HTTP sees it: each answer is a sheet, made from what owns the facts it tells."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from field_core.office import Door, Panel, PayLink
from field_core.office.message import Message
from field_core.problems import ProblemError
from server_sync.billing.desk import account, feed, finding, held
from server_sync.billing.desk.attention import attention
from server_sync.billing.desk.detail import invoice_detail, receipt_of
from server_sync.billing.desk.links_shown import shown_link
from server_sync.billing.desk.shelf import Sheet, Shelf
from server_sync.billing.documents import read_invoice
from server_sync.billing.invoices import Invoices
from server_sync.billing.payments import Payments
from server_sync.billing.raster import page_count, page_png
from server_sync.billing.till import Till
from server_sync.clock import today_at

HELD_FRESH_MS: Final = 1_000
"""Our own documents cost some milliseconds to read, and a poll may bring news at any moment."""


@dataclass(frozen=True)
class Desk:
    """Reads for the screens of billing."""

    till: Till
    invoices: Invoices
    payments: Payments
    shelf: Shelf
    polled_ms: Callable[[], int | None]
    """When what the server holds was last compared with the ERP."""

    # --- customers

    async def find(self, typed: str) -> Sheet:
        """Return the customers that a text means."""
        return await self._fresh(("find", typed), lambda: finding.find(self.till.client, typed))

    async def panel(self, customer: str, panel: Panel, *, after: str = "") -> Sheet:
        """Return one panel of a customer; raises ProblemError `not-found`, or ErpFailure."""
        if panel in held.HELD:
            return await self.shelf.get(
                (panel, customer),
                lambda: self._from_ours(customer, panel),
                fresh_ms=HELD_FRESH_MS,
            )
        return await self._fresh((panel, customer, after), lambda: self._of(customer, panel, after))

    async def _from_ours(self, customer: str, panel: Panel) -> tuple[bytes, int | None]:
        as_of_ms = self.polled_ms()

        def look() -> Message:
            with self.till.database.read() as connection:
                return held.read_held(connection, panel, customer)

        return _bytes(await self.till.run(look)), as_of_ms

    async def _of(self, customer: str, panel: Panel, after: str) -> Message:
        client = self.till.client
        match panel:
            case Panel.BALANCE:
                today = today_at(self.till.clock, self.till.zone)
                return await account.balance(client, customer, today=today)
            case Panel.INVOICES:
                return await account.invoices(client, customer, after=after)
            case Panel.PAYMENTS:
                return await account.payments(client, customer, after=after)
            case _:
                return await feed.notes(self.till, customer)

    # --- invoices

    async def owed(self, *, after: str = "") -> Sheet:
        """Return what everybody owes, what was due first in front."""
        return await self._fresh(
            ("owed", after), lambda: account.overdue_first(self.till.client, after=after)
        )

    async def latest(self, *, after: str = "") -> Sheet:
        """Return everybody's invoices, the latest first."""
        return await self._fresh(
            ("latest", after), lambda: account.latest(self.till.client, after=after)
        )

    async def attention(self) -> Sheet:
        """Return the invoices that a person must look at."""
        return await self._fresh(("attention",), lambda: attention(self.till))

    async def invoice(self, name: str) -> Sheet:
        """Return an invoice with its link and its timeline; raises ProblemError `not-found`."""
        return await self._fresh(
            ("invoice", name), lambda: invoice_detail(self.till, self.payments, name)
        )

    async def receipt(self, name: str, may_see: Callable[[str], Awaitable[bool]]) -> Sheet:
        """Return whether an invoice is paid, read where it is owed each time.

        may_see: asked with the invoice's customer. Raises ProblemError `not-found`.
        """
        invoice = await read_invoice(self.till.client, name)
        if not await may_see(str(invoice["customer"])):
            raise ProblemError("not-found")
        told = await receipt_of(self.till, self.payments, invoice)
        return Sheet(_bytes(told), "", self.till.now_ms())

    async def pages(self, name: str) -> int:
        """Return how many pages the customer's PDF has."""
        pdf = await self.invoices.pdf(name)
        return await self.till.run(lambda: page_count(pdf))

    async def page(self, name: str, number: int) -> Sheet:
        """Return one page of the customer's PDF as a picture; raises ProblemError `not-found`."""

        async def draw() -> tuple[bytes, int | None]:
            pdf = await self.invoices.pdf(name)
            return await self.till.run(lambda: page_png(pdf, number)), self.till.now_ms()

        return await self.shelf.get(("page", name, str(number)), draw)

    # --- at the door

    async def door(self, audience: str) -> Sheet:
        """Return the links of every unpaid invoice that an audience holds, and nothing else."""

        def look() -> Door:
            with self.till.database.read() as connection:
                found = held.unpaid_in(connection, audience)
            return Door(links=tuple(self._link(*one) for one in found))

        async def make() -> tuple[bytes, int | None]:
            return _bytes(await self.till.run(look)), self.till.now_ms()

        return await self.shelf.get(("door", audience), make)

    def _link(self, invoice: str, customer: str) -> PayLink:
        url, until_ms = shown_link(self.till, invoice)
        return PayLink(invoice=invoice, customer=customer, url=url, until_ms=until_ms)

    async def holds(self, audience: str, customer: str) -> bool:
        """Tell whether an audience has a job of a customer now."""

        def look() -> bool:
            with self.till.database.read() as connection:
                return held.may_hold(connection, audience, customer)

        return await self.till.run(look)

    # --- sheets

    async def _fresh(self, key: tuple[str, ...], read: Callable[[], Awaitable[Message]]) -> Sheet:
        async def make() -> tuple[bytes, int | None]:
            as_of_ms = self.till.now_ms()
            return _bytes(await read()), as_of_ms

        return await self.shelf.get(key, make)


def _bytes(message: Message) -> bytes:
    return message.model_dump_json(exclude_defaults=True).encode()
