"""Photos from the shutter to the job: the original is on disk before anything looks into it.

What is taken waits in a queue on disk (`captures`); one task makes the pictures, in order, on
another thread, for as long as there are any. A program that was killed in between goes on with
them at its next start, and says so.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeVar

from field_app.ports import Capture, Photo, Prepared, Shot, Strokes
from field_app.sync.acts import Acts
from field_app.sync.captures import captures
from field_app.sync.fetched import FetchedPhotos
from field_app.sync.files import FREE_BYTES_MIN, BlobFolder, sha256_of
from field_app.sync.thumbnails import Thumbnails
from field_core.instants import from_text, to_text
from field_core.problems import Problem, ProblemError

T = TypeVar("T")
Forget = Callable[[], None]
_log: Final = logging.getLogger(__name__)

PHOTO_BYTES_MAX: Final = 25_000_000
"""What the server takes as one file; a phone's photo is 2 to 8 MB (T-05)."""
REDUCED_BYTES_MAX: Final = 100_000_000
"""Beyond this even reading the file would hold up a phone."""
SHOT_BYTES: Final = 16_000_000
"""Room for one original and its picture."""
_MB: Final = 1_000_000
_AHEAD: Final = timedelta(days=1)
"""A camera that dates its photos further ahead has no date set."""


class Images(Protocol):
    """What is done to pictures (`field_app.device.images`); all raise ProblemError."""

    def is_picture(self, content: bytes, /) -> bool:
        """Tell by the first bytes whether this is a kind of picture that is taken."""

    def prepare(self, content: bytes, /) -> Prepared:
        """Make the picture that is sent."""

    def reduce(self, content: bytes, /) -> bytes:
        """Make a photo over the limit small enough to take in."""

    def thumbnail(self, content: bytes, /) -> bytes:
        """Make a small picture."""

    def png_of(self, strokes: Strokes, /) -> bytes:
        """Draw a signature."""


class Bench(Protocol):
    """Where the replica is worked on: on its own thread."""

    async def look(self, work: Callable[[], T], /) -> T:
        """Return what `work` returns."""

    async def edit(self, work: Callable[[], T | Problem], /) -> T:
        """Do an act and have it sent; raises a refusal that it answers with."""


class Spares(NamedTuple):
    """Pictures that can be had again: small ones made, those of others fetched."""

    thumbnails: Thumbnails
    fetched: FetchedPhotos


