"""`python -m benchmarks.diagnostics`: every figure of diagnostics against its target.

A shaped link needs root; `--rates` gives its Mbit/s. iperf3 runs over the same cable, right before
and after ours each way, so that both meet the same machine.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any, Final, NamedTuple

from benchmarks.diagnostics import lab
from benchmarks.diagnostics.lab import FAR, Lab
from benchmarks.diagnostics.walks import home_gateway
from benchmarks.machine import describe, load_average
from field_app.diagnostics import snmp
from field_app.diagnostics.kit import Kit, SnmpAccess
from field_app.diagnostics.visit import Visit
from field_core.cpe import SnmpSnapshot, normalise
from tests.app.diagnostics.agent import Agent, serving
from tests.app.diagnostics.house import kit, visit
from tests.core.cpe.samples import TREES, real_document

ROOT: Final = Path(__file__).parents[2]
NEAR: Final = (sys.executable, "-m", "benchmarks.diagnostics.near")
PARAMETERS: Final = 5_418
"""The largest gateway that was met (a full XX230v)."""
RUNS: Final = 40
SNMP_RUNS: Final = 5
SECONDS: Final = 6.0
STREAMS: Final = 4
RATES: Final = (100.0, 500.0, 900.0)
ONLINE_MBPS: Final = 100.0
WAYS: Final = ("down", "up")
STEADY_PCT: Final = 3
TRIES: Final = 3
_NOW: Final = datetime(2026, 11, 20, 23, 21, tzinfo=UTC)
_MEGA: Final = 1_000_000
_PCT: Final = 100


class Figure(NamedTuple):
    """One figure, what it may not exceed, and its unit."""

    name: str
    value: float
    target: float
    unit: str
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.value <= self.target


def main(arguments: list[str] | None = None) -> int:
    """Measure; exit code 1 when a target is missed."""
    asked = _parser().parse_args(arguments)
    print(describe())
    missed = 0
    for figure in _figures(asked.rates, asked.tries):
        missed += not figure.is_met
        mark = "" if figure.is_met else "  missed"
        print(
            f"{figure.name:44} {figure.value:8.3g} {figure.unit:4} ≤ {figure.target:g}{mark}"
            f"  {figure.note}",
            flush=True,
        )
    print(f"load average {load_average()}; {missed} targets missed")
    return int(missed > 0)


def _figures(rates: Sequence[float], tries: int) -> Iterator[Figure]:
    yield from reading()
    reason = lab.why_not()
    if reason is not None:
        print(f"left out, because {reason}: a whole run, throughput")
        return
    yield from offline_run()
    yield from online_run()
    if shutil.which("iperf3") is None:
        print("left out, because iperf3 is not installed here: throughput")
        return
    for rate in rates:
        yield from throughput(rate, tries)


# --- reading


def reading() -> Iterator[Figure]:
    """Measure what needs no link: a document, a device over SNMP, a dead one."""
    yield Figure(f"normalise {PARAMETERS:,} parameters", normalising_ms(), 30, "ms")
    yield from _snmp()


def normalising_ms(runs: int = RUNS) -> float:
    """Return the least milliseconds of processor time that the largest document takes."""
    document = stretched()
    took = []
    for _ in range(runs):
        begun = time.process_time()
        normalise(document, now=_NOW)
        took.append(time.process_time() - begun)
    return min(took) * 1000


def stretched() -> dict[str, Any]:
    """Return the largest real tree with its instances repeated up to so many parameters."""
    document = max((real_document(name) for name in TREES), key=count)
    root = document.get("InternetGatewayDevice") or document["Device"]
    copy = 0
    while (missing := PARAMETERS - count(document)) > 0:
        copy += 1
        for name in [n for n in root if n != "DeviceInfo" and not n.startswith("_")]:
            _repeat(root[name], copy, missing)
            if count(document) >= PARAMETERS:
                break
            missing = PARAMETERS - count(document)
    return document


def _repeat(node: Any, copy: int, room: int) -> None:  # noqa: ANN401 - a document's node
    """Repeat an object's first instance under a free number, if there is room for it."""
    if not isinstance(node, dict):
        return
    for name, child in list(node.items()):
        if name == "1" and 0 < count(child) <= room:
            node[str(1000 + copy)] = json.loads(json.dumps(child))
            return
        _repeat(child, copy, room)


def count(node: Any) -> int:  # noqa: ANN401 - a document's node
    """Count the parameters below a node."""
    if not isinstance(node, dict):
        return 0
    if "_value" in node:
        return 1
    return sum(count(child) for child in node.values())


# --- SNMP


def _snmp() -> Iterator[Figure]:
    with serving(Agent(home_gateway())) as port:
        using = kit(snmp=SnmpAccess(port=port))
        took, seen = min((_timed(using) for _ in range(SNMP_RUNS)), key=lambda pair: pair[0])
    read = SnmpSnapshot.model_validate(seen.raw["snmp"])
    optics = "with optics" if read.optical else "without optics"
    note = f"{len(read.interfaces)} interfaces, {len(read.arp)} hosts, {optics}"
    yield Figure("SNMP read of one device", took, 1.5, "s", note)
    took, _ = _timed(kit())
    yield Figure("SNMP, dead target answered", took, 3, "s")


def _timed(using: Kit) -> tuple[float, Visit]:
    """Read once; the agent's own time, in this very process, is part of it."""
    seen = visit(using)
    begun = time.monotonic()
    snmp.probe(seen)
    return time.monotonic() - begun, seen


# --- in the lab


