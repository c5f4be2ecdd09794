"""Performs the engine's effects over HTTP: the one module that knows httpx.

Whatever is not an answer of our server is a failure with a kind: a hotel's sign-in page, a
proxy's error, silence. Calls have no total time limit; a connection that brings no byte for a
while is given up, so a slow link works and a dead one is noticed.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol

import httpx

from field_app.sync.compression import PAYS_FROM_BYTES, REPLY_BYTES_MAX, compress, decompress
from field_app.sync.events import (
    Arrived,
    BlobPiece,
    Call,
    Event,
    Failed,
    FailureKind,
    FetchRange,
    Replied,
)
from field_core.operations import Jsonish

STALL_S: Final = 20.0
"""A phone that changes cells is silent for ten seconds; beyond twenty it has lost the call."""
RANGES_MAX: Final = 3
"""Under 2 % loss a fourth stream gains nothing more, and each costs the server a connection."""
CONNECTIONS_MAX: Final = 6
KEPT_IDLE_S: Final = 300.0
"""Longer than the poll interval, so that an idle check needs no new connection."""
PIECE_BYTES: Final = 16_384
"""What arrives of a snapshot is handed on in pieces of at least this size."""
ANSWER_BYTES_MAX: Final = 16 * 1024 * 1024
HINT_STALL_S: Final = 90.0
"""The server sends a heartbeat on the hint channel every 30 seconds or less."""
OFF_LOOP_FROM_BYTES: Final = 32_768
"""Reading more JSON than this takes milliseconds, which the screen would feel."""

_OK, _NO_CONTENT, _PARTIAL, _REDIRECT, _BAD, _BROKEN = 200, 204, 206, 300, 400, 500
_NOT_MODIFIED: Final = 304
_PORTAL: Final = 511
"""RFC 6585: network authentication required."""
_PASSED_ON: Final = (
    "upload-offset",
    "upload-length",
    "retry-after",
    "location",
    "etag",
    "x-age-ms",
    "x-pages",
)


class BlobBytes(Protocol):
    """Where the bytes of photos and signatures are."""

    def piece(self, sha256: str, offset: int, size: int) -> bytes:
        """Return bytes of a blob; raises FileNotFoundError when it is no longer here."""


@dataclass(slots=True)
class Traffic:
    """What was sent and received, without headers; for people who watch a first sync."""

    requests: int = 0
    up_bytes: int = 0
    down_bytes: int = 0


class Transport:
    """One server, reached over connections that are kept open."""

    def __init__(
        self,
        server: str,
        *,
        blobs: BlobBytes | None = None,
        stall_s: float = STALL_S,
        network: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._blobs = blobs
        self._ranges = asyncio.Semaphore(RANGES_MAX)
        self._client = httpx.AsyncClient(
            base_url=server,
            transport=network,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(stall_s, pool=None),
            limits=httpx.Limits(
                max_connections=CONNECTIONS_MAX,
                max_keepalive_connections=CONNECTIONS_MAX,
                keepalive_expiry=KEPT_IDLE_S,
            ),
        )
        for name in ("accept", "accept-encoding", "connection", "user-agent"):
            del self._client.headers[name]  # an idle check is to cost a few hundred bytes
        self.traffic = Traffic()

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    # --- effects

    async def perform(self, effect: Call | FetchRange, report: Callable[[Event], None]) -> None:
        """Do what the engine asked for, and report every event that comes of it."""
        if isinstance(effect, FetchRange):
            async with self._ranges:
                await self._fetch(effect, report)
        else:
            report(await self._called(effect))

    async def _called(self, call: Call) -> Event:
        try:
            content = self._content(call)
        except OSError:
            return Failed(call.call, FailureKind.MISSING)
        try:
            return await self._asked(call, content)
        except NotOursError as error:
            return Failed(call.call, error.kind)
        except httpx.HTTPError as error:
            return Failed(call.call, kind_of(error))

    def _content(self, call: Call) -> bytes | None:
        if call.blob is not None:
            return self._piece(call.blob)
        return (
            json.dumps(call.json, separators=(",", ":"), ensure_ascii=False).encode()
            if call.json is not None
            else None
        )

    def _piece(self, piece: BlobPiece) -> bytes:
        assert self._blobs is not None, "a transport that sends blobs is given their store"
        return self._blobs.piece(piece.sha256, piece.offset, piece.size)

    async def _asked(self, call: Call, content: bytes | None) -> Replied:
        headers = {**_bearer(call.access), **call.headers}
        if call.json is not None:
            headers["Content-Type"] = "application/json"
        if content and call.blob is None:
            content = _packed(content, headers)
        async with self._exchange(call.method, call.path, headers, content) as response:
            answer = await self._read(response)
        return Replied(call.call, response.status_code, answer, _passed(response))

    @asynccontextmanager
    async def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes | None
    ) -> AsyncIterator[httpx.Response]:
        """Send a request; once more when a kept connection turns out to have been closed.

        All our calls may be repeated: operations carry numbers, pieces their offset.
        """
        request = self._client.build_request(
            method, path, content=content, headers={"Accept-Encoding": "zstd", **headers}
        )
        self.traffic.requests += 1
        self.traffic.up_bytes += len(content or b"")
        try:
            response = await self._client.send(request, stream=True)
        except httpx.RemoteProtocolError:
            response = await self._client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response) -> Jsonish:
        """Return the JSON of an answer; raises NotOursError when it is not one of our server."""
        content = await self._content_of(response)
        if len(content) > OFF_LOOP_FROM_BYTES:
            return await asyncio.to_thread(judged, response, content)
        return judged(response, content)

    # --- snapshots

    async def _fetch(self, wanted: FetchRange, report: Callable[[Event], None]) -> None:
        """Report a range piece by piece; what came before a break-off is reported as well."""
        at, held = wanted.start, bytearray()
        try:
            async with self._range(wanted) as response:
                if response.status_code != _PARTIAL:
                    report(Replied(wanted.call, response.status_code, await self._read(response)))
                    return
                async for chunk in response.aiter_raw():
                    held += chunk
                    self.traffic.down_bytes += len(chunk)
                    if len(held) >= PIECE_BYTES and at + len(held) < wanted.end:
                        report(Arrived(wanted.call, at, bytes(held)))
                        at, held = at + len(held), bytearray()
        except NotOursError as error:
            report(Failed(wanted.call, error.kind))
            return
        except httpx.HTTPError as error:
            if held:
                report(Arrived(wanted.call, at, bytes(held)))
            report(Failed(wanted.call, kind_of(error)))
            return
        if at + len(held) != wanted.end:
            report(Failed(wanted.call, FailureKind.UNREADABLE))
            return
        report(Arrived(wanted.call, at, bytes(held), is_last=True))

    @asynccontextmanager
    async def _range(self, wanted: FetchRange) -> AsyncIterator[httpx.Response]:
        headers = {
            **_bearer(wanted.access),
            "Range": f"bytes={wanted.start}-{wanted.end - 1}",
            "Accept-Encoding": "identity",
        }
        async with self._exchange("GET", wanted.path, headers, None) as response:
            is_answer = response.status_code >= _BAD
            if not is_answer and not _is_range(response, wanted):
                raise NotOursError(FailureKind.CAPTIVE)
            yield response

    # --- what else is asked of a server

    async def ask(
        self,
        method: str,
        path: str,
        body: Jsonish = None,
        *,
        access: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Event:
        """Make one call outside the engine (signing in, a rescue file); Replied or Failed."""
        return await self._called(Call(0, method, path, body, access, dict(headers or {})))

    async def send_bytes(self, path: str, content: bytes, *, access: str) -> Event:
        """Post bytes as they are (a rescue file); Replied or Failed."""
        headers = {**_bearer(access), "Content-Type": "application/octet-stream"}
        try:
            async with self._exchange("POST", path, headers, content) as response:
                return Replied(0, response.status_code, await self._read(response))
        except NotOursError as error:
            return Failed(0, error.kind)
        except httpx.HTTPError as error:
            return Failed(0, kind_of(error))

    async def fetch(
        self, path: str, media_type: str, *, access: str, headers: Mapping[str, str]
    ) -> "Fetched | Event":
        """Fetch bytes of a type (a picture, a PDF); what is no such answer is told as by `ask`."""
        try:
            async with self._exchange(
                "GET", path, {**_bearer(access), **headers}, None
            ) as response:
                is_wanted = response.status_code == _OK and _is_type(response, media_type)
                if not is_wanted:
                    answer = await self._read(response)
                    return Replied(0, response.status_code, answer, _passed(response))
                return Fetched(await self._content_of(response), _passed(response))
        except NotOursError as error:
            return Failed(0, error.kind)
        except httpx.HTTPError as error:
            return Failed(0, kind_of(error))

    async def _content_of(self, response: httpx.Response) -> bytes:
        """Return the bytes of an answer; raises NotOursError when there are too many."""
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > ANSWER_BYTES_MAX:
                raise NotOursError(FailureKind.UNREADABLE)
        self.traffic.down_bytes += len(content)
        return bytes(content)

    async def is_reachable(self) -> bool:
        """Tell whether our own server answers; a captive portal is not a connection."""
        event = await self.ask("GET", "/health")
        return isinstance(event, Replied) and event.status == _OK

    async def hints(self, access: str) -> AsyncIterator[int]:
        """Yield the feed number each time the server says there is news.

        Raises ConnectionError when the channel ends or could not be had.
        """
        timeout = httpx.Timeout(STALL_S, read=HINT_STALL_S, pool=None)
        try:
            async with self._client.stream(
                "GET", "/v1/hints", headers=_bearer(access), timeout=timeout
            ) as response:
                if not _is_type(response, "text/event-stream"):
                    raise ConnectionError("no hint channel")
                async for line in response.aiter_lines():
                    if line.startswith("data:") and line[5:].strip().isdecimal():
                        yield int(line[5:])
        except httpx.HTTPError as error:
            raise ConnectionError("the hint channel broke off") from error
        raise ConnectionError("the hint channel ended")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Bytes that were asked for, and the headers that say what they are."""

    content: bytes
    headers: Mapping[str, str]


