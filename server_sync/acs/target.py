"""A device that an act is done to, and how acts end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from field_core.canon import Json
from field_core.cpe import CpeSnapshot
from field_core.cpe.ledger import instant
from field_core.cpe.tree import Leaf, Tree
from field_core.problems import Problem
from server_sync.acs.ports import Acs, Away, Deferred, Document, Faulted
from server_sync.acs.tasks import Task


@dataclass(frozen=True, slots=True)
class Done:
    """It is done, and this is what it gave."""

    result: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Begun:
    """The device took it; whether it comes back is seen later. `at`: the ACS's clock."""

    at: str


@dataclass(frozen=True, slots=True)
class Waits:
    """The device is away; nothing of it is left with the ACS."""

    at: str
    why: Away


@dataclass(frozen=True, slots=True)
class Failed:
    """It will not happen."""

    problem: Problem


Ending = Done | Begun | Waits | Failed
Pause = Callable[[float], Awaitable[object]]


class EndedError(Exception):
    """A task was not performed: the act ends here."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending)
        self.ending = ending


@dataclass(frozen=True, slots=True)
class Target:
    """A device of the ACS, and what is known of it."""

    acs: Acs
    device: str
    tree: Tree
    snapshot: CpeSnapshot
    pause: Pause

    async def do(self, task: Task) -> str:
        """Have a task done; return when the ACS took it, by its own clock."""
        outcome = await self.acs.perform(self.device, task)
        if isinstance(outcome, Deferred):
            raise EndedError(Waits(outcome.at, outcome.why))
        if isinstance(outcome, Faulted):
            raise EndedError(Failed(Problem("cpe-refused", {"code": outcome.code or "?"})))
        return outcome.at

    @staticmethod
    def is_newer(leaf: Leaf, at: str) -> bool:
        """Tell whether a leaf was read after `at`; both are times of the ACS's clock."""
        read, asked = instant(leaf.read_at), instant(at)
        return read is not None and asked is not None and read >= asked

    async def look(self, *paths: str) -> Tree:
        """Return what the ACS holds of some paths now."""
        document: Document | None = await self.acs.read(self.device, paths)
        return Tree(document or {})
