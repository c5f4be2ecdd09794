"""Stands in for Gemini where there is no key: answers in its wire format, from recorded answers.

It reads nothing. It knows a few pictures by their looks and gives what was written down for them,
and for every other picture an empty page. It can fail in each way that the real one does.
"""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

from field_codes.pictures import luminance
from field_core.problems import ProblemError

MODEL: Final = "gemini-bench"
KEY: Final = "bench"
URL: Final = "http://gemini.bench"
ALIKE_BITS_MAX: Final = 6
"""Of 64; other pictures differ in some thirty."""
SLOW_S: Final = 60.0

_TO_URL_SAFE: Final = str.maketrans("+/", "-_")
_COLUMNS, _ROWS, _POINTS = 9, 8, 12
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


class Fault(StrEnum):
    """The ways in which a call goes wrong."""

    TOO_MANY = "429"
    BROKEN = "500"
    SLOW = "slow"
    MALFORMED = "malformed"
    CUT = "cut"
    PORTAL = "portal"
    BLOCKED = "blocked"
    UNSAFE = "unsafe"
    BAD_KEY = "bad-key"


class Bench:
    """An ASGI application that answers `generateContent`."""

    def __init__(
        self,
        answers: Iterable[tuple[int, Any]] | None = None,
        *,
        faults: Iterable[Fault | None] = (),
    ) -> None:
        """answers: pictures by `looks`, each with its page; faults: of the next calls, in order."""
        self._answers = [*(recorded() if answers is None else answers)]
        self.faults = [*faults]
        self.requests: list[dict[str, Any]] = []
        """What was asked, pictures left out."""

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        assert scope["type"] == "http", "the bench serves calls alone"
        body = json.loads(await _body(receive))
        picture, prompt = _parts(body)
        self.requests.append({"path": scope["path"], "prompt": prompt, "bytes": len(picture)})
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.SLOW:
            await asyncio.sleep(SLOW_S)
        status, kind, content = _failing(fault) if fault else self._answered(picture)
        headers = [(b"content-type", kind.encode())]
        if fault is Fault.TOO_MANY:
            headers.append((b"retry-after", b"7"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answered(self, picture: bytes) -> tuple[int, str, bytes]:
        return 200, _JSON, _candidate(json.dumps(self._page(picture), ensure_ascii=False))

    def _page(self, picture: bytes) -> Any:  # noqa: ANN401 - whatever was written down
        try:
            seen = looks(picture)
        except ProblemError:
            return {"lines": []}
        alike = [(int.bit_count(seen ^ known), page) for known, page in self._answers]
        distance, page = min(alike, key=lambda one: one[0], default=(64, None))
        return page if distance <= ALIKE_BITS_MAX else {"lines": []}


def looks(picture: bytes) -> int:
    """Return 64 bits by which a picture is known again at another size or quality.

    Each says whether a field is brighter than the one to its right (difference hash). Raises
    ProblemError for what is no picture.
    """
    width, height, tones = luminance(picture)

    def bright(column: int, row: int) -> int:
        return sum(
            tones[
                (row * _POINTS + y) * height // (_ROWS * _POINTS) * width
                + (column * _POINTS + x) * width // (_COLUMNS * _POINTS)
            ]
            for x in range(_POINTS)
            for y in range(_POINTS)
        )

    bits = 0
    for row in range(_ROWS):
        for column in range(_COLUMNS - 1):
            bits = bits << 1 | (bright(column, row) > bright(column + 1, row))
    return bits


def recorded() -> list[tuple[int, Any]]:
    """Return the pictures that are known, and what is answered for each."""
    text = files("server_sync.ocr").joinpath("recorded.json").read_text(encoding="utf-8")
    return [(int(one["looks"], 16), one["page"]) for one in json.loads(text)]


async def _body(receive: _Receive) -> bytes:
    whole = bytearray()
    while True:
        message = await receive()
        whole += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(whole)


def _parts(body: Any) -> tuple[bytes, str]:  # noqa: ANN401 - whatever was sent
    """Return the picture and the prompt; names come in both spellings, base64 in both alphabets."""
    parts = body["contents"][0]["parts"]
    data: str = next(
        (part.get("inlineData") or part["inline_data"])["data"]
        for part in parts
        if "inlineData" in part or "inline_data" in part
    )
    prompt = next(part["text"] for part in parts if "text" in part)
    picture: bytes = urlsafe_b64decode(data.translate(_TO_URL_SAFE))
    return picture, prompt


def _candidate(text: str, reason: str = "STOP") -> bytes:
    content = {"parts": [{"text": text}], "role": "model"}
    candidate = {"content": content, "finishReason": reason, "index": 0}
    return json.dumps({"candidates": [candidate], "modelVersion": MODEL}).encode()


def _error(code: int, status: str, message: str) -> tuple[int, str, bytes]:
    error = {"code": code, "status": status, "message": message}
    return code, _JSON, json.dumps({"error": error}).encode()


def _failing(fault: Fault) -> tuple[int, str, bytes]:
    return _FAILING[fault]


_JSON: Final = "application/json; charset=UTF-8"
_FAILING: Final[dict[Fault, tuple[int, str, bytes]]] = {
    Fault.TOO_MANY: _error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota."),
    Fault.BROKEN: _error(500, "INTERNAL", "An internal error has occurred."),
    Fault.SLOW: (200, _JSON, _candidate('{"lines": []}')),
    Fault.MALFORMED: (200, _JSON, _candidate('```json\n{"lines": "MAC')),
    Fault.CUT: (200, _JSON, _candidate('{"lines": ["MAC: A4:2B', "MAX_TOKENS")),
    Fault.PORTAL: (200, "text/html", b"<html>Bienvenue</html>"),
    Fault.BLOCKED: (200, _JSON, b'{"promptFeedback": {"blockReason": "SAFETY"}}'),
    Fault.UNSAFE: (200, _JSON, b'{"candidates": [{"finishReason": "SAFETY", "index": 0}]}'),
    Fault.BAD_KEY: _error(400, "INVALID_ARGUMENT", "API key not valid."),
}
