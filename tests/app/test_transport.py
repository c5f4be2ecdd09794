"""The transport over a real connection: what is ours, what is not, and what breaks (T-25)."""

# ruff: noqa: ANN401 - JSON of any shape

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from field_app.sync.compression import compress
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
from field_app.sync.files import BlobFolder
from field_app.sync.transport import PIECE_BYTES, RANGES_MAX, Transport

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
JSON = "application/json"


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[str]:
    """Serve raw bytes, as a proxy, a portal or a dying server does."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def answering(status: str, content: bytes = b"", **headers: str) -> Talk:
    """Answer every request of a connection alike."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(content)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + content

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await read_request(reader):
            writer.write(whole)
            await writer.drain()

    return talk


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Read one request with its body; empty at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.split(b":")[1]))
    return head


async def performed(talk: Talk, effect: Call | FetchRange, **options: Any) -> list[Event]:
    events: list[Event] = []
    async with talking(talk) as url:
        transport = Transport(url, **options)
        await transport.perform(effect, events.append)
        await transport.close()
    return events


SYNC = Call(1, "POST", "/v1/sync", {"proto": 1}, "token")
RANGE = FetchRange(2, "/v1/snapshots/x", 10, 40_010, "token")


async def test_json_of_our_server_is_an_answer() -> None:
    events = await performed(answering("200 OK", b'{"now_ms":1}', Content_Type=JSON), SYNC)

    assert events == [Replied(1, 200, {"now_ms": 1})]


async def test_packed_answer_is_unpacked() -> None:
    talk = answering(
        "200 OK", compress(b'{"now_ms":1}'), Content_Type=JSON, Content_Encoding="zstd"
    )

    assert await performed(talk, SYNC) == [Replied(1, 200, {"now_ms": 1})]


async def test_problem_of_our_server_is_an_answer_with_its_retry_time() -> None:
    talk = answering(
        "503 Busy", b'{"code":"busy"}', Content_Type="application/problem+json", Retry_After="7"
    )

    assert await performed(talk, SYNC) == [Replied(1, 503, {"code": "busy"}, {"retry-after": "7"})]


@pytest.mark.parametrize(
    ("status", "content", "headers", "kind"),
    [
        ("200 OK", b"<html>Bienvenue</html>", {"Content_Type": "text/html"}, "captive"),
        ("302 Found", b"", {"Location": "http://portal.example/"}, "captive"),
        ("307 Moved", b"{}", {"Content_Type": JSON, "Location": "http://x.example/"}, "captive"),
        ("511 Network Authentication Required", b"{}", {"Content_Type": JSON}, "captive"),
        ("200 OK", b"", {}, "captive"),
        ("200 OK", b"", {"Content_Type": "text/html"}, "captive"),
        ("403 Forbidden", b"<html>", {"Content_Type": "text/html"}, "captive"),
        ("404 Not Found", b'{"detail":"Not Found"}', {"Content_Type": JSON}, "unreadable"),
        ("200 OK", b"{not json", {"Content_Type": JSON}, "unreadable"),
        ("200 OK", b"xx", {"Content_Type": JSON, "Content_Encoding": "zstd"}, "unreadable"),
        ("502 Bad Gateway", b"<html>nginx</html>", {"Content_Type": "text/html"}, "unreachable"),
        ("504 Gateway Timeout", b"", {}, "unreachable"),
    ],
)
async def test_answer_that_is_not_ours_is_a_failure(
    status: str, content: bytes, headers: dict[str, str], kind: str
) -> None:
    """T-25: never an answer, so never green."""
    events = await performed(answering(status, content, **headers), SYNC)

    assert events == [Failed(1, FailureKind(kind))]


async def test_frame_that_would_fill_the_memory_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("field_app.sync.transport.REPLY_BYTES_MAX", 1000)
    talk = answering(
        "200 OK", compress(b'"' + b"x" * 100_000 + b'"'), Content_Type=JSON, Content_Encoding="zstd"
    )

    assert await performed(talk, SYNC) == [Failed(1, FailureKind.UNREADABLE)]


async def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    events: list[Event] = []
    transport = Transport(url)

    await transport.perform(SYNC, events.append)

    assert events == [Failed(1, FailureKind.UNREACHABLE)]
    await transport.close()


async def test_silence_is_given_up_after_the_stall_time() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await asyncio.sleep(5)

    assert await performed(silent, SYNC, stall_s=0.1) == [Failed(1, FailureKind.STALLED)]


async def test_slow_answer_that_keeps_coming_is_not_given_up() -> None:
    """There is no total time limit: a slow link works."""

    async def trickling(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n"
        )
        for byte in b'{"now_ms":1}':
            await asyncio.sleep(0.03)
            writer.write(bytes([byte]))
            await writer.drain()

    assert await performed(trickling, SYNC, stall_s=0.2) == [Replied(1, 200, {"now_ms": 1})]


async def test_connection_closed_while_idle_is_opened_again() -> None:
    served = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(await read_request(reader))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        )
        await writer.drain()
        await read_request(reader)  # the next request is read and the line dropped: no answer

    events: list[Event] = []
    async with talking(once) as url:
        transport = Transport(url)
        await transport.perform(SYNC, events.append)
        await transport.perform(SYNC, events.append)
        await transport.close()

    assert events == [Replied(1, 200, {}), Replied(1, 200, {})]
    assert len(served) == 2


