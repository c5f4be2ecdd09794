"""Issue: the service level state that ERPNext gives a new one."""

from __future__ import annotations

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document


def validate(call: Call, document: Document) -> None:
    """A new issue waits for a first response and is dated."""
    if document.before is None:
        document.set(agreement_status="First Response Due")
        if not document.values.get("opening_date"):
            document.set(opening_date=call.now()[:10])
