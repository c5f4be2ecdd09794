"""A reader over a real replica and real pictures, with a server that answers as it is told."""

import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from PIL import Image

from field_app.device import images
from field_app.ports import OcrOf, OcrTarget, Shot
from field_app.sync.acts import Acts
from field_app.sync.ocr.reader import Edges, LabelReader
from field_app.sync.ocr.rows import Waiting, every
from field_core.operations import Jsonish
from field_core.problems import ProblemError
from tests.app.at_work import LocalAccount, bench_of


def _small(photo: bytes) -> bytes:
    kept = io.BytesIO()
    Image.open(io.BytesIO(photo)).resize((320, 240)).save(kept, "JPEG")
    return kept.getvalue()


TORN: Final = (Path(__file__).parents[2] / "fixtures" / "ocr" / "torn.jpg").read_bytes()
PICTURE: Final = _small(TORN)
"""The same, so small that a test of many attempts takes no time."""
MAC: Final = "A4:2B:B0:1C:9F:3E"
OTHER: Final = "A4:2B:B0:1C:9F:3B"
STEP: Final = OcrTarget(OcrOf.STEP, "s1")
READ: Final[Jsonish] = {
    "texts": [{"text": f"MAC: {MAC}"}, {"text": "S/N: 2236547000341"}],
    "place": [0.2, 0.2, 0.8, 0.6],
}
NOTHING: Final[Jsonish] = {}

Answer = Callable[[], Awaitable[Jsonish]]


def refusing(code: str, **details: Any) -> Answer:  # noqa: ANN401 - a problem's own details
    async def refuse() -> Jsonish:
        raise ProblemError(code, **details)

    return refuse


def saying(reply: Jsonish) -> Answer:
    async def say() -> Jsonish:
        return reply

    return say


class Desk:
    """One job whose first step is a scan."""

    def __init__(self, folder: Path, *, deadline_s: float = 5.0) -> None:
        self.account = LocalAccount(folder)
        self.key = self.account.has_job(status="On Site")
        acts = self.account.acts
        assert isinstance(acts, Acts)
        self.acts = acts
        self.answers: list[Answer] = []
        self.asked: list[Any] = []
        edges = Edges(
            self._ask,
            images.for_reading,
            now_ms=self.account.clock.now_ms,
            jitter=lambda: 1.0,
            deadline_s=deadline_s,
        )
        self.reader = LabelReader(acts, self.account.blobs, bench_of(self.account), edges)

    async def _ask(self, body: Jsonish) -> Jsonish:
        self.asked.append(body)
        return await self.answers.pop(0)()

    async def shoot(self, target: OcrTarget = STEP, *, job: str | None = None) -> str:
        """Photograph a label that no decoder reads; return the id of its reading."""
        shot = Shot(PICTURE, job or self.key, step="s1", reads=target)
        photo = await self.account.photographs.take(shot)
        await self.account.photographs.settled()
        return next(one.id for one in self.rows() if one.photo == photo)

    def rows(self) -> list[Waiting]:
        return every(self.account.replica)

    def row(self, ocr: str) -> Waiting:
        return next(one for one in self.rows() if one.id == ocr)

    def receive(self) -> None:
        """Have the server verify every picture."""
        self.account.replica.db.conn.execute("UPDATE blob SET got = size, verified_ms = 1")

    async def turn(self) -> float:
        """Let the reader do one thing; return how long it would then rest."""
        return await self.reader._turn()  # noqa: SLF001 - one step at a time

    async def read(self, *answers: Answer, target: OcrTarget = STEP) -> str:
        """Have a label go the whole way, with these answers to its attempts."""
        ocr = await self.shoot(target)
        await self.turn()
        self.receive()
        self.answers += answers
        for _ in answers:
            self.account.clock.go(3_600_000)
            await self.turn()
        await self.turn()
        return ocr

    def step(self) -> dict[str, Any]:
        found: dict[str, Any] = self.account.body(self.key)["checklist"][0]  # type: ignore[index, assignment]  # JSON
        return found
