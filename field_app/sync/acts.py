"""What people do, in the field's own words: each act is one transaction, refused whole or kept.

A photo's or signature's bytes are on disk before any row speaks of them; then its row, the
operation and the view are written together.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from field_app.sync.files import BlobFolder
from field_app.sync.recorder import Draft, Recorder
from field_app.sync.replica import Replica
from field_core import checklist
from field_core.canon import Body, Json
from field_core.instants import ms_to_text
from field_core.operations import Operation
from field_core.problems import ProblemError
from field_core.status import JobStatus

IMAGE_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/heic")


class Photo(NamedTuple):
    """A picture as it came from the camera or a file."""

    content: bytes
    mime: str
    caption: str | None = None
    step: str | None = None


class Signed(NamedTuple):
    """A signature: the image, who signed, in which language, and the hash of the text signed."""

    content: bytes
    mime: str
    signed_by: str
    language: str
    text_sha256: str | None = None


class NewEquipment(NamedTuple):
    """A device that is put in."""

    equipment_type: str
    mac_address: str | None = None
    serial_no: str | None = None
    gpon_serial: str | None = None
    model: str | None = None
    item: str | None = None


class Acts:
    """The acts on jobs and equipment. Every method raises ProblemError and then stored nothing."""

    def __init__(
        self,
        replica: Replica,
        recorder: Recorder,
        blobs: BlobFolder,
        *,
        now_ms: Callable[[], int],
        today: Callable[[], str],
    ) -> None:
        self._today = today
        self._replica = replica
        self._recorder = recorder
        self._blobs = blobs
        self._now_ms = now_ms

    # --- the job as a whole

    def move(self, key: str, to: JobStatus, *, reason: str | None = None) -> Operation:
        """Move a job in the status table; completing asks for every required step."""
        if to is JobStatus.COMPLETED and (missing := self.missing(key)):
            raise ProblemError("steps-missing", steps=", ".join(missing))
        return self._recorder.transition(key, to.value, reason=reason)

    def missing(self, key: str) -> list[str]:
        """Return what the steps are called that a job still needs."""
        return [label(step) for step in checklist.missing(self.steps(key))]

    def note(self, key: str, text: str, *, corrects: str | None = None) -> Operation:
        """Add a note; a correction points at the note it corrects."""
        if not text.strip():
            raise ProblemError("invalid-value", field="text")
        return self._append(
            key,
            "notes",
            {"text": text.strip(), "at": self._now(), "by": self._me(), "corrects": corrects},
        )

    def reading(
        self, key: str, quantity: str, value: float, unit: str, *, source: str = "manual"
    ) -> Operation:
        """Add a measured value."""
        return self._append(
            key,
            "readings",
            {
                "quantity": quantity,
                "value": value,
                "unit": unit,
                "source": source,
                "measured_at": self._now(),
            },
        )

    def material(
        self,
        key: str,
        *,
        item: str | None,
        description: str | None,
        qty: float,
        uom: str | None = None,
    ) -> Operation:
        """Add material that was used."""
        if qty <= 0 or not (item or description):
            raise ProblemError("invalid-value", field="qty" if qty <= 0 else "item")
        return self._append(
            key, "materials", {"item": item, "description": description, "qty": qty, "uom": uom}
        )

    def time_entry(self, key: str, activity: str, started_at: str, ended_at: str) -> Operation:
        """Add a stretch of time; both ends as instants in text."""
        if ended_at <= started_at:
            raise ProblemError("invalid-value", field="ended_at")
        return self._append(
            key,
            "time_entries",
            {
                "activity": activity,
                "started_at": started_at,
                "ended_at": ended_at,
                "by": self._me(),
            },
        )

    def _append(self, key: str, table: str, item: Body) -> Operation:
        self._document(key)
        return self._recorder.append(key, table, _stated(item))

    # --- steps

    def steps(self, key: str) -> list[Body]:
        """Return the steps of a job."""
        rows = self._document(key).get("checklist")
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def do_step(
        self, key: str, row_id: str, value: Json = None, *, note: str | None = None
    ) -> Operation:
        """Answer a step: its value is checked, and what it depends on must be settled."""
        steps = self.steps(key)
        step = _row(steps, row_id)
        if not checklist.is_open(step, steps):
            raise ProblemError("step-not-open", step=label(step))
        problem = checklist.check_value(step, value)
        if problem:
            raise ProblemError(problem.code, **dict(problem.details))
        return self._set_step(
            key,
            row_id,
            {
                "value": value,
                "done": True,
                "skip_reason": None,
                "done_at": self._now(),
                "done_by": self._me(),
                "device_time": ms_to_text(self._now_ms()),
                "note": note,
            },
        )

    def skip_step(self, key: str, row_id: str, reason: str) -> Operation:
        """Leave a step out, with the reason."""
        _row(self.steps(key), row_id)
        if not reason.strip():
            raise ProblemError("reason-needed")
        return self._set_step(
            key,
            row_id,
            {"skip_reason": reason.strip(), "done_at": self._now(), "done_by": self._me()},
        )

    def _set_step(self, key: str, row_id: str, values: dict[str, Json]) -> Operation:
        step = _row(self.steps(key), row_id)
        changed = {n: v for n, v in values.items() if v is not None or step.get(n) is not None}
        return self._recorder.set_fields(
            key, {f"checklist.{row_id}.{name}": value for name, value in changed.items()}
        )

    # --- photos and signatures

    def photo(self, key: str, photo: Photo) -> Operation:
        """Keep a photo of a job."""
        self._document(key)
        item = {"taken_at": self._now(), "caption": photo.caption, "step": photo.step}
        return self._attach(
            key,
            photo.content,
            photo.mime,
            role="photo",
            more={"list": "photos", "item": _stated(item)},
        )[0]

    def sign(self, key: str, signed: Signed) -> list[Operation]:
        """Keep a signature with who gave it, when, and in which language."""
        body = self._document(key)
        facts = {
            "signed_by": signed.signed_by,
            "signed_at": self._now(),
            "signed_language": signed.language,
            "signed_text_sha256": signed.text_sha256,
        }
        edits = {
            name: [body.get(name), value] for name, value in facts.items() if value is not None
        }
        return self._attach(
            key,
            signed.content,
            signed.mime,
            role="signature",
            more={"field": "signature", "item": _stated({"was": body.get("signature")})},
            others=[{"kind": "set", "key": key, "fields": edits}],
        )

    def _attach(
        self,
        key: str,
        content: bytes,
        mime: str,
        *,
        role: str,
        more: Draft,
        others: Sequence[Draft] = (),
    ) -> list[Operation]:
        """Bytes first; then blob row, operation and view in one transaction."""
        if mime not in IMAGE_TYPES:
            raise ProblemError("blob-type")
        kept = self._blobs.keep(content)
        draft = {
            "kind": "attach",
            "key": key,
            "role": role,
            "mime": mime,
            "sha256": kept.sha256,
            "size": kept.size,
            **more,
        }
        with self._replica.db.atomic():
            made = self._recorder.record(draft, *others)
            self._replica.db.conn.execute(
                "INSERT OR IGNORE INTO blob (sha256, size, mime, role, key, made_ms) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (kept.sha256, kept.size, mime, role, key, self._now_ms()),
            )
        return made

    # --- equipment: it belongs to the location of the job, never to the customer

    def add_equipment(self, key: str, new: NewEquipment) -> list[Operation]:
        """Put a device in: it is made at the job's location, and the job says so."""
        equipment, draft = self._created(key, new)
        return self._recorder.record(draft, self._listed(key, equipment, "Install", new))

    def remove_equipment(self, key: str, equipment: str, reason: str) -> list[Operation]:
        """Take a device out, to be returned; `equipment` is its key."""
        if not reason.strip():
            raise ProblemError("reason-needed")
        name, draft = self._removed(equipment, reason)
        return self._recorder.record(draft, self._listed(key, name, "Remove", reason=reason))

    def swap_equipment(self, key: str, old: str, new: NewEquipment, reason: str) -> list[Operation]:
        """Take one device out and put another in, both or neither."""
        if not reason.strip():
            raise ProblemError("reason-needed")
        old_name, removal = self._removed(old, reason)
        new_name, creation = self._created(key, new)
        return self._recorder.record(
            removal,
            creation,
            self._listed(key, old_name, "Remove", reason=reason),
            self._listed(key, new_name, "Install", new),
        )

    def _created(self, job: str, new: NewEquipment) -> tuple[str, Draft]:
        location = self._document(job).get("service_location")
        if not isinstance(location, str):
            raise ProblemError("invalid-value", field="service_location")
        if not (new.mac_address or new.serial_no or new.gpon_serial):
            raise ProblemError("invalid-value", field="mac_address")
        key = self._recorder.new_key()
        body = _stated(
            {
                **new._asdict(),
                "service_location": location,
                "status": "Installed",
                "installed_on": self._today(),
            }
        )
        return key, {"kind": "create", "key": key, "doctype": "Service Equipment", "body": body}

    def _removed(self, equipment: str, reason: str) -> tuple[str, Draft]:
        body = self._document(equipment)
        edits = {
            "status": [body.get("status"), "To Return"],
            "removed_on": [body.get("removed_on"), self._today()],
            "removal_reason": [body.get("removal_reason"), reason],
            "service_location": [body.get("service_location"), None],
        }
        return str(body.get("name") or equipment), {
            "kind": "set",
            "key": equipment,
            "fields": edits,
        }

    def _listed(
        self,
        job: str,
        equipment: str,
        action: str,
        new: NewEquipment | None = None,
        *,
        reason: str | None = None,
    ) -> Draft:
        self._document(job)
        item = {
            "equipment": equipment,
            "action": action,
            "reason": reason,
            "serial_no": new.serial_no if new else None,
            "mac_address": new.mac_address if new else None,
        }
        return self._recorder.row(job, "equipment", _stated(item))

    # --- what every act needs

    def _document(self, key: str) -> Body:
        held = self._replica.document(key)
        if held is None:
            raise ProblemError("unknown-document")
        return held.body

    def _now(self) -> str:
        """Return the corrected time as text."""
        return ms_to_text(self._now_ms() - int(self._replica.get("skew_ms") or 0))

    def _me(self) -> str | None:
        return self._replica.get("technician")


def label(step: Body, language: str = "fr") -> str:
    """Return what a step is called."""
    other = "en" if language == "fr" else "fr"
    names = (step.get(f"label_{language}"), step.get(f"label_{other}"), step.get("step"))
    return str(next((name for name in names if name), step.get("id")))


def _row(steps: Sequence[Body], row_id: str) -> Body:
    for step in steps:
        if str(step.get("id")) == row_id:
            return step
    raise ProblemError("row-missing")


def _stated(item: Mapping[str, Json]) -> Body:
    return {name: value for name, value in item.items() if value is not None}
