"""Telling the ERP that a contract was accepted or refused, once."""

import html
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row

from server_sync.billing.till import Till
from server_sync.billing.words import say
from server_sync.contracts.acceptance.offers import State
from server_sync.contracts.held import ACTIVE, Held

COMMENT: Final = "Comment"
_OPEN: Final = frozenset({"Draft", "Sent"})


@dataclass(frozen=True)
class Telling:
    """Writes the contract and a note on the customer's file."""

    till: Till

    async def tell(self, held: Held, row: Row[Any], *, is_same: bool) -> None:
        """Tell it; safe to repeat. A contract that was changed since it was sent stays as it is."""
        is_accepted = row.state == State.ACCEPTED
        if is_accepted and is_same and held.status in _OPEN:
            at = datetime.fromtimestamp(row.decided_ms / 1000, UTC).astimezone(self.till.zone)
            signed = {
                "status": ACTIVE,
                "signature_method": row.track,
                "signed_at": at.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds"),
            }
            await self.till.client.update("Service Contract", held.name, signed)
        if is_accepted and not is_same and held.status in _OPEN:
            self.till.log.warning("contract changed since it was sent", contract=held.name)
        key = "accept.told_refused" if not is_accepted else "accept.told"
        await self._note(held, row, key if is_same or not is_accepted else "accept.told_changed")

    async def _note(self, held: Held, row: Row[Any], key: str) -> None:
        mark = f"Réf. {row.id[:12]}"
        have = await self.till.client.rows(
            COMMENT,
            ["name"],
            filters=[("reference_name", "=", held.customer), ("content", "like", f"%{mark}%")],
            limit=1,
        )
        if have:
            return
        said = say("fr", key, contract=held.name, track=row.track, hash=row.doc_hash[:12])
        await self.till.client.insert(
            COMMENT,
            {
                "comment_type": "Info",
                "reference_doctype": "Customer",
                "reference_name": held.customer,
                "comment_by": row.actor,
                "comment_email": row.actor,
                "content": html.escape(f"{said} {mark}", quote=False),
            },
        )
