"""The device's clock: wall time, a monotonic one that also counts while asleep, and the boot."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from field_core.device_time import Stamp

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
"""Linux and Android. Elsewhere each start of the program counts as a boot of its own: monotonic
times of two runs are then never compared, and the wall clock decides."""

_NS_PER_MS: Final = 1_000_000


class DeviceClock:
    """Reads the machine's clocks."""

    def __init__(self) -> None:
        self.boot = _boot()
        self._mono_ns = _monotonic_ns()

    def stamp(self) -> Stamp:
        """Return what the device believes the time is now."""
        return Stamp(time.time_ns() // _NS_PER_MS, self._mono_ns() // _NS_PER_MS, self.boot)

    def now_ms(self) -> int:
        """Return wall milliseconds since 1970, as the device believes."""
        return time.time_ns() // _NS_PER_MS


def monotonic_s() -> float:
    """Return seconds that only go forward, for measuring how long something takes."""
    return time.monotonic()


def ticks_s() -> float:
    """Return seconds of the finest clock there is, for what takes milliseconds."""
    return time.perf_counter()


def _boot() -> str:
    """Return eight characters that stand for this boot: they travel with every operation."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip().replace("-", "")[:8]
    except (OSError, ValueError):
        return os.urandom(4).hex()


def _monotonic_ns() -> Callable[[], int]:
    """Return the monotonic clock that goes on while the device sleeps.

    Linux stops CLOCK_MONOTONIC in suspend and has CLOCK_BOOTTIME; on macOS CLOCK_MONOTONIC goes
    on; on Windows `time.monotonic` does.
    """
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        clock = getattr(time, name, None)
        if clock is not None:
            return lambda: time.clock_gettime_ns(clock)
    return time.monotonic_ns
