"""The time of an act on a device whose clock may be wrong.

A device notes wall time, a monotonic offset and which boot the offset belongs to. At an exchange
the server learns what the device believes the time is now, and so can tell when each act really
happened. Order never depends on any of this: it comes from the server's numbering.
"""

from typing import Annotated, Final, NamedTuple

from pydantic import Field

SKEW_SHOWN_MS_MIN: Final = 60_000
"""Below a minute nobody's time sheet changes, and phones differ by seconds all the time."""


_Ms = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""What any store and any JSON reader holds exactly; some 285,000 years either way."""


class Stamp(NamedTuple):
    """When a device believes something happened: wall ms since 1970, monotonic ms, boot id."""

    wall_ms: _Ms
    mono_ms: _Ms
    boot: str


class WorkTime(NamedTuple):
    """A corrected instant (ms since 1970) and how far the device's clock was ahead (ms)."""

    at_ms: int
    skew_ms: int

    @property
    def is_corrected(self) -> bool:
        """Whether the difference is large enough to be worth telling."""
        return abs(self.skew_ms) >= SKEW_SHOWN_MS_MIN


def correct(act: Stamp, *, sent: Stamp, received_ms: int) -> WorkTime:
    """Return the server-clock time of `act`, given the device's stamp when it sent the exchange.

    Within one boot the monotonic distance is exact, whatever was done to the wall clock since.
    Across boots only wall time is left, corrected by the skew measured now. An act never comes
    out later than the exchange that reports it, nor before 1970, whatever the device says.
    """
    if act.boot == sent.boot and act.mono_ms <= sent.mono_ms:
        at_ms = received_ms - (sent.mono_ms - act.mono_ms)
    else:
        at_ms = min(act.wall_ms + (received_ms - sent.wall_ms), received_ms)
    at_ms = max(at_ms, 0)
    return WorkTime(at_ms=at_ms, skew_ms=act.wall_ms - at_ms)
