"""Diagnostic Limits: what the operator calls good, kept by every device so that it judges alike."""

from typing import ClassVar

from field_core.fields import Document, Kind, server


class DiagnosticLimits(Document):
    """The operator's entries over the built-in table (`field_core.cpe.thresholds`); one alone."""

    doctype: ClassVar[str] = "Diagnostic Limits"
    naming: ClassVar[str] = ""

    settings: str | None = server(Kind.JSON, local=True)
    """The entries, as JSON text: what `read_thresholds` takes."""
    version: str | None = server(Kind.DATA, local=True)
    """Tells one set of entries from another."""
