"""Instants as text: UTC, microseconds, one spelling, so that they sort and compare as strings."""

from datetime import UTC, datetime


def to_text(instant: datetime) -> str:
    """Write an aware instant as `2026-04-27T13:00:00.000000Z`."""
    assert instant.tzinfo is not None, "an instant needs a zone"
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote, or any ISO 8601 form that names its zone.

    Raises ValueError when the text is no instant or names no zone.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"no zone in {text!r}")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:  # the first and the last day that Python knows
        raise ValueError(f"no instant of ours: {text!r}") from error


def from_ms(unix_ms: int) -> datetime:
    """Return the instant that many milliseconds after 1970."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC)


def to_ms(instant: datetime) -> int:
    """Return whole milliseconds since 1970."""
    return round(instant.timestamp() * 1000)


def ms_to_text(unix_ms: int) -> str:
    """Write milliseconds since 1970 as an instant in text."""
    return to_text(from_ms(unix_ms))
