"""Bad pictures and texts: a small slice of the command that tries twenty thousand."""

from benchmarks.scanner.fuzz import GROWTH_MB, LIMIT_S, run
from tests.app.scanner.pictures import FOLDER


def test_no_mutated_picture_or_text_crashes_hangs_or_grows() -> None:
    told = run(FOLDER, count=600, seed=20_261_121)

    assert told["count"] == 600
    assert told["longest_s"] < LIMIT_S
    assert told["grown_mb"] < GROWTH_MB