def _passed(response: httpx.Response) -> dict[str, str]:
    return {name: response.headers[name] for name in _PASSED_ON if name in response.headers}


class NotOursError(Exception):
    """Something answered that is not our server, or not in a form we read."""

    def __init__(self, kind: FailureKind) -> None:
        super().__init__(kind)
        self.kind = kind


def judged(response: httpx.Response, content: bytes) -> Jsonish:
    """Return the JSON of our server's answer (None without content), or raise NotOursError."""
    status = response.status_code
    if status == _NOT_MODIFIED and "etag" in response.headers:
        return None  # ours alone: nobody else could name the tag of what we hold
    if _REDIRECT <= status < _BAD or status == _PORTAL:
        raise NotOursError(FailureKind.CAPTIVE)
    if not content:
        return _empty(response)
    if not _is_type(response, "application/json", "application/problem+json"):
        raise NotOursError(FailureKind.UNREACHABLE if status >= _BROKEN else FailureKind.CAPTIVE)
    try:
        plain = (
            decompress(content, size_bytes_max=REPLY_BYTES_MAX)
            if response.headers.get("content-encoding") == "zstd"
            else content
        )
        value = json.loads(plain)
    except ValueError as error:
        raise NotOursError(FailureKind.UNREADABLE) from error
    is_problem = isinstance(value, dict) and isinstance(value.get("code"), str)
    if status >= _BAD and not is_problem:
        raise NotOursError(FailureKind.UNREADABLE)
    return value


