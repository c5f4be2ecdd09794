"""What every screen's state has in common: telling its view, keeping a problem, reading again."""

from collections.abc import Awaitable, Callable

from field_core.problems import Problem, ProblemError

Forget = Callable[[], None]


def every(*ends: Forget) -> Forget:
    """Return what ends each of these."""

    def forget() -> None:
        for end in ends:
            end()

    return forget


class Screen:
    """State that tells whoever draws it when it has changed."""

    def __init__(self) -> None:
        self.problem: Problem | None = None
        self._listeners: list[Callable[[], None]] = []
        self._is_loading = False
        self._is_stale = False

    def on_change(self, listener: Callable[[], None]) -> Forget:
        """Have changes told; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self) -> None:
        """Tell that something looks different."""
        for listener in [*self._listeners]:
            listener()

    def follow(self, _tell: Callable[[], None]) -> Forget:
        """Have news told that the screen should read again; returns what ends that."""
        return lambda: None

    async def load(self) -> None:
        """Read what the screen shows; a screen that shows nothing of the replica has nothing."""

    async def refresh(self) -> None:
        """Read again, once at a time: news during a reading makes one more, however many come."""
        self._is_stale = True
        if self._is_loading:
            return
        self._is_loading = True
        try:
            while self._is_stale:
                self._is_stale = False
                await self.attempt(self.load(), keeps_problem=True)
        finally:
            self._is_loading = False

    async def attempt(self, work: Awaitable[object], *, keeps_problem: bool = False) -> bool:
        """Do something that may be refused; a refusal becomes the problem to show."""
        try:
            await work
        except ProblemError as error:
            self.problem = error.problem
            self.changed()
            return False
        if not keeps_problem:
            self.problem = None
        self.changed()
        return True
