"""What a job says of its beginning and its end: stamped by the move, gone when it is open again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Body
from field_core.merge import Loser
from field_core.operations import Operation, Verdict
from field_core.replay import Held, replay
from field_core.status import TRANSITIONS, JobStatus, is_closed
from tests.core.making import NOON, applied, job, moving

MORNING = "2026-04-27T11:00:00.000000Z"
ENDED = ("completed_at", "cancelled_at", "cancelled_by")
REOPENED = [(a, b) for a, b in TRANSITIONS if is_closed(a) and not is_closed(b)]


def stamps(body: Body | None) -> Body:
    assert body is not None
    return {name: body[name] for name in ENDED if name in body}


@pytest.mark.parametrize("before", [a for a, b in TRANSITIONS if b is JobStatus.CANCELLED])
def test_cancelling_stamps_when_and_by_whom(before: JobStatus) -> None:
    result = applied(moving("Cancelled", seen=before), job(status=before))

    assert (result.verdict, result.losers) == (Verdict.APPLIED, ())
    assert stamps(result.body) == {"cancelled_at": NOON, "cancelled_by": "DT-00007"}


def test_cancelling_by_nobody_known_stamps_when() -> None:
    move = moving("Cancelled").model_copy(update={"by": None})

    assert stamps(applied(move, job()).body) == {"cancelled_at": NOON}


def test_cancelling_what_was_cancelled_keeps_the_first_stamps() -> None:
    cancelled = job(status="Cancelled", cancelled_at=MORNING, cancelled_by="Sophie D.")

    result = applied(moving("Cancelled"), cancelled)

    assert stamps(result.body) == {"cancelled_at": MORNING, "cancelled_by": "Sophie D."}


@pytest.mark.parametrize(("before", "to"), REOPENED)
def test_reopening_takes_the_end_away(before: JobStatus, to: JobStatus) -> None:
    ended = job(status=before, completed_at=MORNING, cancelled_at=MORNING, cancelled_by="Sophie D.")

    result = applied(moving(to, seen=before, reason="still down"), ended)

    assert (result.verdict, stamps(result.body)) == (Verdict.APPLIED, {})


def test_reopening_keeps_what_the_log_does_not_hold_of_the_end() -> None:
    ended = job(status="Completed", completed_at=MORNING)  # the office closed it in the ERP

    result = applied(moving("Paused", seen="Completed", reason="still down"), ended)

    assert result.losers == (Loser("completed_at", MORNING, None, MORNING, is_open=False),)


def test_reopening_needs_no_record_of_an_end_that_the_log_holds() -> None:
    ended = applied(moving("Completed", n=1), job()).body

    result = applied(moving("Paused", seen="Completed", reason="still down", n=2), ended)

    assert result.losers == ()


def test_work_on_a_job_that_the_office_opened_again_clears_what_it_left() -> None:
    opened = job(status="Scheduled", completed_at=MORNING, cancelled_by="Sophie D.")

    result = applied(moving("En Route", seen="Scheduled"), opened)

    assert stamps(result.body) == {}
    assert [(loser.field, loser.lost) for loser in result.losers] == [
        ("completed_at", MORNING),
        ("cancelled_by", "Sophie D."),
    ]


def test_completing_after_incomplete_stamps_the_later_end() -> None:
    before = applied(moving("Incomplete", reason="absent", n=1), job()).body

    after = applied(moving("Completed", seen="Incomplete", reason="came back", n=2), before)

    assert (stamps(after.body), after.losers) == ({"completed_at": NOON}, ())


@pytest.mark.parametrize("to", JobStatus)
def test_move_that_is_not_taken_leaves_every_stamp(to: JobStatus) -> None:
    cancelled = job(status="Cancelled", cancelled_at=MORNING, cancelled_by="Sophie D.")

    result = applied(moving(to, seen="On Site", reason="late"), cancelled)

    assert stamps(result.body) == {"cancelled_at": MORNING, "cancelled_by": "Sophie D."}


@given(st.lists(st.sampled_from(JobStatus), max_size=8))
def test_job_moved_by_us_has_an_end_exactly_while_it_is_closed(path: list[JobStatus]) -> None:
    body: Body = job(status="Scheduled")
    for n, to in enumerate(path, start=1):
        result = applied(moving(to, seen=str(body["status"]), reason="why", n=n), body)
        assert result.body is not None
        body = result.body

    match JobStatus(str(body["status"])):
        case JobStatus.CANCELLED:
            assert stamps(body) == {"cancelled_at": NOON, "cancelled_by": "DT-00007"}
        case JobStatus.COMPLETED | JobStatus.INCOMPLETE:
            assert stamps(body) == {"completed_at": NOON}
        case _:
            assert stamps(body) == {}


@given(st.lists(st.sampled_from(JobStatus), max_size=6))
def test_device_shows_the_stamps_that_the_server_decides(path: list[JobStatus]) -> None:
    body: Body | None = job(status="Dispatched")
    moves: list[Operation] = []
    for n, to in enumerate(path, start=1):
        seen = str((body or {}).get("status"))
        moves.append(moving(to, seen=seen, reason="why", n=n))
        body = applied(moves[-1], body).body

    shown = replay(Held("Dispatch Job", job(status="Dispatched")), [(m, NOON) for m in moves])

    assert shown == Held("Dispatch Job", body or {})
