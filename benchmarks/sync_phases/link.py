"""`link`: server and client at the two ends of a bad mobile link, once a seed, and the medians.

Needs root and `ip` (iproute2): `benchmarks/tools/tunlink.py` makes two network namespaces. Inside
it, `ends` starts the server in one namespace and the client in the other.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.machine import load_average

ROOT: Final = Path(__file__).parents[2]
TUNLINK: Final = ROOT / "benchmarks" / "tools" / "tunlink.py"
SERVER: Final = "10.77.0.2"
"""The address that tunlink gives the server's end."""
PORT: Final = 8077
PROGRAM: Final = (sys.executable, "-m", "benchmarks.sync_phases")

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """How bad the link is: ms, kbit/s, percent, and TCP's congestion control at both ends."""

    rtt: float = 300
    rate: float = 1000
    loss: float = 2
    cc: str = "cubic"

    def arguments(self) -> list[str]:
        """Return them as tunlink takes them."""
        return [f"--{name}={getattr(self, name)}" for name in ("rtt", "rate", "loss", "cc")]


def link(data: Path, *, seeds: Iterable[int], over: Link, tunlink: Path = TUNLINK) -> list[Figures]:
    """Run the phases once for each seed of the link's losses; print a line each."""
    runs = []
    for seed in seeds:
        command = [sys.executable, str(tunlink), *over.arguments(), f"--seed={seed}", "--"]
        done = subprocess.run(  # noqa: S603 - our own programs
            [*command, *PROGRAM, "ends", "--data", str(data)],
            check=True, stdout=subprocess.PIPE, cwd=ROOT)  # fmt: skip
        figures: Figures = {"seed": seed, "load": load_average(), **json.loads(done.stdout)}
        print(json.dumps(figures), flush=True)
        runs.append(figures)
    return runs


def ends(data: Path) -> int:
    """Run inside tunlink: the server at one end, the client at the other."""
    server = subprocess.Popen(  # noqa: S603 - our own programs
        [*_inside("NS_SRV"), *PROGRAM, "serve", "--data", str(data), "--host", SERVER,
         "--port", str(PORT)], stdout=subprocess.PIPE, text=True, cwd=ROOT)  # fmt: skip
    try:
        assert server.stdout is not None, "it was piped"
        if not server.stdout.readline().startswith("ready"):
            return 1
        with tempfile.TemporaryDirectory(prefix="sync-phases-") as folder:
            return subprocess.call(  # noqa: S603 - our own programs
                [*_inside("NS_CLI"), *PROGRAM, "client", "--data", str(data), "--dir", folder,
                 "--server", f"http://{SERVER}:{PORT}"], cwd=ROOT)  # fmt: skip
    finally:
        server.terminate()
        server.wait()


def _inside(end: str) -> list[str]:
    return ["ip", "netns", "exec", os.environ[end]]


def medians(runs: Sequence[Figures]) -> Figures:
    """Return the median of every figure of every phase."""
    phases = [name for name, figures in runs[0].items() if isinstance(figures, dict)]
    return {
        phase: {name: median(run[phase][name] for run in runs) for name in runs[0][phase]}
        for phase in phases
    }
