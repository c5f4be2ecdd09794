"""`python -m benchmarks.scale --database URL`: 2,000 devices on two processes over one PostgreSQL.

A day is pressed into minutes: at 7:30 everybody asks for news, over the day they poll and push, at
17:00 everybody pushes. Servers, database and devices share the machine and talk over loopback; the
ERP side is left out. Give it an empty database.
"""

import argparse
import asyncio
import json
import sys
from contextlib import ExitStack
from typing import Any, Final

from sqlalchemy import create_engine, text

from benchmarks.machine import describe, load_average, memory_peak_mb, percentile, processor_s
from benchmarks.scale.day import Day, Phase, live
from benchmarks.serving import Served, serving

DEVICES: Final = 2_000
PROCESSES: Final = 2
Figures = dict[str, Any]


def measure(database: str, *, devices: int, day: Day) -> Figures:
    """Return what each phase of the day took, and what it cost."""
    with ExitStack() as stack:
        words = ["--serve", "--devices", str(devices), "--database", database]
        servers = [stack.enter_context(serving("benchmarks.devices", words))]
        for _ in range(PROCESSES - 1):
            more = serving("benchmarks.devices", [*words, "--is-filled"])
            servers.append(stack.enter_context(more))
        before = database_mb(database)
        phases = asyncio.run(
            live([one.url for one in servers], devices, day, lambda: used(servers))
        )
        peaks = [round(memory_peak_mb(one.pid)) for one in servers]
    return {
        "devices": devices,
        "phases": [figures_of(one) for one in phases],
        "server_peak_mb": peaks,
        "database_mb": [round(before), round(database_mb(database))],
        "load": load_average(),
    }


def used(servers: list[Served]) -> float:
    """Return the processor time of all servers so far, in seconds."""
    return sum(processor_s(one.pid) for one in servers)


def figures_of(phase: Phase) -> Figures:
    """Return one phase as figures."""
    took = phase.heard.took_ms
    return {
        "phase": phase.name,
        "exchanges": len(took),
        "operations": phase.heard.operations,
        "per_second": round(len(took) / phase.took_s, 1),
        **{f"p{p}_ms": round(percentile(took, p)) for p in (50, 95, 99)},
        "errors": len(phase.heard.errors),
        "error": phase.heard.errors[0][:200] if phase.heard.errors else None,
        "server_ms_each": round(1000 * phase.used_s / len(took), 2),
        "load": phase.load,
    }


def database_mb(url: str) -> float:
    """Return how large a database is, in MB."""
    engine = create_engine(url)
    with engine.connect() as connection:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    engine.dispose()
    return float(size) / 1e6


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 1 when anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--database", required=True, help="SQLAlchemy URL of an empty PostgreSQL")
    parser.add_argument("--devices", type=int, default=DEVICES)
    parser.add_argument("--burst", type=float, default=60.0, help="seconds of either burst")
    parser.add_argument("--day", type=float, default=60.0, help="seconds between the two")
    parser.add_argument("--pushes", type=int, default=3, help="exchanges of a device at 17:00")
    asked = parser.parse_args(arguments)
    day = Day(burst_s=asked.burst, day_s=asked.day, pushes=asked.pushes)
    figures = measure(asked.database, devices=asked.devices, day=day)
    print(describe(), file=sys.stderr)
    print(json.dumps(figures, indent=1))
    return int(any(phase["errors"] for phase in figures["phases"]))


if __name__ == "__main__":
    sys.exit(main())
