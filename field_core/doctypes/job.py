"""Dispatch Job: one visit, with its steps, equipment, materials and evidence."""

from typing import ClassVar

from field_core.fields import Document, Kind, Owner, Policy, Row, office, server, shared, table
from field_core.fields import technician as field
from field_core.status import JobStatus

STATUS_OPTIONS = "\n".join(JobStatus)
PRIORITY_OPTIONS = "Low\nMedium\nHigh\nUrgent"
JOB_TYPE_OPTIONS = "Install\nRepair\nService Call\nSwap\nRemoval\nSurvey\nMaintenance"
STEP_KIND_OPTIONS = "confirm\ntext\nnumber\nchoice\nphoto\nscan\nreading\nsignature"


class DispatchJobTag(Row):
    """A skill, service or region that a job asks for, with the least level that will do."""

    doctype: ClassVar[str] = "Dispatch Job Tag"
    tag: str | None = office(Kind.LINK, "Dispatch Tag")
    level: int | None = office(Kind.INT)


class DispatchJobEquipment(Row):
    """What is done to one piece of equipment on a job."""

    doctype: ClassVar[str] = "Dispatch Job Equipment"
    equipment: str | None = shared(Kind.LINK, "Service Equipment")
    action: str | None = field(Kind.SELECT, "Install\nRemove\nSwap\nInspect")
    serial_no: str | None = field(Kind.DATA)
    mac_address: str | None = field(Kind.DATA)
    reason: str | None = field(Kind.DATA)
    signal_dbm: float | None = field(Kind.FLOAT)
    note: str | None = field(Kind.DATA)


class DispatchJobMaterial(Row):
    """Material used on a job."""

    doctype: ClassVar[str] = "Dispatch Job Material"
    item: str | None = field(Kind.LINK, "Item")
    description: str | None = field(Kind.DATA)
    qty: float | None = field(Kind.FLOAT)
    uom: str | None = field(Kind.DATA)
    rate: float | None = office(Kind.CURRENCY)


class DispatchJobChecklist(Row):
    """One step: what to do, what it depends on, and what was answered, when and by whom."""

    doctype: ClassVar[str] = "Dispatch Job Checklist"
    step: str | None = office(Kind.DATA)
    kind: str | None = office(Kind.SELECT, STEP_KIND_OPTIONS)
    label_fr: str | None = office(Kind.DATA)
    label_en: str | None = office(Kind.DATA)
    required: bool | None = office(Kind.CHECK)
    depends_on: str | None = office(Kind.DATA)
    """Ids of the steps that come first, parted by commas."""
    condition: str | None = office(Kind.TEXT)
    """A JSONLogic rule over the job; the step counts only while it holds."""
    unit: str | None = office(Kind.DATA)
    min_value: float | None = office(Kind.FLOAT)
    max_value: float | None = office(Kind.FLOAT)
    choices: str | None = office(Kind.TEXT)
    value: str | float | bool | None = field(Kind.DATA)
    source: str | None = field(Kind.DATA)
    """How the identity of a scan came: `barcode`, `ocr`, `typed`; `photo` while nobody read it."""
    identity: str | None = field(Kind.TEXT)
    """What the label told, by field, with its provenance (`field_core.labels`), as JSON."""
    done: bool | None = field(Kind.CHECK)
    done_at: str | None = field(Kind.DATETIME)
    done_by: str | None = field(Kind.LINK, "Dispatch Technician")
    device_time: str | None = field(Kind.DATETIME)
    skip_reason: str | None = field(Kind.DATA)
    note: str | None = field(Kind.DATA)


class DispatchJobPhoto(Row):
    """A photo, named by the sha256 of its bytes; `image` is the file the office sees."""

    doctype: ClassVar[str] = "Dispatch Job Photo"
    image: str | None = server(Kind.ATTACH)
    sha256: str | None = field(Kind.DATA)
    size: int | None = field(Kind.INT)
    mime: str | None = field(Kind.DATA)
    step: str | None = field(Kind.DATA)
    caption: str | None = field(Kind.DATA)
    kind: str | None = field(Kind.DATA)
    """What it is a photo of: a label, an installation, damage."""
    crop: str | None = field(Kind.DATA)
    """Where in it the label is: left, top, right, bottom in shares of its size (`Box.text`)."""
    replaces: str | None = field(Kind.DATA)
    """The id of the photo that was taken again."""
    taken_at: str | None = field(Kind.DATETIME)
    latitude: float | None = field(Kind.FLOAT)
    longitude: float | None = field(Kind.FLOAT)


class DispatchJobNote(Row):
    """A note; corrections are new notes that point at the old one."""

    doctype: ClassVar[str] = "Dispatch Job Note"
    text: str | None = field(Kind.TEXT)
    at: str | None = field(Kind.DATETIME)
    by: str | None = server(Kind.DATA)
    corrects: str | None = field(Kind.DATA)


class DispatchJobTimeEntry(Row):
    """A stretch of time: travel, work, or a break."""

    doctype: ClassVar[str] = "Dispatch Job Time Entry"
    activity: str | None = field(Kind.SELECT, "Travel\nWork\nBreak")
    started_at: str | None = field(Kind.DATETIME)
    ended_at: str | None = field(Kind.DATETIME)
    by: str | None = server(Kind.DATA)
    corrects: str | None = field(Kind.DATA)
    """The id of the entry that this one stands for; the old one stays to be seen."""


