"""Calling an ASGI app directly: no socket, no client library, so a step costs microseconds."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

App = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, None when it is empty or no JSON."""
        if not self.content or "json" not in self.headers.get("content-type", ""):
            return None
        return json.loads(self.content)


async def call(
    app: App, method: str, path: str, *, headers: dict[str, str] | None = None, content: bytes = b""
) -> Answer:
    """Send one request and collect the whole answer."""
    url = urlsplit(path)
    raw = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    raw.append((b"content-length", str(len(content)).encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "path": url.path,
        "raw_path": url.path.encode(),
        "scheme": "http",
        "query_string": url.query.encode(),
        "root_path": "",
        "headers": raw,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    sent: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": content, "more_body": False}
    ]
    start: MutableMapping[str, Any] = {}
    body = bytearray()

    async def receive() -> MutableMapping[str, Any]:
        return sent.pop() if sent else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    found = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], found, bytes(body))
