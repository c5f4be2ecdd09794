"""What the ledger writes down: source, age, quality, warnings."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from field_core.canon import Json
from field_core.cpe import parsing
from field_core.cpe.ledger import Ledger, instant
from field_core.cpe.model import Provenance, Quality, SnapshotWarning
from field_core.cpe.tree import Leaf

NOW = datetime(2026, 11, 20, 23, 21, tzinfo=UTC)
READ_AT = "2026-11-20T23:20:00.000Z"


def test_value_read_leaves_its_source_and_age() -> None:
    ledger = Ledger(NOW)

    assert ledger.read("device.uptime_s", Leaf(5, "A.B", READ_AT), parsing.count, unit="s") == 5
    assert ledger.warnings == []
    assert ledger.provenance == {
        "device.uptime_s": Provenance(
            source="A.B", unit="s", raw=5, age_s=60, quality=Quality.MEASURED
        )
    }


def test_value_that_cannot_be_warns() -> None:
    ledger = Ledger(NOW)

    assert ledger.read("x", Leaf(-5, "A", READ_AT), parsing.count) is None
    assert ledger.read("x", Leaf(-6, "A", READ_AT), parsing.count) is None
    assert ledger.warnings == [SnapshotWarning(code="implausible", field="x")]
    assert ledger.provenance["x"].quality is Quality.IMPLAUSIBLE


def test_value_missing_is_noted_without_a_warning() -> None:
    ledger = Ledger(NOW)

    assert ledger.read("x", Leaf("", "A", READ_AT), parsing.count) is None
    assert ledger.read("y", Leaf("Auto", "A", READ_AT), parsing.count, absent=("Auto",)) is None
    assert ledger.read("z", Leaf(None, "A"), parsing.count) is None
    assert ledger.warnings == []
    assert {field: note.quality for field, note in ledger.provenance.items()} == {
        "x": Quality.MISSING,
        "y": Quality.MISSING,
    }


@pytest.mark.parametrize("text", ["DO-NOT-LEAK-1", "hunter22", "4C8967f0dd32b1c831fc", "Chalet"])
def test_text_is_never_kept_as_a_raw_value(text: str) -> None:
    ledger = Ledger(NOW)
    ledger.read("x", Leaf(text, "A", READ_AT), parsing.count)

    assert ledger.provenance["x"].raw is None


def test_quantity_is_kept_as_it_was_written() -> None:
    ledger = Ledger(NOW)
    written: tuple[Json, ...] = ("-19.2 dBm", "7%;9%", 17, True)
    for at, raw in enumerate(written):
        ledger.note(str(at), Leaf(raw, "A", READ_AT), Quality.MEASURED)
    ledger.note("4", Leaf([], "A", READ_AT), Quality.MEASURED)

    raws = [note.raw for note in ledger.provenance.values()]
    assert raws == ["-19.2 dBm", "7%;9%", 17, True, None]


def test_age_of_times_that_cannot_be_is_unknown() -> None:
    ledger = Ledger(NOW)

    assert ledger.age_s("2026-11-20T23:25:00Z") == 0
    assert [ledger.age_s(text) for text in ("2027-01-01T00:00:00Z", "yesterday", None)] == [
        None
    ] * 3
    assert Ledger(None).age_s(READ_AT) is None


def test_instant_takes_text_and_datetimes_with_or_without_a_zone() -> None:
    eastern = datetime(2026, 11, 20, 18, 21, tzinfo=timezone(timedelta(hours=-5)))

    assert instant(eastern) == NOW
    assert instant(NOW.replace(tzinfo=None)) == NOW
    assert instant("2026-11-20T23:21:00Z") == NOW
    assert [instant(value) for value in ("no", 5, None, "0001-01-01T00:00:00+14:00")] == [None] * 4
