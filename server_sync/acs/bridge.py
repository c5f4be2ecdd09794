"""The modem-bridge over HTTP: deep TR-181 data of TP-Link XX230v and Deco, read on demand.

`GET /tr181/<MAC, 12 digits>` answers `{"read_at": ISO 8601, "parameters": {path: value}}`, 404 for
a device it does not know. Flat paths become the shape of the ACS's documents, so one reader serves.
"""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from field_core import identity
from field_core.canon import Json
from field_core.cpe.redaction import redact
from field_core.problems import ProblemError
from server_sync.acs.ports import Document

TIMEOUT_S: Final = httpx.Timeout(45, connect=5)
"""The bridge drives a browser through the device's pages: a deep reading takes tens of seconds."""
PARAMETERS_MAX: Final = 20_000
"""Four times the largest tree seen."""


class HttpBridge:
    """One modem-bridge."""

    def __init__(
        self, url: str, *, token: str = "", transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=url,
            transport=transport,
            timeout=TIMEOUT_S,
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def read(self, mac_address: str) -> Document | None:
        """Return a device's document, redacted. Raises ProblemError `acs-unreachable`."""
        digits = identity.mac(mac_address)
        if digits is None:
            return None
        try:
            answer = await self._http.get(f"/tr181/{digits}")
            if answer.status_code == httpx.codes.NOT_FOUND:
                return None
            told = answer.raise_for_status().json()
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise ProblemError("acs-unreachable") from error
        parameters = told.get("parameters") if isinstance(told, dict) else None
        if not isinstance(parameters, dict):
            raise ProblemError("acs-unreachable")
        return nested(parameters, read_at=str(told.get("read_at") or ""))


def nested(parameters: Mapping[str, Json], *, read_at: str) -> Document:
    """Return flat parameters as a document; `read_at` is the time of every leaf."""
    document: dict[str, Any] = {}
    for path, value in [*parameters.items()][:PARAMETERS_MAX]:
        here = document
        for part in path.split("."):
            here = here.setdefault(part, {})
        here.update({"_value": value, "_timestamp": read_at})
    clean = redact(document)
    assert isinstance(clean, dict), "an object stays one"
    return {**clean, "_lastInform": read_at}
