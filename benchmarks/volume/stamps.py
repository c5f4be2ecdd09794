"""Moments of the past in the ERP's form, all different for practical purposes."""

import random
from datetime import date, timedelta
from typing import Final

_DAYS: Final = 900
_SECONDS: Final = 86_400


def stamp(source: random.Random, today: date, *, back: int | None = None) -> str:
    """Return `YYYY-MM-DD HH:MM:SS.ffffff` on a random earlier day, or `back` days ago."""
    day = today - timedelta(days=source.randint(1, _DAYS) if back is None else back)
    minutes, seconds = divmod(source.randrange(_SECONDS), 60)
    hours, minutes = divmod(minutes, 60)
    micro = source.randrange(10**6)
    return f"{day.isoformat()} {hours:02d}:{minutes:02d}:{seconds:02d}.{micro:06d}"
