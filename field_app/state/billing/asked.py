"""One answer on the screen: what is here at once, then what the server says, each with its age."""

import asyncio
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from field_app.ports import Reading, Told
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.office.message import Message
from field_core.problems import Problem, ProblemError

M = TypeVar("M", bound=Message)
Own = Callable[[Reading], M | None]
AGAIN_S: Final = 4.0
"""News comes in bursts; nobody reads an amount that changes more often."""
_GONE: Final = frozenset({"not-found", "not-allowed"})


class Asked(Screen, Generic[M]):
    """An answer, asked for when its screen opens and again when documents change."""

    def __init__(
        self,
        workspace: Workspace,
        path: str,
        shape: type[M],
        *,
        own: Own[M] | None = None,
        again_s: float = AGAIN_S,
    ) -> None:
        """own: the same answer out of the replica, where that has it."""
        super().__init__()
        self.workspace = workspace
        self._account = workspace.account
        self._path = path
        self._shape = shape
        self._own = own
        self._again_s = again_s
        self._asked_ms: int | None = None
        self.told: Told[M] | None = None
        self.is_asking = False
        self.missing: Problem | None = None
        """Why the server did not answer; what is shown stays."""

    @property
    def value(self) -> M | None:
        """What is shown."""
        return self.told.value if self.told else None

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Money may have moved; and a server that did not answer may be back."""
        ends = [self._account.on_news(tell), self._account.on_standing(lambda: self._back(tell))]

        def end() -> None:
            for forget in ends:
                forget()

        return end

    def _back(self, tell: Callable[[], None]) -> None:
        if self.missing and not self.is_asking and self._account.standing.failure is None:
            tell()

    async def load(self) -> None:
        """Show what is here, then ask; at once the first time, after a pause the next."""
        if self.told is None:
            self.told = await self._here()
            self.changed()
        await self._pause()
        self._is_stale = False  # what was told during the pause is in the answer that now comes
        await self._ask()

    async def ask_now(self) -> None:
        """Ask because a person wants to know."""
        self._asked_ms = None
        await self.refresh()

    async def _pause(self) -> None:
        if self._asked_ms is not None:
            passed_s = (self.workspace.now_ms() - self._asked_ms) / 1000
            await asyncio.sleep(max(0.0, self._again_s - passed_s))
        self._asked_ms = self.workspace.now_ms()

    async def _here(self) -> Told[M] | None:
        """Return the younger of what was answered last and what the replica has."""
        kept = await self._account.remote.kept(self._path, self._shape)
        mine = await self._account.read(self._own) if self._own else None
        if mine is None:
            return kept
        own_ms = self._account.standing.contact_ms
        if kept and (kept.at_ms or 0) > (own_ms or 0):
            return kept
        return Told(mine, own_ms, is_kept=True)

    async def _ask(self) -> None:
        self.is_asking = True
        self.changed()
        try:
            told = await self._account.remote.ask(self._path, self._shape)
        except ProblemError as error:
            self.missing = error.problem
            if error.problem.code in _GONE:
                self.told = None
        else:
            self.missing = None
            self._take(told)
        finally:
            self.is_asking = False
        self.changed()

    def _take(self, told: Told[M]) -> None:
        """Show an answer."""
        self.told = told
