"""Reading one label: kept answers first, then its codes, then the model; each picture once.

A question goes on when whoever asked has hung up: a device gives up after eight seconds, and finds
the answer kept when it asks again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from field_core.ocr import DEADLINE_S, TEXTS_MAX, OcrReply, label_of
from field_core.problems import ProblemError
from server_sync.blobs import Blobs
from server_sync.erp import Breaker
from server_sync.logs import Log
from server_sync.ocr.answers import Answers
from server_sync.ocr.codes import codes_in
from server_sync.ocr.model import LabelModel, ModelBusyError, ModelRefusedError
from server_sync.ocr.page import VERSION, reply_of
from server_sync.ocr.spending import Spending
from server_sync.ports import RunBlocking

CODES_VERSION: Final = "codes-2"
BUSY_S: Final = 30
"""When to come again, where the model does not say."""
REFUSED_MS: Final = 3_600_000
"""A key that is refused stays refused until somebody in the office acts."""
PICTURES_AT_ONCE: Final = 2
"""Each takes a core for up to a second and a half, and 100 MB."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time that is stored, the one that is measured with, and how long the model may take."""

    now_ms: Callable[[], int]
    now_s: Callable[[], float]
    deadline_s: float = DEADLINE_S


class Ocr:
    """Reads labels; without a model it reads their codes and says that nothing else is set up."""

    def __init__(
        self,
        blobs: Blobs,
        answers: Answers,
        spending: Spending,
        *,
        model: LabelModel | None,
        breaker: Breaker,
        clocks: Clocks,
        run: RunBlocking,
        log: Log,
    ) -> None:
        self._blobs = blobs
        self._answers = answers
        self._spending = spending
        self._model = model
        self._breaker = breaker
        self._clocks = clocks
        self._run = run
        self._log = log
        self._under_way: dict[str, asyncio.Task[OcrReply]] = {}
        self._places = asyncio.Semaphore(PICTURES_AT_ONCE)

    @property
    def has_model(self) -> bool:
        """Whether text can be read, and not only codes."""
        return self._model is not None

    async def read(self, sha256: str, *, who: str) -> OcrReply:
        """Return the texts of the label on an uploaded picture.

        Raises ProblemError: `blob-missing`, `photo-…`, `too-large`; `ocr-off`, `ocr-busy`,
        `ocr-spent` where no code tells the device and the model cannot be asked.
        """
        task = self._under_way.get(sha256)
        if task is None:
            task = asyncio.create_task(self._read(sha256, who), name="ocr")
            self._under_way[sha256] = task
            task.add_done_callback(lambda done: self._ended(sha256, done))
        return await asyncio.shield(task)

    def _ended(self, sha256: str, task: "asyncio.Task[OcrReply]") -> None:
        del self._under_way[sha256]
        if not task.cancelled():
            task.exception()  # whoever asked may be gone; a refusal that nobody hears is no fault

    async def _read(self, sha256: str, who: str) -> OcrReply:
        codes = await self._codes(sha256)
        if label_of(codes.texts).identifies:
            return codes
        lines = await self._lines(sha256, who)
        texts = (*codes.texts, *lines.texts)[:TEXTS_MAX]
        return OcrReply(texts=texts, place=lines.place or codes.place)

    async def close(self) -> None:
        """End what is under way."""
        tasks = [*self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def sweep(self) -> None:
        """Drop answers and counts of long ago."""
        self._answers.sweep()
        self._spending.sweep()

    # --- codes

    async def _codes(self, sha256: str) -> OcrReply:
        kept = await self._run(lambda: self._answers.get(sha256, CODES_VERSION))
        if kept is not None:
            return kept
        content = await self._content(sha256)
        async with self._places:
            found = await asyncio.to_thread(codes_in, content, now_s=self._clocks.now_s)
        return await self._kept(sha256, CODES_VERSION, found)

    async def _content(self, sha256: str) -> bytes:
        content = await self._run(lambda: self._blobs.verified(sha256))
        if content is None:
            raise ProblemError("blob-missing")
        return content

    async def _kept(self, sha256: str, version: str, reply: OcrReply) -> OcrReply:
        await self._run(lambda: self._answers.keep(sha256, version, reply), writes=True)
        return reply

    # --- lines

    async def _lines(self, sha256: str, who: str) -> OcrReply:
        model = self._model
        if model is None:
            raise ProblemError("ocr-off")
        version = f"{VERSION}|{model.name}"
        kept = await self._run(lambda: self._answers.get(sha256, version))
        if kept is not None:
            return kept
        if self._breaker.is_open(self._clocks.now_ms()):
            raise ProblemError("ocr-busy", after_s=BUSY_S)
        await self._run(lambda: self._spending.spend(who), writes=True)
        if not self._breaker.allows(self._clocks.now_ms()):  # another question is the probe
            raise ProblemError("ocr-busy", after_s=BUSY_S)
        return await self._kept(sha256, version, await self._asked(model, sha256))

    async def _asked(self, model: LabelModel, sha256: str) -> OcrReply:
        """Ask the model, for eight seconds and not longer, and note how that went."""
        content = await self._content(sha256)
        try:
            async with asyncio.timeout(self._clocks.deadline_s):
                page = await model.read(content, _mime(content))
        except TimeoutError:
            raise self._failed("timeout") from None
        except ModelBusyError as error:
            raise self._failed(str(error), after_s=error.after_s) from error
        except ModelRefusedError as error:
            self._failed(str(error))
            self._breaker.hold(self._clocks.now_ms() + REFUSED_MS)
            self._log.warning("label model refuses: check its key, name and address")
            raise ProblemError("ocr-off") from error
        except Exception as error:  # a vendor's surprise must not leave the breaker's probe open
            raise self._failed(type(error).__name__) from error
        self._breaker.succeeded()
        return reply_of(page) if page else OcrReply()

    def _failed(self, reason: str, *, after_s: float | None = None) -> ProblemError:
        now_ms = self._clocks.now_ms()
        self._breaker.failed(now_ms)
        if after_s:
            self._breaker.hold(now_ms + int(after_s * 1000))
        self._log.warning("label model did not answer", reason=reason)
        return ProblemError("ocr-busy", after_s=round(after_s or BUSY_S))


def _mime(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "image/png"
    return "image/webp" if content[:4] == b"RIFF" else "image/jpeg"
