"""A link to a server that has photos, as bad as a test wants it."""

import asyncio
from collections.abc import Callable

from field_app.sync.events import Arrived, Call, Event, Failed, FailureKind, FetchRange, Replied

PIECE = 100


class StagedLink:
    """A performer: it brings what `photos` holds, in pieces, and breaks off where it is told to."""

    def __init__(self) -> None:
        self.photos: dict[str, bytes] = {}
        self.cuts: list[int] = []
        """After how many pieces each of the next calls breaks off."""
        self.is_slow = False
        """Whether no piece comes after the first one of a call."""
        self.failure: FailureKind | None = None
        self.problem: str | None = None
        self.asked: list[FetchRange] = []

    async def perform(self, effect: Call | FetchRange, report: Callable[[Event], None]) -> None:
        assert isinstance(effect, FetchRange), "photos are fetched by range"
        self.asked.append(effect)
        content = self.photos.get(effect.path.rpartition("/")[2])
        if self.failure:
            report(Failed(effect.call, self.failure))
        elif self.problem or content is None:
            report(Replied(effect.call, 404, {"code": self.problem or "blob-missing"}))
        else:
            await self._bring(content[: effect.end], effect, report)

    async def _bring(
        self, content: bytes, effect: FetchRange, report: Callable[[Event], None]
    ) -> None:
        starts = range(effect.start, effect.end, PIECE)
        pieces = self.cuts.pop(0) if self.cuts else len(starts)
        for at in starts[:pieces]:
            await (asyncio.Event().wait() if self.is_slow and at > effect.start else _a_while())
            end = min(at + PIECE, effect.end)
            report(Arrived(effect.call, at, content[at:end], is_last=end == effect.end))
        if pieces < len(starts):
            report(Failed(effect.call, FailureKind.STALLED))


async def _a_while() -> None:
    await asyncio.sleep(0)
