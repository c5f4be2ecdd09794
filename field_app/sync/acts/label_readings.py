"""Labels to be read later: asked for, given up, and what was read taken or left."""

from collections.abc import Iterable

from field_app.ports import OcrOf, OcrTarget
from field_app.sync.acts.acting import act, rows_of
from field_app.sync.captures import captures
from field_app.sync.labels import text_of
from field_app.sync.ocr.keeping import KeepingActs
from field_app.sync.ocr.rows import Waiting, every, of_target, one
from field_app.sync.ocr.suggesting import Proposed, origin_of, proposals
from field_core.canon import Json, dump
from field_core.operations import Operation
from field_core.problems import ProblemError


class LabelReadingActs(KeepingActs):
    """Acts on readings; none of them touches what a person typed or scanned but a tap."""

    @act
    def read_label(self, key: str, photo: str, target: OcrTarget) -> str:
        """Have the label on a photo read; the same photo and target again is the same reading."""
        for reading in of_target(self.replica, key, target):
            if reading.photo == photo and not reading.is_ended:
                return reading.id
        return self._queue_reading(key, photo, self._bytes_of(key, photo), target)

    def _bytes_of(self, key: str, photo: str) -> str:
        """Return the blob with most of a photo: the original while it is here, else the picture."""
        original = [one.sha256 for one in captures(self.replica, key) if one.id == photo]
        sent = [
            text_of(row, "sha256")
            for row in rows_of(self._document(key), "photos")
            if row.get("id") == photo
        ]
        here = [sha256 for sha256 in (*original, *sent) if self._blobs.path(sha256).is_file()]
        if not here:
            raise ProblemError("blob-missing")
        return here[0]

    def _queue_reading(self, key: str, photo: str, original: str, target: OcrTarget) -> str:
        ocr = self._recorder.new_key()
        self.replica.db.conn.execute(
            "INSERT INTO ocr (id, job, kind, target, photo, original, made_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (ocr, key, target.of.value, target.id, photo, original, self._now_ms()),
        )
        return ocr

    @act
    def cancel_reading(self, ocr: str) -> str:
        """Give a reading up; the photo stays, a picture that was made to be sent goes."""
        reading = self._reading(ocr)
        self.replica.db.conn.execute("DELETE FROM ocr WHERE id = ?", (ocr,))
        if reading.picture and not reading.is_sent:
            self.replica.db.conn.execute(
                "DELETE FROM blob WHERE sha256 = ? AND role = 'ocr'", (reading.picture,)
            )
        return ocr

    @act
    def retry_reading(self, ocr: str) -> str:
        """Try a reading again that had stopped, or that waits."""
        self._reading(ocr)
        self.replica.db.conn.execute(
            "UPDATE ocr SET problem = NULL, waits = NULL, details = NULL, next_ms = 0, "
            "answer = NULL WHERE id = ?",
            (ocr,),
        )
        return ocr

    @act
    def point_readings(self, key: str, photos: Iterable[str], equipment: str) -> int:
        """Have what is read on a form's photos belong to the device that it recorded."""
        return self.replica.db.conn.execute(
            "UPDATE ocr SET kind = ?, target = ? WHERE job = ? AND kind = ? AND photo IN "
            "(SELECT value FROM json_each(?))",
            (OcrOf.DEVICE.value, equipment, key, OcrOf.FORM.value, dump([*photos])),
        ).rowcount

    @act
    def take_suggestion(self, ocr: str, field: str) -> Operation:
        """Put what was read into its field: a person's word, whatever stood there."""
        proposed = self._proposed(ocr, field)
        edits: dict[str, Json] = {proposed.path: proposed.what.value}
        if proposed.reading.target.of is OcrOf.STEP:
            edits |= origin_of(proposed.path, proposed.reading, proposed.what)
        made = self._recorder.set_fields(proposed.key, edits)
        self._settle(proposed.reading, field, "taken")
        return made

    @act
    def leave_suggestion(self, ocr: str, field: str) -> str:
        """Keep what stands in the field; what was read is not proposed again."""
        reading = self._reading(ocr)
        self._settle(reading, field, "left")
        return ocr

    def _proposed(self, ocr: str, field: str) -> Proposed:
        found = proposals(self.replica, self._reading(ocr))
        for proposed in found:
            if proposed.field == field:
                return proposed
        raise ProblemError("row-missing")

    def _reading(self, ocr: str) -> Waiting:
        found = one(self.replica, ocr)
        if found is None:
            raise ProblemError("row-missing")
        return found

    def _settle(self, reading: Waiting, field: str, how: str) -> None:
        """Note what became of a field, on every reading that was asked for the same target."""
        for other in every(self.replica, reading.job):
            if other.target == reading.target and other.answer is not None:
                self.replica.db.conn.execute(
                    "UPDATE ocr SET settled = ? WHERE id = ?",
                    (dump({**other.settled, field: how}), other.id),
                )
