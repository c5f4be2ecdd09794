"""Diagnostic runs put together: this machine, whom to ask, and leave from our server to measure."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from field_app.compose.live import Live
from field_app.compose.machine import Machine
from field_app.device import clock
from field_app.device import machine as this_machine
from field_app.diagnostics.host import SystemHost
from field_app.diagnostics.kit import Grant, Kit, Places, SnmpAccess, no_grant
from field_app.ports import Diagnosing, Order, UnderWay
from field_app.settings import Settings
from field_app.sync.events import Event, Failed, Replied
from field_app.sync.transport import Transport
from field_core.canon import Json
from field_core.diagnosis import Absence

Ask = Callable[[], Awaitable[Grant | Absence]]

GRANT_PATH: Final = "/v1/throughput"
GRANT_S: Final = 6.0
"""Leave to measure takes one exchange; a line that needs longer is not worth measuring on."""
RENEW_S: Final = 5.0
_OK, _UNAUTHORIZED, _LIMITED = 200, 401, 429


def make_runner(
    here: Machine,
    *,
    server: str | None = None,
    ask: Ask | None = None,
    gateway: str | None = None,
) -> Diagnosing:
    """Return what starts runs on this device; without an account nothing is measured with us."""

    def kit() -> Kit:
        loop = asyncio.get_running_loop()
        return Kit(
            host=SystemHost(this_machine.system(), this_machine.environment()),
            now_ms=here.clock.now_ms,
            monotonic=clock.ticks_s,
            noise=here.ids.bytes,
            places=_places(here.settings, server, gateway),
            snmp=_snmp(here.settings),
            grant=no_grant if ask is None else partial(_blocking, ask, loop),
        )

    return _Runs(kit, here.ids.new)


class _Runs:
    """Starts runs; the libraries that speak SNMP and DNS are loaded by the first one."""

    def __init__(self, kit: Callable[[], Kit], new_id: Callable[[], str]) -> None:
        self._kit = kit
        self._new_id = new_id

    def begin(self, order: Order) -> UnderWay:
        """Start a run on the loop that calls."""
        from field_app.diagnostics.runner import Runner  # noqa: PLC0415 - a tenth of each start

        return Runner(self._kit, new_id=self._new_id).begin(order)


def _blocking(ask: Ask, loop: asyncio.AbstractEventLoop) -> Grant | Absence:
    """Ask on the program's loop, for a probe that waits on its own thread."""
    asking = asyncio.run_coroutine_threadsafe(_bounded(ask), loop)
    return asking.result(2 * GRANT_S)


async def _bounded(ask: Ask) -> Grant | Absence:
    try:
        async with asyncio.timeout(GRANT_S):
            return await ask()
    except TimeoutError:
        return Absence(code="server-unreachable")


def ask_live(live: Live) -> Ask:
    """Ask in the name of an account in step; a session that has aged is renewed once."""

    async def ask() -> Grant | Absence:
        server = live.account.info.server
        event = await _asked(live.transport, live.runner.access)
        if isinstance(event, Replied) and event.status == _UNAUTHORIZED:
            await live.runner.sync_now(RENEW_S)
            event = await _asked(live.transport, live.runner.access)
        return granted(event, server)

    return ask


def ask_once(server: str, access: str | None, *, stall_s: float) -> Ask:
    """Ask with a stored session, which may have aged: the command line renews nothing."""

    async def ask() -> Grant | Absence:
        transport = Transport(server, stall_s=stall_s)
        try:
            return granted(await _asked(transport, access), server)
        finally:
            await transport.close()

    return ask


async def _asked(transport: Transport, access: str | None) -> Event:
    return await transport.ask("POST", GRANT_PATH, {}, access=access)


def granted(event: Event, server: str) -> Grant | Absence:
    """Read the server's answer."""
    match event:
        case Replied(_, status, dict() as body) if status == _OK:
            return _grant(body, server)
        case Replied(_, status, dict() as body) if status == _LIMITED:
            after_s = body.get("after_s")
            seconds = after_s if isinstance(after_s, int) else 0
            return Absence(code="server-limit", details={"after_s": seconds})
        case Replied(_, status) if status == _UNAUTHORIZED:
            return Absence(code="signed-out")
        case Failed() | Replied():
            return Absence(code="server-unreachable")
        case _:
            return Absence(code="unreadable")


def _grant(body: dict[str, Json], server: str) -> Grant | Absence:
    match body:
        case {
            "ticket": str(ticket),
            "bytes_max": int(bytes_max),
            "streams": int(streams),
            "seconds": int() | float() as seconds,
        } if 0 < streams <= STREAMS_MAX and 0 < seconds <= SECONDS_MAX:
            return Grant(server + GRANT_PATH, ticket, bytes_max, streams, float(seconds))
        case _:
            return Absence(code="unreadable")


STREAMS_MAX: Final = 16
SECONDS_MAX: Final = 10
"""What this device does at most, whatever a server grants."""


def _places(settings: Settings, server: str | None, gateway: str | None) -> Places:
    return Places(
        server=server,
        isp_resolver=settings.dns_isp or None,
        public_resolver=settings.dns_public,
        name_asked=server_name(server) or settings.dns_name,
        gateway=gateway,
    )


def server_name(server: str | None) -> str | None:
    """Return our server's name, whose addresses are the same for everybody; an address has none."""
    host = urlsplit(server or "").hostname or ""
    return host if "." in host and not host.replace(".", "").isdigit() else None


def _snmp(settings: Settings) -> SnmpAccess | None:
    if not settings.snmp_community and not settings.snmp_user:
        return None
    return SnmpAccess(
        community=settings.snmp_community,
        user=settings.snmp_user,
        auth_phrase=settings.snmp_auth_phrase.get_secret_value(),
        privacy_phrase=settings.snmp_privacy_phrase.get_secret_value(),
    )
