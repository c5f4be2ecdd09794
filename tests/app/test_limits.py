"""The limits that a device judges by: kept in the replica, used without a network."""

import pytest

from field_app.sync.limits import limits_in_use
from field_app.sync.orders import order_for
from field_app.sync.replica import Replica
from field_core.canon import Body
from field_core.cpe.limits import BUILT_IN, Origin, document_of
from field_core.cpe.thresholds import read_thresholds
from field_core.wire import Change
from tests.app.making import change, enrolled, key, memory, reply

STRICT: Body = {
    "idle_latency_ms": {
        "ok": {"high": 5},
        "watch": {"high": 10},
        "unit": "ms",
        "source": "Gigafibre",
    }
}


@pytest.fixture
def replica() -> Replica:
    return enrolled(memory())


def told(replica: Replica, body: Body | None, seq: int = 1) -> None:
    """Have the server tell limits, or that there are none any more."""
    one = (
        change(9, body, doctype="Diagnostic Limits", rev=seq)
        if body
        else Change(key=key(9), gone=True)
    )
    replica.apply(reply([one], since=replica.cursor, cursor=f"e.{seq}", seq=seq), now_ms=0)


def test_device_that_was_told_nothing_uses_the_built_in_limits(replica: Replica) -> None:
    assert limits_in_use(replica) == BUILT_IN


def test_told_limits_are_used_until_they_are_taken_back(replica: Replica) -> None:
    told(replica, document_of(STRICT))
    during = limits_in_use(replica)
    told(replica, None, seq=2)

    assert during.thresholds == read_thresholds(STRICT)
    assert limits_in_use(replica) == BUILT_IN


def test_limits_of_a_newer_server_are_left_and_said_so(replica: Replica) -> None:
    told(replica, {"settings": '{"newer": 1}', "version": "00000000"})

    assert limits_in_use(replica).thresholds == BUILT_IN.thresholds
    assert limits_in_use(replica).used.origin is Origin.UNREADABLE


def test_order_of_a_run_carries_the_limits(replica: Replica) -> None:
    told(replica, document_of(STRICT))

    assert order_for(replica, {}, name="DJ-1").limits == limits_in_use(replica)


def test_doctype_that_an_app_does_not_know_yet_is_kept_and_disturbs_nothing(
    replica: Replica,
) -> None:
    """What an app of before makes of a document that a newer server sends."""
    new: Body = {"settings": "{}", "version": "1"}
    replica.apply(
        reply(
            [change(9, new, doctype="Of A Later Version", rev=1)],
            since=replica.cursor,
            cursor="e.1",
            seq=1,
        ),
        now_ms=0,
    )

    held = replica.document(key(9))
    assert held is not None
    assert held.body == new