async def test_idle_request_is_lean() -> None:
    seen = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        )
        await writer.drain()

    await performed(talk, SYNC)

    names = {line.split(b":")[0].lower() for line in seen[0].split(b"\r\n")[1:] if b":" in line}
    names.discard(b'{"proto"')
    assert names == {
        b"host",
        b"authorization",
        b"accept-encoding",
        b"content-type",
        b"content-length",
    }


async def test_large_request_is_packed_and_says_so() -> None:
    seen = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        )
        await writer.drain()

    await performed(talk, Call(1, "POST", "/v1/sync", {"ops": ["the same words"] * 100}))

    assert b"content-encoding: zstd" in seen[0].lower()
    assert len(seen[0]) < 400


# --- snapshot ranges


def ranged(content: bytes, *, cut: int | None = None) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        asked = request.split(b"bytes=")[1].split(b"\r\n")[0].decode()
        first, last = map(int, asked.split("-"))
        body = content[first : last + 1]
        writer.write(
            f"HTTP/1.1 206 Partial\r\nContent-Type: application/zstd\r\nContent-Range: "
            f"bytes {first}-{last}/{len(content)}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body[:cut]
        )
        await writer.drain()

    return talk


async def test_range_arrives_in_pieces_that_join_to_the_whole() -> None:
    content = bytes(range(256)) * 400

    events = await performed(ranged(content), RANGE)

    arrived = [e for e in events if isinstance(e, Arrived)]
    assert b"".join(e.data for e in arrived) == content[10:40_010]
    assert [e.offset for e in arrived] == [
        10 + sum(len(e.data) for e in arrived[:i]) for i in range(len(arrived))
    ]
    assert [e.is_last for e in arrived] == [False] * (len(arrived) - 1) + [True]
    assert all(len(e.data) >= PIECE_BYTES for e in arrived[:-1])


async def test_range_cut_short_hands_on_what_came_and_fails() -> None:
    content = bytes(60_000)

    events = await performed(ranged(content, cut=20_000), RANGE)

    arrived = [e for e in events if isinstance(e, Arrived)]
    assert sum(len(e.data) for e in arrived) == 20_000
    assert not any(e.is_last for e in arrived)
    assert events[-1] == Failed(2, FailureKind.UNREACHABLE)


@pytest.mark.parametrize(
    "talk",
    [
        answering("200 OK", b"<html>", Content_Type="text/html"),
        answering("200 OK", b"whole file", Content_Type="application/zstd"),
        answering("206 Partial", b"x", Content_Range="bytes 0-0/1"),
        answering("302 Found", b"", Location="http://portal.example/"),
    ],
)
async def test_range_that_is_not_the_one_asked_for_is_refused(talk: Talk) -> None:
    assert await performed(talk, RANGE) == [Failed(2, FailureKind.CAPTIVE)]


async def test_range_refused_by_our_server_is_an_answer() -> None:
    talk = answering("404 Gone", b'{"code":"not-found"}', Content_Type="application/problem+json")

    assert await performed(talk, RANGE) == [Replied(2, 404, {"code": "not-found"})]


async def test_no_more_than_three_ranges_are_fetched_at_a_time() -> None:
    under_way, most = 0, 0

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.01)
            under_way -= 1
            return httpx.Response(
                206,
                stream=httpx.ByteStream(b"x"),
                request=request,
                headers={"Content-Range": "bytes 0-0/1"},
            )

    transport = Transport("http://server", network=Slow())
    wanted = [FetchRange(n, "/v1/snapshots/x", 0, 1) for n in range(9)]
    await asyncio.gather(*(transport.perform(w, lambda _: None) for w in wanted))
    await transport.close()

    assert most == RANGES_MAX


# --- blobs


async def test_piece_of_a_blob_is_read_and_sent_as_it_is(tmp_path: Path) -> None:
    folder = BlobFolder(tmp_path, free_bytes=lambda _: 1 << 40)
    kept = folder.keep(b"0123456789")
    seen = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(b"HTTP/1.1 204 No Content\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 7\r\n\r\n")
        await writer.drain()

    call = Call(
        4,
        "PATCH",
        f"/v1/blobs/{kept.sha256}",
        blob=BlobPiece(kept.sha256, 3, 4),
        headers={"Upload-Offset": "3"},
    )
    events = await performed(talk, call, blobs=folder)

    assert events == [Replied(4, 204, None, {"upload-offset": "7"})]
    assert seen[0].endswith(b"\r\n\r\n3456")


async def test_blob_that_is_no_longer_here_fails_as_missing(tmp_path: Path) -> None:
    folder = BlobFolder(tmp_path, free_bytes=lambda _: 1 << 40)
    call = Call(4, "PATCH", "/v1/blobs/aa", blob=BlobPiece("aa", 0, 4))

    assert await performed(answering("204 No Content"), call, blobs=folder) == [
        Failed(4, FailureKind.MISSING)
    ]


async def test_head_of_an_unknown_blob_is_an_answer() -> None:
    talk = answering("404 Not Found", Tus_Resumable="1.0.0")

    assert await performed(talk, Call(4, "HEAD", "/v1/blobs/aa")) == [Replied(4, 404)]


async def test_head_answered_by_a_portal_is_a_failure() -> None:
    talk = answering("200 OK", Content_Type="text/html", Upload_Offset="5")

    assert await performed(talk, Call(4, "HEAD", "/v1/blobs/aa")) == [
        Failed(4, FailureKind.CAPTIVE)
    ]
