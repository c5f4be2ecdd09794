"""Phone photos of 12 megapixels with a real label in them: `python -m benchmarks.scanner.frames`.

Labels are photos of `--samples` that a single decoder reads as they are; each is laid on another
photo, small, turned, tilted, blurred, in glare or in the dark, by a seed: the same command makes
the same frames everywhere. `--each` frames a condition. A frame counts as read when one of its
label's codes is. Times, and the budgets of the cascade, are processor time of the one thread that
reads. Memory is that of a program of its own which reads one such file.
"""

import argparse
import io
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.machine import describe, load_average, memory_peak_mb
from benchmarks.scanner.measuring import (
    PHONE,
    Fact,
    Photo,
    Way,
    cascade,
    interval,
    photos,
    ways,
)
from field_app.scanner import read_codes
from field_codes.decoders import present

SIZE: Final = (4032, 3024)
"""Twelve megapixels, as most phones give them."""
QUALITY: Final = 70
"""A phone's JPEG."""
LABELS: Final = ("device", "Code128", "Code39", "DataMatrix")
"""The categories of photos that show labels rather than posters."""
GOAL_S: Final = 2.0
GOAL_MB: Final = 300
_MARGIN: Final = 1.06
"""Of white around a photo that is used as a label: its own quiet zone may end at its edge."""
_MS: Final = 1000

Grey = NDArray[np.uint8]


class Condition(NamedTuple):
    """How a label is photographed: how wide it is in the frame, and what happens to it."""

    name: str
    width: float = 0.25
    turned: tuple[float, float] = (-3, 3)
    """Between how many degrees."""
    tilted: float = 0.0
    """By how much the far edge is shorter."""
    blur_px: float = 0.0
    motion_px: int = 0
    glare: float = 0.0
    """How much of the label a reflection covers."""
    light: float = 1.0
    grain: float = 2.0
    """Standard deviation of the noise, in levels of 255."""


