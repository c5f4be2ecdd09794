"""What every act needs: the document, the time, who it is; and refusals as values.

An act is one transaction: inside it a refusal is raised, so that nothing of it is stored; at its
end the refusal becomes the `Problem` that the act answers with.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from field_app.sync.author import author
from field_app.sync.files import BlobFolder
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_core.canon import Body, Json
from field_core.instants import ms_to_text
from field_core.operations import Operation
from field_core.problems import Problem, ProblemError

P = ParamSpec("P")
S = TypeVar("S", bound="Acting")
R = TypeVar("R")


def act(work: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R | Problem]:
    """Make a method an act: what it records is kept whole, or it answers why nothing was."""

    @wraps(work)
    def attempted(self: S, /, *args: P.args, **options: P.kwargs) -> R | Problem:
        try:
            with self.replica.db.atomic():
                return work(self, *args, **options)
        except ProblemError as error:
            return error.problem

    return attempted


def done(made: R | Problem) -> R:
    """Return what an act recorded, for callers that want a refusal raised."""
    if isinstance(made, Problem):
        raise ProblemError(made.code, **dict(made.details))
    return made


class Acting:
    """The base of all acts."""

    def __init__(
        self,
        replica: Replica,
        recorder: Recorder,
        blobs: BlobFolder,
        *,
        now_ms: Callable[[], int],
        today: Callable[[], str],
    ) -> None:
        self.replica = replica
        self._recorder = recorder
        self._blobs = blobs
        self._now_ms = now_ms
        self._today = today

    def _document(self, key: str) -> Body:
        held = self.replica.document(key)
        if held is None:
            raise ProblemError("unknown-document")
        return held.body

    def _device(self, key: str) -> Body:
        """Return a device's document; of one that is not here, what the index of all says."""
        held = self.replica.device(key)
        if held is None:
            raise ProblemError("unknown-document")
        return held.body

    def _append(self, key: str, table: str, item: Mapping[str, Json]) -> Operation:
        self._document(key)
        return self._recorder.append(key, table, stated(item))

    def _now(self) -> str:
        """Return the corrected time as text."""
        return ms_to_text(self._now_ms() - int(self.replica.get("skew_ms") or 0))

    def _technician(self) -> str | None:
        """Return the technician who is signed in, by their name in the ERP."""
        return self.replica.get("technician")

    def _signature(self) -> str | None:
        """Return what stands in a document for who is signed in."""
        return author(self.replica).signature or None


def stated(item: Mapping[str, Json]) -> Body:
    """Return a row without what was not given."""
    return {name: value for name, value in item.items() if value is not None}


def rows_of(body: Body, table: str) -> list[Body]:
    """Return the rows of a table."""
    rows = body.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def row_of(body: Body, table: str, row_id: str) -> Body:
    """Return one row; raises ProblemError `row-missing`."""
    for row in rows_of(body, table):
        if str(row.get("id")) == row_id:
            return row
    raise ProblemError("row-missing")
