"""Writing a stretch of time down afterwards, or correcting one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from field_app.ports import TimeRow
from field_app.state.job.time_entries import CORRECT, TimeEntries
from field_app.state.workspace import Workspace
from field_core.instants import from_text, to_ms, to_text
from field_core.problems import Problem

LONGEST: Final = timedelta(hours=16)
"""Nobody works longer in one stretch; an end before its start is then a slip, not a night."""

Instant = Callable[[str, str], str | None]
"""From a day and a typed hour, the instant (`Words.instant`)."""


class TimeForm(TimeEntries):
    """Writing a stretch of time down, or correcting one; `row` is the place's row."""

    def __init__(
        self,
        workspace: Workspace,
        key: str,
        row: str,
        *,
        instant: Instant,
        hour: Callable[[str], str],
        local_day: Callable[[str], str],
        undone: str = "",
    ) -> None:
        super().__init__(workspace, key, undone=undone)
        kind, _, row_id = row.partition("/")
        self.row_id = row_id if kind == CORRECT else None
        self._instant, self._hour, self._local_day = instant, hour, local_day
        self.day = workspace.today()
        self.activity: str | None = None
        self.start_text = self.end_text = ""
        self.wrong: Problem | None = None
        self.is_busy = False
        self._is_filled = False

    async def load(self) -> None:
        """Read the entries; begin with the one to correct, or with what is likely."""
        await super().load()
        if self._is_filled or self.data is None:
            return
        self._is_filled = True
        if self.row:
            self._fill(self.row)
        else:
            self.activity = self.suggested
            last = next((row.ended_at for row in self.rows if row.ended_at), None)
            if last and self._local_day(last) == self.day:
                self.start_text = self._hour(last)

    def _fill(self, row: TimeRow) -> None:
        self.activity, self.day = row.activity, self._local_day(row.started_at)
        self.start_text = self._hour(row.started_at)
        self.end_text = self._hour(row.ended_at) if row.ended_at else ""

    @property
    def row(self) -> TimeRow | None:
        """The entry that is corrected, while it counts."""
        return next((row for row in self.rows if row.id == self.row_id), None)

    @property
    def is_row_gone(self) -> bool:
        """Whether the entry to correct no longer counts."""
        return self.data is not None and self.row_id is not None and self.row is None

    def choose(self, activity: str) -> None:
        """Say what was done."""
        self.activity = activity
        self.changed()

    def turn(self, days: int) -> None:
        """Say that it was another day; not one to come."""
        day = (date.fromisoformat(self.day) + timedelta(days=days)).isoformat()
        self.day = min(day, self.workspace.today())
        self.changed()

    def type_start(self, text: str) -> None:
        """Note a letter."""
        self.start_text = text

    def type_end(self, text: str) -> None:
        """Note a letter."""
        self.end_text = text

    async def save(self) -> bool:
        """Write it down; tell whether it was done."""
        if self.is_busy or self.activity is None:
            return False
        read = self._read()
        self.wrong = read if isinstance(read, Problem) else None
        if isinstance(read, Problem):
            self.changed()
            return False
        self.is_busy = True
        try:
            return await self._store(*read)
        finally:
            self.is_busy = False

    async def remove(self) -> bool:
        """Say that there was no such stretch of time; the old entry stays to be seen."""
        start = self.row.started_at if self.row else ""
        return await self._store(start, start)

    async def _store(self, start: str, end: str) -> bool:
        key, row_id, activity = self.key, self.row_id, str(self.activity)
        is_done = await self.do(
            lambda acts: (
                acts.time_entry(key, activity, start, end)
                if row_id is None
                else acts.correct_time(key, row_id, start, end, activity=activity)
            )
        )
        if is_done:
            self.leave()
        return is_done

    def _read(self) -> tuple[str, str] | Problem:
        """Return both ends; an end before its start is of the day after, for work at night."""
        start, end = (
            self._instant(self.day, self.start_text),
            self._instant(self.day, self.end_text),
        )
        if start is None or end is None:
            return Problem("hour-unreadable")
        begun, ended = from_text(start), from_text(end)
        if ended <= begun:
            ended += timedelta(days=1)
        if ended - begun > LONGEST:
            return Problem("time-order")
        if to_ms(ended) > self.workspace.now_ms() + 60_000:
            return Problem("time-to-come")
        return start, to_text(ended)
