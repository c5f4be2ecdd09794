"""Diagnostics of customer equipment, as HTTP and the command line see it."""

from dataclasses import dataclass

from server_sync.acs.acting import Acting
from server_sync.acs.reach import Reach
from server_sync.acs.reports import Reports


@dataclass(frozen=True)
class Diagnostics:
    """What the server can say of customer equipment, and do to it."""

    reach: Reach
    reports: Reports
    acting: Acting

    def standing(self) -> tuple[bool, str]:
        """Return whether the ACS answered when it was last asked, in words."""
        return self.reach.standing()

    async def check(self) -> str:
        """Ask the ACS for a sign of life. Raises ProblemError `acs-missing`, `acs-unreachable`."""
        return await self.reach.noting(self.reach.connected().check())

    async def close(self) -> None:
        """Let go of the connections."""
        self.acting.stop()
        for source in (self.reach.acs, self.reports.bridge):
            if source is not None:
                await source.close()
