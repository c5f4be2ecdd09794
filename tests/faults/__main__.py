"""`python -m tests.faults --faults N --seed S`: what a bad proxy does; exit 1 on any loss."""

import argparse
import asyncio
import sys

from tests.faults.session import run


def main() -> int:
    """Run one long session of faults and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    result = asyncio.run(run(options.faults, seed=options.seed))
    sys.stdout.write(f"{result}\n")
    return 0 if result.is_clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
