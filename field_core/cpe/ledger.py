"""What the readers found, written down: for each value its source, age and quality, and warnings.

A reader asks the ledger to read a leaf with a parser and gets the value. Every parameter that the
document knows leaves a line of provenance; one that holds something which cannot be leaves a
warning as well. Raw texts are kept only when they look like a quantity: nothing that might be a
secret or a name gets in by this door.
"""

import re
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final, Literal, TypeVar

from field_core.canon import Json
from field_core.cpe.model import Provenance, Quality, SnapshotWarning
from field_core.cpe.tree import Leaf
from field_core.instants import from_text

_T = TypeVar("_T")
WarningCode = Literal["unit_assumed", "implausible", "missing", "stale", "cgnat"]

AHEAD_MAX: Final = timedelta(minutes=5)
"""A server's clock may be a little ahead of ours; a time further ahead is none."""

_QUANTITY: Final = re.compile(r"[-+]?[0-9][-+0-9.,:;/ %]{0,23}[A-Za-zµ°%]{0,4}")
"""Numbers, and at most one short unit behind them."""


class Ledger:
    """The record of one reading of one document."""

    def __init__(self, now: datetime | None) -> None:
        """Begin at `now`; without an instant every age is unknown."""
        self.now = now
        self.provenance: dict[str, Provenance] = {}
        self.warnings: list[SnapshotWarning] = []

    def read(
        self,
        field: str,
        leaf: Leaf,
        parse: Callable[[Json], _T | None],
        *,
        unit: str | None = None,
        absent: Collection[Json] = (),
    ) -> _T | None:
        """Return the value of a leaf; `absent` are what this firmware writes for "not known"."""
        if leaf.is_empty or leaf.value in absent:
            self.note(field, leaf, Quality.MISSING, unit=unit)
            return None
        value = parse(leaf.value)
        if value is None:
            self.disbelieve(field, leaf, unit=unit)
            return None
        self.note(field, leaf, Quality.MEASURED, unit=unit)
        return value

    def note(
        self,
        field: str,
        leaf: Leaf,
        quality: Quality,
        *,
        unit: str | None = None,
        raw_unit: str | None = None,
    ) -> None:
        """Write down where a value comes from; a parameter unknown to the document leaves none."""
        if leaf.value is None and leaf.read_at is None:
            return
        self.provenance[field] = Provenance(
            source=leaf.path,
            unit=unit,
            raw=_quantity(leaf.value),
            raw_unit=raw_unit,
            age_s=self.age_s(leaf.read_at),
            quality=quality,
        )

    def disbelieve(self, field: str, leaf: Leaf, *, unit: str | None = None) -> None:
        """Write down that a parameter holds something which cannot be."""
        self.note(field, leaf, Quality.IMPLAUSIBLE, unit=unit)
        self.warn("implausible", field)

    def warn(self, code: WarningCode, field: str) -> None:
        """Add a warning, once."""
        warning = SnapshotWarning(code=code, field=field)
        if warning not in self.warnings:
            self.warnings.append(warning)

    def age_s(self, text: str | None) -> int | None:
        """Return how old an instant in text is, in whole seconds."""
        then = instant(text)
        if then is None or self.now is None or then > self.now + AHEAD_MAX:
            return None
        return max(0, int((self.now - then).total_seconds()))


def instant(value: object) -> datetime | None:
    """Return an aware instant from text or datetime; without a zone it is UTC; None otherwise."""
    try:
        if isinstance(value, datetime):
            return from_text(value.isoformat() if value.tzinfo else f"{value.isoformat()}+00:00")
        return from_text(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def _quantity(value: Json) -> str | int | float | bool | None:
    if isinstance(value, str):
        return value if _QUANTITY.fullmatch(value) else None
    return None if isinstance(value, (list, dict)) else value
