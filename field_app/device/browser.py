"""The system's browser, sent to sign somebody in and led back to a port of this device (RFC 8252).

Who opens the browser is the window's affair; here are the port that it comes back to, and the
secrets that prove that what comes back was asked for here (state, nonce, PKCE verifier).
"""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from field_core.problems import ProblemError

OpenUrl = Callable[[str], Awaitable[object]]
"""Shows an address in the system's browser."""

HOST: Final = "127.0.0.1"
PATH: Final = "/back"
WAIT_S: Final = 300
"""A person looks for a password and a second factor."""
_LINE_BYTES_MAX: Final = 8_192
_NOISE_BYTES: Final = 32
_PAGE: Final = (
    "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Gigafibre</title><body style='font:18px sans-serif;margin:3em'>"
    "<p>Vous pouvez fermer cette page et revenir à l’application.</p>"
    "<p lang=en>You may close this page and return to the app.</p>"
)


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _noise() -> str:
    return _text(secrets.token_bytes(_NOISE_BYTES))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in: what only this device knows of it."""

    state: str = field(default_factory=_noise)
    nonce: str = field(default_factory=_noise)
    verifier: str = field(default_factory=_noise)

    def question(self, way: Mapping[str, Any], redirect_uri: str) -> str:
        """Return the address that the browser is sent to."""
        challenge = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": way["client_id"],
            "scope": way["scope"],
            "redirect_uri": redirect_uri,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": _text(challenge),
            "code_challenge_method": "S256",
        }
        url = str(way["authorize_url"])
        return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}"


async def fetch_code(way: Mapping[str, Any], open_url: OpenUrl) -> dict[str, str]:
    """Send the browser to the issuer; return what the server wants to know of its answer.

    Raises ProblemError `company-sign-in-refused` when it comes back without a code or not at all.
    """
    attempt = Attempt()
    async with _door(attempt.state) as (redirect_uri, answer):
        await open_url(attempt.question(way, redirect_uri))
        try:
            code = await asyncio.wait_for(answer, WAIT_S)
        except TimeoutError:
            code = ""
    if not code:
        raise ProblemError("company-sign-in-refused")
    return {
        "code": code,
        "verifier": attempt.verifier,
        "nonce": attempt.nonce,
        "redirect_uri": redirect_uri,
    }


@asynccontextmanager
async def _door(state: str) -> AsyncIterator[tuple[str, "asyncio.Future[str]"]]:
    """Listen on a port of loopback; yields the address to come back to, and the code to come."""
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = (await reader.readline())[:_LINE_BYTES_MAX].decode("latin-1")
            code = code_in(line, state)
            writer.write(_page(200 if code is not None else 404))
            await writer.drain()
            if code is not None and not answer.done():
                answer.set_result(code)
        finally:
            writer.close()

    server = await asyncio.start_server(receive, HOST, 0, limit=_LINE_BYTES_MAX)
    try:
        yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}{PATH}", answer
    finally:
        server.close()


def code_in(request_line: str, state: str) -> str | None:
    """Return the code of a genuine way back, empty when it was refused; None for anything else."""
    words = request_line.split(" ")
    if len(words) < 2 or words[0] != "GET":  # noqa: PLR2004 - a method and a target
        return None
    parts = urlsplit(words[1])
    query = parse_qs(parts.query)
    if parts.path != PATH or not secrets.compare_digest(query.get("state", [""])[-1], state):
        return None
    return query.get("code", [""])[-1]


def _page(status: int) -> bytes:
    body = _PAGE.encode() if status == 200 else b""  # noqa: PLR2004 - HTTP's own number
    head = f"HTTP/1.1 {status} -\r\ncontent-type: text/html; charset=utf-8\r\n"
    return f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body
