"""Which reads count: what proves itself at once, the rest when two ways of looking agree.

A wrong serial is worse than none. Over thousands of photos QR, Data Matrix and Code 128 gave no
text that was not there; EAN, UPC and ITF did, from enlarged or sharpened pictures above all, and
Code 39 has no check character (docs/figures.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from field_codes.codes import SELF_PROVING, Code, Corners, Point, Read, Symbology
from field_codes.stages import Stage

VOTES_NEEDED: Final = 2

Fact = tuple[str, str]
Way = tuple[str, tuple[str, ...]]
"""Library and steps: two modes of one library over one view err alike, so they have one vote."""
ONE_VOTE_EVER: Final = "opencv"
"""Its article numbers were wrong alike from several views of a Code 128."""


@dataclass(frozen=True, slots=True)
class _Line:
    code: Code
    ways: frozenset[Way]
    is_trusted: bool

    @property
    def counts(self) -> bool:
        is_alone_enough = self.code.symbology in SELF_PROVING or self.is_trusted
        return is_alone_enough or len(self.ways) >= VOTES_NEEDED


class Tally:
    """Gathers reads by what they say."""

    def __init__(self) -> None:
        self._lines: dict[Fact, _Line] = {}

    def add(self, read: Read, stage: Stage, decoder: str) -> None:
        """Note one read, with its place in the picture."""
        way = _way(read, stage, decoder)
        line = self._lines.get(read.fact)
        if line is None:
            code = Code(read.text, read.symbology, read.corners, stage.name, decoder)
            line = _Line(code, frozenset(), is_trusted=False)
        trusted = line.is_trusted or (stage.is_trusted and read.symbology is not Symbology.CODE_39)
        self._lines[read.fact] = _Line(line.code, line.ways | {way}, trusted)

    def codes(self) -> list[Code]:
        """Return what counts, without what a better read at the same place contradicts."""
        beaten = self._beaten()
        lines = (line for fact, line in self._lines.items() if line.counts and fact not in beaten)
        return [_voted(line) for line in lines]

    def doubtful(self) -> list[Code]:
        """Return what was read and does not count, unless something that counts is there."""
        beaten = self._beaten()
        counting = [line.code for line in self._lines.values() if line.counts]
        return [
            _voted(line)
            for fact, line in self._lines.items()
            if (not line.counts and not _is_covered(line.code, counting))
            or (line.counts and fact in beaten and not _is_covered(line.code, self.codes()))
        ]

    def _beaten(self) -> set[Fact]:
        counting = [(fact, line) for fact, line in self._lines.items() if line.counts]
        return {fact for one, other in combinations(counting, 2) for fact in _losers(one, other)}


def _way(read: Read, stage: Stage, decoder: str) -> Way:
    """Of article numbers one library errs alike even over other tones of one view."""
    if decoder == ONE_VOTE_EVER:
        return decoder, ()
    return decoder, stage.steps if read.symbology is Symbology.CODE_39 else stage.shape


def _voted(line: _Line) -> Code:
    return replace(line.code, votes=len(line.ways))


def _losers(one: tuple[Fact, _Line], other: tuple[Fact, _Line]) -> Iterable[Fact]:
    """Of two texts at one place at most one is true; what nothing tells apart is not shown."""
    if not _overlap(one[1].code.corners, other[1].code.corners):
        return ()
    first, second = _weight(one[1]), _weight(other[1])
    if first != second:
        return (other[0],) if first > second else (one[0],)
    # Two readings of one QR differ in its letters' encoding: the one that came first stands.
    return (other[0],) if one[1].code.symbology in SELF_PROVING else (one[0], other[0])


def _weight(line: _Line) -> tuple[bool, int]:
    return line.code.symbology in SELF_PROVING, len(line.ways)


def _is_covered(code: Code, others: Iterable[Code]) -> bool:
    return any(other != code and _overlap(code.corners, other.corners) for other in others)


def _overlap(one: Corners, other: Corners) -> bool:
    """Tell whether the middle of either lies in the other."""
    return _holds(one, _middle(other)) or _holds(other, _middle(one))


def _middle(corners: Corners) -> Point:
    return sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4


def _holds(corners: Corners, point: Point) -> bool:
    """Tell whether a point lies in a convex quadrilateral, whichever way round it goes.

    Of bars zbar sometimes gives a mere line, which holds nothing.
    """
    if _area(corners) < 1:
        return False
    sides = [_side(a, b, point) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    return all(side >= 0 for side in sides) or all(side <= 0 for side in sides)


def _area(corners: Corners) -> float:
    """By the shoelace formula, in square pixels."""
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _side(a: Point, b: Point, point: Point) -> float:
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
