"""Time on a job: begun, ended, written down afterwards, corrected."""

from typing import Final

from field_app.sync.acts.acting import Acting, act, row_of, rows_of, stated
from field_app.sync.author import author
from field_app.sync.recorder import Draft
from field_core.authorship import Author
from field_core.canon import Body
from field_core.instants import from_text, to_text
from field_core.operations import Operation
from field_core.problems import ProblemError

ACTIVITIES: Final = ("Travel", "Work", "Break")


class TimeActs(Acting):
    """Acts on time entries."""

    @act
    def start_time(self, key: str, activity: str) -> list[Operation]:
        """Begin a stretch of time now; the one that runs on this job ends with it."""
        item = self._item(activity, self._now(), None)
        begun = self._recorder.row(key, "time_entries", item)
        return self._recorder.record(*self._endings(key), begun)

    @act
    def stop_time(self, key: str) -> list[Operation]:
        """End what runs on this job now; refused when nothing does."""
        made = self._end_running(key)
        if not made:
            raise ProblemError("row-missing")
        return made

    @act
    def time_entry(self, key: str, activity: str, started_at: str, ended_at: str) -> Operation:
        """Write a stretch of time down afterwards; both ends as instants in text."""
        return self._append(key, "time_entries", self._stretch(activity, started_at, ended_at))

    @act
    def correct_time(
        self,
        key: str,
        row_id: str,
        started_at: str,
        ended_at: str,
        *,
        activity: str | None = None,
    ) -> Operation:
        """Put another entry in the place of one; equal ends say that there was none.

        The old one stays in the job, where a supervisor sees both.
        """
        body = self._document(key)
        old = row_of(body, "time_entries", row_id)
        if any(row.get("corrects") == row_id for row in rows_of(body, "time_entries")):
            raise ProblemError("changed-since")
        kind = activity or str(old.get("activity") or "")
        item = self._stretch(kind, started_at, ended_at, is_none_allowed=True)
        return self._append(key, "time_entries", {**item, "corrects": row_id})

    def _stretch(
        self, activity: str, started_at: str, ended_at: str, *, is_none_allowed: bool = False
    ) -> Body:
        start, end = _instant(started_at, "started_at"), _instant(ended_at, "ended_at")
        if end < start or (end == start and not is_none_allowed):
            raise ProblemError("invalid-value", field="ended_at")
        return self._item(activity, start, end)

    def _item(self, activity: str, started_at: str, ended_at: str | None) -> Body:
        if activity not in ACTIVITIES:
            raise ProblemError("invalid-value", field="activity")
        return stated(
            {
                "activity": activity,
                "started_at": started_at,
                "ended_at": ended_at,
                "by": self._signature(),
            }
        )

    def _end_running(self, key: str) -> list[Operation]:
        """End what runs on this job now, if anything does."""
        endings = self._endings(key)
        return self._recorder.record(*endings) if endings else []

    def _endings(self, key: str) -> list[Draft]:
        now = self._now()
        return [
            self._ending(key, row, now)
            for row in running(self._document(key), author(self.replica))
        ]

    @staticmethod
    def _ending(key: str, row: Body, now: str) -> Draft:
        """A clock that was put back since must not make an entry end before it began."""
        ended_at = max(now, str(row["started_at"]))
        path = f"time_entries.{row['id']}.ended_at"
        return {"kind": "set", "key": key, "fields": {path: [None, ended_at]}}


def running(body: Body, me: Author) -> list[Body]:
    """Return a person's entries that have begun, not ended, and not been corrected."""
    rows = rows_of(body, "time_entries")
    corrected = {row.get("corrects") for row in rows}
    return [
        row
        for row in rows
        if row.get("started_at")
        and not row.get("ended_at")
        and me.is_author_of(row)
        and row.get("id") not in corrected
    ]


def _instant(text: str, field: str) -> str:
    try:
        return to_text(from_text(text))
    except ValueError:
        raise ProblemError("invalid-value", field=field) from None
