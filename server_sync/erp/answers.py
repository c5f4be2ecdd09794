"""Reading what the ERP answered: a value, or one of `failures`.

Branches on `exc_type` rather than on the status, as one status means many things (417). A page of
HTML is nobody's word: a proxy, a portal, or a worker whose error handler failed. `exc` and
`exception` hold stack traces and are never looked at.
"""

import html
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from field_core.canon import Json
from server_sync.erp.failures import (
    ErpFailure,
    ErpNotFound,
    ErpRateLimited,
    ErpRefused,
    ErpRolledBack,
    ErpStale,
    ErpUnavailable,
    ErpUnknownOutcome,
)

MESSAGE_LENGTH_MAX: Final = 500
RETRY_AFTER_S: Final = 30
"""When a 429 does not say how long."""
RETRY_AFTER_S_MAX: Final = 3_600

_GATEWAY: Final = frozenset({502, 503, 504})
_REFUSALS: Final = frozenset({400, 403, 409, 413, 414, 417})
_REFUSED_BY_PROXY: Final = frozenset({413, 414})
_TAG: Final = re.compile(r"<[^>]*>")


def read_answer(response: httpx.Response, *, is_write: bool) -> dict[str, Any]:
    """Return the JSON of a good answer; raise what a bad one means."""
    told = _json(response)
    if response.is_success and isinstance(told, dict):
        return told
    raise _failure(response, told if isinstance(told, dict) else None, is_write=is_write)


def is_outage(failure: ErpFailure) -> bool:
    """Tell whether a failure says that the ERP is not there, rather than that it said no."""
    if isinstance(failure, ErpUnknownOutcome):
        return not failure.is_answered
    return type(failure) is ErpUnavailable


def _failure(
    response: httpx.Response, told: dict[str, Any] | None, *, is_write: bool
) -> ErpFailure:
    status, exc_type = response.status_code, str((told or {}).get("exc_type") or "")
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return ErpRateLimited(_retry_after_ms(response))
    if status == httpx.codes.UNAUTHORIZED:
        return ErpUnavailable("credentials")
    named = _NAMED.get(exc_type)
    if named is not None:
        return named(exc_type)
    if exc_type == "ImportError" and not is_write:
        return ErpRefused("unknown doctype", exc_type=exc_type)
    if status in _REFUSALS and (told is not None or status in _REFUSED_BY_PROXY):
        return ErpRefused(_message(told) or f"HTTP {status}", exc_type=exc_type)
    return _without_sense(response, exc_type or f"HTTP {status}", is_write=is_write)


_NAMED: Final[Mapping[str, Callable[[str], ErpFailure]]] = {
    "SessionStopped": lambda _: ErpUnavailable("maintenance"),
    "QueryDeadlockError": ErpRolledBack,
    "SerializationFailure": ErpRolledBack,
    "TimestampMismatchError": lambda _: ErpStale(),
    "DoesNotExistError": lambda _: ErpNotFound(),
}
"""What `exc_type` alone decides."""


def _without_sense(response: httpx.Response, reason: str, *, is_write: bool) -> ErpFailure:
    """A page, a 5xx, a redirect: for a write nobody knows; a read can simply be made again."""
    is_answered = response.is_server_error and response.status_code not in _GATEWAY
    if is_write:
        return ErpUnknownOutcome(is_answered=is_answered, reason=reason)
    return ErpRolledBack(reason) if is_answered else ErpUnavailable(reason)


def _json(response: httpx.Response) -> Json:
    if "json" not in response.headers.get("content-type", ""):
        return None
    try:
        found: Json = response.json()
    except ValueError:
        return None
    return found


def _retry_after_ms(response: httpx.Response) -> int:
    text = response.headers.get("retry-after", "")
    seconds = int(text) if text.isdigit() else RETRY_AFTER_S
    return 1000 * min(max(seconds, 1), RETRY_AFTER_S_MAX)


def _message(told: dict[str, Any] | None) -> str:
    """Return what the ERP says to a person: its server messages, without markup."""
    if told is None:
        return ""
    texts = [_clean(entry) for entry in _entries(told.get("_server_messages"))]
    text = " ".join(dict.fromkeys(t for t in texts if t))
    return (text or _clean(told.get("_error_message")) or str(told.get("exc_type") or ""))[
        :MESSAGE_LENGTH_MAX
    ]


def _entries(text: object) -> list[object]:
    """`_server_messages` is JSON text of a list of JSON texts."""
    try:
        found = json.loads(text) if isinstance(text, str) else []
        entries = [json.loads(one) if isinstance(one, str) else one for one in found]
    except (ValueError, TypeError):
        return []
    return [one.get("message") if isinstance(one, dict) else one for one in entries]


def _clean(text: object) -> str:
    return html.unescape(_TAG.sub("", text)).strip() if isinstance(text, str) else ""