CONDITIONS: Final = (
    Condition("40 % of the width", width=0.4),
    Condition("25 %", width=0.25),
    Condition("12 %", width=0.12),
    Condition("turned 10 to 80 degrees", turned=(10, 80)),
    Condition("tilted", tilted=0.35),
    Condition("out of focus", blur_px=1.6),
    Condition("moved", motion_px=5),
    Condition("glare", glare=0.3),
    Condition("dark", light=0.25, grain=5.0),
    Condition("turned, soft, dim", turned=(10, 80), blur_px=1.0, light=0.45, grain=4.0),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, as a decoder gets it."""

    condition: str
    grey: Grey
    truth: frozenset[Fact]


def frames(labels: Sequence[Photo], grounds: Sequence[Grey], *, each: int) -> Iterator[Frame]:
    """Yield `each` frames a condition, one in memory at a time."""
    for condition in CONDITIONS:
        draw = random.Random(condition.name)
        for number in range(each):
            label = labels[(number * 7 + len(condition.name)) % len(labels)]
            ground = grounds[number % len(grounds)]
            yield Frame(condition.name, made(label.grey, ground, condition, draw), label.truth)


def made(label: Grey, ground: Grey, how: Condition, draw: random.Random) -> Grey:
    """Lay a label on a ground as it would be photographed; shape (3024, 4032)."""
    patch, mask = _posed(_sized(label, how), how, draw)
    frame = Image.fromarray(ground).resize(SIZE, Image.Resampling.BICUBIC)
    room = SIZE[0] - patch.width, SIZE[1] - patch.height
    at = tuple(round(draw.uniform(0.15, 0.85) * max(0, side)) for side in room)
    frame.paste(patch, (at[0], at[1]), mask)
    return _developed(_exposed(frame, how, draw))


def _sized(label: Grey, how: Condition) -> Image.Image:
    picture = Image.fromarray(label)
    width = round(SIZE[0] * how.width)
    height = round(picture.height * width / picture.width)
    bordered = Image.new("L", (round(width * _MARGIN), round(height + width * (_MARGIN - 1))), 235)
    edge = round(width * (_MARGIN - 1) / 2)
    bordered.paste(picture.resize((width, height), Image.Resampling.LANCZOS), (edge, edge))
    return _glaring(bordered, how) if how.glare else bordered


def _glaring(label: Image.Image, how: Condition) -> Image.Image:
    """Lay a reflection over a part of the label, soft at its edge."""
    light = Image.new("L", label.size, 0)
    width, height = label.width * how.glare, label.height * 0.9
    left, top = label.width * 0.35, label.height * 0.05
    ImageDraw.Draw(light).ellipse((left, top, left + width, top + height), fill=235)
    soft = light.filter(ImageFilter.GaussianBlur(label.width * 0.05))
    return Image.composite(Image.new("L", label.size, 255), label, soft)


def _posed(
    label: Image.Image, how: Condition, draw: random.Random
) -> tuple[Image.Image, Image.Image]:
    """Tilt and turn a label; returns it with the mask of where it is."""
    mask = Image.new("L", label.size, 255)
    if how.tilted:
        label, mask = (_tilted(one, how.tilted) for one in (label, mask))
    angle = draw.uniform(*how.turned)
    turned = (
        one.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=0)
        for one in (label, mask)
    )
    first, second = turned
    return first, second


def _tilted(picture: Image.Image, by: float) -> Image.Image:
    """See a picture from below: its upper edge is shorter by a share, and it is less high."""
    width, height = picture.size
    inset, low = width * by / 2, round(height * (1 - by / 2))
    corners = [(inset, 0), (width - inset, 0), (width, low), (0, low)]
    onto = [(0, 0), (width, 0), (width, height), (0, height)]
    return picture.transform(
        (width, low),
        Image.Transform.PERSPECTIVE,
        _perspective(corners, onto),
        Image.Resampling.BICUBIC,
    )


def _perspective(
    seen: Sequence[tuple[float, float]], flat: Sequence[tuple[float, float]]
) -> list[float]:
    """Return the eight numbers that lead from what is seen to the flat picture (Pillow's order)."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(wanted))]


def _exposed(frame: Image.Image, how: Condition, draw: random.Random) -> Grey:
    if how.blur_px:
        frame = frame.filter(ImageFilter.GaussianBlur(how.blur_px))
    tones = np.asarray(frame, np.float32)
    if how.motion_px:
        tones = _moved(tones, how.motion_px)
    noise = np.random.default_rng(draw.getrandbits(32))
    tones = tones * how.light + noise.normal(0, how.grain, tones.shape).astype(np.float32)
    seen: Grey = np.clip(np.rint(tones), 0, 255).astype(np.uint8)
    return seen


def _moved(tones: NDArray[np.float32], by_px: int) -> NDArray[np.float32]:
    """Move along the rows while the shutter is open."""
    total = np.zeros_like(tones)
    for shift in range(by_px):
        total += np.roll(tones, shift, axis=1)
    mean: NDArray[np.float32] = total / np.float32(by_px)
    return mean


def _developed(grey: Grey) -> Grey:
    """Make a phone's JPEG of it and open that again."""
    return np.array(Image.open(io.BytesIO(jpeg_of(grey))))


def jpeg_of(grey: Grey) -> bytes:
    """Return a frame as the file that a phone keeps."""
    kept = io.BytesIO()
    Image.fromarray(grey).save(kept, "JPEG", quality=QUALITY)
    return kept.getvalue()


# --- from the samples


def labels_of(every: Sequence[Photo]) -> list[Photo]:
    """Return the photos that serve as labels: what one decoder reads as they are."""
    alone = [way for name, way in ways().items() if name in ("zxing", "zbar")]
    return [
        photo
        for photo in every
        if photo.category in LABELS
        and photo.truth
        and any(set(way(photo.grey)) & photo.truth for way in alone)
    ]


def grounds_of(every: Sequence[Photo]) -> list[Grey]:
    """Return the photos without a code, on which labels are laid."""
    return [photo.grey for photo in every if not photo.truth]


# --- measuring


@dataclass(slots=True)
class Row:
    """What one way made of the frames of one condition."""

    read: list[bool]
    ms: list[float]


def measure(every: Sequence[Photo], *, each: int) -> dict[str, dict[str, Row]]:
    """Let every way read every frame; by condition, by way."""
    labels, grounds = labels_of(every), grounds_of(every)
    table: dict[str, dict[str, Row]] = {}
    readers = _readers()
    for frame in frames(labels, grounds, each=each):
        rows = table.setdefault(frame.condition, {})
        for name, way in readers.items():
            began_s = time.thread_time()
            is_read = bool(set(way(frame.grey)) & frame.truth)
            row = rows.setdefault(name, Row([], []))
            row.read.append(is_read)
            row.ms.append((time.thread_time() - began_s) * _MS)
    return table


def _readers() -> dict[str, Way]:
    alone = {name: way for name, way in ways().items() if name in ("zxing", "zbar")}
    phone: Callable[..., Way] = cascade
    return {
        **alone,
        "cascade": cascade(present()),
        "cascade, phone": phone(present(PHONE), is_phone=True),
    }


def printed_rows(table: dict[str, dict[str, Row]]) -> Iterator[str]:
    """Yield a line a condition and one for all."""
    totals: dict[str, Row] = {}
    for condition, rows in table.items():
        yield json.dumps({"condition": condition, **{n: _told(r) for n, r in rows.items()}})
        for name, row in rows.items():
            whole = totals.setdefault(name, Row([], []))
            whole.read += row.read
            whole.ms += row.ms
    for name, row in totals.items():
        low, high = interval(sum(row.read), len(row.read))
        told = {"read": _told(row), "interval_95": [low, high], "most_ms": round(max(row.ms))}
        yield json.dumps({"all": name, **told})


def _told(row: Row) -> str:
    share = 100 * sum(row.read) / len(row.read)
    return f"{sum(row.read)}/{len(row.read)} ({share:.0f} %), {median(row.ms):.0f} ms"


def peak_mb(grey: Grey) -> float:
    """Return the memory of a program of its own that reads one frame from its file, in MB."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "frame.jpg"
        file.write_bytes(jpeg_of(grey))
        command = [sys.executable, "-m", "benchmarks.scanner.frames", "--peak", str(file)]
        told = subprocess.run(  # noqa: S603 - our own program
            command, capture_output=True, text=True, check=True
        )
    return float(told.stdout)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 1 when a time or the memory is over its goal."""
    asked = _parser().parse_args(arguments)
    if asked.peak:
        read_codes(asked.peak)
        print(memory_peak_mb(os.getpid()))
        return 0
    every = [*photos(asked.samples)]
    table = measure(every, each=asked.each)
    for line in printed_rows(table):
        print(line)
    label, ground = labels_of(every)[0], grounds_of(every)[0]
    dark = next(one for one in CONDITIONS if one.name == "dark")
    memory = peak_mb(made(label.grey, ground, dark, random.Random(1)))
    ours = [ms for rows in table.values() for n, r in rows.items() if "cascade" in n for ms in r.ms]
    print(json.dumps({"peak_mb": round(memory), "most_s": round(max(ours) / _MS, 2)}))
    print(f"{describe()}; load {load_average()}", file=sys.stderr)
    return int(memory > GOAL_MB or max(ours) > GOAL_S * _MS or math.isnan(memory))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scanner.frames", description=__doc__
    )
    parser.add_argument("--samples", type=Path, metavar="DIR")
    parser.add_argument("--each", type=int, default=8, metavar="N")
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
