"""Learning what changed in the ERP, doctype by doctype.

`modified` is stamped before the commit, in naive local time, and is shared by thousands of rows
after a bulk change. Hence: read again from some minutes before the last stamp seen, more when the
clock is put back; page by (modified, name); and tell what is new by what was taken in already.
The overlap costs names, never documents.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection

from server_sync.erp import seen
from server_sync.erp.client import FrappeClient, Raw
from server_sync.erp.codec import Codec
from server_sync.erp.intake import Also, Intake, Listed, Run
from server_sync.erp.pulled import Pulled
from server_sync.erp.seen import IMPORT, Position
from server_sync.erp.site_time import earlier
from server_sync.store.store import Store

OVERLAP: Final = timedelta(minutes=10)
"""Longer than any request that holds its stamp: imports of thousands of rows take minutes."""
OVERLAP_AT_CLOCK_CHANGE: Final = timedelta(minutes=75)
"""The hour that repeats, and the usual overlap with room to spare."""
PAGE: Final = 500
"""Names and stamps, 30 KB; a site answers it in some 30 ms."""
BEGINNING: Final = "1900-01-01 00:00:00.000000"

Places = Mapping[str, Position]
"""How far doctypes were read, and how far imports that are under way got."""
Progress = Callable[[str, int], None]
"""Told the doctype and how many documents were read so far."""


class Poller:
    """Reads what is new in one doctype; the first time, all of it."""

    def __init__(self, client: FrappeClient, store: Store, intake: Intake, *, run: Run) -> None:
        self._client = client
        self._store = store
        self._intake = intake
        self._run = run

    async def places(self, doctypes: Collection[str]) -> Places:
        """Return how far these doctypes were read, for a round of polls."""
        wanted = [*doctypes, *(IMPORT + doctype for doctype in doctypes)]
        return await self._run(lambda: self._positions(wanted))

    async def poll(
        self,
        pulled: Pulled,
        codec: Codec,
        places: Places,
        *,
        now_ms: int,
        progress: Progress | None = None,
    ) -> int:
        """Take in what is new. Resumes an import that was cut short. Returns how many were news.

        places: as `places` gave them a moment ago. Another process may have read on since: then
        names are read twice, and nothing is passed over.
        """
        doctype = pulled.doctype
        if doctype not in places or IMPORT + doctype in places:
            places = await self.places([doctype])  # somebody else may be importing it
        at, importing = places.get(doctype), places.get(IMPORT + doctype)
        if at is None:
            importing = await self._begin_import(doctype, codec, now_ms)
            at = importing
        if importing is not None:
            return await self._import(pulled, codec, importing, progress)
        return await self._poll_changes(pulled, codec, at, now_ms)

    def _positions(self, doctypes: Collection[str]) -> Places:
        with self._store.read() as connection:
            return seen.positions(connection, doctypes)

    # --- the first time

    async def _begin_import(self, doctype: str, codec: Codec, now_ms: int) -> Position:
        """Note the newest stamp before reading starts: what changes meanwhile is polled after."""
        newest = await self._client.rows(
            doctype, ["name", "modified"], order_by="modified desc, name desc", limit=1
        )
        start = at = Position(BEGINNING, "")
        if newest:
            at = Position(
                min(str(newest[0]["modified"]), codec.time.now(now_ms)), str(newest[0]["name"])
            )

        def work(connection: Connection) -> None:
            seen.move(connection, doctype, at)
            seen.move(connection, IMPORT + doctype, start)

        await self._run(lambda: self._store.database.run(work))
        return start

    async def _import(
        self, pulled: Pulled, codec: Codec, start: Position, progress: Progress | None
    ) -> int:
        doctype, news, read = pulled.doctype, 0, 0
        after: tuple[str, str] | None = start if start.name else None
        while True:
            page = await self._client.page_by_modified(
                doctype, since=start.modified, after=after, filters=pulled.filters, limit=PAGE
            )
            is_last = len(page) < PAGE
            if page:
                after = (str(page[-1]["modified"]), str(page[-1]["name"]))
            news += await self._take_new(
                pulled, page, codec, _then(doctype, after, is_last=is_last)
            )
            read += len(page)
            if progress:
                progress(doctype, read)
            if is_last:
                return news

    # --- afterwards

    async def _poll_changes(self, pulled: Pulled, codec: Codec, at: Position, now_ms: int) -> int:
        overlap = OVERLAP_AT_CLOCK_CHANGE if codec.time.changes_near(now_ms) else OVERLAP
        since = earlier(at.modified, overlap)
        limit = codec.time.now(now_ms)
        news, after, stored = 0, None, at
        while True:
            page = await self._client.page_by_modified(
                pulled.doctype, since=since, after=after, columns=pulled.columns, limit=PAGE
            )
            if page:
                after = (str(page[-1]["modified"]), str(page[-1]["name"]))
                at = max(at, Position(min(after[0], limit), after[1]))
            also = _moving(pulled.doctype, at) if at != stored else None
            news += await self._take_new(pulled, page, codec, also)
            stored = at
            if len(page) < PAGE:
                return news

    async def _take_new(
        self, pulled: Pulled, page: Sequence[Raw], codec: Codec, also: Also | None
    ) -> int:
        if not page:
            return await self._intake.take(pulled.doctype, [], codec, also=also)
        new = await self._run(lambda: self._new(pulled, page))
        return await self._intake.take(pulled.doctype, new, codec, also=also)

    def _new(self, pulled: Pulled, page: Sequence[Raw]) -> list[Listed]:
        """Leave out versions that were taken in, and what is neither wanted nor held."""
        with self._store.read() as connection:
            known = seen.by_names(connection, pulled.doctype, [str(row["name"]) for row in page])
        fresh: list[Listed] = []
        for row in page:
            name = str(row["name"])
            held = known.get(name)
            if held and held.modified == row["modified"]:
                continue
            if held or pulled.wants(row) or not _is_told(pulled, row):
                fresh.append(Listed(name, held.modified if held else None))
        return fresh


def _is_told(pulled: Pulled, row: dict[str, Any]) -> bool:
    """Whether the row carries what `wants` asks about; an import's filter has asked already."""
    return all(column in row for column in pulled.columns)


def _moving(doctype: str, to: Position) -> Also:
    return lambda connection: seen.move(connection, doctype, to)


def _then(doctype: str, after: tuple[str, str] | None, *, is_last: bool) -> Also:
    def work(connection: Connection) -> None:
        if is_last:
            seen.end_import(connection, doctype)
        elif after:
            seen.move(connection, IMPORT + doctype, Position(*after))

    return work
