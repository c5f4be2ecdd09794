"""Asking the server for what is not replicated: with our session, our tags, and our patience.

An answer is kept as the bytes of its JSON under its path. 304 says that what is kept still holds.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar, cast

from pydantic import ValidationError

from field_app.ports import Picture, Told
from field_app.sync.asked import answered
from field_app.sync.events import Event, Replied
from field_app.sync.granted import Granted
from field_app.sync.kept import Kept, KeptAnswers
from field_app.sync.transport import Fetched, Transport
from field_core.canon import Body
from field_core.office.message import Message
from field_core.problems import ProblemError

M = TypeVar("M", bound=Message)
PNG: Final = "image/png"
PDF: Final = "application/pdf"
_NOT_MODIFIED: Final = 304
_GONE: Final = frozenset({"not-found", "not-allowed"})
"""Codes after which nothing of an answer may stay here: it is none of this account's business."""
Call = Callable[[str], Awaitable[Fetched | Event]]


class RemoteDesk:
    """The port `Remote` over one transport."""

    def __init__(
        self,
        transport: Transport,
        kept: KeptAnswers,
        granted: Granted,
        *,
        now_ms: Callable[[], int],
    ) -> None:
        self._transport = transport
        self._kept = kept
        self._granted = granted
        self._now_ms = now_ms

    async def kept(self, path: str, shape: type[M]) -> Told[M] | None:
        """Return what was answered last."""
        found = await asyncio.to_thread(self._kept.get, path)
        if found is None:
            return None
        try:
            return Told(shape.model_validate_json(found.content), found.at_ms, is_kept=True)
        except ValidationError:  # kept by an older version of the app
            await asyncio.to_thread(self._kept.drop, path)
            return None

    async def ask(self, path: str, shape: type[M]) -> Told[M]:
        """Ask now; raises ProblemError."""
        had = await asyncio.to_thread(self._kept.get, path)
        tag = {"If-None-Match": had.etag} if had and had.etag else {}
        replied = await self._answered(
            path, lambda access: self._transport.ask("GET", path, access=access, headers=tag)
        )
        assert isinstance(replied, Replied), "JSON was asked for"
        at_ms = self._at_ms(replied.headers)
        if replied.status == _NOT_MODIFIED and had:
            told = Told(_read(had.content, shape), at_ms)
            await self._note_standing(path, at_ms)
            return told
        content = json.dumps(replied.body).encode()
        told = Told(_read(content, shape), at_ms)
        await self._keep(path, Kept(content, replied.headers.get("etag", ""), at_ms))
        return told

    async def kept_page(self, path: str) -> Told[Picture] | None:
        """Return a page that was shown before."""
        found = await asyncio.to_thread(self._kept.get, path)
        return (
            Told(Picture(found.content, found.pages), found.at_ms, is_kept=True) if found else None
        )

    async def page(self, path: str) -> Told[Picture]:
        """Ask for a page as a picture; raises ProblemError."""
        had = await asyncio.to_thread(self._kept.get, path)
        tag = {"If-None-Match": had.etag} if had and had.etag else {}
        found = await self._answered(
            path, lambda access: self._transport.fetch(path, PNG, access=access, headers=tag)
        )
        at_ms = self._at_ms(found.headers)
        if isinstance(found, Replied):
            if found.status != _NOT_MODIFIED or had is None:
                raise ProblemError("server-unreachable")
            await self._note_standing(path, at_ms)
            return Told(Picture(had.content, had.pages), at_ms)
        pages = int(found.headers.get("x-pages", "1"))
        await self._keep(path, Kept(found.content, found.headers.get("etag", ""), at_ms, pages))
        return Told(Picture(found.content, pages), at_ms)

    async def pdf(self, path: str) -> bytes:
        """Fetch a PDF; raises ProblemError."""
        found = await self._answered(
            path, lambda access: self._transport.fetch(path, PDF, access=access, headers={})
        )
        if not isinstance(found, Fetched):
            raise ProblemError("server-unreachable")
        return found.content

    async def send(self, path: str, body: Mapping[str, object]) -> Body:
        """Have the server do something; raises ProblemError."""
        said = cast("Body", dict(body))
        replied = await self._answered(
            path, lambda access: self._transport.ask("POST", path, said, access=access)
        )
        assert isinstance(replied, Replied), "JSON was asked for"
        return replied.body if isinstance(replied.body, dict) else {}

    async def remove(self, path: str) -> None:
        """Have the server remove something; raises ProblemError."""
        await self._answered(
            path, lambda access: self._transport.ask("DELETE", path, access=access)
        )

    # --- asking

    async def _answered(self, path: str, call: Call) -> Fetched | Replied:
        """Make a call under the session; what may not stay here goes when that is said."""
        event = await self._granted.made(call)
        try:
            return _good(event)
        except ProblemError as error:
            if error.problem.code in _GONE:
                await asyncio.to_thread(self._kept.drop, path)
            raise

    def _at_ms(self, headers: Mapping[str, str]) -> int | None:
        age = headers.get("x-age-ms", "")
        return self._now_ms() - int(age) if age.isdecimal() else None

    async def _keep(self, path: str, answer: Kept) -> None:
        await asyncio.to_thread(self._kept.put, path, answer, now_ms=self._now_ms())

    async def _note_standing(self, path: str, at_ms: int | None) -> None:
        await asyncio.to_thread(self._kept.stands, path, at_ms, now_ms=self._now_ms())


def _read(content: bytes, shape: type[M]) -> M:
    """Read an answer; raises ProblemError `upgrade-needed` for one of another shape."""
    try:
        return shape.model_validate_json(content)
    except ValidationError as error:
        raise ProblemError("upgrade-needed") from error


def _good(event: Fetched | Event) -> Fetched | Replied:
    """Return a good answer; raises the ProblemError that anything else is."""
    if not isinstance(event, Fetched):
        answered(event)
        assert isinstance(event, Replied), "anything else was raised"
    return event
