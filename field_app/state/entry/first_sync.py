"""The first sync: how far it is, what may be opened already, why it stands still."""

from collections.abc import Callable

from field_app.ports import Asking, Progress, Standing
from field_app.state.screen import Forget, Screen, every
from field_core.problems import CATALOGUE, Problem


class FirstSync(Screen):
    """Shown until everything came, or the person goes on; what came may be worked on."""

    def __init__(
        self,
        account: Asking,
        *,
        today: Callable[[], str],
        ended: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._account = account
        self._today = today
        self._ended = ended
        self.is_known = False
        """Whether it was read how things stand."""
        self.is_going_on = True
        """Whether something is still to come."""
        self.jobs = 0
        """Jobs of today that are here."""

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Both what arrives and how far it is are news."""
        return every(self._account.on_news(tell), self._account.on_standing(tell))

    async def load(self) -> None:
        """Read what is here, until everything is."""
        if not self.is_going_on:
            return
        day = self._today()
        self.is_going_on = await self._account.read(lambda ask: ask.is_new())
        self.jobs = len(await self._account.read(lambda ask: ask.day(day)))
        self.is_known = True
        if self._ended and not self.is_going_on:
            self._ended()

    @property
    def _standing(self) -> Standing:
        return self._account.standing

    @property
    def progress(self) -> Progress | None:
        """How much has come; None until the server said how much there is."""
        return self._standing.progress

    @property
    def share(self) -> float | None:
        """How much has come, from 0 to 1."""
        progress = self.progress
        if progress is None or not progress.bytes_total:
            return None
        return min(1.0, progress.bytes / progress.bytes_total)

    @property
    def failure(self) -> Problem | None:
        """Why it stands still, if it does."""
        code = self._standing.failure
        return Problem(code) if code and code in CATALOGUE else None

    @property
    def is_signed_out(self) -> bool:
        """Whether only signing in again helps."""
        return self._standing.phase == "signed-out"

    async def retry(self) -> None:
        """Ask the server again now."""
        await self._account.sync_now()
