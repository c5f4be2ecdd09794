"""The photos of a job: taken, picked, looked at, captioned, taken again; one at a time or many."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from field_app.ports import Acting, JobDetail, PhotoCard, PhotoState, Shot
from field_app.state.photos.looked_at import LookedAt
from field_app.state.place import OF_STEP
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_app.theme import ROWS_LIVE_MAX
from field_core.operations import Operation
from field_core.problems import Problem, ProblemError

_MOVING: Final = (PhotoState.ON_DEVICE, PhotoState.SENDING)


class Incoming(NamedTuple):
    """A file that was chosen; its bytes are read when they are wanted."""

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, eq=False)
class Refused:
    """A file that was not taken, and why."""

    file: Incoming
    problem: Problem

    @property
    def may_reduce(self) -> bool:
        """Whether making it smaller would do."""
        return self.problem.code == "photo-too-large"


class Photos(Screen):
    """The photos of a job, or of one of its steps when they were opened from there."""

    def __init__(self, workspace: Workspace, key: str, row: str | None = None) -> None:
        super().__init__()
        self.workspace = workspace
        self.key = key
        self.step = row.removeprefix(OF_STEP) if row and row.startswith(OF_STEP) else None
        self.job: JobDetail | None = None
        self.is_gone = False
        self.refused: list[Refused] = []
        self.taking: tuple[int, int] | None = None
        """How many of the chosen files are taken in, and of how many."""
        self.is_camera_open = False
        self.last: str | None = None
        """What the camera took last."""
        self.retaking: str | None = None
        """What the next photo is taken in the place of."""
        self.small: dict[str, bytes] = {}
        self.looked_at = LookedAt(workspace, changed=self.changed, refresh=self.refresh)
        self._cards: Sequence[PhotoCard] | None = None
        self._opened = None if self.step else row
        self._limit = ROWS_LIVE_MAX

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Documents, photos on their way, and pictures being made."""
        account = self.workspace.account
        ends = [account.on_news(tell), account.on_standing(tell)]
        ends.append(account.photographs.on_change(tell))

        def end() -> None:
            for one in ends:
                one()
            self.looked_at.leave()

        return end

    async def load(self) -> None:
        """Read the photos, and the pictures that are shown of them."""
        account, key = self.workspace.account, self.key
        self.job = await account.read(lambda ask: ask.job(key))
        self._cards = await account.read(lambda ask: ask.photos(key))
        self.is_gone = self.job is None
        for card in self.shown:
            if card.sha256 and card.sha256 not in self.small:
                small = await account.photographs.thumbnail(card.sha256)
                if small:
                    self.small[card.sha256] = small
        await self.looked_at.show(self.opened)

    # --- what is shown

    @property
    def is_loaded(self) -> bool:
        """Whether the photos were read."""
        return self._cards is not None

    @property
    def step_label(self) -> tuple[str, str]:
        """What the step is called, in French and in English."""
        steps = self.job.steps if self.job else ()
        found = [step for step in steps if step.id == self.step]
        return (found[0].label_fr, found[0].label_en) if found else ("", "")

    @property
    def every(self) -> Sequence[PhotoCard]:
        """The photos that belong here, those that were taken again last."""
        cards = [c for c in self._cards or () if self.step is None or c.step == self.step]
        return sorted(cards, key=lambda card: card.is_replaced)

    @property
    def shown(self) -> Sequence[PhotoCard]:
        """Those that are drawn."""
        return self.every[: self._limit]

    @property
    def has_more(self) -> bool:
        """Whether there are others."""
        return len(self.every) > self._limit

    async def show_more(self) -> None:
        """Draw more of them."""
        self._limit += ROWS_LIVE_MAX
        await self.refresh()

    @property
    def opened(self) -> PhotoCard | None:
        """The photo that is looked at."""
        return self._card(self._opened)

    @property
    def taken(self) -> PhotoCard | None:
        """The photo that the camera took last."""
        return self._card(self.last)

    def _card(self, name: str | None) -> PhotoCard | None:
        return next((card for card in self._cards or () if card.id == name), None)

    @property
    def is_moving(self) -> bool:
        """Whether something shown is on its way to the server."""
        return any(card.state in _MOVING for card in self.shown)

    def may_retake(self, card: PhotoCard) -> bool:
        """Tell whether a photo may be taken again; one that was already is of the past."""
        return not card.is_replaced and card.state is not PhotoState.PREPARING

    # --- adding

    def open_camera(self) -> None:
        """Make ready to take photos; refused when one would not find room."""
        try:
            self.workspace.account.photographs.check_space()
        except ProblemError as error:
            self.problem = error.problem
        else:
            self.problem, self.last, self.is_camera_open = None, None, True
        self.changed()

    def close_camera(self) -> None:
        """Go back to the photos."""
        self.is_camera_open, self.retaking = False, None
        self.changed()

    async def shoot(self, content: bytes) -> bool:
        """Keep what the camera saw; tell whether it is kept."""
        shot = Shot(content, self.key, step=self._step_of_next, replaces=self.retaking)
        taken = await self._take(shot)
        if taken:
            self.last, self.retaking = taken, None
        self.changed()
        return taken is not None

    @property
    def _step_of_next(self) -> str | None:
        """A photo taken again belongs where the first one did."""
        before = self._card(self.retaking)
        return before.step if before else self.step

    async def _take(self, shot: Shot) -> str | None:
        try:
            taken = await self.workspace.account.photographs.take(shot)
        except ProblemError as error:
            self.problem = error.problem
            return None
        self.problem = None
        return taken

    async def camera_failed(self) -> None:
        """Say that there is no picture to be had from the camera."""
        self.problem = Problem("camera-unavailable")
        self.close_camera()

    async def add(self, files: Sequence[Incoming]) -> None:
        """Take chosen files in, one after the other; those that cannot be are listed with why."""
        self.problem = None
        for number, file in enumerate(files):
            self.taking = (number, len(files))
            self.changed()
            await self._add(file)
        self.taking = None
        await self.refresh()

    async def _add(self, file: Incoming) -> None:
        photographs = self.workspace.account.photographs
        try:
            photographs.check_size(file.name, file.size)
            await photographs.take(await self._picked(file, await file.read()))
        except ProblemError as error:
            self.refused.append(Refused(file, error.problem))
        else:
            self.retaking = None

    async def _picked(self, file: Incoming, content: bytes) -> Shot:
        return Shot(
            content,
            self.key,
            name=file.name,
            step=self._step_of_next,
            replaces=self.retaking,
            is_picked=True,
        )

    async def reduce(self, refused: Refused) -> None:
        """Make a file that is too large smaller, then take it in."""
        photographs, file = self.workspace.account.photographs, refused.file
        self.refused.remove(refused)
        self.taking = (0, 1)
        self.changed()
        try:
            content = await photographs.reduce(await file.read(), file.name)
            await photographs.take(await self._picked(file, content))
        except ProblemError as error:
            self.refused.append(Refused(file, error.problem))
        self.taking = None
        await self.refresh()

    def forget(self, refused: Refused) -> None:
        """Let go of a file that was not taken."""
        self.refused.remove(refused)
        self.changed()

    # --- one photo

    async def open(self, card: PhotoCard) -> None:
        """Look at a photo."""
        self._opened = card.id
        await self.looked_at.show(card)
        self.changed()

    def back(self) -> None:
        """Leave the camera, the photo, or the photos, whichever is in front."""
        if self.is_camera_open:
            self.close_camera()
        elif self._opened:
            self._close()
            self.changed()
        else:
            self.workspace.navigator.back()

    def _close(self) -> None:
        self._opened = None
        self.looked_at.leave()

    async def caption(self, card: PhotoCard, text: str) -> None:
        """Say what a photo shows."""
        key = self.key

        def write(acts: Acting) -> Operation | Problem:
            return acts.caption_photo(key, card.id, text)

        if text.strip() != card.caption:
            await self.workspace.act(write, undo=_taken_back)  # type: ignore[misc]  # an alias of a union stays one to us, not to mypy

    def retake(self, card: PhotoCard | None) -> None:
        """Have the next photo take another one's place; that one stays to be seen."""
        self.retaking = card.id if card else None
        self._close()
        self.changed()

    async def drop(self, card: PhotoCard) -> None:
        """Take a photo away that nobody else can have seen."""
        key, name, act = self.key, card.id, self.workspace.act
        done: object
        if card.state is PhotoState.REFUSED:
            done = await act(lambda acts: acts.drop_capture(name), said="photos.dropped")
        else:
            done = await act(lambda acts: acts.drop_photo(key, name), said="photos.dropped")
        if done is not None:
            self.last = None
            self._close()
        await self.refresh()


def _taken_back(made: Operation) -> Callable[[Acting], object]:
    return lambda acts: acts.undo(made, reason="")
