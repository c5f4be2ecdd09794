"""Photos just taken: the original and a row about it first, the photo of the job later.

The row goes in the transaction that adds the photo, so whatever kills the program in between, the
photo is added once. It keeps its id from the shutter on.
"""

from field_app.ports import Capture, Photo, Shot
from field_app.sync.acts.acting import act, rows_of
from field_app.sync.acts.label_readings import LabelReadingActs
from field_app.sync.acts.photos import PhotoActs
from field_app.sync.captures import captures
from field_app.sync.labels import maybe_text
from field_core.canon import dump
from field_core.operations import Operation
from field_core.problems import Problem, ProblemError


class CapturingActs(PhotoActs, LabelReadingActs):
    """Acts on the way of a photo from the shutter to the job."""

    @act
    def capture(self, shot: Shot) -> str:
        """Keep an original for good; return the id that its photo will have."""
        self._document(shot.key)
        kept = self._blobs.keep(shot.content)
        capture_id = self._recorder.new_key()
        self.replica.db.conn.execute(
            "INSERT INTO capture (id, key, sha256, name, step, replaces, is_picked, at, kind, "
            "crop) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                capture_id,
                shot.key,
                kept.sha256,
                shot.name,
                shot.step,
                shot.replaces,
                shot.is_picked,
                self._now(),
                shot.kind,
                shot.crop,
            ),
        )
        if shot.reads:
            self._queue_reading(shot.key, capture_id, kept.sha256, shot.reads)
        return capture_id

    @act
    def finish_capture(self, capture_id: str, photo: Photo) -> Operation:
        """Make a captured photo one of the job's, under the id it has had since the shutter.

        Taken again, it says what the first one said. Refused as `row-missing` when it was made one
        of the job's, or let go of, already.
        """
        capture = self._capture(capture_id)
        rows = rows_of(self._document(capture.key), "photos")
        before = [row for row in rows if row.get("id") == capture.replaces]
        whole = photo._replace(
            step=capture.step,
            replaces=capture.replaces if before else None,
            caption=maybe_text(before[0], "caption") if before else photo.caption,
            kind=capture.kind or photo.kind,
            crop=capture.crop,
        )
        made = self.photo(capture.key, whole, row_id=capture_id)
        if isinstance(made, Problem):
            raise ProblemError(made.code, **dict(made.details))
        self._forget(capture_id)
        return made

    @act
    def refuse_capture(self, capture_id: str, problem: Problem) -> str:
        """Note why a photo cannot be sent; its original stays until a person decides."""
        self.replica.db.conn.execute(
            "UPDATE capture SET problem = ?, details = ? WHERE id = ?",
            (problem.code, dump(dict(problem.details)), capture_id),
        )
        return capture_id

    @act
    def drop_capture(self, capture_id: str) -> str:
        """Let go of a photo that cannot be sent; returns its id."""
        self._capture(capture_id)
        self._forget(capture_id)
        return capture_id

    def _capture(self, capture_id: str) -> Capture:
        found = [one for one in captures(self.replica) if one.id == capture_id]
        if not found:
            raise ProblemError("row-missing")
        return found[0]

    def _forget(self, capture_id: str) -> None:
        self.replica.db.conn.execute("DELETE FROM capture WHERE id = ?", (capture_id,))
