"""An exchange: what goes up, what comes down, when the next one is (T-18, T-20, T-22)."""

from field_app.sync.engine import POLL_MS, Phase
from field_app.sync.events import Changed, Edited, Failed, FailureKind, Hinted, Replied
from tests.app.engine.hands import due, note, sent, verdicts
from tests.app.making import NOON_MS, Device, change, job, key, reply


def test_first_exchange_asks_for_everything() -> None:
    device = Device()

    call = device.call("/v1/sync")
    asked = {name: value for name, value in call.json.items() if name != "heads"}
    assert (asked, call.access) == ({"now": [NOON_MS, 1_000, "boot-1"], "proto": 1}, "access-1")


def test_news_is_told_and_the_next_look_is_a_minute_later(device: Device) -> None:
    assert device.effects == [Changed(frozenset({key(1)}))]
    assert device.engine.wake_ms == device.clock.mono_ms + POLL_MS
    assert device.engine.status().phase is Phase.IDLE


def test_engine_sleeps_while_an_answer_is_awaited(device: Device) -> None:
    """Due work that waits for an answer must not wake the shell again and again."""
    due(device)

    assert device.engine.wake_ms > device.clock.mono_ms


def test_edit_is_sent_at_once(device: Device) -> None:
    note(device)

    device.step(Edited())

    assert [op["n"] for op in sent(device)] == [1]


def test_edit_made_while_a_call_is_under_way_goes_with_the_next(device: Device) -> None:
    note(device)
    device.step(Edited())
    under_way = device.call("/v1/sync").call
    note(device)
    assert device.step(Edited()) == []

    device.step(Replied(under_way, 200, reply(since="e.1", **verdicts(1)).model_dump(mode="json")))

    assert [op["n"] for op in sent(device)] == [2]


def test_reply_lost_means_the_same_operation_again(device: Device) -> None:
    """T-20: the first answer is lost, Marc edits again, both go up, the first one unchanged."""
    note(device, "one")
    device.step(Edited())
    first = sent(device)
    device.step(Failed(device.call("/v1/sync").call, FailureKind.STALLED))
    note(device, "two")
    assert device.step(Edited()) == []  # while calls fail, an edit does not cut the wait

    due(device)

    assert (sent(device)[0], [op["n"] for op in sent(device)]) == (first[0], [1, 2])
    device.answer("/v1/sync", reply(since="e.1", **verdicts(1, 2)))
    assert device.replica.outbox.pending_count() == 0


def test_late_answer_of_a_call_that_was_given_up_changes_nothing(device: Device) -> None:
    note(device)
    device.step(Edited())
    lost = device.call("/v1/sync").call
    device.step(Failed(lost, FailureKind.STALLED))

    late = reply([change(2, job(2))], since="e.1", cursor="e.2", **verdicts(1))
    assert device.step(Replied(lost, 200, late.model_dump(mode="json"))) == []
    assert device.replica.outbox.pending_count() == 1


def test_more_pages_are_asked_for_at_once(device: Device) -> None:
    due(device)

    device.answer("/v1/sync", reply([change(2, job(2))], since="e.1", cursor="e.2", more=True))

    assert device.call("/v1/sync").json["cursor"] == "e.2"


def test_hint_during_a_call_asks_once_more_after_it(device: Device) -> None:
    due(device)
    call = device.call("/v1/sync").call
    device.step(Hinted())

    device.step(Replied(call, 200, reply(since="e.1").model_dump(mode="json")))

    device.call("/v1/sync")


def test_verdict_moves_nothing_out_of_the_view(device: Device) -> None:
    """T-18: the job was cancelled in the office; what was done on it is accepted and stays."""
    note(device, "fait quand même")
    device.step(Edited())

    news = change(
        1,
        job(
            status="Cancelled",
            cancelled_by="Sophie",
            notes=[{"id": "n", "text": "fait quand même"}],
        ),
        rev=3,
    )
    device.answer("/v1/sync", reply([news], since="e.1", cursor="e.3", seq=3, **verdicts(1)))

    held = device.replica.document(key(1))
    assert held is not None
    assert (held.body["status"], held.body["cancelled_by"], held.body["notes"]) == (
        "Cancelled",
        "Sophie",
        [{"id": "n", "text": "fait quand même"}],
    )


def test_skew_is_measured_at_each_exchange(device: Device) -> None:
    """T-22."""
    device.clock.wall_ms += 2 * 3_600_000
    due(device)

    device.answer("/v1/sync", reply(since="e.1", now_ms=device.clock.wall_ms - 2 * 3_600_000))

    assert device.replica.get("skew_ms") == str(2 * 3_600_000)
