"""Finding the ACS's device for a piece of equipment, once, and noticing when it is another one."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from field_core.canon import Json
from server_sync.acs.identity import MatchedBy, matches, newest, queries
from server_sync.acs.paths import SNAPSHOT
from server_sync.acs.pieces import Piece
from server_sync.acs.ports import Acs, Document
from server_sync.ports import RunBlocking
from server_sync.store.database import Database
from server_sync.store.schema import cpe_match


@dataclass(frozen=True, slots=True)
class Match:
    """A piece's device: its id at the ACS, what is known of it, and by what it was found."""

    device: str
    document: Document
    by: MatchedBy


@dataclass(frozen=True)
class Matching:
    """Looks where it found a piece the last time, then everywhere."""

    acs: Acs
    database: Database
    run: RunBlocking

    async def find(self, piece: Piece, *, now_ms: int) -> Match | None:
        """Return a piece's device, or None. Raises ProblemError `acs-unreachable`."""
        remembered = await self.run(lambda: self._remembered(piece.key))
        match = await self._read(piece, remembered) if remembered else None
        if match is None:
            match = await self._search(piece)
            device = match.device if match else None
            if device != remembered:
                await self.run(lambda: self._note(piece.key, device, now_ms), writes=True)
        return match

    async def _search(self, piece: Piece) -> Match | None:
        for _, batch in queries(piece.body):
            device = newest(await self.acs.find(batch))
            match = await self._read(piece, device) if device else None
            if match is not None:
                return match
        return None

    async def _read(self, piece: Piece, device: str) -> Match | None:
        document = await self.acs.read(device, SNAPSHOT)
        by = matches(piece.body, document) if document else None
        return Match(device, document, by) if document and by else None

    def _remembered(self, key: str) -> str | None:
        with self.database.read() as connection:
            found = select(cpe_match.c.acs_device).where(cpe_match.c.equipment == key)
            device: str | None = connection.execute(found).scalar()
            return device

    def _note(self, key: str, device: str | None, now_ms: int) -> None:
        def work(connection: Connection) -> None:
            connection.execute(delete(cpe_match).where(cpe_match.c.equipment == key))
            if device is not None:
                row: Mapping[str, Json] = {
                    "equipment": key,
                    "acs_device": device,
                    "matched_ms": now_ms,
                }
                connection.execute(insert(cpe_match), row)

        self.database.run(work)
