"""What every part of billing stands on: the ERP's client, the database, the clock, the keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from field_core.pay_keys import KeyRing
from server_sync.billing.printed import Company
from server_sync.clock import Clock
from server_sync.erp.client import FrappeClient
from server_sync.logs import Log
from server_sync.ports import RunBlocking
from server_sync.store.database import Database

T = TypeVar("T")


@dataclass(frozen=True)
class Till:
    """Shared by invoices, payments and links."""

    client: FrappeClient
    database: Database
    clock: Clock
    zone: ZoneInfo
    run: RunBlocking
    log: Log
    ring: KeyRing
    page: str
    """Public address of the pay page."""
    company: Company

    def now_ms(self) -> int:
        """Return the server's time in milliseconds."""
        return self.clock.now_ms()

    def now_s(self) -> int:
        """Return the server's time in whole seconds, as tokens and Stripe count."""
        return self.clock.now_ms() // 1000

    def link(self, token: str) -> str:
        """Return the address of the pay page for a token."""
        return f"{self.page}?{urlencode({'t': token})}"

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run what reads the database, off the event loop."""

        def read() -> T:
            with self.database.read() as connection:
                return work(connection)

        return await self.run(read)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run a writing transaction, off the event loop; writers take turns."""
        return await self.run(lambda: self.database.run(work), writes=True)
