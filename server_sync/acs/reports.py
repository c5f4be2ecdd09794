"""What is known of a device: the documents of ACS and bridge, blended, judged by OLT profile."""

from dataclasses import dataclass

from field_core.cpe import CpeSnapshot, Thresholds, judge, normalise
from field_core.cpe.blending import BLOCKS, Block, ages, blend, fresher
from field_core.cpe.report import BlockSource, CpeReport
from field_core.instants import ms_to_text
from field_core.problems import ProblemError
from server_sync.acs import queue
from server_sync.acs.matching import Match
from server_sync.acs.pieces import Piece, piece_for
from server_sync.acs.ports import Bridge
from server_sync.acs.reach import Reach
from server_sync.sync.caller import Caller


@dataclass(frozen=True)
class Reports:
    """Reads devices; changes nothing."""

    reach: Reach
    bridge: Bridge | None
    thresholds: Thresholds

    async def report(self, key: str, caller: Caller) -> CpeReport:
        """Return what is known of a device now. Raises ProblemError `unknown-document`."""
        piece = await self.reach.reading(lambda c: piece_for(c, key, caller))
        told = await self.reach.reading(lambda c: queue.latest(c, piece.key))
        blank = CpeReport(
            equipment=key,
            read_at=ms_to_text(self.reach.clock.now_ms()),
            acts=told,
            olt_profile=piece.olt_profile,
        )
        try:
            match = await self.reach.match(piece)
        except ProblemError as failure:
            return blank.model_copy(update={"reason": failure.problem.code})
        if match is None:
            return blank.model_copy(update={"reason": "cpe-unknown"})
        return await self._reported(blank, piece, match)

    async def _reported(self, blank: CpeReport, piece: Piece, match: Match) -> CpeReport:
        first = normalise(match.document, now=self.reach.clock.now())
        second = await self._deeper(piece)
        snapshot = blend(first, second) if second else first
        taken = fresher(first, second) if second else frozenset()
        verdicts = judge(
            snapshot,
            thresholds=self.thresholds,
            olt_profile=piece.olt_profile,
            baseline_rx_dbm=piece.baseline_rx_dbm,
        )
        return blank.model_copy(
            update={
                "matched_by": match.by,
                "last_inform": first.last_inform,
                "snapshot": snapshot,
                "verdicts": verdicts,
                "blocks": _sources(snapshot, taken),
            }
        )

    async def _deeper(self, piece: Piece) -> CpeSnapshot | None:
        """Return the bridge's reading; without one the ACS's stands alone."""
        mac = piece.body.get("mac_address")
        if self.bridge is None or not isinstance(mac, str):
            return None
        try:
            document = await self.bridge.read(mac)
        except ProblemError as failure:
            self.reach.log.info("bridge silent", code=failure.problem.code)
            return None
        return normalise(document, now=self.reach.clock.now()) if document else None


def _sources(snapshot: CpeSnapshot, taken: frozenset[Block]) -> list[BlockSource]:
    found = ages(snapshot)
    return [
        BlockSource(block=block, source="bridge" if block in taken else "acs", age_s=found[block])
        for block in BLOCKS
        if block in found
    ]
