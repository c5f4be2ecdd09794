"""Bytes that belong to a job: on disk, whole and flushed, before any row speaks of them."""

from collections.abc import Sequence
from typing import Final

from field_app.sync.acts.acting import Acting
from field_app.sync.recorder import Draft
from field_core.operations import Operation
from field_core.problems import ProblemError

IMAGE_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/heic")


class AttachingActs(Acting):
    """What photos and signatures have in common."""

    def _attachment(
        self, key: str, content: bytes, mime: str, *, role: str, more: Draft
    ) -> tuple[Draft, Draft]:
        """Keep bytes; return the operation that refers to them, and what the blob is."""
        kept = self._blobs.keep(content)
        blob = {"sha256": kept.sha256, "size": kept.size, "mime": mime, "role": role, "key": key}
        return {"kind": "attach", **blob, **more}, blob

    def _record_with(self, blobs: Sequence[Draft], drafts: Sequence[Draft]) -> list[Operation]:
        """Write blob rows, operations and view together."""
        made = self._recorder.record(*drafts)
        for blob in blobs:
            self.replica.db.conn.execute(
                "INSERT OR IGNORE INTO blob (sha256, size, mime, role, key, made_ms) "
                "VALUES (:sha256, :size, :mime, :role, :key, :made_ms)",
                {**blob, "made_ms": self._now_ms()},
            )
        return made

    @staticmethod
    def _check_image(mime: str) -> None:
        if mime not in IMAGE_TYPES:
            raise ProblemError("blob-type")
