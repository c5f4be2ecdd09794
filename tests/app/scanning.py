"""A scanner that reads what a test says, for the screens' state; the real one has its own tests."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from field_app.ports import Box, Sight
from field_app.ports.scanning import Enough
from field_core.problems import ProblemError

BOX = Box(0.1, 0.2, 0.6, 0.5)
JPEG = b"\xff\xd8\xff\xe0 a label"
MAC, GPON, GPON_HEX = "A4:2B:B0:1C:9F:3E", "TPLGA1B2C3D4", "54504C47A1B2C3D4"


@dataclass(frozen=True)
class Seen:
    """One code."""

    text: str
    symbology: str = "Code128"
    is_checked: bool = True


ONT = (Seen(MAC.replace(":", "")), Seen(GPON_HEX), Seen("XX230v", "QR"))
"""The label of T-06."""


class Told:
    """The port `Scanning`, answering each picture with the next of what it was told."""

    def __init__(self, *sights: Sequence[Seen] | str) -> None:
        self.sights = [*sights]
        self.missing: Sequence[str] = ()
        self.can_read = True
        self.is_prepared = False
        self.gate: asyncio.Event | None = None
        """While it is shut, a picture takes as long as it takes."""
        self.was_enough: list[bool] = []

    async def prepare(self) -> None:
        self.is_prepared = True

    async def look(
        self, picture: bytes, *, enough: Enough | None = None, is_live: bool = False
    ) -> Sight:
        assert picture, "a picture has bytes"
        if self.gate:
            await self.gate.wait()
        told = self.sights.pop(0) if self.sights else ()
        if isinstance(told, str):
            raise ProblemError(told)
        counted = [code for code in told if code.symbology != "doubtful"]
        self.was_enough.append(bool(enough and enough(counted)))
        doubtful = [code for code in told if code.symbology == "doubtful"]
        return Sight(counted, doubtful, BOX if counted else None, 0.02, is_out_of_time=is_live)

    async def cut(self, picture: bytes, box: Box) -> bytes:
        return picture + box.text.encode()
