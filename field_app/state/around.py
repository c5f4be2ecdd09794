"""What the app offers around its screens: preferences, the lock, upkeep, and the ways out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from field_app.ports import Upkeep
from field_app.state.entry.lock import Lock
from field_app.state.preferred import Preferred


class Leaving(Protocol):
    """Signing out; raises ProblemError `unsent-work` unless the data stays."""

    async def __call__(self, *, keep_data: bool) -> None:
        """Sign out."""


@dataclass(frozen=True, slots=True)
class Around:
    """Given to a workspace by the shell that made it."""

    preferred: Preferred
    lock: Lock
    upkeep: Upkeep
    leave: Leaving
    reconnect: Callable[[], Awaitable[None]]
    """Ask for a new session of the same account."""
