"""Bad pictures and bad texts, by seed: `python -m benchmarks.scanner.fuzz --count 20000`.

Half are files made from `--samples` (small, in five formats) with bytes flipped, cut out, doubled,
or their sizes rewritten; half are texts of labels mutated likewise. Each must end in codes, in a
label, or in a ProblemError, within a time; memory must not grow. Exit code 1 otherwise.
"""

import argparse
import io
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from PIL import Image

from benchmarks.machine import memory_mb
from field_codes.reading import read
from field_core.identity import read_gpon_serial, read_mac, read_serial, serial_forms
from field_core.labels import LabelText, Provenance, parse_label, redacted
from field_core.problems import ProblemError

COUNT: Final = 20_000
EDGE_PX: Final = 160
"""Small pictures meet as many branches of a decoder as large ones, in a hundredth of the time."""
BUDGET_S: Final = 0.02
LIMIT_S: Final = 5.0
"""Processor time that no single input may take."""
GROWTH_MB: Final = 40
"""After the first tenth, when everything is loaded and every cache is warm."""
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_MARKS: Final = '\x1d\x1e\x04:;,|={}[]"\\/?&%\n\t éÉ０Ａ\u2011\U0001f600'
_TEXTS: Final = (
    "S/N: TPLGA1B2C3D4 MAC: A4:2B:B0:1C:9F:3E",
    "[)>\x1e06\x1dPLTF7267-BHA+\x1dH10394EB5DA90\x1dSHBMT22700048\x1e\x04",
    "WIFI:T:WPA;S:Maison\\;5G;P:secret99;;",
    '{"mac":"A4-2B-B0-1C-9F-3E","sn":"GMK170210005623","model":"XX230v"}',
    "https://example.net/d?sn=54504C47A1B2C3D4&mac=a42bb01c9f3e",
    "GPON SN 54504C47A1B2C3D4\nMODEL XX230v\nSSID Vdeotron_9F3E",
    "444C4E4B20400005",
    "4006381333931",
)
Mutate = Callable[[bytearray, random.Random], bytes]


def mutations() -> Sequence[Mutate]:
    """Return the ways in which bytes are spoilt."""
    return (_flipped, _cut, _doubled, _zeroed, _swapped, _resized)


def _flipped(content: bytearray, draw: random.Random) -> bytes:
    for _ in range(draw.randint(1, 24)):
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    return bytes(content)


def _cut(content: bytearray, draw: random.Random) -> bytes:
    return bytes(content[: draw.randrange(len(content))])


def _doubled(content: bytearray, draw: random.Random) -> bytes:
    start = draw.randrange(len(content))
    piece = content[start : start + draw.randint(1, 400)]
    return bytes(content[:start] + piece * draw.randint(2, 6) + content[start:])


def _zeroed(content: bytearray, draw: random.Random) -> bytes:
    start = draw.randrange(len(content))
    stop = min(len(content), start + draw.randint(1, 200))
    content[start:stop] = bytes([draw.choice((0, 255))]) * (stop - start)
    return bytes(content)


def _swapped(content: bytearray, draw: random.Random) -> bytes:
    middle = draw.randrange(len(content))
    return bytes(content[:20] + content[middle:] + content[20:middle])


def _resized(content: bytearray, draw: random.Random) -> bytes:
    """Write another number where the head of a file keeps its sizes."""
    at = draw.randrange(min(len(content), 200))
    content[at : at + 2] = draw.getrandbits(16).to_bytes(2, "big")
    return bytes(content)


def pictures(folder: Path) -> list[bytes]:
    """Return the samples, small, in each format."""
    made: list[bytes] = []
    files = sorted(p for p in folder.iterdir() if p.suffix in (".jpg", ".png", ".webp", ".gif"))
    for number, path in enumerate(files):
        picture = Image.open(path).convert("RGBA").convert("RGB")
        picture.thumbnail((EDGE_PX, EDGE_PX))
        kept = io.BytesIO()
        picture.save(kept, _FORMATS[number % len(_FORMATS)])
        made.append(kept.getvalue())
    return made


def spoilt_pictures(folder: Path, draw: random.Random) -> Iterator[bytes]:
    """Yield mutated files without end."""
    sound, ways = pictures(folder), mutations()
    while True:
        content = draw.choice(sound)
        for _ in range(draw.randint(1, 3)):
            content = draw.choice(ways)(bytearray(content or b"\0"), draw)
        yield content


def spoilt_texts(draw: random.Random) -> Iterator[str]:
    """Yield mutated texts of labels without end."""
    while True:
        letters = list(draw.choice(_TEXTS))
        for _ in range(draw.randint(1, 12)):
            at = draw.randrange(len(letters))
            letters[at : at + draw.randint(0, 2)] = draw.choices(_MARKS, k=draw.randint(0, 2))
            letters = letters or ["?"]
        yield "".join(letters) * draw.choice((1, 1, 1, 2, 40))


def try_picture(content: bytes) -> None:
    """Read one file; a ProblemError is a good answer."""
    try:
        read(content, now_s=time.thread_time, budget_s=BUDGET_S)
    except ProblemError:
        return


def try_text(text: str) -> None:
    """Have one text read by all that read texts of labels."""
    label = parse_label([LabelText(text, Provenance.BARCODE), text])
    json.dumps(label.as_json())
    redacted(text)
    serial_forms(text)
    for typed in (read_mac, read_gpon_serial, read_serial):
        try:
            typed(text)
        except ProblemError:
            continue


def run(folder: Path, *, count: int, seed: int) -> dict[str, float]:
    """Try so many inputs; raises whatever one of them makes go wrong."""
    draw = random.Random(seed)
    files, texts = spoilt_pictures(folder, draw), spoilt_texts(draw)
    longest, warm_mb = 0.0, memory_mb(os.getpid())
    for number in range(count):
        began = time.thread_time()
        if number % 2:
            try_text(next(texts))
        else:
            try_picture(next(files))
        longest = max(longest, time.thread_time() - began)
        if number == count // 10:
            warm_mb = memory_mb(os.getpid())
    grown = memory_mb(os.getpid()) - warm_mb
    return {"count": count, "longest_s": round(longest, 2), "grown_mb": round(grown, 1)}


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    asked = _parser().parse_args(arguments)
    told = run(asked.samples, count=asked.count, seed=asked.seed)
    print(json.dumps({"seed": asked.seed, **told}))
    return int(told["longest_s"] > LIMIT_S or told["grown_mb"] > GROWTH_MB)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scanner.fuzz", description=__doc__)
    parser.add_argument("--samples", type=Path, required=True, metavar="DIR")
    parser.add_argument("--count", type=int, default=COUNT, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    return parser


if __name__ == "__main__":
    sys.exit(main())
