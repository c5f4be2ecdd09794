"""Time in the world: one true clock, moved by the steps, and devices that are wrong about it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from field_core.device_time import Stamp

ZONE: Final = ZoneInfo("America/Toronto")
"""Of the site."""
START_MS = int(datetime(2026, 10, 31, 13, 0, tzinfo=UTC).timestamp() * 1000)
"""The day before the clocks go back in Montréal, so that long seeds cross the repeated hour."""


@dataclass(slots=True)
class TrueClock:
    """What the server and the ERP see."""

    ms: int = START_MS

    def now_ms(self) -> int:
        """Return milliseconds since 1970."""
        return self.ms

    def now(self) -> datetime:
        """Return the instant."""
        return datetime.fromtimestamp(self.ms / 1000, UTC)

    def pass_ms(self, ms: int) -> None:
        """Let time go by."""
        self.ms += ms


@dataclass(slots=True)
class DeviceClock:
    """A device's clock: wall time off by `ahead_ms`, monotonic time from its boot on."""

    true: TrueClock
    ahead_ms: int = 0
    booted_ms: int = field(default=START_MS - 5_000)
    boot: str = "b0"

    def stamp(self) -> Stamp:
        """Return what the device believes."""
        return Stamp(self.true.ms + self.ahead_ms, self.true.ms - self.booted_ms, self.boot)

    def reboot(self) -> None:
        """Start counting from zero under a new boot id."""
        self.booted_ms = self.true.ms - 1
        self.boot = f"b{int(self.boot[1:]) + 1}"
