"""The real `field-app`, on a device whose clock may be set wrong.

`python -m tests.journeys.run_app AHEAD_S COMMAND…`; zero is the program as it is.
"""

import sys

from field_app.cli import main
from field_app.device.clock import DeviceClock
from field_core.device_time import Stamp

_right = DeviceClock.stamp
_right_ms = DeviceClock.now_ms


def set_ahead(ahead_ms: int) -> None:
    """Have every device clock of this process run ahead."""

    def stamp(clock: DeviceClock) -> Stamp:
        found = _right(clock)
        return Stamp(found.wall_ms + ahead_ms, found.mono_ms, found.boot)

    def now_ms(clock: DeviceClock) -> int:
        return _right_ms(clock) + ahead_ms

    DeviceClock.stamp = stamp  # type: ignore[method-assign,assignment]  # the device is at fault
    DeviceClock.now_ms = now_ms  # type: ignore[method-assign,assignment]  # same


if __name__ == "__main__":
    set_ahead(int(sys.argv[1]) * 1000)
    raise SystemExit(main(sys.argv[2:]))
