"""How often the model may be asked in a day: for each person, and altogether; stored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, text

from field_core.instants import from_ms
from field_core.problems import ProblemError
from server_sync.store.database import Database
from server_sync.store.schema import ocr_spent

EVERYBODY: Final = ""
KEPT_DAYS: Final = 400
"""A year of counts, to compare with the invoice."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Questions a day."""

    each: int
    together: int


class Spending:
    """Counts questions before they are asked: a crash in between costs one, never the limit."""

    def __init__(
        self,
        database: Database,
        allowance: Allowance,
        *,
        now_ms: Callable[[], int],
        zone: ZoneInfo,
    ) -> None:
        self._database = database
        self._allowance = allowance
        self._now_ms = now_ms
        self._zone = zone

    def spend(self, who: str) -> None:
        """Count one question of a person; raises ProblemError `ocr-spent` until midnight."""
        now = from_ms(self._now_ms()).astimezone(self._zone)
        day = now.date()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        limits = {who: self._allowance.each, EVERYBODY: self._allowance.together}

        def work(connection: Connection) -> None:
            for subject, limit in limits.items():
                if not _count(connection, day.isoformat(), subject, limit):
                    raise ProblemError("ocr-spent", after_s=round((midnight - now).total_seconds()))

        self._database.run(work)

    def sweep(self) -> None:
        """Drop the counts of long ago."""
        before = from_ms(self._now_ms()).date() - timedelta(days=KEPT_DAYS)
        day = before.isoformat()
        self._database.run(lambda c: c.execute(delete(ocr_spent).where(ocr_spent.c.day < day)))


def _count(connection: Connection, day: str, who: str, limit: int) -> bool:
    """Count one more if the limit allows it; tell whether it did."""
    place = {"day": day, "who": who}
    connection.execute(_FIRST, place)
    return connection.execute(_MORE, {**place, "limit": limit}).rowcount == 1


_FIRST: Final = text(
    "INSERT INTO ocr_spent (day, who, asked) VALUES (:day, :who, 0) ON CONFLICT DO NOTHING"
)
_MORE: Final = text(
    "UPDATE ocr_spent SET asked = asked + 1 WHERE day = :day AND who = :who AND asked < :limit"
)
