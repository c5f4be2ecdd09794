"""Problems as answers: RFC 9457, in the caller's language, and never more than the sentence."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from field_core.canon import dump
from field_core.problems import Problem

MEDIA_TYPE: Final = "application/problem+json"
_UNAUTHORISED: Final = 401


def language_of(accepted: str | None) -> str:
    """Return `fr` or `en` for an Accept-Language header (RFC 9110, 12.5.4); French by default."""
    best, language = 0.0, "fr"
    for part in (accepted or "").lower().split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.partition("-")[0].strip()
        weight = _weight(parameter)
        if primary in ("fr", "en") and weight > best:
            best, language = weight, primary
    return language


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def problem_answer(
    problem: Problem,
    request: Request,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem; `status` only where a protocol wants another one than the catalogue's."""
    language = language_of(request.headers.get("accept-language"))
    body = problem.as_json(language)
    if status is not None:
        body["status"] = status
    after = problem.details.get("after_s")
    extra = {"Retry-After": str(after)} if after is not None else {}
    if problem.kind.status == _UNAUTHORISED:
        extra["WWW-Authenticate"] = "Bearer"
    return Response(
        dump(body),
        status_code=status or problem.kind.status,
        media_type=MEDIA_TYPE,
        headers={
            "Content-Language": language,
            "Cache-Control": "no-store",
            "Vary": "Accept-Language",
            **extra,
            **(headers or {}),
        },
    )
