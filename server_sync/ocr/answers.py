"""Answers kept by picture and by what read it: the same picture is never read twice."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import bindparam, delete, select, text

from field_core.ocr import OcrReply
from server_sync.store.database import Database
from server_sync.store.schema import ocr_answer

KEPT_MS: Final = 90 * 24 * 3600 * 1000
"""Longer than any device keeps asking; a picture that comes again after that is read again."""


class Answers:
    """What was read, by the hash of the picture and the version of the reader."""

    def __init__(self, database: Database, *, now_ms: Callable[[], int]) -> None:
        self._database = database
        self._now_ms = now_ms

    def get(self, sha256: str, version: str) -> OcrReply | None:
        """Return the answer; without texts for a picture on which nothing could be read."""
        with self._database.read() as connection:
            kept = connection.execute(_ONE, {"s": sha256, "v": version}).scalar()
        return None if kept is None else OcrReply.model_validate_json(kept)

    def keep(self, sha256: str, version: str, reply: OcrReply) -> None:
        """Keep what was read; it holds no key of a network (`field_core.ocr.harmless`)."""
        row = {
            "sha256": sha256,
            "version": version,
            "answer": reply.model_dump_json(exclude_defaults=True),
            "at_ms": self._now_ms(),
        }
        self._database.run(lambda c: c.execute(_KEEP, row))

    def sweep(self) -> None:
        """Drop what is old."""
        before = self._now_ms() - KEPT_MS
        self._database.run(
            lambda c: c.execute(delete(ocr_answer).where(ocr_answer.c.at_ms < before))
        )


_ONE: Final = select(ocr_answer.c.answer).where(
    ocr_answer.c.sha256 == bindparam("s"), ocr_answer.c.version == bindparam("v")
)
_KEEP: Final = text(
    "INSERT INTO ocr_answer (sha256, version, answer, at_ms) "
    "VALUES (:sha256, :version, :answer, :at_ms) ON CONFLICT DO NOTHING"
)
"""Two servers may read the same picture at once: the first answer stays."""
