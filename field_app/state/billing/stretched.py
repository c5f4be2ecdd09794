"""A long list that is asked for in stretches: the first with its age, the next ones on a press."""

from typing import Generic, Protocol, TypeVar, cast

from field_app.ports import Told
from field_app.state.billing.asked import Asked
from field_app.state.workspace import Workspace
from field_core.office.message import Message
from field_core.problems import ProblemError


class Stretch(Protocol):
    """What a stretch has."""

    @property
    def rows(self) -> tuple[Message, ...]:
        """Its rows."""

    @property
    def more(self) -> str:
        """Where the list goes on; empty at the end."""


S = TypeVar("S", bound=Message)
ROWS_MAX = 200
"""Python makes and ships each row of a list (flet.md); who looks further searches."""


class Stretched(Asked[S], Generic[S]):
    """A list; what was added to the first stretch goes when that one changes."""

    def __init__(self, workspace: Workspace, path: str, shape: type[S], *, joint: str) -> None:
        """joint: `?` or `&`, what comes before another parameter of the path."""
        super().__init__(workspace, path, shape)
        self._joint = joint
        self._extra: tuple[Message, ...] = ()
        self._next: str | None = None
        self.is_adding = False

    @property
    def rows(self) -> tuple[Message, ...]:
        """Every row that is shown."""
        return (*self._first.rows, *self._extra) if self.told else ()

    @property
    def has_more(self) -> bool:
        """Whether the list goes on."""
        return bool(self._following) and len(self.rows) < ROWS_MAX

    @property
    def _first(self) -> Stretch:
        assert self.told, "only a list that was told has rows"
        return cast("Stretch", self.told.value)

    @property
    def _following(self) -> str:
        if self._next is not None:
            return self._next
        return self._first.more if self.told else ""

    def _take(self, told: Told[S]) -> None:
        if self.told is None or told.value != self.told.value:
            self._extra, self._next = (), None
        super()._take(told)

    async def add(self) -> None:
        """Ask for the next stretch."""
        after = self._following
        if not after or self.is_adding:
            return
        self.is_adding = True
        self.changed()
        try:
            path = f"{self._path}{self._joint}after={after}"
            told = await self._account.remote.ask(path, self._shape)
        except ProblemError as error:
            self.missing = error.problem
        else:
            stretch = cast("Stretch", told.value)
            self._extra, self._next = (*self._extra, *stretch.rows), stretch.more
        finally:
            self.is_adding = False
        self.changed()
