"""Differences from what the server says: found, named, mended."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_app.sync.engine import MEND_AGAIN_MS
from field_app.sync.events import Call
from field_core.wire import Change
from tests.app.engine.hands import differing_reply, due, note, problem, sent, verdicts
from tests.app.making import Device, digest_of, job, key, reply, stored


def test_difference_is_found_named_and_mended(device: Device) -> None:
    due(device)
    device.answer("/v1/sync", differing_reply())

    theirs = {"Dispatch Job": {key(1): [2, "0" * 16]}}
    device.answer("/v1/sync/sums", {"cursor": "e.1", "differing": theirs})
    assert device.call("/v1/sync/fetch").json == {"keys": [key(1)]}
    whole = {"key": key(1), "doctype": "Dispatch Job", "rev": 2, "body": job(subject="juste")}
    device.answer("/v1/sync/fetch", {"changes": [whole], "seq": 1})

    held = device.replica.document(key(1))
    assert held is not None
    assert held.body["subject"] == "juste"
    device.answer(
        "/v1/sync", reply(since="e.1", digest=digest_of(stored(1, job(subject="juste"), rev=2)))
    )
    assert device.effects == []
    assert device.replica.get("divergences") == "1"


def test_difference_that_mending_does_not_settle_is_left_for_later(device: Device) -> None:
    """A defect somewhere must not keep a phone talking all day."""
    due(device)
    device.answer("/v1/sync", differing_reply())
    device.answer("/v1/sync/sums", {"cursor": "e.1", "differing": {}})

    device.answer("/v1/sync", differing_reply())

    assert device.effects == []
    device.clock.go(MEND_AGAIN_MS)
    due(device)
    device.answer("/v1/sync", differing_reply())
    device.call("/v1/sync/sums")


def test_fetch_that_is_always_refused_does_not_stop_the_exchange(device: Device) -> None:
    device.replica.mend([key(1)])
    note(device)
    due(device)
    device.answer("/v1/sync/fetch", problem("internal"), status=500)
    due(device)
    assert [op["n"] for op in sent(device)] == [1]

    device.answer("/v1/sync", reply(since="e.1", **verdicts(1)))

    device.call("/v1/sync/fetch")
    assert device.replica.outbox.pending_count() == 0


def test_patch_that_does_not_fit_leads_to_a_fetch(device: Device) -> None:
    due(device)

    patch = Change(key=key(1), rev=9, patch={"subject": "?"})
    device.answer("/v1/sync", reply([patch], since="e.1", cursor="e.2", seq=2, digest="0" * 16))

    calls = [e.path for e in device.effects if isinstance(e, Call)]
    assert calls == ["/v1/sync/fetch"]


@pytest.mark.parametrize("path", ["/v1/sync/sums", "/v1/sync/fetch"])
@pytest.mark.parametrize("body", [None, [], {"cursor": 1}])
def test_answer_of_another_shape_is_a_failure_here_too(
    device: Device, path: str, body: Any
) -> None:
    due(device)
    device.answer("/v1/sync", differing_reply())
    if path.endswith("fetch"):
        theirs = {"Dispatch Job": {key(1): [2, "0" * 16]}}
        device.answer("/v1/sync/sums", {"cursor": "e.1", "differing": theirs})

    device.answer(path, body)

    assert device.engine.status().failure == "internal"
