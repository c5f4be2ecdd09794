"""Of all that was read, what the label says: merged, checked against each other, never guessed."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from field_core.identity import bare, mac
from field_core.labels.candidates import Candidate
from field_core.labels.keys import Key
from field_core.labels.model import RANK, Field, Found, Provenance

SURE_MAX: Final = 0.99
CONFIRMED: Final = 0.9
"""At least, when the office's records or the network's name speak for a reading."""
PORTS: Final = 16
"""A device's addresses lie this close together: its ports and radios count up from one base."""

_BY_NAME: Final = {Key.MAC: 0, Key.GPON: 0, Key.SERIAL: 0, Key.NONE: 1, Key.PORT_MAC: 2}
_ORDER: Final = (*(field for field in Field if field is not Field.SERIAL), Field.SERIAL)
"""Serials last: a code that nothing announces is one only if it is nothing else."""
_TAIL: Final = re.compile(r"[0-9A-F]{4,6}$")

Chosen = dict[Field, Found]
Others = list[tuple[Field, Found]]


def choose(
    candidates: Iterable[Candidate], *, ssid: str = "", known: Collection[str] = ()
) -> tuple[Chosen, Others]:
    """Return one value per field where one can be told, and everything else that was read.

    `known` are the identities on the technician's jobs and van, without marks; they and the tail
    of the network's name settle what looks alike.
    """
    settled = [_settled(candidate, ssid, known) for candidate in candidates]
    merged = _merged(_without_misreadings(settled))
    chosen: Chosen = {}
    others: Others = []
    for field in _ORDER:
        ranked = sorted((c for c in merged if c.field is field), key=lambda c: _order(c, known))
        ranked = [c for c in ranked if not _is_told_otherwise(c, chosen.values())]
        best = _best(field, ranked, known)
        chosen |= {field: _found(best)} if best else {}
        others += [(field, _found(c)) for c in ranked if c is not best]
    return chosen, others


def _settled(candidate: Candidate, ssid: str, known: Collection[str]) -> Candidate:
    """Take, of the readings that look alike, the only one that something speaks for."""
    readings = (candidate.value, *candidate.alternatives)
    backed = [r for r in readings if bare(r) in known] or [r for r in readings if _ends(r, ssid)]
    if len(backed) != 1:
        return candidate
    rest = tuple(reading for reading in readings if reading != backed[0])
    return replace(
        candidate,
        value=backed[0],
        alternatives=rest,
        confidence=max(candidate.confidence, CONFIRMED),
    )


def _ends(reading: str, ssid: str) -> bool:
    """Tell whether a network's name ends as this MAC does: makers name it so."""
    tail, digits = _TAIL.search(ssid.upper()), mac(reading)
    return bool(tail and digits and digits.endswith(tail[0]))


def _without_misreadings(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what OCR read wrongly of a value that a code or a person gave rightly."""
    given = {c.value for c in candidates if c.provenance is not Provenance.OCR}
    return [
        c
        for c in candidates
        if c.provenance is not Provenance.OCR
        or c.value in given
        or given.isdisjoint(c.alternatives)
    ]


def _merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Make one of equal values: the best provenance stands, and each agreement adds to it."""
    in_order = sorted(candidates, key=lambda c: (c.field, c.value, RANK[c.provenance]))
    return [_one(list(same)) for _, same in groupby(in_order, lambda c: (c.field, c.value))]


def _one(same: list[Candidate]) -> Candidate:
    doubt = 1.0
    for candidate in same:
        doubt *= 1 - candidate.confidence
    return replace(
        same[0],
        key=min((c.key for c in same), key=_name_order),
        confidence=round(min(SURE_MAX, 1 - doubt), 2),
    )


def _name_order(key: Key) -> int:
    return _BY_NAME.get(key, 0)


def _order(candidate: Candidate, known: Collection[str]) -> tuple[bool, int, int, float, str]:
    return (
        bare(candidate.value) not in known,
        RANK[candidate.provenance],
        _name_order(candidate.key),
        -candidate.confidence,
        candidate.value,
    )


def _is_told_otherwise(candidate: Candidate, chosen: Iterable[Found]) -> bool:
    """A code that nothing announces is no serial when it is the MAC, the model or the part."""
    is_guess = candidate.field is Field.SERIAL and candidate.key is Key.NONE
    return is_guess and bare(candidate.value) in {bare(found.value) for found in chosen}


def _best(field: Field, ranked: Sequence[Candidate], known: Collection[str]) -> Candidate | None:
    """Return the first, unless another has as much to say for itself: then a person is asked."""
    if not ranked:
        return None
    first = ranked[0]
    rivals = [c for c in ranked if _claim(c, known) == _claim(first, known)]
    if len(rivals) == 1 or field in (Field.MODEL, Field.PART, Field.PRODUCT):
        return first
    if field is Field.MAC and _is_one_base([c.value for c in rivals]):
        return min(rivals, key=lambda c: c.value)
    return None


def _claim(candidate: Candidate, known: Collection[str]) -> tuple[bool, int, int]:
    return _order(candidate, known)[:3]


def _is_one_base(macs: Sequence[str]) -> bool:
    numbers = [int(bare(text), 16) for text in macs]
    return max(numbers) - min(numbers) <= PORTS


def _found(candidate: Candidate) -> Found:
    return Found(
        value=candidate.value,
        provenance=candidate.provenance,
        confidence=candidate.confidence,
        text=candidate.text,
        alternatives=candidate.alternatives,
        maker=candidate.maker,
    )
