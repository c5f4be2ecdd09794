"""What routes reach for: the services, and how to run work that blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from field_core.problems import ProblemError
from server_sync.accounts import Accounts, CompanySignIn
from server_sync.acs.service import Diagnostics
from server_sync.billing.service import Billing
from server_sync.blobs import Blobs
from server_sync.clock import Clock
from server_sync.contracts.service import Contracts
from server_sync.http.hints import Hints
from server_sync.logs import Log
from server_sync.metrics import Metrics
from server_sync.ocr import Ocr
from server_sync.ports import RunBlocking
from server_sync.rescue import Rescue
from server_sync.store.store import Store
from server_sync.sync.exchange import Exchange
from server_sync.sync.snapshots import Snapshots
from server_sync.transfers import Transfers


class ErpDoor(Protocol):
    """What HTTP asks of the ERP side."""

    def circuit(self) -> str:
        """Return `closed`, `open` or `probing`: whether the ERP is being called now."""

    def hint(self, raw: bytes, signature: str | None) -> None:
        """Take a webhook: poll soon what it names. Raises ProblemError `webhook-signature`."""

    async def blob_arrived(self, sha256: str) -> None:
        """A file is verified: what waited for it need not wait for its turn."""


class NoErp:
    """Stands in where no ERP side was composed (tests of the server alone, benchmarks)."""

    def circuit(self) -> str:
        """Nothing to break."""
        return "closed"

    def hint(self, raw: bytes, signature: str | None) -> None:  # noqa: ARG002  # the door's shape
        """Without an ERP nobody can have signed it."""
        raise ProblemError("webhook-signature")

    async def blob_arrived(self, sha256: str) -> None:
        """Nothing waits."""


@dataclass(frozen=True)
class Context:
    """Everything one application serves from."""

    store: Store
    exchange: Exchange
    snapshots: Snapshots
    accounts: Accounts
    blobs: Blobs
    rescue: Rescue
    transfers: Transfers
    hints: Hints
    metrics: Metrics
    log: Log
    clock: Clock
    monotonic: Callable[[], float]
    run: RunBlocking
    erp: ErpDoor
    diagnostics: Diagnostics
    billing: Billing | None = None
    contracts: Contracts | None = None
    ocr: Ocr | None = None
    has_webhook_secret: bool = False
    proxied_email_header: str = ""
    """What the proxy names a person with, who signed in there; empty: nobody is let in by it."""
    company: CompanySignIn | None = None
    """Signing in at the company's own issuer; None without one."""
    disk_free: Callable[[], int] = lambda: DISK_FREE_BYTES_MIN

    def now_ms(self) -> int:
        """Return the server's time."""
        return self.clock.now_ms()


DISK_FREE_BYTES_MIN: Final = 500_000_000
"""Readiness ends here: photos of a bad day for twenty technicians, before writes start to fail."""
