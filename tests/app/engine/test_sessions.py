"""Sessions: renewed, refused, ended, copied; never at the cost of work (T-21)."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_app.sync.auth import MARGIN_MS
from field_app.sync.engine import Phase
from field_app.sync.events import Edited, Failed, FailureKind, KeepSession, Replied, SignedIn, Tick
from tests.app.engine.hands import due, note, problem, sent, verdicts
from tests.app.making import Device, key, reply, session

OTHER = "0197a000-0000-7000-8000-00000000eeee"


LIFE_MS = 900_000


def started(device: Device) -> None:
    device.restart()
    device.step(Tick())


def ended(device: Device) -> None:
    """Start on a session whose access token is past its time."""
    device.restart(session(lives_ms=0))
    device.step(Tick())


# --- at the start


def test_token_that_lives_is_used_at_once_after_a_start(device: Device) -> None:
    """One round trip less before a technician sees the day."""
    note(device)

    started(device)

    assert device.call("/v1/sync").access == "access-1"
    assert [op["n"] for op in sent(device)] == [1]


@pytest.mark.parametrize("past_ms", [LIFE_MS - MARGIN_MS, LIFE_MS, 30 * LIFE_MS])
def test_token_that_ends_within_the_margin_is_renewed_first(device: Device, past_ms: int) -> None:
    device.clock.wall_ms += past_ms

    started(device)

    assert device.call("/v1/auth/refresh").json == {"refresh": "refresh-1"}


def test_monotonic_time_of_the_run_before_counts_for_nothing(device: Device) -> None:
    device.clock.mono_ms = 5 * LIFE_MS

    started(device)

    device.call("/v1/sync")


@pytest.mark.parametrize("skew_ms", [-5 * LIFE_MS, 5 * LIFE_MS])
def test_age_of_a_token_is_told_by_the_clock_as_the_server_corrected_it(
    device: Device, skew_ms: int
) -> None:
    """T-22: the phone's clock is wrong, and it knows by how much."""
    device.clock.wall_ms += skew_ms
    device.replica.remember(skew_ms=str(skew_ms))

    started(device)

    device.call("/v1/sync")


def test_token_with_more_life_than_it_was_given_is_renewed_first(device: Device) -> None:
    """The clock was put back since: how old the token is cannot be told."""
    device.clock.wall_ms -= 1

    started(device)

    device.call("/v1/auth/refresh")


def test_token_that_died_early_is_renewed_and_the_call_repeated(device: Device) -> None:
    note(device)
    started(device)

    device.answer("/v1/sync", problem("token-expired"), status=401)
    device.answer("/v1/auth/refresh", session(access="access-2"))

    assert device.call("/v1/sync").access == "access-2"
    assert [op["n"] for op in sent(device)] == [1]


def test_refusal_of_the_old_token_says_nothing_about_the_new_one(device: Device) -> None:
    """Two calls went out under the old token; the second answer comes when it is renewed."""
    device.replica.db.conn.execute(
        "INSERT INTO blob (sha256, size, mime, role, key, made_ms) VALUES "
        "('aa', 5, 'image/jpeg', 'photo', ?, 0)",
        (key(1),),
    )
    started(device)
    blob = device.call("/v1/blobs").call
    device.answer("/v1/sync", problem("token-expired"), status=401)
    device.answer("/v1/auth/refresh", session(access="access-2"))

    device.step(Replied(blob, 401, None))

    assert device.call("/v1/blobs").access == "access-2"
    assert device.engine.status().failure is None


# --- renewal


def test_expired_token_is_renewed_and_the_work_sent(device: Device) -> None:
    """T-21: nothing of this loses work or logs out."""
    note(device)
    device.step(Edited())
    device.answer("/v1/sync", reply(since="e.1", **verdicts(1)))
    note(device)
    device.step(Edited())

    device.answer("/v1/sync", problem("token-expired"), status=401)
    kept = device.answer("/v1/auth/refresh", session(access="access-2"))

    assert KeepSession(session(access="access-2")) in kept
    assert device.call("/v1/sync").access == "access-2"
    assert [op["n"] for op in sent(device)] == [2]


def test_lost_answer_to_a_refresh_is_asked_for_again_with_the_same_token(device: Device) -> None:
    """T-21: a flaky link never logs out."""
    ended(device)
    for _ in range(5):
        call = device.call("/v1/auth/refresh")
        assert call.json == {"refresh": "refresh-1"}
        device.step(Failed(call.call, FailureKind.STALLED))
        assert device.engine.status().phase is Phase.IDLE
        due(device)

    device.answer("/v1/auth/refresh", session(access="access-2"))

    assert device.call("/v1/sync").access == "access-2"


def test_session_that_has_ended_asks_to_sign_in_and_keeps_the_work(device: Device) -> None:
    """T-21."""
    note(device)
    ended(device)

    device.answer("/v1/auth/refresh", problem("signed-out"), status=401)

    status = device.engine.status()
    assert (status.phase, status.failure, status.unsent) == (Phase.SIGNED_OUT, "signed-out", 1)
    assert note(device) == 2
    device.step(SignedIn(session(access="access-9")))
    assert [op["n"] for op in sent(device)] == [1, 2]


def test_brand_new_session_that_is_refused_is_not_hammered() -> None:
    device = Device()

    device.answer("/v1/sync", problem("signed-out"), status=401)

    assert device.effects == []
    assert device.engine.wake_ms >= device.clock.mono_ms + 1_000


@pytest.mark.parametrize("body", [{}, None, {"access": "x"}, [1]])
def test_answer_that_is_no_session_is_a_failure(device: Device, body: Any) -> None:
    ended(device)

    device.answer("/v1/auth/refresh", body)

    assert device.engine.status().failure == "internal"


def test_clone_gets_a_new_identity_and_renumbers_its_work(device: Device) -> None:
    note(device)
    device.step(Edited())

    device.answer("/v1/sync", problem("device-cloned"), status=409)
    assert device.call("/v1/auth/re-enrol").json == {"refresh": "refresh-1"}
    device.answer("/v1/auth/re-enrol", session(OTHER, access="access-2"))

    assert device.replica.get("device") == OTHER
    assert [op["n"] for op in sent(device)] == [1]


def test_files_that_are_an_older_copy_are_noticed_before_a_number_is_reused(device: Device) -> None:
    """A phone restored from its backup: the server has numbers that these files never gave."""
    due(device)

    device.answer("/v1/sync", reply(since="e.1", last_n=7))
    due(device)

    device.call("/v1/auth/re-enrol")
