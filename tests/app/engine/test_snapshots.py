"""The snapshot: fetched in ranges, shown as it comes, worked on meanwhile."""

from typing import Any

import pytest

from field_app.ports import Progress
from field_app.sync.events import (
    Arrived,
    Changed,
    Edited,
    Failed,
    FailureKind,
    FetchRange,
    Hinted,
    Replied,
    Tick,
)
from field_core.wire import Outcome
from tests.app.engine.hands import (
    FRAMES,
    arrive,
    due,
    note,
    offered,
    problem,
    ranges,
    sent,
    verdicts,
)
from tests.app.making import Device, change, job, key, reply, session, snapshot, stored


def test_snapshot_is_fetched_taken_in_and_followed_by_the_news() -> None:
    device, content = offered()
    [wanted] = ranges(device)
    assert (wanted.start, wanted.end, wanted.access) == (0, len(content), "access-1")

    arrive(device, wanted, content, piece=100)

    assert device.replica.counts() == {"Dispatch Job": 89}
    assert device.call("/v1/sync").json["cursor"] == "e.9"
    assert device.file.content == b""


def test_todays_jobs_are_shown_while_the_rest_is_coming() -> None:
    device, content = offered()
    [wanted] = ranges(device)
    first = len(content) // 3

    device.step(Arrived(wanted.call, 0, content[:first]))

    assert device.replica.counts() == {"Dispatch Job": 1}
    progress = device.engine.status().progress
    assert progress is not None
    assert progress == Progress(1, 89, first, len(content), is_first=True)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.5, 0.9, 0.99])
