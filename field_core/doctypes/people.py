"""Who does the work and what they are able to do: Dispatch Technician, Dispatch Tag."""

from typing import ClassVar

from field_core.fields import Document, Kind, Row, office, table


class DispatchTag(Document):
    """A skill, service or region; jobs ask for a level of it, technicians have one."""

    doctype: ClassVar[str] = "Dispatch Tag"
    naming: ClassVar[str] = "field:tag_name"

    tag_name: str = office(Kind.DATA, required=True, unique=True)
    tag_type: str | None = office(Kind.SELECT, "Skill\nService\nRegion")
    label_fr: str | None = office(Kind.DATA)
    label_en: str | None = office(Kind.DATA)


class DispatchTechnicianSkill(Row):
    """A technician's level in one tag."""

    doctype: ClassVar[str] = "Dispatch Technician Skill"
    tag: str | None = office(Kind.LINK, "Dispatch Tag")
    level: int | None = office(Kind.INT)


class DispatchTechnician(Document):
    """A technician; shown by colour *and* initials."""

    doctype: ClassVar[str] = "Dispatch Technician"
    naming: ClassVar[str] = "DT-.#####"

    full_name: str = office(Kind.DATA, required=True, searched=True)
    initials: str | None = office(Kind.DATA)
    color: str | None = office(Kind.DATA)
    email: str | None = office(Kind.DATA)
    phone: str | None = office(Kind.DATA)
    status: str | None = office(Kind.SELECT, "Active\nAway\nInactive")
    traccar_device_id: str | None = office(Kind.DATA)
    skills: tuple[DispatchTechnicianSkill, ...] = table(DispatchTechnicianSkill)
