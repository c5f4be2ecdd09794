"""The jobs: a day of them with now and next on top, all open ones, and offers."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from field_app.ports import DayJob
from field_app.state.day.listing import Choice
from field_app.state.screen import Forget, Screen
from field_app.state.window import Window
from field_app.state.workspace import Workspace
from field_core.offers import DECLINE
from field_core.status import JobStatus, is_closed, parse

_AT_WORK: Final = (JobStatus.ON_SITE, JobStatus.EN_ROUTE, JobStatus.PAUSED)


class Today(Screen):
    """The list of jobs; the workspace keeps which, for when one comes back from one of them."""

    def __init__(self, workspace: Workspace, *, row_px: float | None = None) -> None:
        super().__init__()
        self._workspace = workspace
        self._account = workspace.account
        self._listing = workspace.listing
        self.jobs: Sequence[DayJob] | None = None
        """What is listed; None until it was read."""
        self.offers_total = 0
        self.window = Window()
        if row_px and self.offset_px:
            self.window.begin(self.offset_px, row_px=row_px)

    @property
    def choice(self) -> Choice:
        """Which jobs are listed."""
        return self._listing.choice

    @property
    def day(self) -> str:
        """The day in front."""
        return self._listing.day or self._workspace.today()

    @property
    def offset_px(self) -> float:
        """How far down the long list one was."""
        return self._listing.offset_px if self.choice is Choice.ALL else 0

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Documents that change may be jobs of the list."""
        return self._account.on_news(tell)

    @property
    def is_today(self) -> bool:
        """Whether the day shown is today."""
        return self.day == self._workspace.today()

    @property
    def now(self) -> DayJob | None:
        """The job that somebody is at or on the way to."""
        if self.choice is not Choice.DAY:
            return None
        by_status = {parse(job.status): job for job in reversed(self.jobs or ())}
        return next((by_status[status] for status in _AT_WORK if status in by_status), None)

    @property
    def next(self) -> DayJob | None:
        """The first job after it that is not begun."""
        if self.choice is not Choice.DAY:
            return None
        return next(
            (
                job
                for job in self.jobs or ()
                if job is not self.now
                and (status := parse(job.status)) is not None
                and status not in _AT_WORK
                and not is_closed(status)
            ),
            None,
        )

    @property
    def others(self) -> Sequence[DayJob]:
        """Every other job of the list."""
        return [job for job in self.jobs or () if job not in (self.now, self.next)]

    @property
    def done(self) -> int:
        """How many jobs of the list are closed."""
        return sum(1 for j in self.jobs or () if (s := parse(j.status)) and is_closed(s))

    async def load(self) -> None:
        """Read the list and how many offers there are."""
        offers = await self._account.read(lambda ask: ask.offers())
        offers = sorted(offers, key=lambda job: job.answer == DECLINE)
        self.offers_total = sum(1 for job in offers if job.answer != DECLINE)
        match self.choice:
            case Choice.OFFERS:
                self.jobs = offers
            case Choice.DAY:
                day = self.day
                self.jobs = await self._account.read(lambda ask: ask.day(day))
            case Choice.ALL:
                self.window.fit(await self._account.read(lambda ask: ask.open_jobs_total()))
                first, count = self.window.first, self.window.count
                self.jobs = await self._account.read(
                    lambda ask: ask.open_jobs(first=first, count=count)
                )

    async def choose(self, choice: Choice) -> None:
        """Show other jobs."""
        self._listing.choice, self._listing.offset_px, self.jobs = choice, 0, None
        self.window = Window()
        await self.refresh()

    async def turn(self, days: int) -> None:
        """Show the day so many days later; 0 is today."""
        start = date.fromisoformat(self.day if days else self._workspace.today())
        day = (start + timedelta(days=days)).isoformat()
        self._listing.day = None if day == self._workspace.today() else day
        await self.refresh()

    async def scrolled(self, offset_px: float, *, row_px: float) -> None:
        """Follow the finger: read other rows when those at hand run out."""
        if self.choice is not Choice.ALL:
            return
        self._listing.offset_px = max(0.0, offset_px)
        if self.window.move(offset_px, row_px=row_px):
            await self.refresh()