def test_snapshot_goes_on_where_a_kill_left_it(
    share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("field_app.sync.snapshot.NOTED_EVERY_BYTES", 1)
    device, content = offered()
    [wanted] = ranges(device)
    cut = int(len(content) * share)
    device.step(Arrived(wanted.call, 0, content[:cut]))

    device.restart()
    device.step(Tick())
    [rest] = ranges(device)
    arrive(device, rest, content)

    assert rest.start == cut
    assert device.replica.counts() == {"Dispatch Job": 89}


def test_range_that_breaks_off_is_asked_for_from_where_it_broke() -> None:
    device, content = offered()
    [wanted] = ranges(device)
    device.step(Arrived(wanted.call, 0, content[:500]))

    device.step(Failed(wanted.call, FailureKind.STALLED))
    assert ranges(device) == []
    due(device)

    assert [(r.start, r.end) for r in ranges(device)] == [(500, len(content))]


def test_snapshot_that_is_damaged_is_given_up_and_asked_for_anew() -> None:
    device, content = offered()
    [wanted] = ranges(device)

    device.step(Arrived(wanted.call, 0, bytes(len(content)), is_last=True))

    assert device.replica.cursor is None
    assert "cursor" not in device.call("/v1/sync").json


@pytest.mark.parametrize(("status", "code"), [(404, "not-found"), (403, "not-allowed")])
def test_snapshot_refused_for_good_is_given_up_at_once(status: int, code: str) -> None:
    """A restored server has it no more, or the device is to empty itself: work need not wait."""
    device, _ = offered()
    [wanted] = ranges(device)

    device.step(Replied(wanted.call, status, problem(code)))
    due(device)

    assert "cursor" not in device.call("/v1/sync").json


def test_snapshot_that_is_refused_is_given_up_after_a_few_times() -> None:
    device, _ = offered()
    for _ in range(3):
        [wanted] = ranges(device)
        device.step(Replied(wanted.call, 500, problem("internal")))
        due(device)

    device.call("/v1/sync")


def test_hint_while_a_range_waits_to_be_tried_again_does_not_stall() -> None:
    device, _ = offered()
    [wanted] = ranges(device)
    device.step(Failed(wanted.call, FailureKind.UNREACHABLE))

    device.step(Hinted())

    assert len(ranges(device)) == 1


# --- working before the end


def begun() -> tuple[Device, FetchRange, bytes]:
    """Return a device on which the day's jobs are in and the rest is coming."""
    device, content = offered()
    [wanted] = ranges(device)
    device.step(Arrived(wanted.call, 0, content[: len(content) // 3]))
    return device, wanted, content


def rest(device: Device, wanted: FetchRange, content: bytes) -> None:
    at = len(content) // 3
    device.step(Arrived(wanted.call, at, content[at:], is_last=True))


def texts(device: Device) -> list[str]:
    held = device.replica.document(key(1))
    assert held is not None
    notes: Any = held.body.get("notes") or []
    return [row["text"] for row in notes]


def test_edit_goes_up_before_the_snapshot_has_ended() -> None:
    device, _, _ = begun()
    note(device, "avant la fin")

    device.step(Edited())

    call = device.call("/v1/sync")
    assert ([op["n"] for op in call.json["ops"]], call.json["cursor"]) == ([1], "e.9")


def test_nothing_is_asked_for_while_there_is_nothing_to_send() -> None:
    device, _, _ = begun()

    assert device.step(Hinted()) == []


def test_edit_not_answered_yet_is_shown_when_the_rest_is_in() -> None:
    device, wanted, content = begun()
    note(device, "avant la fin")
    device.step(Edited())

    rest(device, wanted, content)

    assert device.replica.counts() == {"Dispatch Job": 89}
    assert (texts(device), device.replica.outbox.pending_count()) == (["avant la fin"], 1)


def test_edit_that_was_taken_is_shown_until_the_news_bring_it() -> None:
    """The verdict comes before the swap, its effect after: in between it must not vanish."""
    device, wanted, content = begun()
    note(device, "avant la fin")
    device.step(Edited())
    taken = [Outcome.model_validate({"n": 1, "verdict": "applied", "seq": 12})]
    device.answer("/v1/sync", reply(since="e.9", cursor="e.12", seq=12, outcomes=taken, last_n=1))
    assert (texts(device), device.replica.outbox.pending_count()) == (["avant la fin"], 0)

    rest(device, wanted, content)
    assert texts(device) == ["avant la fin"]
    whole = change(1, job(notes=[{"id": "n", "text": "avant la fin"}]), rev=2)
    device.answer("/v1/sync", reply([whole], since="e.9", cursor="e.12", seq=12, last_n=1))

    assert texts(device) == ["avant la fin"]
    assert device.replica.cursor == "e.12"


def test_news_that_come_with_a_verdict_wait_until_the_snapshot_is_in() -> None:
    """They start where the snapshot ends: taken now they would leave a gap."""
    device, wanted, content = begun()
    note(device)
    device.step(Edited())

    news = [change(95, job(95))]
    device.answer(
        "/v1/sync", reply(news, since="e.9", cursor="e.10", seq=10, more=True, **verdicts(1))
    )
    assert (device.effects, device.replica.cursor) == ([Changed(frozenset({key(1)}))], None)

    rest(device, wanted, content)
    assert device.call("/v1/sync").json["cursor"] == "e.9"


def test_another_snapshot_is_not_begun_while_one_is_coming() -> None:
    """A busy office must not make a slow phone start over and over."""
    device, wanted, content = begun()
    note(device)
    device.step(Edited())
    newer, _ = snapshot([stored(1, job())], cursor="e.99", seq=99)

    device.answer("/v1/sync", reply(cursor=None, snapshot=newer, **verdicts(1)))
    rest(device, wanted, content)

    assert device.replica.cursor == "e.9"


def test_work_done_before_the_end_survives_a_kill_and_goes_up_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("field_app.sync.snapshot.NOTED_EVERY_BYTES", 1)
    device, _, content = begun()
    note(device, "avant la fin")

    device.restart()
    device.step(Tick())
    assert [op["n"] for op in sent(device)] == [1]
    [wanted] = ranges(device)
    arrive(device, wanted, content)

    assert (texts(device), device.replica.counts()) == (["avant la fin"], {"Dispatch Job": 89})


def test_work_done_before_the_end_outlives_a_snapshot_that_is_given_up() -> None:
    device, wanted, content = begun()
    note(device, "avant la fin")
    at = len(content) // 3
    device.step(Arrived(wanted.call, at, bytes(len(content) - at), is_last=True))
    offer, again = snapshot(*FRAMES, cursor="e.20", seq=20)
    taken = [Outcome.model_validate({"n": 1, "verdict": "applied", "seq": 21})]
    device.answer("/v1/sync", reply(cursor=None, snapshot=offer, outcomes=taken, last_n=1))

    [wanted] = ranges(device)
    arrive(device, wanted, again)

    assert (texts(device), device.replica.cursor) == (["avant la fin"], "e.20")


def test_device_made_before_the_end_stays_when_the_rest_is_in() -> None:
    device, wanted, content = begun()
    made = device.recorder.create("Service Equipment", {"serial_no": "S1"})

    rest(device, wanted, content)

    assert device.replica.document(made.key) is not None
    assert device.engine.status().progress is None


def test_bytes_of_a_call_that_was_given_up_are_not_taken() -> None:
    device, content = offered()
    [wanted] = ranges(device)
    device.step(Failed(wanted.call, FailureKind.STALLED))

    assert device.step(Arrived(wanted.call, 0, content, is_last=True)) == []
    assert device.step(Failed(wanted.call, FailureKind.STALLED)) == []
    assert device.replica.counts() == {}


def test_range_under_an_old_token_is_asked_for_again_under_the_new_one() -> None:
    """The work done meanwhile was refused first, and renewed the session."""
    device, wanted, content = begun()
    note(device)
    device.step(Edited())
    device.answer("/v1/sync", {"code": "token-expired"}, status=401)
    device.answer("/v1/auth/refresh", session(access="access-2"))

    device.step(Replied(wanted.call, 401, {"code": "token-expired"}))

    assert device.engine.status().failure is None
    asked = device.engine.status().progress
    assert asked is not None
    assert asked.bytes == len(content) // 3
