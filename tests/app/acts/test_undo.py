"""Taking an act back: without a trace while it never left, in reverse once it may have (T-15)."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_app.ports import Photo, Signed
from field_app.sync.acts import Acts, done
from field_app.sync.files import BlobFolder
from field_app.sync.job_parts import materials_of, times_of
from field_app.sync.replica import Replica
from field_core.problems import Problem
from field_core.status import JobStatus
from field_core.wire import Outcome
from tests.app.acts.hands import ONT, PICTURE, body, numbers, offer, one, row_id, rows
from tests.app.making import change, job, key, reply

WHY = "annulé aussitôt"
SIGNED = Signed(PICTURE, "image/png", "Mme Roy", "fr")

ACTS: list[Any] = [
    lambda a: a.note(key(1), "x"),
    lambda a: a.move(key(1), JobStatus.PAUSED),
    lambda a: a.do_step(key(1), "s1"),
    lambda a: a.skip_step(key(1), "s1", "pas d'accès"),
    lambda a: a.material(key(1), item="X", description=None, qty=1),
    lambda a: a.start_time(key(1), "Work"),
    lambda a: a.photo(key(1), Photo(PICTURE, "image/jpeg")),
    lambda a: a.sign(key(1), SIGNED),
    lambda a: a.add_equipment(key(1), ONT),
    lambda a: a.remove_equipment(key(1), key(5), "panne"),
    lambda a: a.swap_equipment(key(1), key(5), ONT, "panne"),
    lambda a: a.move_equipment(key(1), key(6), "déménagement"),
    lambda a: a.accept_offer(key(2)),
]


def documents(replica: Replica) -> list[Any]:
    return replica.db.conn.execute("SELECT key, body FROM view ORDER BY key").fetchall()


# --- before it left


@pytest.mark.parametrize("act", ACTS)
def test_act_that_never_left_is_withdrawn_without_a_trace(
    replica: Replica, acts: Acts, act: Any
) -> None:
    before = documents(replica)

    assert done(acts.undo(done(act(acts)), reason=WHY)) == []

    assert (documents(replica), replica.outbox.entries()) == (before, [])
    assert replica.unsent() == (0, 0, None)


@pytest.mark.parametrize("act", ACTS)
def test_numbers_close_up_over_what_was_withdrawn(replica: Replica, acts: Acts, act: Any) -> None:
    """The server takes numbers without gaps: a hole would stop everything after it."""
    done(acts.note(key(1), "before"))
    made = done(act(acts))
    done(acts.note(key(1), "after"))

    done(acts.undo(made, reason=WHY))
    done(acts.note(key(1), "then"))

    assert numbers(replica) == [1, 2, 3]
    assert [op["n"] for op in replica.outbox.pending(9)] == [1, 2, 3]
    assert [row["text"] for row in rows(replica, "notes")] == ["before", "after", "then"]


def test_number_of_what_was_withdrawn_is_given_again_after_cleaning(
    replica: Replica, acts: Acts
) -> None:
    made = one(acts.note(key(1), "x"))
    replica.outbox.clean(0)

    done(acts.undo(made, reason=WHY))
    done(acts.note(key(1), "y"))

    assert numbers(replica) == [1]


def test_photo_taken_twice_still_goes_up_when_one_is_withdrawn(
    replica: Replica, acts: Acts, folder: BlobFolder
) -> None:
    done(acts.photo(key(1), Photo(PICTURE, "image/jpeg")))
    again = one(acts.photo(key(1), Photo(PICTURE, "image/jpeg")))

    done(acts.undo(again, reason=WHY))

    assert (replica.unsent().blobs, len(folder.names()), len(rows(replica, "photos"))) == (1, 1, 1)


def test_part_of_an_act_is_never_withdrawn(replica: Replica, acts: Acts) -> None:
    """What belongs together goes together: the rest would be half a swap."""
    made = done(acts.remove_equipment(key(1), key(5), "panne"))

    done(acts.undo(made[0], reason=WHY))

    assert len(replica.outbox.entries()) == 3


# --- what stands on it


def test_device_that_was_worked_on_since_is_taken_out_instead(replica: Replica, acts: Acts) -> None:
    made = done(acts.add_equipment(key(1), ONT))
    done(acts.remove_equipment(key(1), made[0].key, "défectueux"))

    reverse = acts.undo(made, reason=WHY)

    assert len(done(reverse)) == 2
    assert body(replica, made[0].key)["status"] == "In Stock"


def test_answer_given_again_since_is_not_overwritten(replica: Replica, acts: Acts) -> None:
    first = one(acts.do_step(key(1), "s1", note="a"))
    done(acts.do_step(key(1), "s1", note="b"))

    assert acts.undo(first, reason=WHY) == Problem("changed-since")
    assert body(replica)["checklist"][0]["note"] == "b"


def test_move_made_before_another_is_not_taken_back(acts: Acts) -> None:
    first = one(acts.move(key(1), JobStatus.PAUSED))
    done(acts.move(key(1), JobStatus.EN_ROUTE))

    assert acts.undo(first, reason=WHY) == Problem("changed-since")


def test_note_that_was_corrected_since_is_not_taken_back(acts: Acts) -> None:
    first = one(acts.note(key(1), "a"))
    done(acts.note(key(1), "b", corrects=row_id(first)))

    assert acts.undo(first, reason=WHY) == Problem("already-sent")


# --- after it may have left


def undone(replica: Replica, acts: Acts, act: Any) -> Any:
    made = done(act(acts))
    offer(replica)
    return acts.undo(made, reason=WHY)


def test_step_that_was_offered_is_put_back_by_a_new_operation(replica: Replica, acts: Acts) -> None:
    before = body(replica)["checklist"]

    [reverse] = done(undone(replica, acts, lambda a: a.do_step(key(1), "s1")))

    assert (body(replica)["checklist"], reverse.kind, reverse.n) == (before, "set", 2)


def test_pause_that_was_offered_is_resumed(replica: Replica, acts: Acts) -> None:
    done(undone(replica, acts, lambda a: a.move(key(1), JobStatus.PAUSED)))

    assert body(replica)["status"] == "On Site"


def test_end_of_a_job_that_was_offered_is_reopened_with_the_reason(
    replica: Replica, acts: Acts
) -> None:
    done(undone(replica, acts, lambda a: a.close_incomplete(key(1), "absent")))

    assert body(replica)["status"] == "On Site"
    assert rows(replica, "status_log")[-1]["reason"] == WHY


def test_move_that_has_no_way_back_is_not_taken_back(replica: Replica, acts: Acts) -> None:
    done(acts.move(key(1), JobStatus.PAUSED))
    done(acts.move(key(1), JobStatus.EN_ROUTE))
    arrived = one(acts.move(key(1), JobStatus.ON_SITE))
    offer(replica)

    assert acts.undo(arrived, reason=WHY) == Problem("already-sent")


def test_swap_that_was_offered_is_reversed_as_one_act(replica: Replica, acts: Acts) -> None:
    before = body(replica, key(5))
    made = done(acts.swap_equipment(key(1), key(5), ONT, "panne"))
    offer(replica)

    reverse = done(acts.undo(made, reason=WHY))

    assert body(replica, key(5)) == before
    new = body(replica, made[1].key)
    assert (new["status"], "service_location" in new) == ("In Stock", False)
    actions = [(row["action"], row.get("reason")) for row in rows(replica, "equipment")]
    assert actions == [("Remove", "panne"), ("Install", None), ("Remove", WHY), ("Install", WHY)]
    assert len({operation.group.id for operation in reverse if operation.group}) == 1


def test_material_that_was_offered_is_taken_out(replica: Replica, acts: Acts) -> None:
    done(undone(replica, acts, lambda a: a.material(key(1), item="X", description=None, qty=2)))

    assert materials_of(body(replica)) == []


def test_time_begun_by_mistake_and_offered_never_was(replica: Replica, acts: Acts) -> None:
    done(undone(replica, acts, lambda a: a.start_time(key(1), "Work")))

    assert [row.is_corrected for row in times_of(body(replica))] == [True, False]
    assert acts.stop_time(key(1)) == Problem("row-missing")


def test_time_that_was_corrected_since_is_not_taken_back(replica: Replica, acts: Acts) -> None:
    made = done(acts.start_time(key(1), "Work"))
    started = str(rows(replica, "time_entries")[0]["started_at"])
    done(acts.correct_time(key(1), row_id(made[0]), started, started))
    offer(replica)

    assert acts.undo(made, reason=WHY) == Problem("changed-since")


@pytest.mark.parametrize(
    "act",
    [
        lambda a: a.note(key(1), "x"),
        lambda a: a.photo(key(1), Photo(PICTURE, "image/jpeg")),
        lambda a: a.sign(key(1), SIGNED),
    ],
)
def test_what_only_grows_and_was_offered_is_corrected_not_undone(
    replica: Replica, acts: Acts, act: Any
) -> None:
    before = len(replica.outbox.entries())

    assert undone(replica, acts, act) == Problem("already-sent")
    assert len(replica.outbox.entries()) > before


def test_step_that_the_office_changed_since_is_not_put_back(replica: Replica, acts: Acts) -> None:
    made = one(acts.do_step(key(1), "s1"))
    offer(replica)
    theirs = job(status="On Site")
    theirs["checklist"] = [{**theirs["checklist"][0], "done": False, "note": "refaire"}]  # type: ignore[dict-item,index]  # JSON
    settled = Outcome.model_validate({"n": 1, "verdict": "applied", "seq": 2})
    news = reply(
        [change(1, theirs, rev=2)], since="e.1", cursor="e.2", seq=2, outcomes=[settled], last_n=1
    )
    replica.apply(news, now_ms=0)

    assert acts.undo(made, reason=WHY) == Problem("changed-since")


def test_act_whose_document_has_left_is_not_taken_back(replica: Replica, acts: Acts) -> None:
    made = one(acts.note(key(1), "x"))
    offer(replica)
    replica.db.conn.execute("DELETE FROM view WHERE key = ?", (key(1),))

    assert acts.undo(made, reason=WHY) == Problem("changed-since")
