"""`python -m benchmarks.memory`: the server with the company's volume, the engine's first sync.

The server is `server-sync serve` over an embedded ERP of the full volume in the same process: it
starts with an empty database, imports everything the field works with, and is asked for the
largest snapshot there is (the office's). `--erp DIR` takes a volume that is there already;
`--scale` makes a smaller one.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks import data
from benchmarks.machine import describe, load_average
from benchmarks.memory.server import imported
from benchmarks.serving import ROOT, serving

SERVER_TARGET_MB: Final = 250
PHONE_TARGET_MB: Final = 120

Figures = dict[str, Any]


def phone(*, identities: int = data.IDENTITIES, **sizes: int) -> Figures:
    """Return the memory of an engine's process over its first sync."""
    with tempfile.TemporaryDirectory(prefix="memory-") as folder:
        made = data.make(Path(folder) / "data", **sizes)
        data.add_identities(made, identities)
        replica = Path(folder) / "device"
        replica.mkdir()
        with serving(
            "benchmarks.sync_phases", ["serve", "--data", str(made), "--port=0"]
        ) as served:
            done = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "-m", "benchmarks.memory.phone", served.url, str(replica)],
                check=True,
                stdout=subprocess.PIPE,
                cwd=ROOT,
            )
    figures: Figures = json.loads(done.stdout)
    return figures


def server(*, erp: Path | None = None, scale: float = 1.0) -> Figures:
    """Return the memory of a server's process over the import of a whole ERP."""
    with tempfile.TemporaryDirectory(prefix="memory-") as folder:
        place = erp or Path(folder)
        if erp is None:
            volume = [sys.executable, "-m", "benchmarks.volume", f"--out={place}"]
            subprocess.run(  # noqa: S603 - our own program
                [*volume, f"--scale={scale}"], check=True, cwd=ROOT, capture_output=True
            )
        return imported(place)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 1 when a target is missed."""
    asked = _parser().parse_args(arguments)
    of_phone, of_server = phone(), server(erp=asked.erp, scale=asked.scale)
    print(describe(), file=sys.stderr)
    print(json.dumps({"engine": of_phone, "server": of_server, "load": load_average()}))
    is_within = of_phone["peak_mb"] <= PHONE_TARGET_MB and of_server["peak_mb"] <= SERVER_TARGET_MB
    return int(not is_within)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--erp", type=Path, help="a folder that benchmarks.volume wrote")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full volume")
    return parser


if __name__ == "__main__":
    sys.exit(main())
