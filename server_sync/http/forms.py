"""Forms and pages of the public addresses: read within limits, in the visitor's language."""

from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from field_core.problems import ProblemError
from server_sync.http.messages import read_public
from server_sync.http.problems import language_of

FORM: Final = "application/x-www-form-urlencoded"
FORM_BYTES_MAX: Final = 4_000
HTML: Final = "text/html"
SEE_OTHER: Final = 303
_FORM_FIELDS_MAX: Final = 8
HTML_REPLY: Final[dict[str, Any]] = {
    "description": "A page for the customer.",
    "content": {f"{HTML}; charset=utf-8": {"schema": {"type": "string"}}},
}
FORM_BODY: Final[dict[str, Any]] = {
    FORM: {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
}


async def read_form(request: Request) -> dict[str, str]:
    """Read a small form; raises ProblemError `bad-request`, `too-large`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise ProblemError("bad-request", reason="Content-Type")
    body = await read_public(request, size_bytes_max=FORM_BYTES_MAX)
    try:
        return dict(
            parse_qsl(
                body.decode("ascii"),
                keep_blank_values=True,
                max_num_fields=_FORM_FIELDS_MAX,
                errors="strict",
            )
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise ProblemError("bad-request", reason="form") from error


def language_asked(request: Request, asked: str | None = None) -> str:
    """Return the language that a visitor asked for, by the address or by the browser."""
    wanted = asked or request.query_params.get("lang")
    known = wanted in ("fr", "en")
    return str(wanted) if known else language_of(request.headers.get("accept-language"))


def address_of(request: Request) -> str:
    """Return where a visitor comes from."""
    return request.client.host if request.client else ""
