"""Words on screen: keys with named parameters, French first; plurals, dates and sizes beside."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from field_core.instants import from_ms, from_text, to_text
from field_core.money_text import write_amount
from field_core.units import unit_name

CATALOGUES: Final = Path(__file__).resolve().parent.parent / "assets" / "i18n"
FILES: Final[Mapping[str, str]] = {"fr": "fr-CA.json", "en": "en-CA.json"}

Language = Literal["fr", "en"]

_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000
_KB: Final = 1000
_SHORT: Final = 3
_HOUR: Final = re.compile(r"\s*([01]?[0-9]|2[0-3])(?:\s*[:hH.]?\s*([0-5][0-9])?)?\s*", re.ASCII)
"""`9`, `9:05`, `9 h`, `9 h 05`, `9h05`, `0905`: how people write a time of day in Québec."""


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

    def spoken_in(self, language: Language) -> "Words":
        """Return the same habits in another language."""
        return self if language == self.language else Words(language, time_zone=self._zone.key)

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
        unit, divisor = ("size.mb", _KB**2) if size_bytes < _KB**3 else ("size.gb", _KB**3)
        amount = f"{size_bytes / divisor:.1f}"
        return self(unit, amount=amount.replace(".", ",") if self.language == "fr" else amount)

    def moment(self, instant: str) -> str:
        """Write an instant's text as day and time here."""
        return _moment(from_text(instant).astimezone(self._zone))

    def moment_ms(self, unix_ms: int) -> str:
        """Write milliseconds since 1970 as day and time here."""
        return _moment(from_ms(unix_ms).astimezone(self._zone))

    def day(self, day: str, *, today: bool = False) -> str:
        """Write a date such as `2026-04-27` in full, `today` saying that it is."""
        text = self._date(day, "date.day", short=False)
        return self("date.today", date=text) if today else text[:1].upper() + text[1:]

    def short_day(self, day: str) -> str:
        """Write a date with its names cut short."""
        return self._date(day, "date.short", short=True)

    def full_day(self, day: str) -> str:
        """Write a date with its year and without its weekday."""
        return self._date(day, "date.long", short=False)

    def _date(self, day: str, key: str, *, short: bool) -> str:
        at = date.fromisoformat(day)
        weekday, month = self(f"weekday.{at.weekday()}"), self(f"month.{at.month}")
        if short:
            weekday, month = weekday[:_SHORT], self(f"month.{at.month}.short")
        number = "1er" if at.day == 1 and self.language == "fr" else str(at.day)
        return self(key, weekday=weekday, day=number, month=month, year=at.year)

    def money(self, amount: Decimal) -> str:
        """Write an amount of money: `1 234,56 $` or `$1,234.56`."""
        return write_amount(amount, self.language)

    def number(self, value: float) -> str:
        """Write a quantity with at most three decimals, and a comma for them in French."""
        text = f"{value:.3f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if self.language == "fr" else text

    def amount(self, value: float, uom: str) -> str:
        """Write a quantity with its unit; French has its plural from two on, and none before."""
        return f"{self.number(value)} {self.unit(uom, value)}".strip()

    def unit(self, uom: str, value: float) -> str:
        """Return what a unit of measure is called beside a quantity; unknown ones as they are."""
        return unit_name(uom, value, self.language)

    def duration(self, ms: int) -> str:
        """Write how long something took, in hours and minutes."""
        minutes = max(0, ms) // _MINUTE_MS
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self("duration.minutes", minutes=rest)
        return self("duration.hours", hours=hours, minutes=f"{rest:02}")

    def hour(self, instant: str) -> str:
        """Write the time of day of an instant here, `HH:MM`."""
        return f"{from_text(instant).astimezone(self._zone):%H:%M}"

    def local_day(self, instant: str) -> str:
        """Return the date of an instant here, as in documents."""
        return from_text(instant).astimezone(self._zone).date().isoformat()

    def instant(self, day: str, hour: str) -> str | None:
        """Return the instant of a time of day typed here (`9:05`, `9 h 05`, `0905`), or None."""
        read = _HOUR.fullmatch(hour)
        if read is None:
            return None
        local = datetime.combine(date.fromisoformat(day), time(int(read[1]), int(read[2] or 0)))
        return to_text(local.replace(tzinfo=self._zone))

    def today(self, unix_ms: int) -> str:
        """Return the date here, as in documents."""
        return from_ms(unix_ms).astimezone(self._zone).date().isoformat()


def _moment(local: datetime) -> str:
    return f"{local:%Y-%m-%d %H:%M}"
