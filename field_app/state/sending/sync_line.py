"""The sync line: when the server was last heard, what is unsent, what is wrong."""

from collections.abc import Callable
from enum import StrEnum

from field_app.ports import Asking, Standing
from field_app.state.screen import Forget, Screen
from field_core.problems import CATALOGUE, Problem


class SyncState(StrEnum):
    """What the line says in one word."""

    SYNCING = "syncing"
    ALL_RECEIVED = "all-received"
    WAITING = "waiting"
    FAILING = "failing"
    NEVER = "never"
    ELSEWHERE = "elsewhere"


class SyncLine(Screen):
    """Where sync stands, and “sync now”."""

    def __init__(self, account: Asking, *, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._account = account
        self._now_ms = now_ms
        self.is_asked = False
        """Whether a person waits for “sync now” to end."""
        self.result: Problem | None = None
        """Why the last “sync now” did not end well."""

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Have every change of the standing told."""
        return self._account.on_standing(tell)

    @property
    def standing(self) -> Standing:
        """Where sync stands now."""
        return self._account.standing

    @property
    def left(self) -> int:
        """How many operations and photos the server has not received."""
        return self.standing.unsent + self.standing.blobs_left

    @property
    def age_ms(self) -> int | None:
        """How long ago the server was last heard, in milliseconds; None if it never was."""
        heard = self.standing.contact_ms
        return None if heard is None else max(0, self._now_ms() - heard)

    @property
    def failure(self) -> Problem | None:
        """Why the last attempt failed, if it did."""
        code = self.standing.failure
        return Problem(code) if code and code in CATALOGUE else None

    @property
    def state(self) -> SyncState:
        """The one word: a failure is never hidden behind anything better."""
        if self.is_asked or self.standing.phase == "syncing":
            return SyncState.SYNCING
        if self.standing.is_elsewhere:
            return SyncState.ELSEWHERE
        if self.failure or self.result:
            return SyncState.FAILING
        if self.age_ms is None:
            return SyncState.NEVER
        return SyncState.WAITING if self.left else SyncState.ALL_RECEIVED

    async def sync(self) -> None:
        """Sync now; what goes wrong is said, and only a real success clears it (T-25)."""
        if self.is_asked:
            return
        self.is_asked, self.result = True, None
        self.changed()
        try:
            code = await self._account.sync_now()
        finally:
            self.is_asked = False
            self.changed()
        self.result = Problem(code, {"count": self.left}) if code else None
        self.changed()
