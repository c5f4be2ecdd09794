"""What is asked of the server when somebody looks at it: told with its age, kept for the road."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from field_core.canon import Body
from field_core.office.message import Message

M = TypeVar("M", bound=Message)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """An answer and since when it stands; `at_ms` is by this device's clock, None where unknown."""

    value: T
    at_ms: int | None
    is_kept: bool = False
    """Whether it comes from this device: the server was not asked, or did not answer."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One page of a paper as a picture, and how many pages there are."""

    content: bytes
    pages: int


class Remote(Protocol):
    """The server's answers, asked for one by one and kept on this device until it is left."""

    async def kept(self, path: str, shape: type[M]) -> Told[M] | None:
        """Return what was answered last; None when nothing was."""

    async def ask(self, path: str, shape: type[M]) -> Told[M]:
        """Ask now; raises ProblemError. What this account may not see any more is let go of."""

    async def kept_page(self, path: str) -> Told[Picture] | None:
        """Return a page that was shown before."""

    async def page(self, path: str) -> Told[Picture]:
        """Ask for a page as a picture; raises ProblemError."""

    async def pdf(self, path: str) -> bytes:
        """Fetch a PDF as the customer has it; raises ProblemError. It is not kept."""

    async def send(self, path: str, body: Mapping[str, object]) -> Body:
        """Have the server do something, once; raises ProblemError."""

    async def remove(self, path: str) -> None:
        """Have the server remove something; raises ProblemError."""
