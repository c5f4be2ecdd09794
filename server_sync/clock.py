"""The server's clock: the only place here that asks the operating system for the time."""

import time
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """What the server asks of a clock."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970."""

    def now(self) -> datetime:
        """Return the instant, aware, UTC."""


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def now(self) -> datetime:
        """Return the instant, aware, UTC."""
        return datetime.now(UTC)


def today_at(clock: Clock, zone: ZoneInfo) -> date:
    """Return the date at the site."""
    return clock.now().astimezone(zone).date()
