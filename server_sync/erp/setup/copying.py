"""Taking over values that a site keeps under another name: once, where ours is still empty."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from server_sync.erp.client import PARALLEL_MAX, Filter, FrappeClient

PAGE: Final = 100
COPIED_TYPES: Final = frozenset(
    {"Data", "Text", "Small Text", "Long Text", "Select", "Link", "Date", "Datetime", "Attach"}
)
"""Types that can be empty. A number is 0 when nobody set it, so nobody can tell it is missing."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A field of the site that holds what one of ours should."""

    doctype: str
    theirs: str
    ours: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `Doctype.their_field=our_field`. Raises ValueError."""
        doctype, dot, fields = text.rpartition(".")
        theirs, equals, ours = fields.partition("=")
        if not (dot and equals and doctype and theirs and ours):
            raise ValueError(f"{text}: write Doctype.their_field=our_field")
        return cls(doctype, theirs, ours)

    @property
    def filters(self) -> list[Filter]:
        """Which documents have it there and not here."""
        return [(self.ours, "is", "not set"), (self.theirs, "is", "set")]


async def count_uncopied(
    client: FrappeClient, mapped: Sequence[Mapped], fields: Mapping[str, Mapping[str, Any]]
) -> dict[Mapped, int]:
    """Count what is left to copy, as far as both fields are there. fields: by doctype."""
    there = [m for m in mapped if {m.theirs, m.ours} <= fields.get(m.doctype, {}).keys()]
    counts = await asyncio.gather(*(client.count(m.doctype, m.filters) for m in there))
    return dict(zip(there, counts, strict=True))


async def copy_values(client: FrappeClient, mapped: Mapped) -> None:
    """Copy, some documents at a time, each under its stamp. Raises ErpFailure; safe to repeat."""
    after = ""
    while True:
        page = await client.page_by_name(
            mapped.doctype,
            after=after,
            columns=["modified", mapped.theirs],
            filters=mapped.filters,
            limit=PAGE,
        )
        for start in range(0, len(page), PARALLEL_MAX):
            await _copy_some(client, mapped, page[start : start + PARALLEL_MAX])
        if len(page) < PAGE:
            return
        after = str(page[-1]["name"])


async def _copy_some(
    client: FrappeClient, mapped: Mapped, rows: Sequence[Mapping[str, Any]]
) -> None:
    answers = await asyncio.gather(
        *(
            client.update(
                mapped.doctype,
                str(row["name"]),
                {mapped.ours: row[mapped.theirs], "modified": row["modified"]},
            )
            for row in rows
        ),
        return_exceptions=True,
    )
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