class Darkroom:
    """Takes photos in and makes the pictures that are sent."""

    def __init__(
        self,
        acts: Acts,
        blobs: BlobFolder,
        images: Images,
        *,
        spares: Spares,
        free_bytes: Callable[[], int],
        zone: tzinfo,
        bench: Bench,
        uploads: Path | None = None,
    ) -> None:
        self._acts = acts
        self._blobs = blobs
        self._images = images
        self._thumbnails, self._fetched = spares
        self._free_bytes = free_bytes
        self._zone = zone
        self._bench = bench
        self._uploads = uploads
        self._listeners: list[Callable[[], None]] = []
        self._awaiting: list[Callable[[int], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._is_asked = False
        self._recovered = 0

    # --- life

    def start(self) -> None:
        """Go on with what an earlier run left, on the current loop."""
        self._task = asyncio.create_task(self._recover(), name="darkroom")

    async def stop(self) -> None:
        """Stop; what is stored stays as it is, and is gone on with at the next start."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until every picture that can be made is made."""
        while self._task and not self._task.done():
            await asyncio.shield(self._task)

    # --- taking in

    def check_space(self) -> None:
        """Raise ProblemError `photo-no-space` when a photo would not find room."""
        needed, free = SHOT_BYTES + FREE_BYTES_MIN, self._free_bytes()
        if free < needed:
            raise ProblemError("photo-no-space", free_mb=free // _MB, needed_mb=needed // _MB)

    def check_size(self, name: str, size: int) -> None:
        """Raise ProblemError `photo-too-large` for a file of so many bytes."""
        if size > PHOTO_BYTES_MAX:
            raise too_large(name, size)

    async def take(self, shot: Shot) -> str:
        """Keep a photo for good and return its id; its picture is made afterwards."""
        if not self._images.is_picture(shot.content):
            raise ProblemError("photo-not-image", name=shot.name)
        self.check_size(shot.name, len(shot.content))
        self.check_space()
        capture_id = await self._bench.edit(lambda: self._acts.capture(shot))
        self._wake()
        self._tell()
        return capture_id

    @property
    def takes_uploads(self) -> bool:
        """Whether a browser can hand files over one by one."""
        return self._uploads is not None

    async def uploaded(self, name: str) -> bytes:
        """Return a file that a browser handed over, which then is gone."""
        assert self._uploads is not None, "uploads come where there is a folder for them"
        return await asyncio.to_thread(_taken_out, self._uploads / Path(name).name)

    async def reduce(self, content: bytes, name: str) -> bytes:
        """Make a photo that is over the limit small enough to take; raises ProblemError."""
        if not self._images.is_picture(content):
            raise ProblemError("photo-not-image", name=name)
        if len(content) > REDUCED_BYTES_MAX:
            raise too_large(name, len(content), limit=REDUCED_BYTES_MAX)
        return await asyncio.to_thread(self._images.reduce, content)

    # --- the pictures

    def _wake(self) -> None:
        """Have the queue looked at, once more if it is being looked at now."""
        self._is_asked = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="darkroom")

    async def _recover(self) -> None:
        await self._bench.look(self._clean)
        left = await self._bench.look(self._waiting)
        await self._work()
        still = {one.id for one in await self._bench.look(self._everything)}
        self._recovered = sum(one.id not in still for one in left)
        self._tell_recovered()

    def _clean(self) -> None:
        self._thumbnails.clean(self._acts.replica)

    async def _work(self) -> None:
        """Make every picture that waits, and those that come meanwhile."""
        self._is_asked = True
        while self._is_asked:
            self._is_asked = False
            for capture in await self._bench.look(self._waiting):
                await self._finish(capture)
                self._tell()

    def _waiting(self) -> list[Capture]:
        return [one for one in self._everything() if one.problem is None]

    def _everything(self) -> list[Capture]:
        return captures(self._acts.replica)

    async def _finish(self, capture: Capture) -> None:
        """Make one picture and add it to its job; whatever goes wrong, the original stays."""
        try:
            prepared = await asyncio.to_thread(self._develop, capture)
            photo = self._photo(prepared, capture)
            await self._bench.edit(lambda: self._acts.finish_capture(capture.id, photo))
        except ProblemError as error:
            await self._refused(capture, error.problem)
        except Exception:  # noqa: BLE001 - one bad picture must not hold up those behind it
            _log.exception("a picture was not made; it is tried again at the next start")
        else:
            if prepared.thumbnail:
                self._thumbnails.keep(sha256_of(prepared.content), prepared.thumbnail)
            await self._bench.look(lambda: self._acts.forget_original(capture.sha256))

    def _develop(self, capture: Capture) -> Prepared:
        content = self._blobs.read(capture.sha256)
        if content is None:
            raise ProblemError("photo-damaged")
        return self._images.prepare(content)

    def _photo(self, prepared: Prepared, capture: Capture) -> Photo:
        return Photo(
            prepared.content,
            prepared.mime,
            taken_at=self._taken_at(prepared.taken, capture),
            latitude=prepared.latitude,
            longitude=prepared.longitude,
        )

    def _taken_at(self, taken: datetime | None, capture: Capture) -> str:
        """Return when a photo was taken: for one from the gallery its own time, if that can be."""
        if taken is None or not capture.is_picked:
            return capture.at
        instant = taken if taken.tzinfo else taken.replace(tzinfo=self._zone)
        return capture.at if instant > from_text(capture.at) + _AHEAD else to_text(instant)

    async def _refused(self, capture: Capture, problem: Problem) -> None:
        """Note what only a person can mend; what time mends is tried again at the next look."""
        if problem.code.startswith("photo-"):
            await self._bench.edit(lambda: self._acts.refuse_capture(capture.id, problem))
        else:
            _log.warning("a picture waits: %s", problem.code)

    # --- showing

    async def thumbnail(self, sha256: str) -> bytes | None:
        """Return a small picture; None when this device has none."""
        return await asyncio.to_thread(self._thumbnail, sha256)

    def _thumbnail(self, sha256: str) -> bytes | None:
        kept = self._thumbnails.read(sha256)
        content = None if kept else self._picture(sha256)
        if content is None:
            return kept
        try:
            made = self._images.thumbnail(content)
        except ProblemError:
            return None
        self._thumbnails.keep(sha256, made)
        return made

    async def picture(self, sha256: str) -> bytes | None:
        """Return the picture itself; None when this device does not keep it."""
        return await asyncio.to_thread(self._picture, sha256)

    def _picture(self, sha256: str) -> bytes | None:
        mine = self._blobs.read(sha256)
        return self._fetched.read(sha256) if mine is None else mine

    def png_of(self, strokes: Strokes) -> bytes:
        """Draw a signature's strokes."""
        return self._images.png_of(strokes)

    # --- telling

    def on_change(self, listener: Callable[[], None]) -> Forget:
        """Have every photo's progress told on the loop; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def on_recovered(self, listener: Callable[[int], None]) -> None:
        """Have told, once, how many photos an earlier run had left half made and now are whole."""
        self._awaiting.append(listener)
        self._tell_recovered()

    def _tell(self) -> None:
        for listener in [*self._listeners]:
            listener()

    def _tell_recovered(self) -> None:
        if self._recovered and self._awaiting:
            count, self._recovered = self._recovered, 0
            for listener in self._awaiting:
                listener(count)
        self._tell()


def _taken_out(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProblemError("photo-damaged") from error
    finally:
        path.unlink(missing_ok=True)


def too_large(name: str, size: int, *, limit: int = PHOTO_BYTES_MAX) -> ProblemError:
    """Say that a file is over a limit; the limits are in the millions, as cameras count."""
    return ProblemError(
        "photo-too-large", name=name, size_mb=-(-size // _MB), limit_mb=limit // _MB
    )
