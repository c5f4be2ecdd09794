"""Gemini through google-genai: the one module that knows it.

The library retries nothing and waits for ever unless told otherwise, and its timeout is for each
read: whoever calls sets the deadline of the whole.
"""

import json
from typing import Final

import httpx
from google import genai
from google.genai import errors, types
from pydantic import ValidationError

from field_core.ocr import DEADLINE_S
from server_sync.ocr.model import ModelBusyError, ModelRefusedError
from server_sync.ocr.page import PROMPT, Page

TOKENS_MAX: Final = 2_048
"""A full label takes some 600."""
ATTEMPTS: Final = 2
"""An answer that was cut or is no JSON is asked for once more, with twice the room."""
API_VERSION: Final = "v1beta"

_BUSY: Final = frozenset({408, 429})
_SERVER_FAULT: Final = 500
_REFUSED: Final = frozenset({400, 401, 403, 404})
_TOO_LONG: Final = types.FinishReason.MAX_TOKENS
_STOPPED: Final = types.FinishReason.STOP


class Gemini:
    """A model at Google, or whatever answers in its wire format at `url`."""

    def __init__(self, *, key: str, model: str, url: str, http: httpx.AsyncClient) -> None:
        self.name = model
        self._client = genai.Client(
            api_key=key,
            http_options=types.HttpOptions(
                base_url=url,
                api_version=API_VERSION,
                timeout=int(DEADLINE_S * 1000),
                httpx_async_client=http,
            ),
        )

    async def read(self, picture: bytes, mime: str) -> Page | None:
        """Return the page, or None when the model would not or could not read it."""
        for attempt in range(1, ATTEMPTS + 1):
            answer = await self._asked(picture, mime, TOKENS_MAX * attempt)
            page = _page(answer)
            if page is not None or not _may_repeat(answer):
                return page
        return None

    async def _asked(self, picture: bytes, mime: str, tokens: int) -> types.GenerateContentResponse:
        try:
            return await self._client.aio.models.generate_content(
                model=self.name,
                contents=types.Content(
                    role="user",
                    parts=[
                        types.Part.from_bytes(data=picture, mime_type=mime),
                        types.Part.from_text(text=PROMPT),
                    ],
                ),
                config=types.GenerateContentConfig(
                    temperature=0,
                    max_output_tokens=tokens,
                    response_mime_type="application/json",
                    response_schema=Page,
                ),
            )
        except errors.APIError as error:
            raise _told(error) from error
        except (httpx.HTTPError, json.JSONDecodeError, ValidationError) as error:
            raise ModelBusyError(type(error).__name__) from error


def _page(answer: types.GenerateContentResponse) -> Page | None:
    return answer.parsed if isinstance(answer.parsed, Page) else None


def _may_repeat(answer: types.GenerateContentResponse) -> bool:
    """A block stays a block; what was cut, or finished in a muddle, may come out right."""
    reasons = {candidate.finish_reason for candidate in answer.candidates or ()}
    return bool(reasons & {_TOO_LONG, _STOPPED, None})


def _told(error: errors.APIError) -> Exception:
    if error.code in _BUSY or error.code >= _SERVER_FAULT:
        return ModelBusyError(str(error.code), after_s=_pause_of(error))
    if error.code in _REFUSED:
        return ModelRefusedError(str(error.code))
    return ModelBusyError(str(error.code))


def _pause_of(error: errors.APIError) -> float | None:
    headers = getattr(error.response, "headers", None) or {}
    text = headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdecimal() else None
