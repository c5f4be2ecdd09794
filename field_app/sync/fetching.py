"""One photo from the server: gone on with where it was cut, shown only when it is the right one.

What came is kept as it comes, so that neither a link that breaks off nor a program that ends
makes a technician wait for the same bytes twice.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from field_app.sync.asked import answered
from field_app.sync.events import Arrived, Event, Failed, FetchRange
from field_app.sync.fetched import FetchedPhotos, is_name
from field_app.sync.files import sha256_of
from field_app.sync.granted import Granted
from field_app.sync.runner import Performer
from field_core.problems import ProblemError

_NOT_OURS: Final = frozenset({"blob-missing", "not-allowed"})
"""Codes after which nothing of a photo may stay here."""
Tell = Callable[[int], None]


class PhotoFetcher:
    """The port `Fetching` over one transport."""

    def __init__(
        self,
        performer: Performer,
        fetched: FetchedPhotos,
        granted: Granted,
        *,
        is_held: Callable[[], bool],
        look: Callable[[], None],
    ) -> None:
        """look: has the engine look for the server, so that everybody hears that it is away."""
        self._look = look
        self._performer = performer
        self._fetched = fetched
        self._granted = granted
        self._is_held = is_held
        self._turn = asyncio.Lock()

    @property
    def is_held(self) -> bool:
        """Whether photos wait for a network that is not the phone's own."""
        return self._is_held()

    async def fetch(self, sha256: str, size: int, tell: Tell) -> bytes:
        """Return a photo of so many bytes; raises ProblemError.

        One at a time: two would share a slow link and both be late. tell: how many bytes are here.
        """
        if not is_name(sha256):
            raise ProblemError("blob-missing")
        async with self._turn:
            content = await asyncio.to_thread(self._fetched.read, sha256)
            return content if content is not None else await self._fetch(sha256, size, tell)

    async def _fetch(self, sha256: str, size: int, tell: Tell) -> bytes:
        arriving = _Arriving(self._fetched, sha256, size, tell)
        try:
            while not arriving.is_whole:
                await self._go_on(arriving)
        except ProblemError as error:
            if error.problem.code in _NOT_OURS:
                self._fetched.drop(sha256)
            elif error.problem.code == "server-unreachable":
                self._look()
            raise
        content = bytes(arriving.content)
        if await asyncio.to_thread(sha256_of, content) != sha256:
            self._fetched.drop(sha256)
            raise ProblemError("blob-mismatch")
        await asyncio.to_thread(self._fetched.finish, sha256, content)
        return content

    async def _go_on(self, arriving: "_Arriving") -> None:
        """Ask for what is missing; a link that brought something before it broke off may again."""
        had = len(arriving.content)
        ended = await self._granted.made(lambda access: self._ranged(arriving, access))
        is_cut = isinstance(ended, Failed) and len(arriving.content) > had
        if not isinstance(ended, Arrived) and not is_cut:
            answered(ended)
            raise ProblemError("not-our-server")  # neither bytes nor a problem: no server of ours

    async def _ranged(self, arriving: "_Arriving", access: str) -> Event:
        """Fetch a range; return the event that ended it."""
        ended: list[Event] = []

        def report(event: Event) -> None:
            if isinstance(event, Arrived):
                arriving.take(event)
            ended[:] = [event]

        await self._performer.perform(arriving.rest(access), report)
        return ended[0]


class _Arriving:
    """A photo and what has come of it."""

    def __init__(self, fetched: FetchedPhotos, sha256: str, size: int, tell: Tell) -> None:
        self._fetched = fetched
        self._sha256 = sha256
        self._size = size
        self._tell = tell
        self.content = bytearray(fetched.part(sha256)[:size])

    @property
    def is_whole(self) -> bool:
        """Whether every byte is here."""
        return len(self.content) >= self._size

    def rest(self, access: str) -> FetchRange:
        """Return the range that is missing."""
        path = f"/v1/blobs/{self._sha256}"
        return FetchRange(0, path, len(self.content), self._size, access)

    def take(self, piece: Arrived) -> None:
        """Take the next bytes."""
        self._fetched.add(self._sha256, len(self.content), piece.data)
        self.content += piece.data
        self._tell(len(self.content))
