"""Orders of the server: wipe, drain, an app too old to receive."""

from field_app.sync.engine import Phase
from field_app.sync.events import Edited, Erase, KeepSession, Replied, Revoked, SignedIn, Tick
from field_core.wire import Outcome
from tests.app.engine.hands import due, note, problem, sent, verdicts
from tests.app.making import Device, key, reply, session


def test_wipe_erases_everything_and_nothing_happens_after(device: Device) -> None:
    due(device)

    effects = device.answer("/v1/sync", problem("device-wiped"), status=403)

    assert effects == [Erase(), KeepSession(None)]
    assert device.step(Tick()) == []
    assert device.replica.counts() == {}


def test_wipe_is_told_to_whoever_signs_in_again(device: Device) -> None:
    """A device that was signed out makes no call that could be answered with the order."""
    note(device)

    effects = device.step(Revoked())

    assert effects == [Erase(), KeepSession(None)]
    assert device.replica.outbox.pending_count() == 0


def test_wipe_cut_short_goes_on_at_the_next_start(device: Device) -> None:
    """Killed when the replica was empty and the photos were still there: no network is needed."""
    device.replica.wipe()

    device.restart()

    assert device.step(Tick()) == [Erase(), KeepSession(None)]


def test_device_that_is_let_in_after_a_wipe_erases_nothing_more(device: Device) -> None:
    device.replica.wipe()
    device.restart()

    device.step(SignedIn(session()))
    device.restart()

    assert Erase() not in device.step(Tick())


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


def test_drain_asks_about_every_photo_once_more_before_it_erases(device: Device) -> None:
    """The server may have been put back since it had them; nobody else has them any more."""
    device.replica.db.conn.execute(
        "INSERT INTO blob (sha256, size, mime, role, key, made_ms, got, verified_ms) VALUES "
        "('aa', 5, 'image/jpeg', 'photo', ?, 0, 5, 1)",
        (key(1),),
    )
    due(device)
    drained = reply(since="e.1", cursor="e.1", order="drain")

    device.answer("/v1/sync", drained)

    assert Erase() not in device.effects
    asked = device.call("/v1/blobs/aa")
    device.step(Replied(asked.call, 200, None, {"upload-offset": "5", "upload-length": "5"}))
    due(device)
    assert device.answer("/v1/sync", drained) == [Erase(), KeepSession(None)]


def test_app_too_old_still_sends(device: Device) -> None:
    due(device)
    device.answer("/v1/sync", reply(since="e.1", cursor="e.1", upgrade=True))
    assert device.engine.status().phase is Phase.UPGRADE
    note(device)

    device.step(Edited())

    assert [op["n"] for op in sent(device)] == [1]
    device.answer("/v1/sync", reply(since="e.1", cursor="e.1", upgrade=True, **verdicts(1)))
    assert device.replica.outbox.pending_count() == 0
