"""The office's QR code in front of the camera: the first that enrols a device ends the search."""

from collections.abc import Awaitable, Callable

from field_app.ports import Scanning
from field_app.state.screen import Screen
from field_core.enrolment import Enrolment, read_enrolment
from field_core.problems import ProblemError


class CodeFinder(Screen):
    """One search; whoever opened it is told what was found, once."""

    def __init__(self, scanning: Scanning, found: Callable[[Enrolment], Awaitable[None]]) -> None:
        super().__init__()
        self._scanning = scanning
        self._found = found
        self._is_found = False

    @property
    def wants_frames(self) -> bool:
        """Whether the camera should go on."""
        return not self._is_found and self._scanning.can_read

    async def prepare(self) -> None:
        """Load the decoders."""
        await self._scanning.prepare()
        self.changed()

    async def frame(self, picture: bytes) -> None:
        """Look at one frame; a bad one, or another code, is passed over."""
        try:
            sight = await self._scanning.look(picture, is_live=True)
        except ProblemError:
            return
        told = next((e for code in sight.codes if (e := read_enrolment(code.text))), None)
        if told and self.wants_frames:
            self._is_found = True
            await self._found(told)
