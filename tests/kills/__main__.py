"""`python -m tests.kills --kills N --seed S`: client and server killed; exit 1 on any loss."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.kills.parent import Parent


def main() -> int:
    """Run one long session of kills and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = Parent(Path(folder), seed=options.seed).run(options.kills)
    sys.stdout.write(f"{result}\n")
    return 0 if result.is_clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
