"""The status table, walked."""

from itertools import pairwise, product

import pytest

from field_core.status import (
    TRANSITIONS,
    Actor,
    JobStatus,
    as_markdown,
    is_closed,
    is_past,
    move,
    parse,
)

_S = JobStatus
CLOSED = {_S.COMPLETED, _S.INCOMPLETE, _S.CANCELLED}
OPEN = set(JobStatus) - CLOSED


def reachable(start: JobStatus) -> set[JobStatus]:
    found, edge = {start}, [start]
    while edge:
        here = edge.pop()
        new = {b for a, b in TRANSITIONS if a is here} - found
        found |= new
        edge += new
    return found


def test_every_state_is_reached_from_open() -> None:
    assert reachable(_S.OPEN) == set(JobStatus)


def test_cancelled_is_never_left() -> None:
    assert reachable(_S.CANCELLED) == {_S.CANCELLED}


def test_completed_is_left_only_by_a_reopening_with_a_reason() -> None:
    ways = {(b, m.event, m.needs_reason) for (a, b), m in TRANSITIONS.items() if a is _S.COMPLETED}

    assert ways == {(to, "reopen", True) for to in (_S.ON_SITE, _S.PAUSED, _S.SCHEDULED)}


def test_incomplete_is_left_only_with_a_reason() -> None:
    ways = [m for (a, _), m in TRANSITIONS.items() if a is _S.INCOMPLETE]

    assert ways
    assert all(way.needs_reason for way in ways)


@pytest.mark.parametrize("current", sorted(OPEN))
def test_a_technician_is_never_blocked_on_an_open_job(current: JobStatus) -> None:
    may = {b for (a, b), m in TRANSITIONS.items() if a is current and m.actor is not Actor.OFFICE}

    assert {_S.COMPLETED, _S.INCOMPLETE} <= may
    assert may & {_S.ON_SITE, _S.PAUSED}


@pytest.mark.parametrize("current", sorted(OPEN))
def test_the_office_can_cancel_any_open_job(current: JobStatus) -> None:
    way = move(current, _S.CANCELLED)

    assert way is not None
    assert way.actor is Actor.OFFICE


def test_no_move_leads_nowhere() -> None:
    assert all(a is not b for a, b in TRANSITIONS)


def test_move_that_the_table_does_not_hold_is_none() -> None:
    assert move(_S.COMPLETED, _S.OPEN) is None


@pytest.mark.parametrize(("one", "other"), list(product(JobStatus, repeat=2)))
def test_is_past_then_states_are_in_one_order(one: JobStatus, other: JobStatus) -> None:
    cancelled = _S.CANCELLED in (one, other)
    assert is_past(one, one)
    assert (is_past(one, other) or is_past(other, one)) is (not cancelled or one is other)
    for third in JobStatus:
        assert not (is_past(one, other) and is_past(other, third)) or is_past(one, third)


def test_is_past_follows_the_day_of_a_job() -> None:
    day = (_S.OPEN, _S.SCHEDULED, _S.DISPATCHED, _S.ACCEPTED, _S.EN_ROUTE, _S.ON_SITE, _S.COMPLETED)

    for earlier, later in pairwise(day):
        assert is_past(later, earlier)
        assert not is_past(earlier, later)


def test_is_closed_then_work_has_ended() -> None:
    assert {status for status in JobStatus if is_closed(status)} == CLOSED


@pytest.mark.parametrize("status", JobStatus)
def test_parse_gives_the_state_that_a_text_names(status: JobStatus) -> None:
    assert parse(status.value) is status


@pytest.mark.parametrize("text", ["open", "", None, 3, ["Open"]])
def test_parse_of_another_text_is_none(text: object) -> None:
    assert parse(text) is None


def test_as_markdown_draws_every_move() -> None:
    lines = as_markdown().splitlines()

    assert len(lines) == 2 + len(TRANSITIONS)
    assert lines[0] == "| from | to | event | who | reason |"
    assert "| Completed | On Site | reopen | both | yes |" in lines
    assert "| Open | Scheduled | schedule | office |  |" in lines
