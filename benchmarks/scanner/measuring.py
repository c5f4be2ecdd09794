"""Reading photos in several ways, and what each made of them: codes, wrong texts, time."""

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from benchmarks.machine import percentile
from field_codes.codes import Corners, Read, Symbology, printed
from field_codes.decoders import Decoders, Grey, present
from field_codes.opening import opened
from field_codes.pictures import luminance
from field_codes.reading import read

PHONE: Final = ("pyzbar", "opencv")
_NOWHERE: Final[Corners] = ((0, 0), (0, 0), (0, 0), (0, 0))
_Z: Final = 1.96
"""Of the normal distribution: 95 % lie within."""

Fact = tuple[str, str]


class Photo(NamedTuple):
    """One photo with what is known to be on it."""

    name: str
    category: str
    truth: frozenset[Fact]
    is_complete: bool
    grey: Grey


@dataclass(slots=True)
class Figures:
    """What one way of reading made of all photos."""

    codes: int = 0
    found: int = 0
    photos: int = 0
    read: int = 0
    wrong: list[str] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)
    read_names: set[str] = field(default_factory=set)
    by_category: dict[str, list[bool]] = field(default_factory=dict)

    def add(self, photo: Photo, facts: set[Fact], cpu_ms: float, wall_ms: float) -> None:
        """Count one photo."""
        self.cpu_ms.append(cpu_ms)
        self.wall_ms.append(wall_ms)
        if photo.is_complete:
            self.wrong += [f"{photo.name}: {text}" for _, text in sorted(facts - photo.truth)]
        if not photo.truth:
            return
        hits = len(photo.truth & facts)
        self.codes, self.found = self.codes + len(photo.truth), self.found + hits
        self.photos, self.read = self.photos + 1, self.read + bool(hits)
        self.read_names |= {photo.name} if hits else set()
        self.by_category.setdefault(photo.category, []).append(bool(hits))


Way = Callable[[Grey], Iterable[Fact]]


def measure(folder: Path, ways: dict[str, Way]) -> dict[str, Figures]:
    """Let every way read every photo; one photo is in memory at a time."""
    figures = {name: Figures() for name in ways}
    for photo in photos(folder):
        for name, way in ways.items():
            wall, cpu = time.perf_counter(), time.thread_time()
            facts = set(way(photo.grey))
            figures[name].add(
                photo,
                facts,
                (time.thread_time() - cpu) * 1000,
                (time.perf_counter() - wall) * 1000,
            )
    return figures


def photos(folder: Path) -> Iterator[Photo]:
    """Yield the photos that an `index.json` lists."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    for entry in index["images"]:
        truth = frozenset(fact_of(code["text"], code["symbology"]) for code in entry["expected"])
        is_complete = bool(entry.get("exhaustive", not truth))
        grey = opened(folder / entry["file"], luminance)
        yield Photo(entry["file"], entry.get("category", "photo"), truth, is_complete, grey)


def fact_of(text: str, symbology: str) -> Fact:
    """Return what decoders agree on that call one print differently."""
    if symbology not in set(Symbology):
        return symbology, text
    return printed(text, Symbology(symbology), _NOWHERE).fact


def ways() -> dict[str, Way]:
    """Return each decoder alone, then the cascades."""
    every = present()
    alone = {mode: _alone(every, mode) for mode in ("zxing", "zbar") if mode in every.modes}
    alone["opencv"] = _both(every)
    phone = present(PHONE)
    return {**alone, "cascade": cascade(every), "cascade, phone": cascade(phone, is_phone=True)}


def _alone(decoders: Decoders, mode: str) -> Way:
    return lambda grey: (read.fact for read in decoders.modes[mode](grey) if read.text)


def _both(decoders: Decoders) -> Way:
    qr, articles = _alone(decoders, "opencv-qr"), _alone(decoders, "opencv-articles")
    return lambda grey: [*qr(grey), *articles(grey)]


def cascade(decoders: Decoders, *, is_phone: bool = False) -> Way:
    """Return the cascade over some decoders, as a desktop or as a phone would run it."""
    if is_phone:  # the third is missing there, and the tables go by that
        decoders = Decoders(decoders.modes, decoders.names, ("zxing-cpp",))

    def way(grey: Grey) -> Iterator[Fact]:
        codes = read(grey, now_s=time.thread_time, decoders=decoders).codes
        return (Read(code.text, code.symbology, code.corners).fact for code in codes)

    return way


def interval(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, in percent (Wilson, 1927)."""
    if not of:
        return 0.0, 100.0
    share, z2 = hits / of, _Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return round(100 * (middle - half), 1), round(100 * (middle + half), 1)


def summary(figures: Figures) -> dict[str, Any]:
    """Return the figures of one way as they are printed."""
    low, high = interval(figures.read, figures.photos)
    return {
        "recall": f"{figures.found}/{figures.codes}",
        "photos": f"{figures.read}/{figures.photos}",
        "percent": round(100 * figures.read / max(1, figures.photos), 1),
        "interval_95": [low, high],
        "wrong": len(figures.wrong),
        "cpu_ms": {
            "median": round(median(figures.cpu_ms), 1),
            **{f"p{p}": round(percentile(figures.cpu_ms, p), 1) for p in (90, 95)},
            "most": round(max(figures.cpu_ms), 1),
        },
        "wall_ms": {
            "median": round(median(figures.wall_ms), 1),
            "p95": round(percentile(figures.wall_ms, 95), 1),
        },
    }
