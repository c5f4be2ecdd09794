"""What becomes of a reading, each a transaction: its picture, its attempts, its answer."""

import logging
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from field_app.ports import OcrOf
from field_app.sync.acts.acting import Acting, act
from field_app.sync.ocr.rows import Waiting, answer_text, every, one
from field_app.sync.ocr.suggesting import Proposed, job_is_over, origin_of, proposals
from field_core.canon import dump
from field_core.problems import Problem, ProblemError
from field_core.suggestions import Fate, Suggested

_log: Final = logging.getLogger(__name__)
PICTURE: Final = "ocr"
"""The role of the picture that is sent to have a label read."""
KEPT_MS: Final = 7 * 24 * 3_600_000
"""What was dealt with stays a week, like what was sent."""


class _ToDo(NamedTuple):
    """What an answer brings about: fields to fill, values to tell, and whether that is the end."""

    fills: Sequence[Proposed]
    told: Sequence[Proposed]
    is_end: bool


class KeepingActs(Acting):
    """Acts of the reader, not of a person; a person's are `LabelReadingActs`."""

    @act
    def give_picture(self, ocr: str, content: bytes) -> str:
        """Keep the picture that is sent, whole and flushed, and have it go up."""
        kept = self._blobs.keep(content)
        reading = one(self.replica, ocr)
        if reading is not None:
            self.replica.db.conn.execute(
                "INSERT OR IGNORE INTO blob (sha256, size, mime, role, key, made_ms) "
                "VALUES (?, ?, 'image/jpeg', ?, ?, ?)",
                (kept.sha256, kept.size, PICTURE, reading.job, self._now_ms()),
            )
            self._write(ocr, picture=kept.sha256)
        return ocr

    @act
    def put_off(self, ocr: str, problem: Problem, *, until_ms: int) -> str:
        """Note that an attempt came to nothing, and when the next one is."""
        self.replica.db.conn.execute(
            "UPDATE ocr SET tries = tries + 1, next_ms = ?, waits = ?, details = ? WHERE id = ?",
            (until_ms, problem.code, dump(dict(problem.details)), ocr),
        )
        return ocr

    @act
    def stop_reading(self, ocr: str, problem: Problem) -> str:
        """Note what only a person can mend."""
        self._write(ocr, problem=problem.code, details=dump(dict(problem.details)))
        return ocr

    @act
    def send_again(self, ocr: str) -> str:
        """Have the picture go up once more: the server has lost it."""
        self.replica.db.conn.execute(
            "UPDATE blob SET verified_ms = NULL, got = 0 WHERE sha256 = "
            "(SELECT picture FROM ocr WHERE id = ?)",
            (ocr,),
        )
        return ocr

    @act
    def hurry_readings(self, problems: Iterable[str]) -> int:
        """Have tried at once what waited for one of these to pass; return how many that are."""
        return self.replica.db.conn.execute(
            "UPDATE ocr SET next_ms = 0 WHERE next_ms > 0 AND waits IN "
            "(SELECT value FROM json_each(?))",
            (dump([*problems]),),
        ).rowcount

    @act
    def answer_reading(
        self,
        ocr: str,
        found: Iterable[Suggested],
        place: tuple[float, float, float, float] | None,
    ) -> str:
        """Keep what was read, and where on the picture."""
        box = " ".join(f"{share:.4f}" for share in place) if place else None
        self._write(ocr, answer=answer_text(found), box=box, waits=None, details=None)
        return ocr

    def has_to_settle(self) -> bool:
        """Tell whether `settle_readings` would do anything as things stand."""
        return any(self._to_do(reading) for reading in every(self.replica))

    @act
    def settle_readings(self) -> int:
        """Do what can be done with the answers as things stand; return how many readings changed.

        Fills what is empty, and tells the office what nobody took on a job that is closed.
        """
        waiting = [(reading, self._to_do(reading)) for reading in every(self.replica)]
        settling = [(reading, to_do) for reading, to_do in waiting if to_do]
        for reading, to_do in settling:
            self._settle_one(reading, to_do)
        return len(settling)

    def _to_do(self, reading: Waiting) -> _ToDo | None:
        """Return what is to be done with an answer now; None while that is nothing."""
        if reading.answer is None or reading.is_ended:
            return None
        found = [*proposals(self.replica, reading)]
        is_form = reading.target.of is OcrOf.FORM
        fills = [one for one in found if one.fate is Fate.FILL and not is_form]
        told = [one for one in found if one.fate is Fate.EVIDENCE and self._can_tell(one)]
        is_over = job_is_over(self.replica, reading.job)
        return _ToDo(fills, told, is_over) if fills or told or is_over else None

    def _settle_one(self, reading: Waiting, to_do: _ToDo) -> None:
        done = dict(reading.settled)
        for proposed in to_do.fills:
            done[proposed.field] = self._suggest(proposed, said="filled")
        for proposed in to_do.told:
            done[proposed.field] = self._suggest(proposed, said="told", is_evidence=True)
        ended_ms = self._now_ms() if to_do.is_end else None
        self._write(reading.id, settled=dump(done), ended_ms=ended_ms)

    def _can_tell(self, proposed: Proposed) -> bool:
        return self.replica.document(proposed.key) is not None

    def _suggest(self, proposed: Proposed, *, said: str, is_evidence: bool = False) -> str:
        """Record what was read: it yields to whatever stands there, here and at the server.

        Returns what became of it: one that cannot be recorded must not hold up the others.
        """
        fields: dict[str, object] = {proposed.path: [None, proposed.what.value]}
        if proposed.reading.target.of is OcrOf.STEP:
            more = origin_of(proposed.path, proposed.reading, proposed.what)
            fields |= {path: [None, value] for path, value in more.items()}
        draft = {
            "kind": "set",
            "key": proposed.key,
            "fields": fields,
            "yields_to": proposed.path,
            "is_evidence": is_evidence,
        }
        try:
            self._recorder.record(draft)
        except ProblemError as error:
            _log.warning("what was read cannot be kept with its document: %s", error.problem.code)
            return "refused"
        return said

    def forget_original(self, sha256: str) -> None:
        """Delete an original that no photo, no capture and no reading needs any more."""
        needed = self.replica.db.conn.execute(
            "SELECT 1 FROM blob WHERE sha256 = ?1 UNION SELECT 1 FROM capture WHERE sha256 = ?1 "
            "UNION SELECT 1 FROM ocr WHERE original = ?1 AND picture IS NULL",
            (sha256,),
        ).fetchone()
        if needed is None:
            self._blobs.delete(sha256)

    @act
    def forget_old_readings(self) -> None:
        """Let go of what was dealt with a week ago."""
        self.replica.db.conn.execute(
            "DELETE FROM ocr WHERE ended_ms < ?", (self._now_ms() - KEPT_MS,)
        )

    def _write(self, ocr: str, **values: str | int | None) -> None:
        columns = ", ".join(f"{name} = ?" for name in values)
        self.replica.db.conn.execute(
            f"UPDATE ocr SET {columns} WHERE id = ?",  # noqa: S608 - our own column names
            (*values.values(), ocr),
        )
