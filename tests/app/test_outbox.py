"""The outbox: numbers without holes, groups whole, nothing dropped before it is safe (FA-10)."""

from typing import Any

import pytest

from field_app.sync.outbox import KEPT_MS
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_core.wire import Outcome
from tests.app.making import Clock, Ids, change, enrolled, job, key, memory, reply

OTHER = "0197a000-0000-7000-8000-00000000eeee"


@pytest.fixture
def replica() -> Replica:
    replica = enrolled(memory())
    replica.apply(reply([change(1, job()), change(2, job(2))]), now_ms=0)
    return replica


@pytest.fixture
def recorder(replica: Replica) -> Recorder:
    return Recorder(replica, stamp=Clock().stamp, new_id=Ids().new)


def note(recorder: Recorder, text: str = "x") -> int:
    return recorder.append(key(1), "notes", {"text": text}).n


def group(recorder: Recorder, size: int) -> list[int]:
    drafts = [recorder.row(key(1), "notes", {"text": str(i)}) for i in range(size)]
    return [made.n for made in recorder.record(*drafts)]


def verdict(n: int, word: str = "applied", **more: object) -> Outcome:
    return Outcome.model_validate({"n": n, "verdict": word, **more})


def numbers(replica: Replica, limit: int = 100) -> list[object]:
    return [operation["n"] for operation in replica.outbox.pending(limit)]


def cleaned(replica: Replica, now_ms: int) -> int:
    """Clean just after a contact."""
    replica.remember(contact_ms=str(now_ms))
    return replica.outbox.clean(now_ms)


def test_numbers_count_up_by_one_and_go_in_order(replica: Replica, recorder: Recorder) -> None:
    assert [note(recorder) for _ in range(3)] == [1, 2, 3]
    assert numbers(replica) == [1, 2, 3]


def test_call_is_cut_before_a_group_that_does_not_fit(replica: Replica, recorder: Recorder) -> None:
    note(recorder)
    group(recorder, 3)

    assert numbers(replica, limit=2) == [1]
    assert numbers(replica, limit=4) == [1, 2, 3, 4]


def test_group_larger_than_a_call_goes_whole(replica: Replica, recorder: Recorder) -> None:
    group(recorder, 5)

    assert numbers(replica, limit=1) == [1, 2, 3, 4, 5]


def test_verdict_takes_an_operation_off_the_pending_ones(
    replica: Replica, recorder: Recorder
) -> None:
    note(recorder)
    note(recorder)

    touched = replica.outbox.take_outcomes([verdict(1, seq=4)], now_ms=5)

    assert (touched, numbers(replica)) == ({key(1)}, [2])


def test_server_that_remembers_less_is_offered_the_rest_again(
    replica: Replica, recorder: Recorder
) -> None:
    """A restored backup loses nothing that a device saw."""
    for _ in range(3):
        note(recorder)
    replica.outbox.take_outcomes([verdict(n, seq=n) for n in (1, 2, 3)], now_ms=5)

    replica.apply(reply(since="e.1", cursor="e.2", last_n=1), now_ms=6)

    assert numbers(replica) == [2, 3]


def test_gap_that_nothing_here_can_fill_is_closed(replica: Replica, recorder: Recorder) -> None:
    """Restored from a backup older than what is kept here: the rest must not wait for ever."""
    for _ in range(4):
        note(recorder)
    replica.outbox.take_outcomes([verdict(n, office="stored") for n in (1, 2, 3)], now_ms=0)
    cleaned(replica, KEPT_MS + 1)
    ids = [operation["id"] for operation in replica.outbox.pending(9)]

    replica.apply(reply(since="e.1", cursor="e.2", last_n=1), now_ms=6)

    assert numbers(replica) == [2]
    assert [operation["id"] for operation in replica.outbox.pending(9)] == ids
    assert note(recorder) == 3


def test_new_identity_offers_everything_again_under_new_numbers(
    replica: Replica, recorder: Recorder
) -> None:
    """A server put back to a backup may have forgotten what it told the old identity."""
    for _ in range(4):
        note(recorder)
    replica.outbox.take_outcomes([verdict(1), verdict(2)], now_ms=5)

    replica.outbox.renumber(OTHER)
    replica.remember(device=OTHER)

    assert numbers(replica) == [1, 2, 3, 4]
    assert {e.device for e in replica.outbox.entries()} == {OTHER}
    assert note(recorder) == 5


