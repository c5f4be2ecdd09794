"""The 46 recorded exchanges with a GenieACS 1.2.16, and the five devices that they speak of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx

FIXTURES: Final = Path(__file__).parents[2] / "fixtures" / "cpe"
XX230V: Final = "1C61B4-Device2-2230A1000001"
NOKIA: Final = "9075BC-G%2D1425G%2DA-ALCLB0000001"
HUAWEI: Final = "00259E-EG8145V5-48575443B0000001"


@dataclass(frozen=True)
class Exchange:
    """One request and what came of it."""

    number: int
    label: str
    method: str
    target: str
    body: Any
    status: int | None
    reason: str
    headers: Mapping[str, str]
    answer: Any

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def asked(self) -> dict[str, str]:
        """The parameters of the query, unpacked."""
        pairs = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        return {name: values[0] for name, values in pairs.items()}

    def response(self) -> httpx.Response:
        """Return the answer as httpx reads it off the wire."""
        if self.status is None:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        is_json = "json" in self.headers.get("content-type", "")
        text = json.dumps(self.answer) if is_json else str(self.answer)
        return httpx.Response(
            self.status,
            headers=dict(self.headers),
            content=text.encode(),
            extensions={"reason_phrase": self.reason.encode()},
        )


def _read() -> list[Exchange]:
    told = json.loads((FIXTURES / "nbi_exchanges.json").read_text("utf-8"))
    found = []
    for number, one in enumerate(told["exchanges"]):
        request, response = one["request"], one["response"]
        found.append(
            Exchange(
                number,
                one["label"],
                request["method"],
                request["target"],
                request["body"],
                response.get("status"),
                response.get("reason", ""),
                response.get("headers", {}),
                response.get("body"),
            )
        )
    return found


EXCHANGES: Final = _read()


def device(name: str) -> dict[str, Any]:
    """Return a device document by the name of its file."""
    told = json.loads((FIXTURES / "devices" / f"{name}.json").read_text("utf-8"))
    found: dict[str, Any] = told[0] if isinstance(told, list) else told
    return found


def devices() -> dict[str, dict[str, Any]]:
    """Return every device document by id."""
    names = sorted(file.stem for file in (FIXTURES / "devices").glob("*.json"))
    return {str(one["_id"]): one for one in map(device, names)}
