"""The jobs of the day, the job that is open, the outbox, and the sync line above them."""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum

from field_app.ports import Asking, JobDetail, JobRow, OutboxRow, Standing
from field_app.state.screen import Screen
from field_core.problems import CATALOGUE, Problem
from field_core.status import JobStatus, is_closed


class Shown(StrEnum):
    """Which of the screens is in front."""

    JOBS = "jobs"
    JOB = "job"
    OUTBOX = "outbox"


class Today(Screen):
    """A technician's day on one account."""

    def __init__(self, account: Asking, *, today: Callable[[], str]) -> None:
        super().__init__()
        self._account = account
        self._today = today
        self._key: str | None = None
        self.shown = Shown.JOBS
        self.jobs: Sequence[JobRow] = ()
        self.job: JobDetail | None = None
        self.outbox: Sequence[OutboxRow] = ()
        self.is_syncing = False
        self.is_saved = False
        self.news = 0
        """Counts up when what is shown should be read again."""

    @property
    def day(self) -> str:
        """The day whose jobs are shown, as its date."""
        return self._today()

    @property
    def standing(self) -> Standing:
        """Where sync stands now."""
        return self._account.standing

    @property
    def failure(self) -> Problem | None:
        """Why the last attempt to sync failed, if it did."""
        code = self.standing.failure
        return Problem(code) if code and code in CATALOGUE else None

    @property
    def moves(self) -> Sequence[JobStatus]:
        """The next states that need no reason; closing incomplete asks for one and has a field."""
        if self.job is None or is_closed(JobStatus(self.job.row.status)):
            return ()
        return [to for to in self.job.moves if to is not JobStatus.INCOMPLETE]

    def follow(self) -> Callable[[], None]:
        """Note that there is news whenever something changed; returns what ends that."""
        return self._account.on_changed(self._noticed)

    def _noticed(self) -> None:
        self.news += 1
        self.changed()

    async def load(self) -> None:
        """Read what the screen in front shows."""
        match self.shown:
            case Shown.JOBS:
                self.jobs = await self._account.jobs(self._today())
            case Shown.JOB:
                self.job = await self._account.job(self._key) if self._key else None
            case Shown.OUTBOX:
                self.outbox = await self._account.outbox()

    async def go(self, to: Shown, key: str | None = None) -> None:
        """Bring a screen to the front."""
        self.shown, self._key, self.problem, self.is_saved = to, key, None, False
        await self.load()
        self.changed()

    async def move(self, to: JobStatus) -> None:
        """Move the open job."""
        if self._key:
            await self._act(self._account.move(self._key, to))

    async def note(self, text: str) -> None:
        """Add a note to the open job."""
        if self._key:
            await self._act(self._account.note(self._key, text))

    async def _act(self, work: Awaitable[None]) -> None:
        self.is_saved = await self.attempt(work)
        await self.load()
        self.changed()

    async def sync(self) -> None:
        """Sync now; what goes wrong is said, and only a real success clears it."""
        if self.is_syncing:
            return
        self.is_syncing = True
        self.changed()
        try:
            code = await self._account.sync_now()
        finally:
            self.is_syncing = False
        self.problem = Problem(code, {"count": self.standing.unsent}) if code else None
        await self.load()
        self.changed()
