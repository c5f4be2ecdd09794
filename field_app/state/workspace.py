"""One account at work: what every screen of it shares."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from field_app.ports import Acting, Asking, KeptFile
from field_app.state.around import Around
from field_app.state.day.listing import Listing
from field_app.state.diagnostics.course import Course
from field_app.state.notices import Notices, Undo
from field_app.state.place import Navigator, Room
from field_app.state.scanning.identified import Identified
from field_app.state.sending.sync_line import SyncLine
from field_core.problems import Problem, ProblemError

T = TypeVar("T")


class Workspace:
    """The account, where the person is in it, what was just done, and how sync stands."""

    def __init__(
        self,
        account: Asking,
        navigator: Navigator,
        *,
        now_ms: Callable[[], int],
        today: Callable[[], str],
        around: Around | None = None,
    ) -> None:
        self.account = account
        self.navigator = navigator
        self.notices = Notices()
        self.sync = SyncLine(account, now_ms=now_ms)
        self.now_ms = now_ms
        self.today = today
        self.searched = ""
        """What was typed into the search, for when one comes back from what it found."""
        self.scanned: Identified | None = None
        """A device that was scanned, on its way to the form that puts it in."""
        self.client_typed = ""
        """Whom was looked for last."""
        self.listing = Listing()
        """Which jobs were listed, for when one comes back from one of them."""
        self.courses: dict[str, Course] = {}
        """Diagnostic runs by the key of their job, while they go on and until the next one."""
        self.around = around
        """What the app offers around its screens; None where a screen stands alone."""
        account.photographs.on_recovered(self._say_recovered)
        navigator.on_change(self._prefer_job)
        self._prefer_job()

    def _prefer_job(self) -> None:
        """Have the labels of the job in front read before others."""
        place = self.navigator.place
        self.account.ocr.prefer(place.key if place.room is Room.TODAY else None)

    async def act(
        self,
        act: Callable[[Acting], T | Problem],
        *,
        said: str = "notice.saved",
        undo: Callable[[T], Callable[[Acting], object]] | None = None,
    ) -> T | None:
        """Do something and say so at the foot of the screen; None when it was refused.

        undo: from what was made, the act that takes it back.
        """
        try:
            made = await self.account.edit(act)
        except ProblemError as error:
            self.notices.refuse(error.problem)
            return None
        self.notices.say(said, undo=self._undoing(undo(made)) if undo else None)
        return made

    def say_kept(self, name: str) -> None:
        """Say that a file was handed over."""
        self.notices.say("file.kept", name=name)

    def put_aside(self, file: KeptFile) -> None:
        """Keep a file in the program's own folder, and say where, when no dialog could."""
        assert self.around, "files are handed over by an app that has folders"
        try:
            path = self.around.upkeep.put_aside(file)
        except ProblemError as error:
            self.notices.refuse(error.problem)
        else:
            self.notices.say("file.aside", path=path)

    def _say_recovered(self, count: int) -> None:
        """Say that photos left half made by an earlier run are whole (T-03)."""
        self.notices.say("photos.recovered" if count == 1 else "photos.recovered-some", count=count)

    def _undoing(self, act: Callable[[Acting], object]) -> Undo:
        def undo() -> Awaitable[object]:
            return self.account.edit(act)

        return undo
