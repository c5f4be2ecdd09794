"""What was read late of a label, beside the fields that it is about: taken by a tap, or left.

Nothing here changes what stands in a field; whoever shows the fields says what a tap does there.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence

from field_app.ports import OcrRow, OcrTarget, Suggestion
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.problems import ProblemError


class Proposed(Screen):
    """The suggestions for one step or device, and the reading that is still under way."""

    def __init__(
        self,
        workspace: Workspace,
        job: str,
        target: OcrTarget,
        *,
        took: Callable[[Suggestion], Awaitable[object]],
        photos: Collection[str] | None = None,
        sift: Callable[[Sequence[Suggestion]], Sequence[Suggestion]] = lambda found: found,
    ) -> None:
        """took: what a tap on one does. photos: of these alone. sift: which are asked about."""
        super().__init__()
        self._workspace = workspace
        self._account = workspace.account
        self._job = job
        self._target = target
        self._took = took
        self._photos = photos
        self._sift = sift
        self.suggestions: Sequence[Suggestion] = ()
        self.waiting: OcrRow | None = None
        """What waits to be read for this, or could not be."""
        self.crops: dict[str, bytes] = {}
        """The part of its photo that each suggestion was read from, by reading."""

    def follow(self, tell: Callable[[], None]) -> Forget:
        """An attempt begins and ends."""
        return self._account.ocr.on_change(tell)

    @property
    def is_asking(self) -> bool:
        """Whether the server is reading the label at this moment."""
        return self.waiting is not None and self._account.ocr.asking == self.waiting.id

    async def load(self) -> None:
        """Read what is proposed, and cut out where it was read."""
        job, target = self._job, self._target
        found, rows = await self._account.read(
            lambda ask: (ask.suggestions(job, target), ask.label_readings())
        )
        self.suggestions = self._sift([one for one in found if self._counts(one.photo)])
        mine = [row for row in rows if row.job.key == job and row.target == target]
        self.waiting = next((row for row in mine if self._counts(row.photo)), None)
        for suggestion in self.suggestions:
            if suggestion.ocr not in self.crops:
                crop = await self._cut(suggestion)
                self.crops |= {suggestion.ocr: crop} if crop else {}
        self.changed()

    def _counts(self, photo: str) -> bool:
        return self._photos is None or photo in self._photos

    async def _cut(self, suggestion: Suggestion) -> bytes | None:
        name, place = suggestion.sha256, suggestion.place
        picture = await self._account.photographs.picture(name) if name else None
        if picture is None or place is None:
            return picture
        try:
            return await self._account.scanning.cut(picture, place)
        except ProblemError:
            return picture

    async def take(self, suggestion: Suggestion) -> None:
        """Put what was read in its field."""
        await self._took(suggestion)
        await self.refresh()

    async def leave(self, suggestion: Suggestion) -> None:
        """Keep what stands in the field."""
        ocr, field = suggestion.ocr, suggestion.field
        if await self._workspace.act(
            lambda acts: acts.leave_suggestion(ocr, field), said="ocr.left"
        ):
            await self.refresh()
