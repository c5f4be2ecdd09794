"""The order of the stages chosen on one part of the photos, the rate taken on the other part.

`python -m benchmarks.scanner.folds --samples DIR`.

Every stage of a table looks at every photo once. On four fifths of the photos an order is learnt
greedily (the stage that reads the most photos still unread, the quicker of equals); on the last
fifth that order runs until the budget is spent, and what counts is voted on as in the app. The
shuffle has a seed. Large pictures have a table of their own and are too few here to be folded.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.machine import describe, load_average
from benchmarks.scanner.measuring import PHONE, Fact, Photo, interval, photos
from field_codes.cascade import Cascade, Limits
from field_codes.codes import Read
from field_codes.decoders import Decoders, present
from field_codes.opencv.steps import STEPS
from field_codes.reading import BUDGET_PHONE_S, BUDGET_S
from field_codes.stages import DESKTOP_SMALL, LARGE_PX, PHONE_SMALL, Stage
from field_codes.votes import Tally

FOLDS: Final = 5
_STAGE_S: Final = 60.0
"""No stage is cut short while it is looked at by itself."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one stage saw of one photo."""

    reads: Sequence[tuple[Read, str]]
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Seen:
    """One photo with what every stage sees of it."""

    photo: Photo
    looks: Sequence[Look]


def look(photo: Photo, stage: Stage, decoders: Decoders) -> Look:
    """Have one stage look at one photo."""
    began_s = time.thread_time()
    cascade = Cascade(decoders, STEPS, [stage])
    told = cascade.read(photo.grey, Limits(time.thread_time, _STAGE_S))
    reads = [
        (Read(code.text, code.symbology, code.corners), code.decoder)
        for code in (*told.codes, *told.doubtful)
    ]
    return Look(reads, time.thread_time() - began_s)


def order_of(seen: Sequence[Seen], stages: Sequence[Stage]) -> list[int]:
    """Return the stages in the order that reads these photos soonest."""
    left = [one for one in seen if one.photo.truth]
    waiting, order = [*range(len(stages))], list[int]()
    while waiting:
        gains = {at: _gain(left, at) for at in waiting}
        best = max(waiting, key=lambda at: gains[at])
        waiting.remove(best)
        order.append(best)
        left = [one for one in left if not _hits(one, best)]
    return order


def _gain(left: Sequence[Seen], at: int) -> tuple[int, float]:
    cost_s = sum(one.looks[at].cpu_s for one in left)
    return sum(_hits(one, at) for one in left), -cost_s


def _hits(one: Seen, at: int) -> bool:
    return any(read.fact in one.photo.truth for read, _ in one.looks[at].reads)


def facts_of(
    one: Seen, order: Sequence[int], stages: Sequence[Stage], budget_s: float
) -> set[Fact]:
    """Return what counts of a photo when the stages run in an order until the time is up."""
    tally, spent_s = Tally(), 0.0
    for at in order:
        spent_s += one.looks[at].cpu_s
        if spent_s > budget_s:
            break
        for read, decoder in one.looks[at].reads:
            tally.add(read, stages[at], decoder)
    return {Read(code.text, code.symbology, code.corners).fact for code in tally.codes()}


def folded(
    seen: Sequence[Seen], stages: Sequence[Stage], *, budget_s: float, seed: int
) -> dict[str, Any]:
    """Return the rate over all folds, each with the order of the others."""
    shuffled = random.Random(seed).sample(list(seen), len(seen))
    read = known = wrong = 0
    for fold in range(FOLDS):
        held = shuffled[fold::FOLDS]
        order = order_of([one for one in shuffled if one not in held], stages)
        for one in held:
            facts = facts_of(one, order, stages, budget_s)
            known += bool(one.photo.truth)
            read += bool(facts & one.photo.truth)
            wrong += len(facts - one.photo.truth) if one.photo.is_complete else 0
    low, high = interval(read, known)
    share = round(100 * read / known, 1)
    return {
        "photos": f"{read}/{known}",
        "percent": share,
        "interval_95": [low, high],
        "wrong": wrong,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    asked = _parser().parse_args(arguments)
    small = [one for one in photos(asked.samples) if max(one.grey.shape) <= LARGE_PX]
    tables = {
        "cascade": (DESKTOP_SMALL, present(), BUDGET_S),
        "cascade, phone": (PHONE_SMALL, present(PHONE), BUDGET_PHONE_S),
    }
    for name, (stages, decoders, budget_s) in tables.items():
        seen = [Seen(one, [look(one, stage, decoders) for stage in stages]) for one in small]
        told = folded(seen, stages, budget_s=budget_s, seed=asked.seed)
        print(json.dumps({"way": name, "folds": FOLDS, **told}))
    print(f"{describe()}; load {load_average()}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scanner.folds", description=__doc__)
    parser.add_argument("--samples", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    return parser


if __name__ == "__main__":
    sys.exit(main())
