"""What a customer signs: the facts of a job in one canonical form, their hash, and what changed.

The facts hold nothing that the office adds by itself (names, prices, states), so that the hash
differs only when something the customer saw was changed afterwards.
"""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import hypot
from typing import Final

from field_core.canon import Body, Json, canonical_body, dump
from field_core.ids import is_uuid

FIELDS: Final = ("subject", "job_type", "customer", "service_location")
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "checklist": ("step", "value", "done", "skip_reason"),
    "equipment": ("action", "serial_no", "mac_address", "reason"),
    "materials": ("item", "description", "qty", "uom"),
    "readings": ("quantity", "value", "unit"),
}
"""What of each row is signed. A link to a device is not: one made here is named later."""
WITHDRAWN: Final = "withdrawn"
"""The verdict of a reading that was put on a job by mistake."""
PAD: Final = (1080, 540)
"""Width and height that strokes are drawn on, whatever the screen's size."""
LINE_LENGTH_MIN: Final = 100
"""A tenth of the pad's width: the shortest initials are longer, a slip of the thumb is not."""


def facts_of(job: Mapping[str, Json], language: str) -> Body:
    """Return what is signed, in the language in which it was shown."""
    facts: Body = {name: job.get(name) for name in FIELDS}
    tables: Body = {table: _rows(job.get(table), table) for table in TABLES}
    return canonical_body({"language": language, **facts, **tables})


def _rows(rows: Json, table: str) -> list[Json]:
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    kept = [row for row in found if not is_left_out(row, table)]
    return [{name: _plain(row.get(name)) for name in ("id", *TABLES[table])} for row in kept]


def is_left_out(row: Mapping[str, Json], table: str) -> bool:
    """Tell whether a row is nothing that was done: taken out, the signing itself, or a plan."""
    return is_taken_out(row) or is_signing(row) or (table == "equipment" and is_planned(row))


def is_planned(row: Mapping[str, Json]) -> bool:
    """Tell whether a row of equipment is the office's plan, which nobody signs for as done.

    What is done is a row of its own, made on a device, and known by its uuid; a row that the
    office typed bears the ERP's short name.
    """
    return not is_uuid(str(row.get("id") or ""))


def is_signing(row: Mapping[str, Json]) -> bool:
    """Tell whether a row is the step of signing itself: it is done by what it would be part of."""
    return row.get("kind") == "signature"


def is_taken_out(row: Mapping[str, Json]) -> bool:
    """Tell whether a row was taken out again: rows only grow, so it says so of itself.

    Material has a quantity of 0, a reading the verdict `withdrawn`.
    """
    return row.get("verdict") == WITHDRAWN or ("qty" in row and not row["qty"])


def _plain(value: Json) -> Json:
    """Write a number as text: the ERP gives 2 back as 2.0, and the answer of a step as it likes."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value or None
    return f"{value:.12g}"


def fingerprint(facts: Mapping[str, Json]) -> str:
    """Return the sha256 of the facts' canonical JSON, in hexadecimal."""
    return hashlib.sha256(dump(facts).encode()).hexdigest()


def is_signed(job: Mapping[str, Json]) -> bool:
    """Tell whether a job bears a signature."""
    return bool(job.get("signature"))


def is_changed_since(job: Mapping[str, Json]) -> bool:
    """Tell whether something that was signed is different now: “signed before modification”."""
    signed = job.get("signed_text_sha256")
    if not is_signed(job) or not signed:
        return False
    return signed != fingerprint(facts_of(job, str(job.get("signed_language") or "")))


def changes_since(signed: Mapping[str, Json], job: Mapping[str, Json]) -> tuple[str, ...]:
    """Return which of the facts that were signed are different now, by field and table."""
    now = facts_of(job, str(signed.get("language") or ""))
    return tuple(name for name in (*FIELDS, *TABLES) if signed.get(name) != now.get(name))


def is_drawn(strokes: Sequence[Sequence[Sequence[float]]]) -> bool:
    """Tell whether strokes on the pad are a signature: not nothing, not a dot, not a slip."""
    return sum(map(_length, strokes)) >= LINE_LENGTH_MIN


def _length(line: Sequence[Sequence[float]]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))
