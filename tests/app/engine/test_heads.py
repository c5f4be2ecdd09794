"""What the office is told of a device: what stays on it, since when, its room; when it changed."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_app.sync.events import Edited, Failed, FailureKind, Tick
from field_app.sync.heads import TELL_AGAIN_MS
from tests.app.engine.hands import due, note, sent, verdicts
from tests.app.making import NOON_MS, Device, job, key, reply, session, stored


@pytest.fixture
def device() -> Device:
    """A device that told the office all it has to tell."""
    device = Device(signed_in=False)
    device.gauge = {"free_mb": 9_000, "app": "1.0"}
    device.sign_in()
    return device.synced(stored(1, job()))


def heads(device: Device) -> Any:
    return device.call("/v1/sync").json.get("heads")


def told(device: Device) -> Any:
    """Let the device poll; return what it tells, and let that arrive."""
    due(device)
    what = heads(device)
    device.answer("/v1/sync", reply(since="e.1"))
    return what


def photo(device: Device, *, made_ms: int = NOON_MS) -> None:
    device.replica.db.conn.execute(
        "INSERT INTO blob (sha256, size, mime, role, key, made_ms) VALUES "
        "(?, 5, 'image/jpeg', 'photo', ?, ?)",
        (f"a{made_ms}", key(1), made_ms),
    )


def test_first_exchange_tells_all(device: Device) -> None:
    device.restart()
    device.gauge = {"free_mb": 9_000, "app": "1.1"}
    device.step(Tick())

    assert heads(device) == {"unsent": 0, "blobs": 0, "free_mb": 9_000, "app": "1.1"}


def test_idle_exchange_tells_nothing(device: Device) -> None:
    assert [told(device), told(device)] == [None, None]


def test_photo_that_waits_is_told_once_with_its_age(device: Device) -> None:
    """S-06, S-07. The age is an instant of the server's clock, so that once is enough."""
    device.replica.remember(skew_ms="5000")
    photo(device)

    first = told(device)

    assert (first["blobs"], first["oldest_ms"]) == (1, NOON_MS - 5_000)
    assert told(device) is None


def test_work_that_goes_up_in_the_same_call_is_not_called_unsent(device: Device) -> None:
    note(device)

    device.step(Edited())

    assert (len(sent(device)), heads(device)) == (1, None)


def test_work_that_does_not_fit_the_call_is_told_with_its_age(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("field_app.sync.course.OPS_PER_CALL", 2)
    device.restart()
    for _ in range(3):
        note(device)
        device.clock.go(1_000)

    device.step(Tick())

    assert (heads(device)["unsent"], heads(device)["oldest_ms"]) == (1, NOON_MS + 2_000)


def test_what_was_told_in_vain_is_told_again(device: Device) -> None:
    photo(device)
    due(device)
    first = heads(device)

    device.step(Failed(device.call("/v1/sync").call, FailureKind.STALLED))
    due(device)

    assert heads(device) == first is not None


@pytest.mark.parametrize(
    ("free_mb", "is_told"), [(8_000, False), (7_100, True), (10_900, True), (10_700, False)]
)
def test_room_is_told_when_it_moved_by_a_fifth(
    device: Device, free_mb: int, *, is_told: bool
) -> None:
    device.gauge = {**device.gauge, "free_mb": free_mb}

    assert (told(device) is not None) is is_told


def test_room_that_becomes_unknown_is_told(device: Device) -> None:
    device.gauge = {"app": "1.0"}

    assert told(device) == {"unsent": 0, "blobs": 0, "app": "1.0"}


def test_all_is_told_again_after_some_hours(device: Device) -> None:
    """A server that came back from a backup has forgotten it."""
    device.clock.go(TELL_AGAIN_MS)
    device.step(Edited())
    device.answer("/v1/auth/refresh", session())

    assert heads(device) is not None


def test_told_means_answered(device: Device) -> None:
    note(device)
    device.step(Edited())
    device.answer("/v1/sync", reply(since="e.1", **verdicts(1)))

    assert told(device) is None
