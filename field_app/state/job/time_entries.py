"""Time on a job: what runs, what was written down, the sums by activity.

What runs is an entry without an end, stored and sent like any other: it outlives a kill, and the
office sees since when somebody is on site.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from field_app.ports import JobFacts, JobTimes, RunningTime, TimeRow
from field_app.state.job.part import JobPart
from field_app.state.place import Part
from field_app.state.workspace import Workspace
from field_core.instants import from_text, to_ms
from field_core.status import JobStatus, parse

ACTIVITIES: Final = ("Travel", "Work", "Break")
SUGGESTED: Final[Mapping[JobStatus, str]] = {
    JobStatus.EN_ROUTE: "Travel",
    JobStatus.ON_SITE: "Work",
    JobStatus.PAUSED: "Break",
}
"""What the job's state says a person is doing."""
ADD, CORRECT = "add", "correct"


class TimeEntries(JobPart):
    """The entries of a job."""

    part = Part.TIME

    def __init__(self, workspace: Workspace, key: str, *, undone: str = "") -> None:
        super().__init__(workspace, key, undone=undone)
        self.data: JobTimes | None = None

    async def load(self) -> None:
        """Read them."""
        key = self.key
        self.data = await self.workspace.account.read(lambda ask: ask.job_times(key))
        self.is_gone = self.data is None

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job besides."""
        return self.data.facts if self.data else None

    @property
    def rows(self) -> Sequence[TimeRow]:
        """The entries that count, newest first: not those corrected, nor those of no length."""
        rows = self.data.rows if self.data else ()
        counted = [
            r for r in rows if not r.is_corrected and r.started_at and r.ended_at != r.started_at
        ]
        return sorted(counted, key=lambda row: row.started_at, reverse=True)

    @property
    def running(self) -> TimeRow | None:
        """One's own entry that runs."""
        return next((row for row in self.rows if row.ended_at is None and self.is_mine(row)), None)

    def is_mine(self, row: TimeRow) -> bool:
        """Tell whether an entry is one's own, to be ended and corrected."""
        return self.workspace.account.person.author.is_author_of({"by": row.by})

    @property
    def elsewhere(self) -> Sequence[RunningTime]:
        """What of one's own runs on other jobs."""
        return self.data.elsewhere if self.data else ()

    @property
    def suggested(self) -> str:
        """The activity to start next: what the job's state says, else work."""
        status = parse(self.facts.status) if self.facts else None
        return SUGGESTED.get(status, "Work") if status else "Work"

    def length_ms(self, row: TimeRow) -> int:
        """Return how long an entry is, up to now while it runs."""
        end = to_ms(from_text(row.ended_at)) if row.ended_at else self.workspace.now_ms()
        return max(0, end - to_ms(from_text(row.started_at)))

    @property
    def totals(self) -> Mapping[str, int]:
        """How long each activity took, in milliseconds; only those that took any."""
        sums = dict.fromkeys(ACTIVITIES, 0)
        for row in self.rows:
            sums[row.activity] = sums.get(row.activity, 0) + self.length_ms(row)
        return {activity: ms for activity, ms in sums.items() if ms}

    # --- intents

    async def start(self, activity: str) -> None:
        """Begin; what runs on this job ends with it."""
        key = self.key
        await self.do(lambda acts: acts.start_time(key, activity), said="time.started")

    async def stop(self) -> None:
        """End what runs."""
        key = self.key
        await self.do(lambda acts: acts.stop_time(key), said="time.stopped")

    async def stop_elsewhere(self, running: RunningTime) -> None:
        """End what runs on another job."""
        key = running.job
        await self.do(lambda acts: acts.stop_time(key), said="time.stopped")

    def add(self) -> None:
        """Go and write a stretch of time down."""
        self.open(ADD)

    def correct(self, row: TimeRow) -> None:
        """Go and correct an entry."""
        self.open(f"{CORRECT}/{row.id}")
