"""The labels that wait to be read: what blocks each, how long it waits, and giving it up."""

from collections.abc import Callable, Sequence

from field_app.ports import OcrOf, OcrRow, OcrState
from field_app.state.place import Part, Place, Room
from field_app.state.screen import Forget, Screen, every
from field_app.state.workspace import Workspace


class LabelReadings(Screen):
    """The queue, newest first."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._account = workspace.account
        self.rows: Sequence[OcrRow] | None = None
        """What was read; None until then."""
        self.is_held = False
        """Whether pictures wait for Wi-Fi."""

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Documents change, attempts begin and end, signal comes and goes."""
        return every(
            self._account.on_news(tell),
            self._account.on_standing(tell),
            self._account.ocr.on_change(tell),
        )

    async def load(self) -> None:
        """Read the queue."""
        self.rows = await self._account.read(lambda ask: ask.label_readings())
        self.is_held = self._account.ocr.is_held

    @property
    def is_offline(self) -> bool:
        """Whether nothing reaches the server now."""
        return self._account.standing.failure is not None

    def state_of(self, row: OcrRow) -> OcrState:
        """Return how far a reading has come, the attempt of this moment included."""
        return OcrState.ASKING if self._account.ocr.asking == row.id else row.state

    def pause_s(self, row: OcrRow) -> int:
        """Return in how many seconds a waiting reading is tried again."""
        return max(0, -(-(row.next_ms - self._workspace.now_ms()) // 1000))

    async def cancel(self, row: OcrRow) -> None:
        """Give a reading up; its photo stays with the job."""
        ocr = row.id
        await self._workspace.act(lambda acts: acts.cancel_reading(ocr), said="ocr.cancelled")

    async def retry(self, row: OcrRow) -> None:
        """Try a reading again now."""
        ocr = row.id
        await self._workspace.act(lambda acts: acts.retry_reading(ocr), said="ocr.retried")

    def open(self, row: OcrRow) -> None:
        """Go to where the label's identity is written down."""
        if row.job.key is None:
            return
        is_step = row.target.of is OcrOf.STEP
        part, name = (Part.STEPS, row.target.id) if is_step else (Part.EQUIPMENT, None)
        self._workspace.navigator.go(Place(Room.TODAY, row.job.key, part, name))
