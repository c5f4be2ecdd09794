"""The scanner as screens ask it: a worker thread reads pictures, the screen runs meanwhile."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from field_app.ports import Box, Sight
from field_app.ports.scanning import Enough
from field_app.scanner.reading import read_beside
from field_codes.codes import Code
from field_codes.framing import frame_of
from field_codes.reading import installed

LIVE_BUDGET_S: Final = 0.3
"""Of a frame of the camera's stream: the next one comes, and may be the sharper one."""

Cut = Callable[[bytes, Box], bytes]
"""Cuts a part out of a picture."""


class BesideScanner:
    """Reads pictures with what this device has."""

    def __init__(self, *, cut: Cut) -> None:
        self._cut = cut

    @property
    def missing(self) -> Sequence[str]:
        """The decoders that this device lacks, by name."""
        return installed().missing

    @property
    def can_read(self) -> bool:
        """Whether there is any decoder at all."""
        return bool(installed().modes)

    async def prepare(self) -> None:
        """Load the decoders."""
        await asyncio.to_thread(installed)

    async def look(
        self, picture: bytes, *, enough: Enough | None = None, is_live: bool = False
    ) -> Sight:
        """Read a picture; cancelling ends it soon. is_live: one frame of many, quickly."""
        budget_s = LIVE_BUDGET_S if is_live else None
        read = await read_beside(picture, enough=enough, budget_s=budget_s)
        box = box_of(read.codes, read.size)
        return Sight(read.codes, read.doubtful, box, read.took_s, read.is_out_of_time)

    async def cut(self, picture: bytes, box: Box) -> bytes:
        """Return that part of a picture, small enough to show, as a JPEG."""
        return await asyncio.to_thread(self._cut, picture, box)


def box_of(codes: Sequence[Code], size: tuple[int, int]) -> Box | None:
    """Return the place of the codes with a margin, in shares of a picture of (width, height)."""
    frame = frame_of(codes, size)
    return Box(*frame) if frame else None
