"""How small a picture may be made and still be read: `python -m benchmarks.ocr_pictures`.

`--samples DIR` holds photos and an `index.json` with their truth. Each whose codes are read at
full size is made smaller as a device does it before it has a label read, and read again; a smaller
picture counts when everything that was read before still is. Codes are the judge: they need more
pixels than print that a person can read.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.machine import describe, percentile
from field_app.device.images import for_reading
from field_app.scanner.reading import read_picture
from field_core.problems import ProblemError

EDGES: Final = (2048, 1536, 1280, 1024, 768)
QUALITIES: Final = (80, 70, 60, 45)
BUDGET_S: Final = 1.5
"""The server's own (`server_sync.ocr.codes`)."""


def read(content: bytes) -> frozenset[str]:
    """Return the texts on a picture."""
    try:
        return frozenset(code.text for code in read_picture(content, budget_s=BUDGET_S).codes)
    except ProblemError:
        return frozenset()


def legible(folder: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    """Yield each photo on which something is read, with what that is."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    for one in index["images"]:
        content = (folder / one["file"]).read_bytes()
        texts = read(content) if one["expected"] else frozenset()
        if texts:
            yield content, texts


def main() -> int:
    """Measure and print a line for each size and quality."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ocr_pictures", description=__doc__)
    parser.add_argument("--samples", type=Path, required=True, help="photos with their index.json")
    arguments = parser.parse_args()
    photos = [*legible(arguments.samples)]
    print(describe())
    print(f"{len(photos)} photos with a code that is read at full size")
    print("edge px  quality   still read   median KB   p90 KB")
    for edge in EDGES:
        for quality in QUALITIES:
            made = [for_reading(c, edge_px=edge, quality=quality) for c, _ in photos]
            kept = sum(t <= read(m) for (_, t), m in zip(photos, made, strict=True))
            sizes = [len(m) / 1000 for m in made]
            print(
                f"{edge:7}  {quality:7}   {kept / len(photos):9.1%}   "
                f"{median(sizes):9.1f}   {percentile(sizes, 90):6.1f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
