"""Webhooks of the ERP: a hint to poll soon, signed, never the source of truth.

Frappe tries three times within seconds and then gives up silently, sends nothing for changes it
makes by itself (payments), and carries no sequence. So a webhook only moves the next poll forward.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Final

from field_core.problems import ProblemError

SIGNATURE_HEADER: Final = "X-Frappe-Webhook-Signature"
BODY_BYTES_MAX: Final = 64_000
"""A hint is a doctype and a name; templates that send more are cut off here."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A document that changed, as far as the webhook told."""

    doctype: str
    name: str


def sign(secret: str, raw: bytes) -> str:
    """Return the signature that Frappe sends for these bytes."""
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def read_hint(raw: bytes, signature: str | None, *, secret: str) -> Hint:
    """Verify a webhook over its raw bytes and return what it tells.

    Raises ProblemError webhook-signature, too-large or bad-request.
    """
    if len(raw) > BODY_BYTES_MAX:
        raise ProblemError("too-large", limit_bytes=BODY_BYTES_MAX)
    if not secret or not hmac.compare_digest(
        sign(secret, raw).encode(), (signature or "").encode()
    ):
        raise ProblemError("webhook-signature")
    try:
        told = json.loads(raw)
        return Hint(str(told["doctype"]), str(told["name"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ProblemError("bad-request", reason="webhook") from error
