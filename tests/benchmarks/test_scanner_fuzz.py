"""Bad pictures and texts: a small slice of the command that tries twenty thousand."""

import json
import subprocess
import sys

from benchmarks.scanner.fuzz import GROWTH_MB, LIMIT_S
from tests.app.scanner.pictures import FOLDER

COMMAND = [sys.executable, "-m", "benchmarks.scanner.fuzz", "--count", "600", "--samples"]


def test_no_mutated_picture_or_text_crashes_hangs_or_grows() -> None:
    """In a process of its own: what else runs in this one grows too."""
    ended = subprocess.run([*COMMAND, str(FOLDER)], check=True, capture_output=True, timeout=100)

    told = json.loads(ended.stdout)
    assert told["count"] == 600
    assert told["longest_s"] < LIMIT_S
    assert told["grown_mb"] < GROWTH_MB
