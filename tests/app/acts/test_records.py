"""What is written down: notes, readings, material, time."""

import pytest

from field_app.ports import MaterialRow, NoteRow, TimeRow
from field_app.sync.acts import Acts, done
from field_app.sync.job_parts import materials_of, notes_of, times_of
from field_app.sync.replica import Replica
from field_core.problems import Problem
from tests.app.acts.hands import body, row_id, rows
from tests.app.making import MARC, Clock, key

NOON = "2026-04-27T16:00:00.000000Z"
ONE = "2026-04-27T17:00:00.000000Z"
TWO = "2026-04-27T18:00:00.000000Z"


def test_correction_of_a_note_points_at_it_and_both_stay(replica: Replica, acts: Acts) -> None:
    first = row_id(acts.note(key(1), "2 prises"))
    second = row_id(acts.note(key(1), "3 prises", corrects=first))

    assert notes_of(body(replica)) == [
        NoteRow(first, "2 prises", NOON, MARC, None, is_corrected=True),
        NoteRow(second, "3 prises", NOON, MARC, first, is_corrected=False),
    ]


def test_reading_is_kept_with_unit_and_time(replica: Replica, acts: Acts) -> None:
    done(acts.reading(key(1), "optical", -19.5, "dBm"))

    reading = rows(replica, "readings")[0]
    assert (reading["value"], reading["unit"], reading["measured_at"]) == (-19.5, "dBm", NOON)


def test_material_is_added_corrected_and_taken_out(replica: Replica, acts: Acts) -> None:
    cable = row_id(acts.material(key(1), item="FIBRE-DROP", description=None, qty=40, uom="m"))
    plate = row_id(acts.material(key(1), item=None, description="Plaque", qty=1))

    done(acts.material_qty(key(1), cable, 35.5))
    done(acts.remove_material(key(1), plate))

    assert materials_of(body(replica)) == [MaterialRow(cable, "FIBRE-DROP", None, 35.5, "m")]
    assert [row["qty"] for row in rows(replica, "materials")] == [35.5, 0]


# --- time


def test_time_runs_from_start_to_stop(replica: Replica, acts: Acts, clock: Clock) -> None:
    [begun] = done(acts.start_time(key(1), "Work"))
    clock.go(3_600_000)
    done(acts.stop_time(key(1)))

    assert times_of(body(replica)) == [
        TimeRow(row_id(begun), "Work", NOON, ONE, MARC, None, is_corrected=False)
    ]
    assert acts.stop_time(key(1)) == Problem("row-missing")


def test_beginning_something_else_ends_what_runs(
    replica: Replica, acts: Acts, clock: Clock
) -> None:
    done(acts.start_time(key(1), "Travel"))
    clock.go(3_600_000)
    done(acts.start_time(key(1), "Work"))

    assert [(r.activity, r.ended_at) for r in times_of(body(replica))] == [
        ("Travel", ONE),
        ("Work", None),
    ]


def test_clock_put_back_makes_no_time_of_negative_length(
    replica: Replica, acts: Acts, clock: Clock
) -> None:
    """T-22."""
    done(acts.start_time(key(1), "Work"))
    clock.wall_ms -= 3_600_000
    done(acts.stop_time(key(1)))

    assert [(r.started_at, r.ended_at) for r in times_of(body(replica))] == [(NOON, NOON)]


def test_correction_of_time_stands_beside_the_old_entry(replica: Replica, acts: Acts) -> None:
    old = row_id(acts.time_entry(key(1), "Work", NOON, TWO))

    new = row_id(acts.correct_time(key(1), old, NOON, ONE))

    assert times_of(body(replica)) == [
        TimeRow(old, "Work", NOON, TWO, MARC, None, is_corrected=True),
        TimeRow(new, "Work", NOON, ONE, MARC, old, is_corrected=False),
    ]
    assert acts.correct_time(key(1), old, NOON, TWO) == Problem("changed-since")


def test_entry_that_never_was_is_corrected_to_no_length(replica: Replica, acts: Acts) -> None:
    old = row_id(acts.time_entry(key(1), "Work", NOON, TWO))

    done(acts.correct_time(key(1), old, NOON, NOON, activity="Break"))

    assert [(r.activity, r.ended_at) for r in times_of(body(replica))][1] == ("Break", NOON)


def test_running_entry_that_was_corrected_runs_no_more(acts: Acts) -> None:
    [begun] = done(acts.start_time(key(1), "Work"))
    done(acts.correct_time(key(1), row_id(begun), NOON, ONE))

    assert acts.stop_time(key(1)) == Problem("row-missing")


@pytest.mark.parametrize("text", ["2026-04-27T12:00:00-04:00", "2026-04-27T16:00:00Z"])
def test_time_is_stored_in_one_spelling(replica: Replica, acts: Acts, text: str) -> None:
    done(acts.time_entry(key(1), "Work", text, ONE))

    assert rows(replica, "time_entries")[0]["started_at"] == NOON


# --- who did it


def test_who_is_no_technician_signs_by_full_name(replica: Replica, acts: Acts) -> None:
    replica.remember(technician=None, full_name="Sophie Gagnon", account="sophie@example.ca")
    done(acts.note(key(1), "Cliente rappelée"))
    done(acts.start_time(key(1), "Work"))
    done(acts.stop_time(key(1)))

    assert [row["by"] for table in ("notes", "time_entries") for row in rows(replica, table)] == [
        "Sophie Gagnon",
        "Sophie Gagnon",
    ]
    assert [bool(row.ended_at) for row in times_of(body(replica))] == [True]


def test_device_signed_in_before_names_were_kept_signs_by_account(
    replica: Replica, acts: Acts
) -> None:
    replica.remember(technician=None, account="sophie@example.ca")
    done(acts.note(key(1), "Cliente rappelée"))

    assert rows(replica, "notes")[0]["by"] == "sophie@example.ca"