def test_what_is_offered_a_third_time_is_shown_again(replica: Replica, recorder: Recorder) -> None:
    """Renumbered after a restore, its effect in the base; then the server goes back once more."""
    note(recorder, "Chien")
    replica.outbox.take_outcomes([verdict(1, seq=3)], now_ms=5)
    seen = reply([change(1, job(), rev=2)], since="e.1", cursor="e.3", seq=3, last_n=1)
    replica.apply(seen, now_ms=6)
    replica.outbox.renumber(OTHER)
    replica.remember(device=OTHER)
    recorder.append(key(2), "notes", {"text": "Sonner"})
    replica.outbox.take_outcomes([verdict(2, seq=4)], now_ms=7)
    assert shown_notes(replica) == []

    replica.apply(reply(since="e.3", cursor="e.4", last_n=0), now_ms=8)

    assert (numbers(replica), shown_notes(replica)) == ([1, 2], ["Chien"])


def shown_notes(replica: Replica) -> list[object]:
    body: dict[str, Any] = dict(replica.documents("Dispatch Job"))[key(1)]
    return [row["text"] for row in body.get("notes") or ()]


def test_cleaning_drops_what_a_week_has_passed_over_and_the_office_has(
    replica: Replica, recorder: Recorder
) -> None:
    for _ in range(4):
        note(recorder)
    replica.outbox.take_outcomes(
        [
            verdict(1, office="stored"),
            verdict(2, office="waiting"),
            verdict(3, "parked", office="review", problem="not-assigned"),
        ],
        now_ms=0,
    )

    assert cleaned(replica, KEPT_MS) == 0
    assert cleaned(replica, KEPT_MS + 1) == 1
    assert sorted(e.n for e in replica.outbox.entries()) == [2, 3, 4]


def test_cleaning_keeps_what_the_base_does_not_contain_yet(
    replica: Replica, recorder: Recorder
) -> None:
    """A verdict may be here for a week before the news it goes with: the screen would go back."""
    note(recorder)
    replica.outbox.take_outcomes([verdict(1, office="stored", seq=7)], now_ms=0)

    assert cleaned(replica, KEPT_MS + 1) == 0

    replica.remember(seq="7")
    assert cleaned(replica, KEPT_MS + 1) == 1


def test_cleaning_after_weeks_in_a_drawer_waits_for_the_server(
    replica: Replica, recorder: Recorder
) -> None:
    """A server restored meanwhile asks for what it forgot: it must still be here to be told."""
    note(recorder)
    replica.outbox.take_outcomes([verdict(1, office="stored")], now_ms=0)
    replica.remember(contact_ms="0")

    assert replica.outbox.clean(3 * KEPT_MS) == 0

    replica.remember(contact_ms=str(3 * KEPT_MS))
    assert replica.outbox.clean(3 * KEPT_MS) == 1


def test_cleaning_never_cuts_an_act_of_several_parts(replica: Replica, recorder: Recorder) -> None:
    """A restored server is offered it again: a part alone would be refused as incomplete."""
    first, second = group(recorder, 2)
    stored = verdict(first, office="stored")
    replica.outbox.take_outcomes([stored, verdict(second, office="waiting")], now_ms=0)

    assert cleaned(replica, KEPT_MS + 1) == 0

    replica.outbox.take_outcomes([verdict(second, office="stored")], now_ms=0)
    assert cleaned(replica, KEPT_MS + 1) == 2


def test_number_is_never_given_twice_after_cleaning(replica: Replica, recorder: Recorder) -> None:
    note(recorder)
    replica.outbox.take_outcomes([verdict(1, office="stored")], now_ms=0)
    cleaned(replica, KEPT_MS + 1)

    assert note(recorder) == 2


def test_office_state_of_a_settled_operation_is_followed(
    replica: Replica, recorder: Recorder
) -> None:
    note(recorder)
    replica.outbox.take_outcomes([verdict(1, office="waiting", seq=2)], now_ms=3)

    replica.outbox.take_outcomes([verdict(1, office="stored", seq=9)], now_ms=8)

    entry = replica.outbox.entries()[0]
    assert (entry.office, entry.seq, entry.settled_ms) == ("stored", 2, 3)


def test_verdict_of_a_twins_operation_is_not_taken_for_our_own(
    replica: Replica, recorder: Recorder
) -> None:
    """A phone restored from an OS backup uses the same numbers for other operations."""
    n = note(recorder)
    mine = str(replica.outbox.pending(1)[0]["id"])

    replica.apply(reply(outcomes=[verdict(n, op="notours!")], last_n=n), now_ms=1)
    assert numbers(replica) == [n]

    replica.apply(reply(outcomes=[verdict(n, op=mine[-8:])], last_n=n), now_ms=2)
    assert numbers(replica) == []
