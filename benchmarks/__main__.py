"""`python -m benchmarks`: a short form of every measurement, in one table against its target.

Over loopback unless told: `--link` adds the bad mobile link (root, a minute a seed). Full forms:
`benchmarks.sync_phases link`, `.local_save`, `.devices`, `.memory`, `.volume`, `.diagnostics`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks import data, local_save
from benchmarks.devices.__main__ import TARGET_MS as DEVICES_MS
from benchmarks.devices.__main__ import measure as measure_devices
from benchmarks.diagnostics import __main__ as diagnostics
from benchmarks.local_save import TARGET_MS as SAVE_MS
from benchmarks.machine import describe, load_average
from benchmarks.memory.__main__ import PHONE_TARGET_MB, SERVER_TARGET_MB, phone, server
from benchmarks.serving import ROOT, serving
from benchmarks.sync_phases.link import Link, link, medians

SHORT_SAVES: Final = 200
SHORT_DEVICES: Final = 50
SHORT_SECONDS: Final = 15.0
SHORT_EVERY_S: Final = 3.0
SHORT_SCALE: Final = 0.02
KB: Final = 1000

Figures = dict[str, Any]


class Line(NamedTuple):
    """One figure: what it is, what it must not exceed, and its unit."""

    name: str
    value: float
    target: float
    unit: str

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.value <= self.target


class PhaseTarget(NamedTuple):
    """What a phase may take: seconds count on the link only."""

    s: float
    requests: int
    up_kb: float
    down_kb: float


IDLE_KB: Final = 0.8
"""Up and down together."""
PHASES: Final = {
    "initial": PhaseTarget(7.5, 5, 3, 610),
    "idle": PhaseTarget(0.35, 1, IDLE_KB, IDLE_KB),
    "delta": PhaseTarget(0.45, 1, 6.5, 6.5),
    "push": PhaseTarget(0.7, 1, 6, 20),
    "push_again": PhaseTarget(0.7, 1, 6, 20),
}
TODAY_S: Final = 3.0


def main(arguments: list[str] | None = None) -> int:
    """Run everything; exit code 1 when a target is missed."""
    asked = _parser().parse_args(arguments)
    print(describe())
    missed = 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for line in _lines(Path(folder), with_link=asked.link):
            missed += not line.is_met
            _show(line)
    print(f"load average {load_average()}; {missed} targets missed")
    return int(missed > 0)


def _show(line: Line) -> None:
    mark = "" if line.is_met else "  missed"
    print(f"{line.name:44} {line.value:9.3g} {line.unit:8} ≤ {line.target:g}{mark}", flush=True)


def _lines(folder: Path, *, with_link: bool) -> Iterator[Line]:
    made = data.make(folder / "data")
    yield from of_phases("loopback", _loopback(made, folder), is_timed=False)
    if with_link:
        yield from of_phases("link", medians(link(made, seeds=(1,), over=Link())), is_timed=True)
    yield from _on_the_device(folder)
    yield from _on_the_server()


def _loopback(made: Path, folder: Path) -> Figures:
    with serving("benchmarks.sync_phases", ["serve", "--data", str(made), "--port=0"]) as served:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "benchmarks.sync_phases", "client", "--server", served.url,
             "--data", str(made), "--dir", str(folder / "device")],
            check=True, stdout=subprocess.PIPE, cwd=ROOT)  # fmt: skip
    figures: Figures = json.loads(done.stdout)
    return figures


def of_phases(where: str, figures: Figures, *, is_timed: bool) -> Iterator[Line]:
    """Yield what the phases took, against what they may."""
    for name, target in PHASES.items():
        took = figures[name]
        if is_timed:
            yield Line(f"{where}: {name}", took["s"], target.s, "s")
        yield Line(f"{where}: {name}", took["requests"], target.requests, "requests")
        yield Line(f"{where}: {name}", took["http_up"] / KB, target.up_kb, "KB up")
        yield Line(f"{where}: {name}", took["http_down"] / KB, target.down_kb, "KB down")
    idle = figures["idle"]
    both_ways = (idle["http_up"] + idle["http_down"]) / KB
    yield Line(f"{where}: idle", both_ways, IDLE_KB, "KB both")
    if is_timed:
        yield Line(f"{where}: today's jobs", figures["initial"]["today_s"], TODAY_S, "s")
    moved = figures["moved"]
    yield Line(f"{where}: moved jobs that stay", moved["still_on_device"], 0, "jobs")
    yield Line(f"{where}: their photos that stay", moved["blobs_still_on_device"], 0, "photos")


def _on_the_device(folder: Path) -> Iterator[Line]:
    place = folder / "saves"
    place.mkdir()
    saved = local_save.measure(place, saves=SHORT_SAVES, identities=data.IDENTITIES)
    yield Line(f"save of a step, p95 (disk alone {saved['disk_p95_ms']})", saved["p95_ms"],
               SAVE_MS, "ms")  # fmt: skip
    yield Line("engine, first sync of 9,400 documents", phone()["peak_mb"], PHONE_TARGET_MB, "MB")
    for figure in diagnostics.reading():
        yield Line(figure.name, figure.value, figure.target, figure.unit)


def _on_the_server() -> Iterator[Line]:
    crowd = measure_devices(devices=SHORT_DEVICES, seconds=SHORT_SECONDS, every_s=SHORT_EVERY_S)
    yield Line(f"{SHORT_DEVICES} devices, p95", crowd["p95_ms"], DEVICES_MS, "ms")
    yield Line(f"{SHORT_DEVICES} devices", crowd["errors"], 0, "errors")
    small = server(scale=SHORT_SCALE)
    yield Line(f"server, {SHORT_SCALE:.0%} of the volume", small["peak_mb"], SERVER_TARGET_MB, "MB")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--link", action="store_true", help="also over the bad link, one seed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
