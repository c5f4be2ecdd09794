"""`python -m benchmarks.devices`: 200 devices on one server process over SQLite, for a minute.

Server and devices share the machine and talk over loopback. Each device polls every five seconds,
twelve times as often as the app does, and one exchange in four pushes a step and a note. The ERP
side is left out. Devices per core follow from the processor time that the server used.
"""

import argparse
import asyncio
import json
import sys
import time
from typing import Any, Final

from benchmarks.devices.crowd import Heard, crowd
from benchmarks.machine import describe, load_average, memory_peak_mb, percentile, processor_s
from benchmarks.serving import Served, serving

DEVICES: Final = 200
SECONDS: Final = 60.0
EVERY_S: Final = 5.0
TARGET_MS: Final = 250.0

Figures = dict[str, Any]


def measure(*, devices: int, seconds: float, every_s: float) -> Figures:
    """Return percentiles in ms, errors, and how many devices a core carries."""
    with serving("benchmarks.devices", ["--serve", "--devices", str(devices)]) as served:
        used, heard, took_s = _run(served, devices, seconds, every_s)
        peak = memory_peak_mb(served.pid)
    share = used / took_s
    return {
        "devices": devices,
        "every_s": every_s,
        "exchanges": len(heard.took_ms),
        "operations": heard.operations,
        **{f"p{p}_ms": round(percentile(heard.took_ms, p), 1) for p in (50, 95, 99)},
        "push_p95_ms": round(percentile(heard.took_pushing_ms, 95), 1),
        "max_ms": round(max(heard.took_ms), 1),
        "errors": len(heard.errors),
        "error": heard.errors[0] if heard.errors else None,
        "server_cores": round(share, 3),
        "devices_per_core": round(devices / share),
        "server_peak_mb": round(peak),
        "load": load_average(),
    }


def _run(
    served: Served, devices: int, seconds: float, every_s: float
) -> tuple[float, Heard, float]:
    """Return the server's processor time while the devices lived, what they saw, how long."""
    marks: list[tuple[float, float]] = []

    def mark() -> None:
        marks.append((processor_s(served.pid), time.monotonic()))

    heard = asyncio.run(
        crowd(served.url, devices=devices, seconds=seconds, every_s=every_s, mark=mark)
    )
    (used, began), (used_then, ended) = marks
    return used_then - used, heard, ended - began


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 1 when the target is missed."""
    asked = _parser().parse_args(arguments)
    if asked.serve:
        from benchmarks.devices.office import serve  # noqa: PLC0415 - devices load no server

        return serve(
            asked.devices,
            host="127.0.0.1",
            port=0,
            database=asked.database,
            is_filled=asked.is_filled,
        )
    figures = measure(devices=asked.devices, seconds=asked.seconds, every_s=asked.every)
    print(describe(), file=sys.stderr)
    print(json.dumps(figures))
    return int(figures["errors"] > 0 or figures["p95_ms"] > TARGET_MS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.devices", description=__doc__)
    parser.add_argument("--devices", type=int, default=DEVICES)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--every", type=float, default=EVERY_S, help="seconds between exchanges")
    parser.add_argument("--serve", action="store_true", help="be the server; used by the command")
    parser.add_argument("--database", default="", help="of the server; SQLite when empty")
    parser.add_argument("--is-filled", action="store_true", help="the database is there already")
    return parser


if __name__ == "__main__":
    sys.exit(main())
