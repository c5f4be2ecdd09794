"""Write a loaded embedded ERP: `python -m benchmarks.volume --out DIR --seed N`."""

import argparse
import secrets
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from benchmarks.volume.bulk import fill, set_series
from benchmarks.volume.documents import FULL, Names, documents
from server_sync.embedded_erp import ErpSiteSettings, create_embedded_erp
from server_sync.erp.setup_meta import erp_doctypes

FILE: Final = "erp.db"
_BAR: Final = 40


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 2 when the file is there already."""
    asked = _parser().parse_args(arguments)
    path: Path = asked.out / FILE
    if path.exists():
        print(f"{path} is there already; name an empty folder", file=sys.stderr)
        return 2
    asked.out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    count = _write(path, asked.seed, asked.today, asked.scale)
    seconds, size = time.perf_counter() - began, path.stat().st_size / 1e6
    print(f"{count} documents in {path}: {size:.0f} MB, {seconds:.1f} s")
    return 0


def _write(path: Path, seed: int, today: date, scale: float) -> int:
    volume = FULL if scale == 1 else FULL.scaled(scale)
    erp = create_embedded_erp(
        path,
        doctypes=erp_doctypes(),
        clock=lambda: datetime.now(UTC),
        entropy=secrets.token_bytes,
        settings=ErpSiteSettings(durable=False),  # a cut run is thrown away and started again
    )
    try:
        names = Names()
        pairs = documents(seed, today, volume, names)
        count = fill(erp.site, pairs, tick=lambda done: _show(done, volume.total))
        set_series(erp.site, names.current)
    finally:
        erp.close()
    return count


def _show(done: int, total: int) -> None:
    """Draw the progress bar over itself."""
    filled = _BAR * done // total
    end = "\n" if done == total else ""
    bar = f"{'#' * filled}{'.' * (_BAR - filled)}"
    print(f"\r[{bar}] {done * 100 // total:3d} %  {done} of {total}", end=end, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.volume", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help=f"folder to write {FILE} into")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same documents")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full volume")
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=date.today(),  # noqa: DTZ011 - a person's own day
        help="the date the documents lie around",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
