"""A small storm of payments; the large one is `python -m benchmarks.billing.storm`."""

from pathlib import Path

from benchmarks.billing.storm import storm


def test_storm_with_kills_leaves_the_entries_equal_to_the_payments_to_the_cent(
    tmp_path: Path,
) -> None:
    found = storm(tmp_path / "shop", sessions=16, kills=6, seed=3)

    assert found.wrong == ()
    assert (found.paid, found.refunded) == (found.received, found.given_back)
    assert found.kills > 0
    assert found.paid > 0
