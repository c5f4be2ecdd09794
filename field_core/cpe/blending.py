"""Two readings of one device put together: for each block the fresher one counts.

The ACS reads a device when it informs; a bridge that looks deeper reads it when it is asked.
Blocks are taken whole, so that no table mixes two moments; what was read at no known time counts
least.
"""

from collections.abc import Mapping
from typing import Final, Literal

from field_core.cpe.health import health_of
from field_core.cpe.model import CpeSnapshot, Provenance, Quality, SnapshotWarning

Block = Literal["device", "optical", "wan", "wifi", "lan", "mesh"]
BLOCKS: Final[tuple[Block, ...]] = ("device", "optical", "wan", "wifi", "lan", "mesh")

_SAYS_NOTHING: Final = (Quality.MISSING, Quality.IMPLAUSIBLE)


def ages(snapshot: CpeSnapshot) -> dict[Block, int]:
    """Return the age in seconds of the freshest value of each block that says anything."""
    found: dict[Block, int] = {}
    for block in BLOCKS:
        known = [
            note.age_s
            for field, note in snapshot.provenance.items()
            if block_of(field) == block
            and note.age_s is not None
            and note.quality not in _SAYS_NOTHING
        ]
        if known:
            found[block] = min(known)
    return found


def block_of(field: str) -> str:
    """Return the block that a field of a snapshot lies in."""
    return field.partition(".")[0]


def fresher(first: CpeSnapshot, second: CpeSnapshot) -> frozenset[Block]:
    """Return the blocks that `second` knows better: younger there, or alone in saying anything."""
    ours, theirs = ages(first), ages(second)
    return frozenset(
        block for block, age_s in theirs.items() if block not in ours or age_s < ours[block]
    )


def blend(first: CpeSnapshot, second: CpeSnapshot) -> CpeSnapshot:
    """Return `first` with the blocks that `second` knows better; grades are given anew."""
    taken = fresher(first, second)
    by_block = {block: second if block in taken else first for block in BLOCKS}
    optical, wan = by_block["optical"].optical, by_block["wan"].wan
    wifi, mesh = by_block["wifi"].wifi, by_block["mesh"].mesh
    return first.model_copy(
        update={
            "device": by_block["device"].device,
            "optical": optical,
            "wan": wan,
            "wifi": wifi,
            "lan": by_block["lan"].lan,
            "mesh": mesh,
            "health": health_of(optical, wan, wifi.clients, mesh.nodes),
            "warnings": _warnings(first, by_block),
            "provenance": _provenance(by_block),
        }
    )


def _provenance(by_block: Mapping[Block, CpeSnapshot]) -> dict[str, Provenance]:
    return {
        field: note
        for block, snapshot in by_block.items()
        for field, note in snapshot.provenance.items()
        if block_of(field) == block
    }


def _warnings(first: CpeSnapshot, by_block: Mapping[Block, CpeSnapshot]) -> list[SnapshotWarning]:
    """Keep each block's own warnings, and what `first` says of the device as a whole."""
    about_all = [w for w in first.warnings if block_of(w.field) not in BLOCKS]
    return about_all + [
        warning
        for block, snapshot in by_block.items()
        for warning in snapshot.warnings
        if block_of(warning.field) == block
    ]
