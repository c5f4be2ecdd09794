"""What every screen's state has in common: telling its view, and keeping a problem to show."""

from collections.abc import Awaitable, Callable

from field_core.problems import Problem, ProblemError


class Screen:
    """State that tells whoever draws it when it has changed."""

    def __init__(self) -> None:
        self.problem: Problem | None = None
        self._listeners: list[Callable[[], None]] = []

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have changes told; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self) -> None:
        """Tell that something looks different."""
        for listener in [*self._listeners]:
            listener()

    async def attempt(self, work: Awaitable[object]) -> bool:
        """Do something that may be refused; a refusal becomes the problem to show."""
        try:
            await work
        except ProblemError as error:
            self.problem = error.problem
            self.changed()
            return False
        self.problem = None
        self.changed()
        return True
