"""How small a picture may be made and still be read: `python -m benchmarks.ocr_pictures`.

`--samples DIR` holds photos and an `index.json` with their truth. Each whose codes are read at
full size is made smaller as a device does it before it has a label read, and read again; a smaller
picture counts when everything that was read before still is. Codes are the judge: they need more
pixels than print that a person can read. Photos that a size really makes smaller are counted apart.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from benchmarks.machine import describe, percentile
from field_app.device.images import for_reading
from field_app.scanner.reading import read_picture
from field_core.problems import ProblemError

EDGES: Final = (2048, 1536, 1280, 1024, 768)
QUALITIES: Final = (80, 60, 45, 30)
BUDGET_S: Final = 8.0
"""Far beyond the server's, so that other work on the machine changes no rate."""


class Photo(NamedTuple):
    """One photo, what is read on it, and its longer side in pixels."""

    content: bytes
    texts: frozenset[str]
    edge_px: int


def read(content: bytes) -> tuple[frozenset[str], int]:
    """Return the texts on a picture and its longer side."""
    try:
        found = read_picture(content, budget_s=BUDGET_S)
    except ProblemError:
        return frozenset(), 0
    return frozenset(code.text for code in found.codes), max(found.size)


def legible(folder: Path) -> Iterator[Photo]:
    """Yield each photo on which something is read."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    for one in index["images"]:
        content = (folder / one["file"]).read_bytes()
        texts, edge_px = read(content) if one["expected"] else (frozenset[str](), 0)
        if texts:
            yield Photo(content, texts, edge_px)


def line(photos: Sequence[Photo], edge: int, quality: int) -> str:
    """Return what one size and quality come to."""
    made = [for_reading(photo.content, edge_px=edge, quality=quality) for photo in photos]
    kept = [photo.texts <= read(small)[0] for photo, small in zip(photos, made, strict=True)]
    large = [is_kept for photo, is_kept in zip(photos, kept, strict=True) if photo.edge_px > edge]
    kb = [len(small) / 1000 for small in made]
    return (
        f"{edge:7}  {quality:7}   {sum(kept) / len(kept):10.1%}   "
        f"{sum(large):4} / {len(large):3}   "
        f"{median(kb):9.1f}   {percentile(kb, 90):6.1f}"
    )


def main() -> int:
    """Measure and print a line for each size and quality."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ocr_pictures", description=__doc__)
    parser.add_argument("--samples", type=Path, required=True, help="photos with their index.json")
    arguments = parser.parse_args()
    photos = [*legible(arguments.samples)]
    print(describe())
    print(f"{len(photos)} photos with a code that is read at full size")
    print("edge px  quality   still read   made smaller   median KB   p90 KB")
    for edge in EDGES:
        for quality in QUALITIES:
            print(line(photos, edge, quality), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
