"""How many codes of real photos are read, how wrongly, how fast: `python -m benchmarks.scanner`.

`--samples DIR` holds photos and an `index.json` with their truth. Each decoder alone is measured
beside the cascade, with what a desktop has and with what a phone has. A code counts as read when
its text is equal to the truth; the forms of one article number are one, and FNC1 is no text. Wrong
is a text that is not in the truth of a photo whose truth says that it is complete.

Times are processor time of the one thread that decodes, from tones in memory to codes: other work
on the machine lengthens the wall clock, which is given beside it. OpenCV is held to one thread.
"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.machine import describe, load_average, own_peak_mb
from benchmarks.scanner.measuring import Figures, measure, summary, ways


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 1 when the cascade misses its targets."""
    asked = _parser().parse_args(arguments)
    measured = measure(asked.samples, ways())
    for name, figures in measured.items():
        print(json.dumps({"way": name, **summary(figures)}, ensure_ascii=False))
        for line in figures.wrong:
            print(f"  wrong: {line!r}")
    if asked.by_category:
        _print_categories(measured)
    union = {name for way in ("zxing", "zbar", "opencv") for name in measured[way].read_names}
    print(json.dumps({"union of single decoders": len(union), "peak_mb": round(own_peak_mb())}))
    print(f"{describe()}; load {load_average()}", file=sys.stderr)
    ours = measured["cascade"]
    return int(bool(ours.wrong) or ours.read <= len(union))


def _print_categories(measured: dict[str, Figures]) -> None:
    for category in sorted(measured["cascade"].by_category):
        hits = {name: figures.by_category[category] for name, figures in measured.items()}
        line = {name: f"{sum(of)}/{len(of)}" for name, of in hits.items()}
        print(json.dumps({"category": category, **line}, ensure_ascii=False))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scanner", description=__doc__)
    parser.add_argument("--samples", "--set", type=Path, required=True, metavar="DIR")
    parser.add_argument("--by-category", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
