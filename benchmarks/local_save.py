"""How long a technician waits for a step to be saved: `python -m benchmarks.local_save`.

The replica holds a technician's documents and the whole equipment index, on disk with
`synchronous=FULL`. What is timed is the act as the screen calls it: read, check, operation,
outbox, view and search index, committed. Beside it the disk alone: 4 KB written and flushed.
"""

import argparse
import json
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks import data
from benchmarks.machine import describe, load_average, percentile
from benchmarks.sync_phases.dataset import body_of, key_of, rows
from field_app.device import disk
from field_app.device.clock import DeviceClock
from field_app.device.ids import Ids
from field_app.sync.acts import Acts, done
from field_app.sync.files import BlobFolder
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_core.snapshot_format import Stored

SAVES: Final = 500
TARGET_MS: Final = 20.0
FLUSHED_BYTES: Final = 4_096
"""One page: the least that a commit writes."""

Figures = dict[str, Any]


def measure(folder: Path, *, saves: int, identities: int, **sizes: int) -> Figures:
    """Return percentiles in ms, of saves and of the disk alone."""
    made = data.make(folder / "data", **sizes)
    replica = Replica(sqlite3.connect(folder / "replica.db"))
    held = fill(replica, made, identities)
    acts = _acts(replica, folder)
    jobs = sorted(key for key, _ in replica.documents("Dispatch Job"))
    noise = random.Random(1)

    def save() -> None:
        value = round(noise.uniform(-27, -8), 1)
        done(acts.do_step(noise.choice(jobs), f"step-{noise.randint(1, data.STEPS)}", value))

    took = timed(save, saves)
    replica.close()
    flushed = timed(flusher(folder / "flushed"), saves)
    return {
        "documents": held,
        "saves": saves,
        **{f"p{p}_ms": round(percentile(took, p), 2) for p in (50, 95, 99)},
        **{f"disk_p{p}_ms": round(percentile(flushed, p), 2) for p in (50, 95)},
        "load": load_average(),
    }


def timed(work: Callable[[], None], times: int) -> list[float]:
    """Return how long each call took, in ms."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return took


def flusher(path: Path) -> Callable[[], None]:
    """Return what appends a page to a file and waits until it is on disk."""

    def flush() -> None:
        with path.open("ab") as file:
            file.write(bytes(FLUSHED_BYTES))
            file.flush()
            os.fsync(file.fileno())

    return flush


def fill(replica: Replica, made: Path, identities: int) -> int:
    """Put a data set and the equipment index into a replica, by the way of a snapshot."""
    documents = list(_documents(made, identities))
    replica.stage(documents, progress="", is_last=True)
    replica.swap(cursor="bench.1", seq=1)
    return len(documents)


def _documents(made: Path, identities: int) -> Iterator[Stored]:
    for row in (*rows(made, "base.jsonl"), *data.identities(identities)):
        body = body_of(row)
        if row["doctype"] == "Dispatch Job":
            body["checklist"] = list(data.steps())
        yield Stored(key_of(row["doctype"], row["name"]), row["doctype"], 1, body)


def _acts(replica: Replica, folder: Path) -> Acts:
    clock = DeviceClock()
    replica.remember(device="bench-device", technician="tech-001")
    recorder = Recorder(replica, stamp=clock.stamp, new_id=Ids(clock).new)
    blobs = BlobFolder(folder / "blobs", free_bytes=disk.free_bytes)
    return Acts(replica, recorder, blobs, now_ms=clock.now_ms, today=lambda: "")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 1 when the target is missed."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="local-save-", dir=asked.dir) as folder:
        figures = measure(Path(folder), saves=asked.saves, identities=data.IDENTITIES)
    print(describe(), file=sys.stderr)
    print(json.dumps(figures))
    return int(figures["p95_ms"] > TARGET_MS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.local_save", description=__doc__)
    parser.add_argument("--dir", type=Path, help="a folder on the disk to measure")
    parser.add_argument("--saves", type=int, default=SAVES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
