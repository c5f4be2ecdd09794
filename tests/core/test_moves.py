"""Moving a job that others may have moved since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Body, Json, dump
from field_core.merge import Loser, Result
from field_core.operations import Verdict
from field_core.problems import Problem
from field_core.status import TRANSITIONS, JobStatus, is_closed
from tests.core.making import NOON, applied, job, moving, op_id

STATES = st.sampled_from(JobStatus)
REASONS = st.none() | st.sampled_from(["absent", "no power"])


def logged(seen: str, to: str, *, n: int = 1, reason: str | None = None) -> Body:
    row: Body = {"id": op_id(n), "from_status": seen, "to_status": to, "at": NOON, "by": "DT-00007"}
    return {**row, "reason": reason} if reason else row


def test_legal_move_is_taken_and_logged_with_the_time_of_the_act() -> None:
    result = applied(moving("Paused", seen="On Site", reason="lunch"), job())

    log: Json = [logged("On Site", "Paused", reason="lunch")]
    assert result == Result(job(status="Paused", status_log=log), Verdict.APPLIED)


def test_move_from_a_state_nobody_saw_is_taken_when_legal_from_where_the_job_is() -> None:
    result = applied(moving("Paused", seen="On Site"), job(status="Accepted"))

    log: Json = [logged("Accepted", "Paused")]
    assert result == Result(job(status="Paused", status_log=log), Verdict.APPLIED)


@pytest.mark.parametrize("started", [None, "2026-04-27T11:00:00.000000Z"])
def test_arriving_stamps_the_start_once(started: str | None) -> None:
    before = job(status="En Route", **({"started_at": started} if started else {}))

    body = applied(moving("On Site", seen="En Route"), before).body

    assert body is not None
    assert body["started_at"] == started or NOON


@pytest.mark.parametrize(("to", "reason"), [("Completed", None), ("Incomplete", "absent")])
def test_ending_stamps_the_end_and_the_reason(to: str, reason: str | None) -> None:
    result = applied(moving(to, reason=reason), job())

    ending: Body = {"status": to, "completed_at": NOON}
    ending["status_log"] = [logged("On Site", to, reason=reason)]
    if reason:
        ending["closed_reason"] = reason
    assert result == Result(job(**ending), Verdict.APPLIED)


def test_ending_again_then_a_reason_written_by_hand_is_recorded() -> None:
    result = applied(moving("Completed"), job(closed_reason="typed by hand"))

    assert result.losers == (
        Loser("closed_reason", "typed by hand", None, "typed by hand", is_open=False),
    )


def test_ending_again_then_a_reason_that_the_log_holds_needs_no_record() -> None:
    log: Json = [logged("On Site", "Incomplete", n=7, reason="absent")]

    result = applied(moving("Completed"), job(closed_reason="absent", status_log=log))

    assert result.losers == ()


def test_ending_without_the_reason_it_needs_is_parked() -> None:
    assert applied(moving("Incomplete"), job()) == Result(
        job(), Verdict.PARKED, problem=Problem("reason-needed")
    )


def test_move_made_already_then_nothing_whatever_came_after() -> None:
    body = job(status="Paused", status_log=[logged("En Route", "On Site", n=1)])

    assert applied(moving("On Site", seen="En Route", n=1), body) == Result(body, Verdict.APPLIED)


def test_move_to_where_the_job_is_and_the_log_says_so_changes_nothing() -> None:
    body = job(status_log=[logged("En Route", "On Site", n=7)])

    assert applied(moving("On Site", seen="En Route"), body) == Result(body, Verdict.APPLIED)


@pytest.mark.parametrize("before", [[], [logged("Accepted", "En Route", n=7)]])
def test_move_to_where_the_job_is_and_no_line_says_how_then_it_is_logged(
    before: list[Body],
) -> None:
    """The ERP was given the state and died before the line; the server forgot both."""
    result = applied(moving("On Site", seen="En Route"), job(status_log=[*before]))

    after = job(status_log=[*before, logged("En Route", "On Site")])
    assert result == Result(after, Verdict.APPLIED)


@pytest.mark.parametrize("seen", ["Completed", "Invoiced"])
def test_move_to_where_the_job_is_from_where_it_cannot_come_then_nothing_is_logged(
    seen: str,
) -> None:
    body = job(status="En Route")

    assert applied(moving("En Route", seen=seen), body) == Result(body, Verdict.APPLIED)


def test_move_to_where_the_job_is_then_its_own_reason_is_recorded() -> None:
    body = job(status="Incomplete", closed_reason="no power")

    result = applied(moving("Incomplete", reason="absent"), body)

    loser = Loser("closed_reason", None, "no power", "absent")
    log: Json = [logged("On Site", "Incomplete", reason="absent")]
    assert result == Result({**body, "status_log": log}, Verdict.MERGED, (loser,))


def test_move_that_the_job_is_past_changes_nothing_and_is_noted() -> None:
    body = job(status="Completed")

    result = applied(moving("En Route", seen="Accepted"), body)

    loser = Loser("status", "Accepted", "Completed", "En Route", is_open=False)
    assert result == Result(body, Verdict.SUPERSEDED, (loser,))


def test_incomplete_after_a_colleague_completed_then_the_reason_is_put_before_a_person() -> None:
    body = job(status="Completed")

    result = applied(moving("Incomplete", reason="absent"), body)

    assert result.verdict is Verdict.SUPERSEDED
    assert result.losers == (
        Loser("status", "On Site", "Completed", "Incomplete", is_open=False),
        Loser("closed_reason", None, None, "absent"),
    )


def test_pause_with_a_reason_after_a_colleague_completed_does_not_reopen() -> None:
    body = job(status="Completed")

    result = applied(moving("Paused", seen="On Site", reason="lunch"), body)

    assert result.verdict is Verdict.SUPERSEDED
    assert result.body is body


def test_completed_after_a_colleague_closed_incomplete_is_put_before_a_person() -> None:
    body = job(status="Incomplete")

    result = applied(moving("Completed", seen="On Site", reason="done"), body)

    assert result == Result(body, Verdict.PARKED, problem=Problem("changed-since"))


@pytest.mark.parametrize("seen", ["Completed", "Incomplete"])
def test_reopening_by_someone_who_saw_the_job_closed_is_taken(seen: str) -> None:
    result = applied(moving("On Site", seen=seen, reason="still down"), job(status="Completed"))

    assert result.verdict is Verdict.APPLIED


def test_reopening_without_a_reason_is_parked() -> None:
    result = applied(moving("On Site", seen="Completed"), job(status="Completed"))

    assert result.problem == Problem("reason-needed")


def test_work_on_a_cancelled_job_is_parked() -> None:
    body = job(status="Cancelled")

    result = applied(moving("Completed"), body)

    problem = Problem("illegal-transition", {"current": "Cancelled", "to": "Completed"})
    assert result == Result(body, Verdict.PARKED, problem=problem)


@pytest.mark.parametrize(("status", "to"), [("Invoiced", "Paused"), (None, "Paused"), ("Open", "")])
def test_states_that_are_not_ours_are_parked(status: str | None, to: str) -> None:
    body: Body = {"status": status} if status else {}

    result = applied(moving(to), body)

    problem = Problem("illegal-transition", {"current": status, "to": to})
    assert result == Result(body, Verdict.PARKED, problem=problem)


@given(STATES, STATES, STATES, REASONS)
def test_any_move_then_the_status_only_changes_along_the_table(
    current: JobStatus, seen: JobStatus, to: JobStatus, reason: str | None
) -> None:
    result = applied(moving(to, seen=seen, reason=reason), job(status=str(current)))

    assert result.body is not None
    after = JobStatus(str(result.body["status"]))
    assert after is current or (current, after) in TRANSITIONS
    if is_closed(current) and after is not current:
        assert reason
        assert is_closed(seen)


@given(STATES, STATES, STATES, REASONS)
def test_any_move_then_its_reason_is_kept_somewhere(
    current: JobStatus, seen: JobStatus, to: JobStatus, reason: str | None
) -> None:
    result = applied(moving(to, seen=seen, reason=reason), job(status=str(current)))

    words = [loser.lost for loser in result.losers]
    kept = dump(words) + dump(result.body)
    assert result.verdict is Verdict.PARKED or not reason or reason in kept


@given(STATES, STATES, STATES, REASONS)
def test_any_move_twice_changes_nothing_more(
    current: JobStatus, seen: JobStatus, to: JobStatus, reason: str | None
) -> None:
    move = moving(to, seen=seen, reason=reason)
    once = applied(move, job(status=str(current))).body

    assert applied(move, once).body == once
