"""The site's clock: Frappe keeps datetimes naive and local, and drops any zone it is sent.

Reading a naive time of the hour that happens twice in autumn, the first of the two is meant,
unless the value that we hold already says the same naive time: then ours is kept, so that a time
written by us comes back as itself. A time in the hour that spring leaves out is read with the
offset of before the change.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from field_core import instants

_HOUR: Final = timedelta(hours=1)
_STEADY_AROUND: Final = timedelta(hours=3)
_CACHED_MAX: Final = 4_096


class SiteTime:
    """Converts between UTC text and the site's naive local text."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._offsets: dict[str, timedelta] = {}

    def to_utc(self, text: str, held: object = None) -> str:
        """Read the site's naive text. held: our value of the field, kept if it says the same.

        Raises ValueError when the text is no time.
        """
        naive = datetime.fromisoformat(text)
        offset = self._offsets.get(text[:13])
        if offset is None:
            if isinstance(held, str) and self._says(held, naive):
                return held
            offset = self._offset(naive, text[:13])
        return (naive - offset).isoformat(timespec="microseconds") + "Z"

    def to_site(self, text: str) -> str:
        """Write an instant of ours as the site's naive text, microseconds kept.

        Raises ValueError when the text is no instant.
        """
        local = instants.from_text(text).astimezone(self.zone).replace(tzinfo=None)
        return local.isoformat(sep=" ", timespec="microseconds")

    def now(self, now_ms: int) -> str:
        """Write the present as the site would stamp it."""
        return self.to_site(instants.ms_to_text(now_ms))

    def changes_near(self, now_ms: int) -> bool:
        """Tell whether the clock is put forward or back within three hours of now."""
        now = instants.from_ms(now_ms).astimezone(self.zone)
        around = {
            (now.astimezone(UTC) + step).astimezone(self.zone).utcoffset()
            for step in (-_STEADY_AROUND, timedelta(0), _STEADY_AROUND)
        }
        return len(around) > 1

    def _says(self, held: str, naive: datetime) -> bool:
        try:
            return datetime.fromisoformat(self.to_site(held)) == naive
        except ValueError:
            return False

    def _offset(self, naive: datetime, hour: str) -> timedelta:
        offset = self._utc_offset(naive)
        start = naive.replace(minute=0, second=0, microsecond=0)
        edges = {
            self._utc_offset(edge.replace(fold=fold))
            for edge in (start, start + _HOUR)
            for fold in (0, 1)
        }
        if edges == {offset} and len(self._offsets) < _CACHED_MAX:
            self._offsets[hour] = offset
        return offset

    def _utc_offset(self, naive: datetime) -> timedelta:
        return naive.replace(tzinfo=self.zone).utcoffset() or timedelta(0)


def earlier(text: str, by: timedelta) -> str:
    """Return the site's naive text moved back; a text that is no time stays as it is."""
    try:
        return (datetime.fromisoformat(text) - by).isoformat(sep=" ", timespec="microseconds")
    except (ValueError, OverflowError):
        return text
