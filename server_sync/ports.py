"""What the server asks of the process it runs in."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class RunBlocking(Protocol):
    """Runs work that blocks, off the event loop in production, in place in the simulation."""

    def __call__(self, work: Callable[[], T], *, writes: bool = False) -> Awaitable[T]:
        """Return what `work` returns; writers take turns."""