def _empty(response: httpx.Response) -> None:
    """Accept an answer without content where ours has none: uploads, and errors of a HEAD."""
    if "tus-resumable" in response.headers or response.status_code == _NO_CONTENT:
        return
    is_head = response.request.method == "HEAD"
    if is_head and _is_type(response, "application/json", "application/problem+json"):
        return
    is_broken = response.status_code >= _BROKEN
    raise NotOursError(FailureKind.UNREACHABLE if is_broken else FailureKind.CAPTIVE)


def kind_of(error: httpx.HTTPError) -> FailureKind:
    """Say what kind of failure a broken call was."""
    if isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout)):
        return FailureKind.STALLED
    refused = _certificate_refused(error)
    if refused is not None:
        # Someone stands between us and the server, unless it is the date that is not right.
        return FailureKind.CLOCK if refused.verify_code in _DATED else FailureKind.CAPTIVE
    if isinstance(error, httpx.DecodingError):
        return FailureKind.UNREADABLE
    return FailureKind.UNREACHABLE


_DATED: Final = (9, 10)
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""


def _certificate_refused(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _is_range(response: httpx.Response, wanted: FetchRange) -> bool:
    span = f"bytes {wanted.start}-{wanted.end - 1}/"
    is_span = response.headers.get("content-range", "").startswith(span)
    return response.status_code == _PARTIAL and is_span


def _is_type(response: httpx.Response, *types: str) -> bool:
    stated = response.headers.get("content-type", "").partition(";")[0].strip().casefold()
    return stated in types


def _bearer(access: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {access}"} if access else {}


def _packed(content: bytes, headers: dict[str, str]) -> bytes:
    """Compress a request's JSON when that saves something, and say so in its headers."""
    if len(content) <= PAYS_FROM_BYTES:
        return content
    headers["Content-Encoding"] = "zstd"
    return compress(content)
