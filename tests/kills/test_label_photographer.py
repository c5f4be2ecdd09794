"""Killed anywhere between the photo of a label and what was read of it: nothing lost or doubled."""

import random
from pathlib import Path

import pytest

from field_app.ports import OcrState
from field_app.sync.files import sha256_of
from field_app.sync.ocr.rows import every
from tests.app.making import change, job, reply
from tests.kills.camera_bag import CameraBag
from tests.kills.label_photographer import reader_of
from tests.kills.test_photographer import work_until_killed

KILLS = 3


@pytest.mark.timeout(300)
async def test_label_promised_to_be_read_is_in_the_queue_whenever_the_program_was_killed(
    tmp_path: Path,
) -> None:
    """SC-02."""
    draw = random.Random(20261121)
    bag = CameraBag(tmp_path, seed=999)
    bag.replica.apply(reply([change(1, job())]), now_ms=0)
    bag.close()

    promised: list[str] = []
    for seed in range(KILLS):
        promised += work_until_killed(
            tmp_path, seed=seed, after_s=draw.uniform(0.1, 0.9), who="label_photographer"
        )

    bag = CameraBag(tmp_path, seed=1000)
    readings = every(bag.replica)
    photos = [reading.photo for reading in readings]
    assert {*promised} <= {*photos}
    assert len(photos) == len({*photos})
    assert {reading.target.id for reading in readings} >= {f"{seed}-0" for seed in range(KILLS)}
    for reading in readings:
        kept = bag.blobs.read(reading.picture or reading.original)
        assert sha256_of(kept or b"") == (reading.picture or reading.original)
    assert bag.replica.db.execute("PRAGMA quick_check").fetchone() == ("ok",)

    reader = reader_of(bag)
    for _ in range(6 * len(readings)):
        bag.replica.db.conn.execute("UPDATE blob SET verified_ms = 1")
        bag.replica.db.conn.execute("UPDATE ocr SET next_ms = 0")
        await reader._turn()  # noqa: SLF001 - one step at a time
    assert {reading.state for reading in every(bag.replica)} == {OcrState.READ}
    bag.close()
