"""The documents that this process may write to the ERP, and until when."""

from collections.abc import Sequence

from server_sync.erp import outbox
from server_sync.erp.intake import Run
from server_sync.store.store import Store


class LeaseLost(Exception):
    """Our lease ran out, and another process has the document: nothing more is ours to do."""


class Leases:
    """Claims work, and keeps what was claimed over many calls."""

    def __init__(self, store: Store, run: Run) -> None:
        self._store = store
        self._run = run
        self._until_ms: dict[str, int] = {}

    async def claim(self, limit: int) -> Sequence[tuple[str, bool]]:
        """Lease documents whose turn it is; return their keys, each with whether it was tried."""
        now_ms = self._store.now_ms()
        claimed = await self._run(
            lambda: self._store.database.run(
                lambda connection: outbox.claim(connection, now_ms=now_ms, limit=limit)
            )
        )
        self._until_ms = dict.fromkeys((key for key, _ in claimed), now_ms + outbox.LEASE_MS)
        return claimed

    def until_ms(self, key: str) -> int:
        """Return when the lease of a document ends, as far as this process knows."""
        return self._until_ms[key]

    async def renew(self, key: str) -> None:
        """Keep a lease that is no longer young. Raises LeaseLost when it is another's by now."""
        now_ms, until_ms = self._store.now_ms(), self._until_ms[key]
        if until_ms - now_ms > outbox.LEASE_MS - outbox.RENEWED_AFTER_MS:
            return
        is_ours = await self._run(
            lambda: self._store.database.run(
                lambda connection: outbox.renew(connection, key, until_ms=until_ms, now_ms=now_ms)
            )
        )
        if not is_ours:
            raise LeaseLost(key)
        self._until_ms[key] = now_ms + outbox.LEASE_MS
