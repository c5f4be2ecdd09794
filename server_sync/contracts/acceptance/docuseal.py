"""DocuSeal, as far as a commercial contract needs it: four calls and one signature, over httpx.

A webhook is a hint: what became of a submission is fetched, never taken from the message.
"""

import hmac
import json
import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Final

import httpx

from field_core.problems import ProblemError

TOLERANCE_S: Final = 300
BODY_BYTES_MAX: Final = 1_000_000
DOCUMENT_BYTES_MAX: Final = 20_000_000
TIMEOUT_S: Final = 15
_SIGNATURE: Final = re.compile(r"(\d{1,12})\.([0-9a-f]{64})", re.ASCII)
_OK: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Submission:
    """How far a signature has come. `status`: pending, completed, declined or expired."""

    id: str
    status: str
    completed_at: str


@dataclass(frozen=True)
class Docuseal:
    """One account; each call raises ProblemError `busy` when it cannot be had."""

    url: str
    token: str
    transport: httpx.AsyncBaseTransport | None = None

    async def submit(self, *, name: str, pdf: bytes, email: str, number: str) -> str:
        """Ask for a signature under a PDF of ours; return the submission's id."""
        body = {
            "name": name,
            "send_email": True,
            "documents": [{"name": name, "file": b64encode(pdf).decode()}],
            "submitters": [{"role": "Client", "email": email, "external_id": number}],
        }
        return str((await self._json("POST", "/submissions/pdf", json=body))["id"])

    async def submission(self, name: str) -> Submission:
        """Return how far a submission has come."""
        told = await self._json("GET", f"/submissions/{name}")
        return Submission(
            str(told["id"]), str(told.get("status") or ""), str(told.get("completed_at") or "")
        )

    async def documents(self, name: str) -> list[bytes]:
        """Return the signed documents, and the audit log last where there is one."""
        told = await self._json("GET", f"/submissions/{name}/documents")
        addresses = [str(one["url"]) for one in told["documents"]]
        audit = (await self._json("GET", f"/submissions/{name}")).get("audit_log_url")
        return [await self._bytes(one) for one in [*addresses, *([str(audit)] if audit else [])]]

    async def _json(self, verb: str, path: str, **content: Any) -> dict[str, Any]:  # noqa: ANN401 - httpx's own arguments
        try:
            found: dict[str, Any] = json.loads(await self._call(verb, path, **content))
        except ValueError as error:
            raise ProblemError("busy") from error
        return found

    async def _bytes(self, address: str) -> bytes:
        content = await self._call("GET", address)
        if len(content) > DOCUMENT_BYTES_MAX:
            raise ProblemError("too-large", limit_bytes=DOCUMENT_BYTES_MAX)
        return content

    async def _call(self, verb: str, path: str, **content: Any) -> bytes:  # noqa: ANN401 - same
        """Call the API; only it is shown the token, not where documents are fetched from."""
        is_api = path.startswith("/")
        headers = {"X-Auth-Token": self.token} if is_api else {}
        try:
            async with httpx.AsyncClient(
                base_url=self.url, timeout=TIMEOUT_S, transport=self.transport
            ) as client:
                answer = await client.request(verb, path, headers=headers, **content)
        except httpx.HTTPError as error:
            raise ProblemError("busy") from error
        if answer.status_code not in _OK:
            raise ProblemError("busy")
        return answer.content


def signature(raw: bytes, *, secret: str, at_s: int) -> str:
    """Return the header `X-Docuseal-Signature` for a body."""
    return f"{at_s}.{_mac(raw, secret, at_s)}"


def submission_in(raw: bytes, header: str | None, *, secret: str, now_s: int) -> str:
    """Return the submission that a genuine webhook is about.

    Raises ProblemError `webhook-signature`: without a secret, with another signature, or with a
    time more than five minutes away in either direction; `bad-request` for what is no JSON.
    """
    found = _SIGNATURE.fullmatch(header or "")
    if not secret or not found or abs(now_s - int(found[1])) > TOLERANCE_S:
        raise ProblemError("webhook-signature")
    if not hmac.compare_digest(found[2], _mac(raw, secret, int(found[1]))):
        raise ProblemError("webhook-signature")
    try:
        event = json.loads(raw)
        kind, data = str(event["event_type"]), event["data"]
        number = data["submission"]["id"] if kind.startswith("form.") else data["id"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ProblemError("bad-request", reason="event") from error
    return str(number)


def _mac(raw: bytes, secret: str, at_s: int) -> str:
    return hmac.digest(secret.encode(), f"{at_s}.".encode() + raw, "sha256").hex()
