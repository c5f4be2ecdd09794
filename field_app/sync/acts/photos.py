"""Photos of a job: attached with what they show, when and where; taken again."""

import json
from typing import Any

from field_app.ports import Photo
from field_app.sync.acts.acting import act, row_of, stated
from field_app.sync.acts.attaching import AttachingActs
from field_app.sync.withdrawing import withdraw
from field_core.operations import Operation
from field_core.problems import ProblemError


class PhotoActs(AttachingActs):
    """Acts on photos."""

    @act
    def photo(self, key: str, photo: Photo, *, row_id: str | None = None) -> Operation:
        """Keep a photo of a job; `row_id` is what its row is called, if that was said before.

        A retake names the photo it replaces, which lists then leave out: evidence that has left
        the phone is never taken back.
        """
        body = self._document(key)
        self._check_image(photo.mime)
        if photo.replaces is not None:
            row_of(body, "photos", photo.replaces)
        if (photo.latitude is None) != (photo.longitude is None):
            raise ProblemError("invalid-value", field="latitude")
        item = {
            "taken_at": photo.taken_at or self._now(),
            "caption": photo.caption,
            "step": photo.step,
            "kind": photo.kind,
            "crop": photo.crop,
            "latitude": photo.latitude,
            "longitude": photo.longitude,
            "replaces": photo.replaces,
        }
        name = row_id or self._recorder.new_key()
        more = {"list": "photos", "item_id": name, "item": stated(item)}
        draft, blob = self._attachment(key, photo.content, photo.mime, role="photo", more=more)
        return self._record_with([blob], [draft])[0]

    @act
    def caption_photo(self, key: str, row_id: str, caption: str) -> Operation:
        """Say what a photo shows; a photo on its way takes it along like any other edit."""
        row_of(self._document(key), "photos", row_id)
        return self._recorder.set_fields(key, {f"photos.{row_id}.caption": caption.strip() or None})

    @act
    def drop_photo(self, key: str, row_id: str) -> list[Operation]:
        """Take a photo away as if it had never been taken, its caption with it.

        Refused as `already-sent` when anything of it was offered to the server: evidence that may
        have left the phone is never taken back. A retake of it refuses as well: it names it.
        """
        made = [one for one, operation in self._operations_on(key) if _is_about(operation, row_id)]
        if not withdraw(self.replica, made):
            raise ProblemError("already-sent")
        return []

    def _operations_on(self, key: str) -> list[tuple[str, dict[str, Any]]]:
        rows = self.replica.db.conn.execute(
            "SELECT id, operation FROM outbox WHERE key = ? ORDER BY n", (key,)
        )
        return [(operation_id, json.loads(text)) for operation_id, text in rows]


def _is_about(operation: dict[str, Any], row_id: str) -> bool:
    """Tell whether an operation adds a photo, or writes on it alone."""
    fields = operation.get("fields") or {}
    is_on_it = bool(fields) and all(path.startswith(f"photos.{row_id}.") for path in fields)
    return operation.get("item_id") == row_id or is_on_it