def offline_run() -> Iterator[Figure]:
    """Make a full run on a LAN whose gateway answers and whose line is down."""
    told = run_offline("full")
    note = f"{told['values']} values, {told['absent']} reasons: {', '.join(told['verdicts'])}"
    yield Figure("full run, line down, whole", told["s"], 25, "s", note)
    yield Figure("full run, line down, verdict visible", told["verdict_s"], 10, "s")


def run_offline(profile: str) -> dict[str, Any]:
    """Run a profile at the device's end, a modem whose line is down at the other."""
    with lab.lab() as names, _far_end(names, "modem") as ports:
        asked = ("run", "--ports", ",".join(ports), "--profile", profile)
        told: dict[str, Any] = _told(names.inside(names.device, *NEAR, *asked))
    return told


def online_run() -> Iterator[Figure]:
    """Make a full run on a line that works, with our server at the far end of 100 Mbit/s."""
    with (
        lab.lab(ONLINE_MBPS) as names,
        _far_end(names, "modem") as ports,
        _far_end(names, "serve") as (port, ticket),
    ):
        url = f"http://{FAR}:{port}/v1/throughput"
        asked = ("run", "--ports", ",".join(ports), "--url", url, "--ticket", ticket)
        told = _told(names.inside(names.device, *NEAR, *asked))
    found = told["figures"]
    note = (
        f"{told['values']} values, {told['absent']} reasons: {', '.join(told['verdicts'])}; "
        f"{found['throughput-down.server']:.1f} Mbit/s down, "
        f"{found['throughput-up.server']:.1f} up, "
        f"{found['latency-added.server']:.1f} ms more under load"
    )
    yield Figure("full run, line up, whole", told["s"], 25, "s", note)


def throughput(rate_mbps: float, tries: int) -> Iterator[Figure]:
    """Compare ours with iperf3's over one shaped cable, each way.

    Where iperf3 differs from itself the machine was busy with something else: that says nothing of
    us, and is tried again.
    """
    compared = _compared(rate_mbps)
    while not all(one.is_steady for one in compared) and (tries := tries - 1) > 0:
        compared = _compared(rate_mbps)
    for one in compared:
        name = f"throughput {one.way} on {rate_mbps:g} Mbit/s, off by"
        yield Figure(name, one.off_pct, 5, "%", one.note)


class Compared(NamedTuple):
    """One way, in Mbit/s: iperf3 before, ours, iperf3 after."""

    way: str
    before: float
    ours: float
    after: float

    @property
    def is_steady(self) -> bool:
        """Whether iperf3 agrees with itself."""
        return abs(self.before - self.after) / self.before * _PCT <= STEADY_PCT

    @property
    def off_pct(self) -> float:
        """How far ours is from iperf3's mean."""
        theirs = mean((self.before, self.after))
        return abs(self.ours - theirs) / theirs * _PCT

    @property
    def note(self) -> str:
        """The three figures."""
        doubt = "" if self.is_steady else "; the machine was busy"
        return f"ours {self.ours:.1f}, iperf3 {self.before:.1f} and {self.after:.1f}{doubt}"


def _compared(rate_mbps: float) -> list[Compared]:
    with lab.lab(rate_mbps) as names:
        before = {way: iperf3(names, way) for way in WAYS}
        ours = transfer(names)
        after = {way: iperf3(names, way) for way in WAYS}
    return [Compared(way, before[way], ours[way], after[way]) for way in WAYS]


def transfer(names: Lab, seconds: float = SECONDS) -> Any:  # noqa: ANN401 - rates by way
    """Measure with our own streams against our own server."""
    with _far_end(names, "serve") as (port, ticket):
        url = f"http://{FAR}:{port}/v1/throughput"
        asked = ("transfer", "--url", url, "--ticket", ticket)
        limits = ("--seconds", str(seconds), "--streams", str(STREAMS))
        return _told(names.inside(names.device, *NEAR, *asked, *limits))


def _told(command: Sequence[str]) -> Any:  # noqa: ANN401 - any JSON
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)  # noqa: S603 - our own program
    return json.loads(done.stdout)


@contextmanager
def _far_end(names: Lab, end: str) -> Iterator[list[str]]:
    """Run one end in the far namespace; yields the words after `ready`."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        names.inside(names.far, sys.executable, "-m", f"benchmarks.diagnostics.{end}"),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None, "it was piped"
        word, *rest = process.stdout.readline().split()
        assert word == "ready", f"{end} did not start"
        yield rest
    finally:
        process.terminate()
        process.wait(20)
        assert process.stdout is not None, "it was piped"
        process.stdout.close()


def iperf3(names: Lab, way: str) -> float:
    """Return what iperf3 receives after its first second, in Mbit/s."""
    serving_end = subprocess.Popen(  # noqa: S603 - a fixed program
        names.inside(names.far, "iperf3", "-s", "-1", "-J"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(0.5)
    reverse = ["-R"] if way == "down" else []
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program
            names.inside(names.device, "iperf3", "-c", FAR, "-P", str(STREAMS), "-J",
                         "-t", str(round(SECONDS) - 1), "-O", "1", *reverse),
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        serving_end.terminate()
        serving_end.wait(10)
    bits: float = json.loads(done.stdout)["end"]["sum_received"]["bits_per_second"]
    return bits / _MEGA


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diagnostics", description=__doc__)
    parser.add_argument(
        "--rates", type=float, nargs="*", default=RATES, help="Mbit/s of the shaped link"
    )
    parser.add_argument(
        "--tries", type=int, default=TRIES, help="comparisons at most while iperf3 is unsteady"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
