"""A technician who takes one photo after the other until killed.

`python -m tests.kills.photographer DIR JOB SEED`: prints `kept <id>` after each photo whose taking
has returned, so that the parent knows what was promised. What is killed is the real thing: the
original on disk, the queue in SQLite, the picture made on another thread.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path

from field_app.ports import Shot
from tests.app.test_images import saved, scene
from tests.kills.camera_bag import CameraBag


async def work(folder: Path, job: str, seed: int) -> None:
    """Take photos for ever."""
    bag = CameraBag(folder, seed=seed)
    bag.darkroom.start()
    picture = saved(scene(1600, 1200), quality=95)
    for n in count():
        taken = await bag.darkroom.take(Shot(picture + bytes([seed % 256, n % 256]), job))
        print(f"kept {taken}", flush=True)
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
