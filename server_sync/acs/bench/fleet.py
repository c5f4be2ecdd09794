"""The devices of the stand-in: one for each installed gateway and ONT that the server knows of.

What a device says follows from its MAC alone, so a demo shows the same every time: most are well,
some have too little light, a weak station or a busy channel, and some are switched off for a while.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from field_core import identity
from field_core.canon import Body
from server_sync.acs.bench.models import described

_ON_THE_ACS: Final = frozenset({"ONT", "Router"})
_MESH: Final = "Mesh Node"
_OFF_EVERY: Final = 9
Equipment = Callable[[], Iterable[Body]]


class Fleet:
    """Documents by id, made when their equipment is first seen."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment
        self._made: dict[str, dict[str, Any]] = {}

    def documents(self, *, at: str) -> Mapping[str, dict[str, Any]]:
        """Return every device's document; new ones were read at `at`."""
        pieces = [piece for piece in self._equipment() if piece.get("status") == "Installed"]
        nodes = [piece for piece in pieces if piece.get("equipment_type") == _MESH]
        for piece in pieces:
            digits = identity.mac(str(piece.get("mac_address") or ""))
            if piece.get("equipment_type") not in _ON_THE_ACS or digits is None:
                continue
            document = described(piece, [*_beside(piece, nodes)], lot=lot_of(digits), at=at)
            self._made.setdefault(str(document["_id"]), document)
        return self._made

    def is_off(self, document: Mapping[str, Any]) -> bool:
        """Tell whether a device is switched off, for as long as the stand-in lives."""
        return lot_of(str(document["_id"])) % _OFF_EVERY == 0


def lot_of(text: str) -> int:
    """Return a number that follows from a text alone."""
    return zlib.crc32(text.encode())


def _beside(piece: Body, nodes: Iterable[Body]) -> Iterator[Body]:
    at = piece.get("service_location")
    return (node for node in nodes if at and node.get("service_location") == at)
