"""Words on screen: keys with named parameters, French first; plurals, dates and sizes beside."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from field_core.instants import from_ms, from_text

CATALOGUES: Final = Path(__file__).resolve().parent.parent / "assets" / "i18n"
FILES: Final[Mapping[str, str]] = {"fr": "fr-CA.json", "en": "en-CA.json"}

Language = Literal["fr", "en"]

_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000
_KB: Final = 1000


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Return every text of a language by key."""
    texts: dict[str, str] = json.loads((CATALOGUES / FILES[language]).read_text(encoding="utf-8"))
    return texts


def language_of(text: str) -> Language:
    """Return the language that a tag such as `en-CA` asks for; French unless it is English."""
    return "en" if text.lower().startswith("en") else "fr"


class Words:
    """One language's words and habits."""

    def __init__(self, language: Language, *, time_zone: str = "America/Toronto") -> None:
        self.language: Language = language
        self._texts = catalogue(language)
        self._zone = ZoneInfo(time_zone)

    def __call__(self, key: str, **named: object) -> str:
        """Return a text with its parameters filled in; a missing key is a programmer's mistake."""
        return self._texts[key].format(**named)

    def has(self, key: str) -> bool:
        """Tell whether there is such a text."""
        return key in self._texts

    def count(self, key: str, count: int, **named: object) -> str:
        """Return the singular or plural of a text; in French none is singular too."""
        is_one = count == 1 or (self.language == "fr" and count == 0)
        return self(f"{key}.{'one' if is_one else 'other'}", count=count, **named)

    def state(self, status: str) -> str:
        """Return a job status in words."""
        return self(f"status.{status}") if self.has(f"status.{status}") else status

    def age(self, ms: int) -> str:
        """Say how long ago something was."""
        if ms < _MINUTE_MS:
            return self("age.now")
        if ms < _HOUR_MS:
            return self.count("age.minutes", ms // _MINUTE_MS)
        if ms < _DAY_MS:
            return self.count("age.hours", ms // _HOUR_MS)
        return self.count("age.days", ms // _DAY_MS)

    def size(self, size_bytes: int) -> str:
        """Write a number of bytes."""
        if size_bytes < _KB * _KB:
            return self("size.kb", amount=-(-size_bytes // _KB))
        amount = f"{size_bytes / _KB / _KB:.1f}"
        return self("size.mb", amount=amount.replace(".", ",") if self.language == "fr" else amount)

    def moment(self, instant: str) -> str:
        """Write an instant's text as day and time here."""
        return _moment(from_text(instant).astimezone(self._zone))

    def moment_ms(self, unix_ms: int) -> str:
        """Write milliseconds since 1970 as day and time here."""
        return _moment(from_ms(unix_ms).astimezone(self._zone))

    def today(self, unix_ms: int) -> str:
        """Return the date here, as in documents."""
        return from_ms(unix_ms).astimezone(self._zone).date().isoformat()


def _moment(local: datetime) -> str:
    return f"{local:%Y-%m-%d %H:%M}"
