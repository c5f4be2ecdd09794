"""The archive: an invoice is made into paper once; whoever asks again gets the same bytes (B-18).

The hash stands in the database, the bytes in the blob store under it. They have no row among the
uploads, so the collector of unreferenced photos never meets them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select

from server_sync.blobs import BlobStore
from server_sync.store.database import Database
from server_sync.store.schema import invoice_pdf


@dataclass(frozen=True)
class Archive:
    """PDFs by the name of their invoice."""

    database: Database
    store: BlobStore
    now_ms: Callable[[], int]

    def find(self, invoice: str) -> bytes | None:
        """Return the archived bytes, or None while there are none."""
        sha256 = self.sha256(invoice)
        return self.store.read(sha256) if sha256 else None

    def sha256(self, invoice: str) -> str | None:
        """Return the hash of what is archived: it proves what the customer was sent."""
        with self.database.read() as connection:
            return _sha256(connection, invoice)

    def keep(self, invoice: str, content: bytes) -> bytes:
        """Archive an invoice and return what is archived: of two at once, the first stays."""
        sha256 = keep_bytes(self.store, content)
        row = {
            "invoice": invoice,
            "sha256": sha256,
            "size": len(content),
            "made_ms": self.now_ms(),
        }

        def work(connection: Connection) -> str:
            kept = _sha256(connection, invoice)
            if kept is None:
                connection.execute(insert(invoice_pdf), row)
            return kept or sha256

        kept = self.database.run(work)
        return content if kept == sha256 else self.store.read(kept)

    def lacking(self, invoices: list[str]) -> list[str]:
        """Return those that are not archived, in their order."""
        with self.database.read() as connection:
            kept = set(
                connection.execute(_KEPT.where(invoice_pdf.c.invoice.in_(invoices))).scalars()
            )
        return [name for name in invoices if name not in kept]


def keep_bytes(store: BlobStore, content: bytes) -> str:
    """Store bytes of ours for good and return their hash; the same bytes are stored once."""
    sha256 = hashlib.sha256(content).hexdigest()
    store.write(sha256, offset=0, piece=content)
    assert store.complete(sha256, size=len(content)), "bytes match their own hash"
    return sha256


def _sha256(connection: Connection, invoice: str) -> str | None:
    found: str | None = connection.execute(
        select(invoice_pdf.c.sha256).where(invoice_pdf.c.invoice == invoice)
    ).scalar()
    return found


_KEPT: Final = select(invoice_pdf.c.invoice)
