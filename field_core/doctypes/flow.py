"""Flows: a template of steps, and a run of one version of it."""

from typing import ClassVar

from field_core.fields import Document, Kind, office, shared


class FlowTemplate(Document):
    """A versioned tree of steps; a run pins the version it started on."""

    doctype: ClassVar[str] = "Flow Template"
    naming: ClassVar[str] = "field:template_name"

    template_name: str = office(Kind.DATA, required=True, unique=True)
    label_fr: str | None = office(Kind.DATA)
    label_en: str | None = office(Kind.DATA)
    applies_to: str | None = office(Kind.DATA)
    version: int | None = office(Kind.INT)
    is_system: bool | None = office(Kind.CHECK)
    disabled: bool | None = office(Kind.CHECK)
    trigger_condition: str | None = office(Kind.TEXT)
    steps: str | None = office(Kind.JSON)
    """The step tree as JSON text."""


class FlowRun(Document):
    """One run: its template, the pinned version and where it stands."""

    doctype: ClassVar[str] = "Flow Run"
    naming: ClassVar[str] = "FR-.#####"

    flow_template: str | None = office(Kind.LINK, "Flow Template")
    flow_version: int | None = office(Kind.INT)
    dispatch_job: str | None = office(Kind.LINK, "Dispatch Job", indexed=True)
    status: str | None = shared(Kind.SELECT, "Pending\nRunning\nDone\nFailed\nCancelled")
    state: str | None = shared(Kind.JSON)
    started_at: str | None = shared(Kind.DATETIME)
    ended_at: str | None = shared(Kind.DATETIME)
