"""Orders of the server: wipe, drain, an app too old to receive."""

from field_app.sync.engine import Phase
from field_app.sync.events import Edited, Erase, KeepSession, Tick
from field_core.wire import Outcome
from tests.app.engine.hands import due, note, problem, sent, verdicts
from tests.app.making import Device, key, reply


def test_wipe_erases_everything_and_nothing_happens_after(device: Device) -> None:
    due(device)

    effects = device.answer("/v1/sync", problem("device-wiped"), status=403)

    assert effects == [Erase(), KeepSession(None)]
    assert device.step(Tick()) == []
    assert device.replica.counts() == {}


def test_drain_takes_the_work_first_and_then_erases(device: Device) -> None:
    note(device)
    due(device)

    parked = Outcome.model_validate({"n": 1, "verdict": "parked", "office": "review"})
    effects = device.answer(
        "/v1/sync", reply(since="e.1", cursor="e.1", order="drain", outcomes=[parked], last_n=1)
    )

    assert effects == [Erase(), KeepSession(None)]


def test_drain_waits_for_work_that_was_not_taken(device: Device) -> None:
    note(device)
    due(device)

    device.answer("/v1/sync", reply(since="e.1", cursor="e.1", order="drain"))

    assert device.replica.outbox.pending_count() == 1
    assert Erase() not in device.effects


def test_drain_waits_for_photos(device: Device) -> None:
    device.replica.db.conn.execute(
        "INSERT INTO blob (sha256, size, mime, role, key, made_ms) VALUES "
        "('aa', 5, 'image/jpeg', 'photo', ?, 0)",
        (key(1),),
    )
    due(device)

    effects = device.answer("/v1/sync", reply(since="e.1", cursor="e.1", order="drain"))

    assert Erase() not in effects


def test_app_too_old_still_sends(device: Device) -> None:
    due(device)
    device.answer("/v1/sync", reply(since="e.1", cursor="e.1", upgrade=True))
    assert device.engine.status().phase is Phase.UPGRADE
    note(device)

    device.step(Edited())

    assert [op["n"] for op in sent(device)] == [1]
    device.answer("/v1/sync", reply(since="e.1", cursor="e.1", upgrade=True, **verdicts(1)))
    assert device.replica.outbox.pending_count() == 0
