"""Photos that wait for Wi-Fi wait; everything else goes."""

from collections.abc import Callable

import pytest

from field_app.sync.events import Call, Event, Failed, FailureKind, FetchRange, Replied
from field_app.sync.holding import HoldingPhotos


class Answering:
    """Answers every call."""

    async def perform(self, effect: Call | FetchRange, report: Callable[[Event], None]) -> None:
        report(Replied(effect.call, 200))


async def told(effect: Call | FetchRange, *, is_held: bool) -> list[Event]:
    events: list[Event] = []
    await HoldingPhotos(Answering(), is_held=lambda: is_held).perform(effect, events.append)
    return events


@pytest.mark.parametrize("path", ["/v1/blobs", "/v1/blobs/abc"])
async def test_photo_waits_while_held(path: str) -> None:
    call = Call(3, "HEAD", path)

    assert await told(call, is_held=True) == [Failed(3, FailureKind.UNREACHABLE)]
    assert await told(call, is_held=False) == [Replied(3, 200)]


@pytest.mark.parametrize(
    "effect", [Call(4, "POST", "/v1/sync"), FetchRange(5, "/v1/snapshots/x", 0, 9)]
)
async def test_everything_else_goes(effect: Call | FetchRange) -> None:
    assert await told(effect, is_held=True) == [Replied(effect.call, 200)]
