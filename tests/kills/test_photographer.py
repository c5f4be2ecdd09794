"""Killed between the original and the photo of the job: nothing is lost, nothing is there twice."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from field_app.sync.captures import captures
from field_app.sync.files import sha256_of
from tests.app.making import change, job, key, reply
from tests.architecture.project import ROOT
from tests.kills.camera_bag import CameraBag

KILLS = 4
STARTING_S_MAX = 60


def work_until_killed(
    folder: Path, *, seed: int, after_s: float, who: str = "photographer"
) -> list[str]:
    """Run a photographer, kill it so long after its first photo; return what it promised."""
    program = subprocess.Popen(
        [sys.executable, "-m", f"tests.kills.{who}", str(folder), key(1), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    first = program.stdout.readline()
    time.sleep(after_s)
    program.send_signal(signal.SIGKILL)
    said, _ = program.communicate(timeout=STARTING_S_MAX)
    assert program.returncode == -signal.SIGKILL
    return [line.split()[1] for line in (first + said).splitlines() if line.startswith("kept ")]


@pytest.mark.timeout(300)
async def test_photo_promised_is_there_once_whenever_the_program_was_killed(tmp_path: Path) -> None:
    draw = random.Random(20261121)
    bag = CameraBag(tmp_path, seed=999)
    bag.replica.apply(reply([change(1, job())]), now_ms=0)
    bag.close()

    promised: list[str] = []
    for seed in range(KILLS):
        promised += work_until_killed(tmp_path, seed=seed, after_s=draw.uniform(0.0, 0.6))

    bag = CameraBag(tmp_path, seed=1000)
    left = len(captures(bag.replica))
    bag.darkroom.start()
    await bag.darkroom.settled()
    held = bag.replica.document(key(1))
    assert held is not None
    rows: list[Any] = list(held.body["photos"])  # type: ignore[arg-type]  # JSON
    ids = [row["id"] for row in rows]

    assert left > 0, "a kill fell between the original and the photo"
    assert set(promised) <= set(ids)
    assert len(ids) == len(set(ids))
    assert captures(bag.replica) == []
    assert bag.replica.outbox.pending_count() == len(ids)
    for row in rows:
        assert sha256_of(bag.blobs.read(row["sha256"]) or b"") == row["sha256"]
    assert bag.replica.db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    bag.close()
