"""The notes feed of a customer: what people wrote in the ERP, and what was done about the money."""

import html
import json
import re
from datetime import datetime
from typing import Final

from sqlalchemy import select

from field_core.office import Note, Notes
from server_sync.billing.desk.account import invoices
from server_sync.billing.documents import Raw
from server_sync.billing.till import Till
from server_sync.erp.failures import ErpNotFound, ErpRefused
from server_sync.store.schema import pay_audit

NOTES_MAX: Final = 40
_AUDIT: Final = frozenset({"Info", "Workflow", "Label", "Updated", "Created"})
"""Comment types of Frappe that no person typed."""


async def notes(till: Till, customer: str) -> Notes:
    """Return the latest notes and acts, the latest first."""
    told = [*await _comments(till, customer), *await _acts(till, customer)]
    told.sort(key=lambda note: note.at_ms, reverse=True)
    return Notes(rows=tuple(told[:NOTES_MAX]))


async def _acts(till: Till, customer: str) -> list[Note]:
    """Return what was done about the latest invoices: links sent, payments entered."""
    lately = [line.name for line in (await invoices(till.client, customer)).rows]

    def look() -> list[Note]:
        with till.database.read() as connection:
            rows = connection.execute(
                select(pay_audit)
                .where(pay_audit.c.invoice.in_(lately))
                .order_by(pay_audit.c.id.desc())
                .limit(NOTES_MAX)
            ).all()
        return [
            Note(
                at_ms=row.at_ms,
                by=row.actor,
                act=row.act,
                about=row.invoice,
                details={k: str(v) for k, v in json.loads(row.details).items() if v},
            )
            for row in rows
        ]

    return await till.run(look) if lately else []


async def _comments(till: Till, customer: str) -> list[Note]:
    """Return what stands under the customer in the ERP; a site may keep comments to itself."""
    try:
        rows = await till.client.rows(
            "Comment",
            ["name", "creation", "comment_type", "comment_by", "comment_email", "content"],
            filters=[
                ("reference_doctype", "=", "Customer"),
                ("reference_name", "=", customer),
            ],
            order_by="creation desc",
            limit=NOTES_MAX,
        )
    except (ErpNotFound, ErpRefused):
        return []
    return [note for row in rows if (note := _note(till, row)).text]


def _note(till: Till, row: Raw) -> Note:
    at = datetime.fromisoformat(str(row["creation"])).replace(tzinfo=till.zone)
    return Note(
        at_ms=int(at.timestamp() * 1000),
        by=str(row.get("comment_by") or row.get("comment_email") or ""),
        kind="audit" if row.get("comment_type") in _AUDIT else "note",
        text=plain_words(str(row.get("content") or "")),
    )


def plain_words(content: str) -> str:
    """Return what an HTML comment says; each block on a line of its own."""
    broken = re.sub(r"<(?:br|/p|/div|/li)[^>]*>", "\n", content, flags=re.IGNORECASE)
    told = html.unescape(re.sub(r"<[^>]*>", "", broken))
    return "\n".join(line for part in told.splitlines() if (line := " ".join(part.split())))
