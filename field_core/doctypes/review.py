"""Sync Review: a value that lost, or an operation that waits for a person; nothing is dropped."""

from typing import ClassVar

from field_core.fields import Document, Kind, server, shared


class SyncReview(Document):
    """One thing to look at: which document and field, what was kept, what lost, whose it was."""

    doctype: ClassVar[str] = "Sync Review"
    naming: ClassVar[str] = ""

    document_key: str | None = server(Kind.DATA, local=True)
    document_doctype: str | None = server(Kind.DATA, local=True)
    document_name: str | None = server(Kind.DATA, local=True)
    reason: str | None = server(Kind.DATA, local=True)
    """`conflict`, `ocr-disagreement`, `late-work`, or the code of what parked or refused
    the operation."""
    message: str | None = server(Kind.TEXT, local=True)
    """What the ERP said when it refused, in its own words."""
    field: str | None = server(Kind.DATA, local=True)
    was: str | None = server(Kind.JSON, local=True)
    kept: str | None = server(Kind.JSON, local=True)
    kept_by: str | None = server(Kind.DATA, local=True)
    """Whose value was kept; nobody's when the office gave it, as the ERP does not say who."""
    kept_at: str | None = server(Kind.DATETIME, local=True)
    lost: str | None = server(Kind.JSON, local=True)
    operation: str | None = server(Kind.JSON, local=True)
    """The whole operation, when it was parked or refused."""
    technician: str | None = server(Kind.DATA, local=True)
    device: str | None = server(Kind.DATA, local=True)
    by: str | None = server(Kind.DATA, local=True)
    at: str | None = server(Kind.DATETIME, local=True)
    received_at: str | None = server(Kind.DATETIME, local=True)
    state: str | None = shared(Kind.SELECT, "open\nclosed", local=True)
    resolution: str | None = shared(Kind.SELECT, "keep\napply\nacknowledge", local=True)
    resolved_by: str | None = server(Kind.DATA, local=True)
    resolved_at: str | None = server(Kind.DATETIME, local=True)
