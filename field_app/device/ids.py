"""Identifiers made on this device: version 7 UUIDs from its clock and the system's randomness."""

import os

from field_app.device.clock import DeviceClock
from field_core.ids import RANDOM_BYTES, uuid7


class Ids:
    """A source of identifiers and of the little randomness that the app needs."""

    def __init__(self, clock: DeviceClock) -> None:
        self._clock = clock

    def new(self) -> str:
        """Return an identifier that no other device makes."""
        return uuid7(self._clock.now_ms(), os.urandom(RANDOM_BYTES))

    def jitter(self) -> float:
        """Return a number from 0 to 1."""
        return int.from_bytes(os.urandom(4), "big") / 0xFFFF_FFFF

    def bytes(self, count: int) -> bytes:
        """Return bytes that nobody can guess."""
        return os.urandom(count)
