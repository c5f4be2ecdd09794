"""What people do."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from field_app.ports.checking import Evidence
from field_app.ports.equipment import Claim, NewEquipment
from field_app.ports.ocr import OcrTarget
from field_app.ports.photos import Photo
from field_app.ports.signing import Signed, Summary
from field_core.canon import Json
from field_core.operations import Operation
from field_core.problems import Problem
from field_core.status import JobStatus

Acted = Operation | Problem
"""What an act recorded, or why it was refused; then nothing of it was stored."""

ActedGroup = Sequence[Operation] | Problem
"""The same for an act of several parts, which count together or not at all."""


class Acting(Protocol):
    """What people do, each act one transaction on the replica's thread.

    Keys are those of documents; rows are named by their id. `Asking.edit` raises a refusal.
    """

    def move(self, key: str, to: JobStatus, *, reason: str | None = None) -> Acted:
        """Move a job in the status table; completing asks for every required step."""

    def close_incomplete(self, key: str, reason: str) -> Acted:
        """End a visit that could not be completed; always possible, with a reason."""

    def accept_offer(self, key: str) -> Acted:
        """Ask for an offered job: the first answer that the server receives has it."""

    def decline_offer(self, key: str, reason: str | None = None) -> Acted:
        """Leave an offered job to others."""

    def do_step(
        self,
        key: str,
        row_id: str,
        value: Json = None,
        *,
        note: str | None = None,
        source: str | None = None,
        identity: str | None = None,
    ) -> Acted:
        """Answer a step: its value is checked, and what it depends on must be settled.

        source: how an identity came (`barcode`, `typed`, `ocr`; `photo`: only a photo yet, and no
        value). identity: what the label told besides, as JSON.
        """

    def fail_step(self, key: str, row_id: str, value: float, *, note: str | None = None) -> Acted:
        """Keep a reading that is out of its bounds: the step is still to be done."""

    def skip_step(self, key: str, row_id: str, reason: str) -> Acted:
        """Leave a step out, with the reason."""

    def attach_run(self, key: str, run: str, evidence: Evidence) -> ActedGroup:
        """Put a diagnostic run on its job, with the answer to a step where one asks for it."""

    def detach_run(self, run: str, made: Sequence[Operation]) -> ActedGroup:
        """Take it off again; made: all that `attach_run` answered with."""

    def note(self, key: str, text: str, *, corrects: str | None = None) -> Acted:
        """Add a note; a correction points at the note it corrects."""

    def reading(
        self, key: str, quantity: str, value: float, unit: str, *, source: str = "manual"
    ) -> Acted:
        """Add a measured value."""

    def material(
        self,
        key: str,
        *,
        item: str | None,
        description: str | None,
        qty: float,
        uom: str | None = None,
    ) -> Acted:
        """Add material that was used."""

    def material_qty(self, key: str, row_id: str, qty: float) -> Acted:
        """Correct how much of a material was used."""

    def remove_material(self, key: str, row_id: str) -> Acted:
        """Take material out again; lists leave it out."""

    def start_time(self, key: str, activity: str) -> ActedGroup:
        """Begin a stretch of time now; the one that runs on this job ends with it."""

    def stop_time(self, key: str) -> ActedGroup:
        """End what runs on this job now; refused when nothing does."""

    def time_entry(self, key: str, activity: str, started_at: str, ended_at: str) -> Acted:
        """Write a stretch of time down afterwards; both ends as instants in text."""

    def correct_time(
        self,
        key: str,
        row_id: str,
        started_at: str,
        ended_at: str,
        *,
        activity: str | None = None,
    ) -> Acted:
        """Put another entry in the place of one; equal ends say that there was none."""

    def photo(self, key: str, photo: Photo) -> Acted:
        """Keep a photo of a job; a retake names the one it replaces."""

    def caption_photo(self, key: str, row_id: str, caption: str) -> Acted:
        """Say what a photo shows."""

    def drop_photo(self, key: str, row_id: str) -> ActedGroup:
        """Take a photo away as if it had never been taken, while nothing of it was offered."""

    def drop_capture(self, capture_id: str) -> str | Problem:
        """Let go of a photo that cannot be sent, with its original."""

    def read_label(self, key: str, photo: str, target: OcrTarget) -> str | Problem:
        """Have the label on a photo that a job already has read; return the reading's id.

        photo: its id, from the shutter on. The same photo and target again is the same reading.
        """

    def cancel_reading(self, ocr: str) -> str | Problem:
        """Give a reading up; the photo stays."""

    def retry_reading(self, ocr: str) -> str | Problem:
        """Try a reading again that had stopped, or that waits."""

    def point_readings(self, key: str, photos: Iterable[str], equipment: str) -> int | Problem:
        """Have what is read on a form's photos belong to the device that it recorded.

        Returns how many readings that are.
        """

    def take_suggestion(self, ocr: str, field: str) -> Operation | Problem:
        """Put what was read into its field, in the place of what stands there."""

    def leave_suggestion(self, ocr: str, field: str) -> str | Problem:
        """Keep what stands in the field; what was read is not proposed again."""

    def summary(self, key: str, language: str) -> Summary:
        """Return what would be signed now; raises ProblemError when the job is not here."""

    def sign(self, key: str, signed: Signed) -> ActedGroup:
        """Keep a signature with what was signed, by whom, when, on which device, as one act."""

    def add_equipment(
        self, key: str, new: NewEquipment, *, claim: Claim | None = None
    ) -> ActedGroup:
        """Put a device in at the job's location; claim: what is said of it being elsewhere."""

    def remove_equipment(self, key: str, equipment: str, reason: str) -> ActedGroup:
        """Take a device out, to be returned; `equipment` is its key."""

    def swap_equipment(
        self, key: str, old: str, new: NewEquipment, reason: str, *, claim: Claim | None = None
    ) -> ActedGroup:
        """Take one device out and put another in, both or neither; claim: as in `add_equipment`."""

    def move_equipment(self, key: str, equipment: str, reason: str) -> ActedGroup:
        """Put a device that is recorded elsewhere in here; the reason says how it came."""

    def settle_count(
        self, *, taken: Sequence[str], made: Sequence[NewEquipment], missing: Sequence[str]
    ) -> ActedGroup:
        """Write down what a van was found to carry besides, new to all, and no longer.

        taken, missing: keys of devices. Each is an act of its own: some wait for the office.
        """

    def set_aside(self, entry: str, reason: str) -> bool | Problem:
        """Note that a person has dealt with what needed them; a reason goes to the job's notes."""

    def try_file_again(self, entry: str) -> bool | Problem:
        """Send the files of an act again that something had stopped."""

    def remember_search(self, text: str) -> bool | Problem:
        """Keep what was searched for."""

    def forget_searches(self) -> bool | Problem:
        """Forget every search."""

    def undo(self, made: Operation | Sequence[Operation], *, reason: str) -> ActedGroup:
        """Take an act back: withdrawn while nothing of it was offered, else done in reverse.

        made: all that the act answered with. Nothing is returned for what was withdrawn.
        """
