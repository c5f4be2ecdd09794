"""Photos that wait for Wi-Fi: their calls are not made, everything else goes as always."""

from collections.abc import Callable

from field_app.sync.events import Call, Event, Failed, FailureKind, FetchRange
from field_app.sync.runner import Performer

_BLOBS = "/v1/blobs"


class HoldingPhotos:
    """A performer that answers calls about blobs itself while these are held.

    The engine takes it as a link that does not carry photos: it keeps them, says how many are
    left, and asks again later or as soon as a network comes up.
    """

    def __init__(self, performer: Performer, *, is_held: Callable[[], bool]) -> None:
        self._performer = performer
        self._is_held = is_held

    async def perform(self, effect: Call | FetchRange, report: Callable[[Event], None]) -> None:
        """Make a call, unless it is one that waits."""
        if isinstance(effect, Call) and effect.path.startswith(_BLOBS) and self._is_held():
            report(Failed(effect.call, FailureKind.UNREACHABLE))
        else:
            await self._performer.perform(effect, report)
