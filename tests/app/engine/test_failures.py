"""Failures are said in words and waited out (T-25)."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_app.sync.events import Edited, Failed, FailureKind, Online, Tick
from tests.app.engine.hands import due, note, problem, sent
from tests.app.making import Device, reply, session


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (FailureKind.UNREACHABLE, "server-unreachable"),
        (FailureKind.STALLED, "server-unreachable"),
        (FailureKind.UNREADABLE, "server-unreachable"),
        (FailureKind.CAPTIVE, "captive-portal"),
    ],
)
def test_failure_is_said_and_waited_out(device: Device, kind: FailureKind, word: str) -> None:
    """T-25: a portal's page is a failure with a name, and the last contact stays what it was."""
    before = device.engine.status().contact_ms
    due(device)

    device.step(Failed(device.call("/v1/sync").call, kind))

    status = device.engine.status()
    assert (status.failure, status.contact_ms, status.failures) == (word, before, 1)
    assert device.engine.wake_ms == device.clock.mono_ms + 1_000


def test_answer_that_does_not_tell_the_time_is_not_our_servers(device: Device) -> None:
    """T-25: a portal that answers `{}` with 200 is no success either."""
    note(device)
    device.step(Edited())

    device.answer("/v1/sync", {})

    assert device.engine.status().failure == "captive-portal"
    assert device.replica.outbox.pending_count() == 1


@pytest.mark.parametrize("body", [None, [], "x", {"changes": 1}, {"now_ms": "soon"}])
def test_answer_of_another_shape_is_a_failure(device: Device, body: Any) -> None:
    due(device)

    device.answer("/v1/sync", body)

    assert device.engine.status().failure == "internal"


def test_waits_double_and_a_new_network_ends_them(device: Device) -> None:
    due(device)
    waits = []
    for _ in range(9):
        device.step(Failed(device.call("/v1/sync").call, FailureKind.UNREACHABLE))
        waits.append(device.engine.wake_ms - device.clock.mono_ms)
        due(device)
    device.step(Failed(device.call("/v1/sync").call, FailureKind.UNREACHABLE))

    device.step(Online())

    assert waits == [1000, 2000, 4000, 8000, 16000, 32000, 64000, 120000, 120000]
    device.call("/v1/sync")


def test_server_that_asks_for_time_is_given_it(device: Device) -> None:
    due(device)

    device.answer("/v1/sync", problem("busy"), status=503, **{"retry-after": "45"})

    assert device.engine.status().failure == "busy"
    assert device.engine.wake_ms == device.clock.mono_ms + 45_000


def test_call_that_is_too_large_is_tried_with_fewer_operations(device: Device) -> None:
    for _ in range(8):
        note(device)
    device.step(Edited())
    sizes = []
    for _ in range(4):
        sizes.append(len(sent(device)))
        device.answer("/v1/sync", problem("too-large"), status=413)
        due(device)

    assert sizes == [8, 8, 8, 8]  # a hundred, fifty, twenty-five, twelve: eight fit in each
    assert len(sent(device)) == 6


# --- over a restart


def test_why_nothing_was_sent_is_still_said_after_a_restart(device: Device) -> None:
    due(device)
    device.step(Failed(device.call("/v1/sync").call, FailureKind.CAPTIVE))
    failed_ms = device.clock.wall_ms
    device.clock.go(3_600_000)

    device.restart()

    status = device.engine.status()
    assert (status.failure, status.failure_ms, status.failures) == ("captive-portal", failed_ms, 0)


def test_success_clears_the_failure_for_good(device: Device) -> None:
    due(device)
    device.step(Failed(device.call("/v1/sync").call, FailureKind.STALLED))
    due(device)

    device.answer("/v1/sync", reply(since="e.1"))
    device.restart()

    status = device.engine.status()
    assert (status.failure, status.failure_ms) == (None, None)


def test_session_that_ended_is_still_said_after_a_restart(device: Device) -> None:
    """T-21."""
    device.restart(session(lives_ms=0))
    device.step(Tick())
    device.answer("/v1/auth/refresh", problem("signed-out"), status=401)

    device.restart(session(lives_ms=0))

    assert device.engine.status().failure == "signed-out"
