"""The scanner, loaded when it is first wanted.

NumPy, OpenCV and the decoders take half a second and sixty megabytes, which a day without a label
does not need.
"""

import asyncio
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from field_app.device import images
from field_app.ports import Box, Scanning, Sight
from field_app.ports.scanning import Enough
from field_core.problems import ProblemError


class LateScanner:
    """The port `Scanning` before and after it is loaded; where it cannot be, labels are typed."""

    def __init__(self, *, package: str = "field_app.scanner") -> None:
        self._package = package
        self._scanner: Scanning | None = None
        self._lacks: Sequence[str] = ()

    async def prepare(self) -> None:
        """Load what there is, on another thread."""
        if self._scanner is None and not self._lacks:
            await asyncio.to_thread(self._load)

    def _load(self) -> None:
        try:
            package: Any = import_module(self._package)
            self._scanner = package.BesideScanner(cut=images.cut)
            package.installed()
        except ImportError as error:  # NumPy is not everywhere
            self._lacks = (error.name or self._package,)

    @property
    def missing(self) -> Sequence[str]:
        """The decoders that this device lacks, by name; none before they were looked for."""
        return self._scanner.missing if self._scanner else self._lacks

    @property
    def can_read(self) -> bool:
        """Whether there is any decoder at all, as far as is known."""
        return self._scanner.can_read if self._scanner else not self._lacks

    async def look(
        self, picture: bytes, *, enough: Enough | None = None, is_live: bool = False
    ) -> Sight:
        """Read a picture; raises ProblemError."""
        return await (await self._ready()).look(picture, enough=enough, is_live=is_live)

    async def cut(self, picture: bytes, box: Box) -> bytes:
        """Return that part of a picture; raises ProblemError."""
        return await (await self._ready()).cut(picture, box)

    async def _ready(self) -> Scanning:
        await self.prepare()
        if self._scanner is None:
            raise ProblemError("scanner-missing", missing=", ".join(self._lacks))
        return self._scanner
