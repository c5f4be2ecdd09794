"""Putting a device in, swapping it for another, or taking it out.

A device that is recorded elsewhere is not refused: where it is recorded is said, and the person
says how it came (T-11). The answer goes to the office with the device.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from field_app.ports import (
    ActedGroup,
    Acting,
    Device,
    JobEquipment,
    JobFacts,
    OcrOf,
    OcrTarget,
    Recorded,
    Suggestion,
)
from field_app.state.equipment.device_marks import Field, Marks
from field_app.state.equipment.device_records import Origin, Records, Say
from field_app.state.equipment.equipment import REMOVE, SWAP
from field_app.state.job.part import JobPart
from field_app.state.place import Part
from field_app.state.scanning.identified import Identified, Source
from field_app.state.scanning.proposed import Proposed
from field_app.state.scanning.scanner import Evidence, Scanner
from field_app.state.screen import Forget, every
from field_app.state.workspace import Workspace
from field_core import labels
from field_core.doctypes.place import EQUIPMENT_TYPE_OPTIONS
from field_core.problems import Problem
from field_core.suggestions import says_the_same

TYPES: Final = tuple(EQUIPMENT_TYPE_OPTIONS.split("\n"))


class Reason(StrEnum):
    """Why a device is taken out."""

    DEFECTIVE = "defective"
    UPGRADE = "upgrade"
    END_OF_SERVICE = "end-of-service"
    DAMAGED = "damaged"
    OTHER = "other"


class Mode(StrEnum):
    """What the form is for."""

    ADD = "add"
    SWAP = "swap"
    REMOVE = "remove"


class DeviceForm(JobPart):
    """One form; `row` is the place's row: `add`, `swap/<device>` or `remove/<device>`."""

    part = Part.EQUIPMENT

    def __init__(self, workspace: Workspace, key: str, row: str, *, say: Say) -> None:
        super().__init__(workspace, key, undone=say("undo.reason"))
        kind, _, self.old_key = row.partition("/")
        self.mode = {SWAP: Mode.SWAP, REMOVE: Mode.REMOVE}.get(kind, Mode.ADD)
        self._say = say
        self.data: JobEquipment | None = None
        self.marks = Marks()
        self.records = Records()
        self.equipment_type: str | None = None
        self.reason: Reason | None = None
        self.reason_text = ""
        self.missing: Problem | None = None
        """What keeps the form from being saved, besides what stands beside a field."""
        self.is_busy = False
        self.scanner: Scanner | None = None
        """The scanner, while it is in front."""
        self._photos: set[str] = set()
        """Photos of labels that were taken for this form, to be read by somebody."""
        self._target = OcrTarget(OcrOf.FORM, row)
        self.proposed = Proposed(
            workspace,
            key,
            self._target,
            took=self._take_proposal,
            photos=self._photos,
            sift=self._sift,
        )
        """What was read late on them."""

    async def load(self) -> None:
        """Read the equipment at the location, and take what was scanned before this was opened."""
        key = self.key
        self.data = await self.workspace.account.read(lambda ask: ask.job_equipment(key))
        self.is_gone = self.data is None
        handed, self.workspace.scanned = self.workspace.scanned, None
        if handed is not None and self.puts_in:
            await self._scanned(handed)
        if self.equipment_type is None and self.old:
            self.equipment_type = self.old.equipment_type or None
        if self._photos:
            await self.proposed.load()
            await self._look_up()

    def follow(self, tell: Callable[[], None]) -> Forget:
        """A document changes; an attempt to read a label begins and ends."""
        return every(super().follow(tell), self.proposed.follow(tell))

    def _sift(self, found: Sequence[Suggestion]) -> Sequence[Suggestion]:
        """Fill the fields that are empty with what is sure; the rest is asked about (SC-03)."""
        asked = []
        for proposal in found:
            field = Field(proposal.field)
            stands = self.marks.typed[field].strip()
            if not stands and proposal.is_sure:
                self.marks.put(field, proposal.value, Source(proposal.provenance.value))
            elif not says_the_same(proposal.value, stands):
                asked.append(replace(proposal, current=stands))
        return asked

    async def _take_proposal(self, proposal: Suggestion) -> None:
        self.marks.put(Field(proposal.field), proposal.value, Source(proposal.provenance.value))
        await self._look_up()
        self.changed()

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job besides."""
        return self.data.facts if self.data else None

    @property
    def old(self) -> Device | None:
        """The device that goes, while it is here."""
        here = self.data.here if self.data else ()
        return next((device for device in here if device.key == self.old_key), None)

    @property
    def is_old_gone(self) -> bool:
        """Whether the device that should go has left meanwhile."""
        return self.data is not None and self.mode is not Mode.ADD and self.old is None

    @property
    def puts_in(self) -> bool:
        """Whether a device is put in."""
        return self.mode is not Mode.REMOVE

    @property
    def takes_out(self) -> bool:
        """Whether a device is taken out."""
        return self.mode is not Mode.ADD

    # --- what is typed

    def type(self, field: Field, text: str) -> None:
        """Note a letter; nothing is drawn, since what is drawn would overtake the fingers."""
        self.marks.type(field, text)

    def type_reason(self, text: str) -> None:
        """Note a letter of the reason."""
        self.reason_text = text

    async def left(self, field: Field) -> None:
        """Judge a field that was left, and look its device up."""
        self.marks.judge(field)
        await self._look_up()
        self.changed()

    # --- what is scanned

    def open_scanner(self) -> None:
        """Have the label of the device read that is put in."""
        self.scanner = Scanner(
            self.workspace,
            self._scanned,
            close=self._close_scanner,
            evidence=Evidence(self.key, reads=self._target),
            takes_photo_alone=True,
        )
        self.changed()

    def _close_scanner(self) -> None:
        self.scanner = None
        self.changed()

    async def _scanned(self, found: Identified) -> None:
        """Fill the form in from the label; what was typed of another device gives way."""
        if found.best is None:
            await self._wait_for(found)
            return
        self.marks.take(found)
        await self._look_up()
        known = next(iter(self.records.found), None)
        if self.equipment_type is None:
            self.equipment_type = _type_of(known, found)
        self._close_scanner()

    async def _wait_for(self, found: Identified) -> None:
        """Have the photo read by somebody; the person types meanwhile (T-07)."""
        if found.photo:
            self._photos.add(found.photo)
        self._close_scanner()
        await self.refresh()

    async def _look_up(self) -> None:
        mac, serials = self.marks.mac, self.marks.serials
        read = self.workspace.account.read
        found = await read(lambda ask: ask.recorded(mac, serials)) if mac or serials else ()
        self.records.take(self.facts.location if self.facts else None, found)

    def choose_origin(self, origin: Origin) -> None:
        """Say how a device that is recorded elsewhere came here."""
        self.records.origin, self.missing = origin, None
        self.changed()

    def choose_type(self, equipment_type: str) -> None:
        """Say what kind of device it is."""
        self.equipment_type, self.missing = equipment_type, None
        self.changed()

    def choose_reason(self, reason: Reason) -> None:
        """Say why the device is taken out."""
        self.reason, self.missing = reason, None
        self.changed()

    # --- saving

    async def save(self) -> bool:
        """Judge everything and do it as one act; tell whether it was done."""
        if self.is_busy:
            return False
        self.is_busy = True
        try:
            if self.puts_in:
                for field in Field:
                    self.marks.judge(field)
                await self._look_up()
            self.missing = self._missing()
            if self.missing or self.marks.problems:
                self.changed()
                return False
            return await self._do()
        finally:
            self.is_busy = False

    def _missing(self) -> Problem | None:
        if self.is_old_gone:
            return Problem("document-removed")
        if self.takes_out and not self._reason():
            return Problem("reason-needed")
        if not self.puts_in or self.marks.problems:
            return None
        if not self.marks.identify:
            return Problem("identity-missing")
        if self.equipment_type is None:
            return Problem("equipment-type-needed")
        return self._missing_origin()

    def _missing_origin(self) -> Problem | None:
        records = self.records
        if records.here:
            return Problem("equipment-here")
        return Problem("origin-needed") if records.elsewhere and not records.origin else None

    def _reason(self) -> str:
        """Return the reason in words: the one chosen, with what was written beside it."""
        words = " ".join(self.reason_text.split())
        if self.reason is None or (self.reason is Reason.OTHER and not words):
            return ""
        said = "" if self.reason is Reason.OTHER else self._say(f"removal.{self.reason}")
        return " : ".join(part for part in (said, words) if part)

    async def _do(self) -> bool:
        if not await self.do(self._act(), said=f"equipment.saved.{self.mode}"):
            return False
        self.leave()
        return True

    def _act(self) -> Callable[[Acting], ActedGroup]:
        key, old, reason = self.key, self.old_key, self._reason()
        if self.mode is Mode.REMOVE:
            return lambda acts: acts.remove_equipment(key, old, reason)
        new = self.marks.device(str(self.equipment_type))
        claim = self.records.claim(new, self._say)

        def put_in(acts: Acting) -> ActedGroup:
            if self.mode is Mode.SWAP:
                made = acts.swap_equipment(key, old, new, reason, claim=claim)
            else:
                made = acts.add_equipment(key, new, claim=claim)
            if self._photos and not isinstance(made, Problem):
                device = next(one.key for one in made if one.key not in (key, old))
                acts.point_readings(key, self._photos, device)
            return made

        return put_in


def _type_of(known: Recorded | None, found: Identified) -> str | None:
    """Return what kind of device a label is of: as recorded; only ONTs have a GPON serial."""
    if known and known.equipment_type in TYPES:
        return known.equipment_type
    return "ONT" if labels.Field.GPON in found.values else None
