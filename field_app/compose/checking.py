"""Questions to the office about equipment, put together: in the account's name, once in step."""

from field_app.compose.live import Live
from field_app.compose.machine import Machine
from field_app.sync.checking.checker import Call, Checker
from field_app.sync.events import Event, Replied
from field_app.sync.status import Status

RENEW_S = 5.0
"""A session is renewed in one exchange; who waits longer has no line to ask over."""
_UNAUTHORIZED = 401


def make_checker(machine: Machine, live: Live) -> Checker:
    """Return the checker of an account in step; contact with the server hurries it."""
    checker = Checker(
        live.account.replica,
        desk=live.desk,
        call=ask_office(live),
        now_ms=machine.clock.now_ms,
        new_id=machine.ids.new,
    )
    heard = live.runner.status.contact_ms

    def told(status: Status) -> None:
        nonlocal heard
        if status.contact_ms != heard:
            heard = status.contact_ms
            checker.hurry()

    live.runner.on_status(told)
    return checker


def ask_office(live: Live) -> Call:
    """Ask in the name of an account; a session that has aged is renewed once."""

    async def call(method: str, path: str, body: dict[str, object] | None) -> Event:
        event = await live.transport.ask(method, path, body, access=live.runner.access)
        if isinstance(event, Replied) and event.status == _UNAUTHORIZED:
            await live.runner.sync_now(RENEW_S)
            event = await live.transport.ask(method, path, body, access=live.runner.access)
        return event

    return call