class DispatchJobReading(Row):
    """A measured value with its unit, verdict and source."""

    doctype: ClassVar[str] = "Dispatch Job Reading"
    quantity: str | None = field(Kind.DATA)
    value: float | None = field(Kind.FLOAT)
    unit: str | None = field(Kind.DATA)
    verdict: str | None = field(Kind.DATA)
    source: str | None = field(Kind.DATA)
    measured_at: str | None = field(Kind.DATETIME)
    sha256: str | None = field(Kind.DATA)


class DispatchJobStatusChange(Row):
    """One move in the status table: work time beside the time it was received."""

    doctype: ClassVar[str] = "Dispatch Job Status Change"
    from_status: str | None = server(Kind.DATA)
    to_status: str | None = server(Kind.DATA)
    at: str | None = server(Kind.DATETIME)
    by: str | None = server(Kind.DATA)
    reason: str | None = server(Kind.DATA)


class DispatchJobResponse(Row):
    """A technician's answer to an offered job; the first acceptance received has it."""

    doctype: ClassVar[str] = "Dispatch Job Response"
    technician: str | None = field(Kind.LINK, "Dispatch Technician")
    answer: str | None = field(Kind.SELECT, "Accept\nDecline")
    reason: str | None = field(Kind.DATA)
    at: str | None = field(Kind.DATETIME)


class DispatchJob(Document):
    """A visit to a Service Location."""

    doctype: ClassVar[str] = "Dispatch Job"
    naming: ClassVar[str] = "DJ-.#####"

    subject: str = office(Kind.DATA, required=True, searched=True)
    customer: str | None = office(Kind.LINK, "Customer", searched=True)
    service_location: str | None = office(Kind.LINK, "Service Location", indexed=True)
    service_subscription: str | None = office(Kind.LINK, "Service Subscription")
    issue: str | None = office(Kind.LINK, "Issue")
    job_type: str | None = office(Kind.SELECT, JOB_TYPE_OPTIONS)
    priority: str | None = office(Kind.SELECT, PRIORITY_OPTIONS)
    status: str | None = shared(Kind.SELECT, STATUS_OPTIONS, indexed=True)
    scheduled_date: str | None = office(Kind.DATE, indexed=True)
    scheduled_time: str | None = office(Kind.TIME)
    duration_minutes: int | None = office(Kind.INT)
    assigned_technician: str | None = office(Kind.LINK, "Dispatch Technician", indexed=True)
    offered_until: str | None = office(Kind.DATETIME)
    follows_job: str | None = office(Kind.LINK, "Dispatch Job")
    description: str | None = office(Kind.TEXT, searched=True)
    access_notes: str | None = office(Kind.TEXT)
    work_notes: str | None = field(Kind.TEXT)
    started_at: str | None = field(Kind.DATETIME, merge=Policy.MIN)
    completed_at: str | None = field(Kind.DATETIME, merge=Policy.MAX)
    closed_reason: str | None = field(Kind.DATA)
    cancelled_by: str | None = office(Kind.DATA)
    cancelled_at: str | None = office(Kind.DATETIME)
    flow_template: str | None = office(Kind.LINK, "Flow Template")
    flow_version: int | None = office(Kind.INT)
    signature: str | None = field(Kind.ATTACH)
    signed_by: str | None = field(Kind.DATA)
    signed_at: str | None = field(Kind.DATETIME)
    signed_language: str | None = field(Kind.DATA)
    signed_text_sha256: str | None = field(Kind.DATA)
    """Hash of what was signed (see `field_core.signing`)."""
    signed_record: str | None = field(Kind.ATTACH)
    """What was signed and the strokes, as JSON."""
    signed_device: str | None = field(Kind.DATA)
    legacy_dispatch_id: str | None = office(Kind.DATA, searched=True)

    tags: tuple[DispatchJobTag, ...] = table(DispatchJobTag)
    equipment: tuple[DispatchJobEquipment, ...] = table(DispatchJobEquipment, Owner.TECHNICIAN)
    materials: tuple[DispatchJobMaterial, ...] = table(DispatchJobMaterial, Owner.TECHNICIAN)
    checklist: tuple[DispatchJobChecklist, ...] = table(DispatchJobChecklist)
    photos: tuple[DispatchJobPhoto, ...] = table(DispatchJobPhoto, Owner.TECHNICIAN)
    notes: tuple[DispatchJobNote, ...] = table(DispatchJobNote, Owner.TECHNICIAN)
    time_entries: tuple[DispatchJobTimeEntry, ...] = table(DispatchJobTimeEntry, Owner.TECHNICIAN)
    readings: tuple[DispatchJobReading, ...] = table(DispatchJobReading, Owner.TECHNICIAN)
    responses: tuple[DispatchJobResponse, ...] = table(DispatchJobResponse, Owner.TECHNICIAN)
    status_log: tuple[DispatchJobStatusChange, ...] = table(DispatchJobStatusChange, Owner.SERVER)
