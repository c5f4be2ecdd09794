"""What the services reach for: the ACS with its standing, the database off the loop, the clock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection

from field_core.problems import ProblemError
from server_sync.acs.matching import Match, Matching
from server_sync.acs.pieces import Piece
from server_sync.acs.ports import Acs
from server_sync.clock import Clock
from server_sync.logs import Log
from server_sync.ports import RunBlocking
from server_sync.store.database import Database

T = TypeVar("T")
_SILENT = "no answer"


@dataclass(frozen=True)
class Reach:
    """`acs` is None where none is connected: every question to it then says so."""

    acs: Acs | None
    database: Database
    clock: Clock
    run: RunBlocking
    log: Log
    _last: list[str] = field(default_factory=lambda: ["not asked yet"])

    def standing(self) -> tuple[bool, str]:
        """Return whether the ACS answered when it was last asked, in words."""
        if self.acs is None:
            return False, "not connected: ACS_URL is not set"
        return self._last[0] != _SILENT, self._last[0]

    def connected(self) -> Acs:
        """Return the ACS. Raises ProblemError `acs-missing`."""
        if self.acs is None:
            raise ProblemError("acs-missing")
        return self.acs

    async def match(self, piece: Piece) -> Match | None:
        """Return a piece's device at the ACS. Raises ProblemError."""
        matching = Matching(self.connected(), self.database, self.run)
        return await self.noting(matching.find(piece, now_ms=self.clock.now_ms()))

    async def noting(self, asking: Awaitable[T]) -> T:
        """Ask the ACS, and remember whether it answered."""
        try:
            answer = await asking
        except ProblemError as failure:
            if failure.problem.code == "acs-unreachable":
                self._last[0] = _SILENT
            raise
        self._last[0] = "answers"
        return answer

    async def reading(self, work: Callable[[Connection], T]) -> T:
        """Read the database off the loop."""

        def whole() -> T:
            with self.database.read() as connection:
                return work(connection)

        return await self.run(whole)

    async def writing(self, work: Callable[[Connection], T]) -> T:
        """Write to the database off the loop."""
        return await self.run(lambda: self.database.run(work), writes=True)
