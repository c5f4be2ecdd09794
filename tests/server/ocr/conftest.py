"""A house whose labels are read by the stand-in for Gemini, over its real client library."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
import pytest
from PIL import Image

from server_sync.erp import Breaker
from server_sync.ocr.answers import Answers
from server_sync.ocr.bench import KEY, MODEL, URL, Bench, Fault, looks, recorded
from server_sync.ocr.gemini import Gemini
from server_sync.ocr.service import Clocks, Ocr
from server_sync.ocr.spending import Allowance, Spending
from tests.server.http.house import House, house_in

FIXTURES: Final = Path(__file__).resolve().parents[2] / "fixtures"
TORN: Final = (FIXTURES / "ocr" / "torn.jpg").read_bytes()
WORN: Final = (FIXTURES / "ocr" / "worn.jpg").read_bytes()
HOSTILE: Final = (FIXTURES / "ocr" / "hostile.jpg").read_bytes()


MAC: Final = "A4:2B:B0:1C:9F:3E"
ALLOWANCE: Final = Allowance(each=5, together=8)


def blank(number: int) -> bytes:
    """Return a small picture of nothing, one of several: where only the way of it is looked at."""
    return _jpeg(Image.linear_gradient("L").rotate(90 * number).resize((160, 120)))


def unknown() -> bytes:
    """Return one that the stand-in has never seen: nothing is legible on it."""
    return _jpeg(Image.radial_gradient("L").resize((160, 120)))


def _jpeg(picture: Image.Image) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG")
    return kept.getvalue()


def sample(number: str) -> bytes:
    """Return one of the development photos."""
    return next((FIXTURES / "scanner").glob(f"{number}_*")).read_bytes()


@dataclass
class Logged:
    """A log that can be read."""

    lines: list[str] = field(default_factory=list)

    def info(self, event: str, **facts: object) -> None:
        self.lines.append(f"{event} {facts}")

    warning = exception = info


@dataclass
class Desk:
    """The reading of labels in one house, with everything that a test turns."""

    house: House
    bench: Bench
    allowance: Allowance = ALLOWANCE
    has_model: bool = True
    deadline_s: float = 5.0
    log: Logged = field(default_factory=Logged)

    def __post_init__(self) -> None:
        store, clock = self.house.server.store, self.house.clock
        http = httpx.AsyncClient(transport=httpx.ASGITransport(self.bench))
        self.ocr = Ocr(
            self.house.server.blobs,
            Answers(store.database, now_ms=clock.now_ms),
            Spending(
                store.database,
                self.allowance,
                now_ms=clock.now_ms,
                zone=ZoneInfo("America/Toronto"),
            ),
            model=Gemini(key=KEY, model=MODEL, url=URL, http=http) if self.has_model else None,
            breaker=Breaker(rand=lambda: 1.0),
            clocks=Clocks(clock.now_ms, lambda: 0.0, self.deadline_s),
            run=self.house.server.context.run,
            log=self.log,
        )

    def upload(self, content: bytes, mime: str = "image/jpeg") -> str:
        """Have a picture here, as if a device had sent it."""
        name = hashlib.sha256(content).hexdigest()
        blobs = self.house.server.blobs
        if not blobs.begin(name, size=len(content), mime=mime, account="marc").is_done:
            blobs.receive(name, offset=0, piece=content)
        return name

    async def read(self, content: bytes, *, who: str = "marc") -> list[str]:
        """Return the texts of a picture."""
        reply = await self.ocr.read(self.upload(content), who=who)
        return [one.text for one in reply.texts]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(tmp_path) as made:
        yield made


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, legible())


def legible(*faults: Fault) -> Bench:
    """Return a stand-in that reads the same MAC on every blank picture, and what is recorded."""
    blanks = [(looks(blank(n)), {"lines": [f"MAC: {MAC}"]}) for n in range(4)]
    return Bench([*recorded(), *blanks], faults=faults)


def knowing(picture: bytes, page: Any) -> Bench:  # noqa: ANN401 - whatever a model may answer
    """Return a stand-in that gives one page for one picture."""
    return Bench([(looks(picture), page)])
