"""A technician who photographs labels that nothing reads; a server reads every other one.

`python -m tests.kills.label_photographer DIR JOB SEED`: prints `kept <photo>` after each photo
whose taking has returned. What is killed is the real thing: the photo and its place in the queue,
the picture that is made, the answer that comes in, what is done with it.
"""

import asyncio
import itertools
import sys
from pathlib import Path

from field_app.device import images
from field_app.device.clock import DeviceClock
from field_app.ports import OcrOf, OcrTarget, Shot
from field_app.sync.ocr.reader import Edges, LabelReader
from field_core.operations import Jsonish
from field_core.problems import ProblemError
from tests.kills.camera_bag import CameraBag

PICTURE = (Path(__file__).parents[1] / "fixtures" / "ocr" / "torn.jpg").read_bytes()


def reader_of(bag: CameraBag) -> LabelReader:
    """Return a reader whose pictures arrive at once and whose server answers every other time."""
    answered = itertools.count()

    async def ask(_: Jsonish) -> Jsonish:
        await asyncio.sleep(0.01)
        if next(answered) % 2:
            raise ProblemError("server-unreachable")
        return {"texts": [{"text": "MAC: A4:2B:B0:1C:9F:3E"}]}

    edges = Edges(ask, images.for_reading, now_ms=DeviceClock().now_ms, jitter=lambda: 0.0)
    return LabelReader(bag.acts, bag.blobs, bag, edges)


async def work(folder: Path, job: str, seed: int) -> None:
    """Photograph labels for ever."""
    bag = CameraBag(folder, seed=seed)
    reader = reader_of(bag)
    bag.darkroom.start()
    reader.start()
    for n in itertools.count():
        target = OcrTarget(OcrOf.STEP, f"{seed}-{n}")
        shot = Shot(PICTURE + bytes([seed % 256, n % 256]), job, reads=target)
        print(f"kept {await bag.darkroom.take(shot)}", flush=True)
        await bag.look(lambda: bag.replica.db.conn.execute("UPDATE blob SET verified_ms = 1"))
        await reader.signal()
        reader.wake()
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
