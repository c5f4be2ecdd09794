"""The modem's own word on its line by UPnP IGD: state, last error, address, and true rates.

No log-in is needed and nothing is changed. The rates come from the byte counters, read twice: they
are what the line carries, whatever device of the house it is for.
"""

import http.client
from collections.abc import Iterator
from contextlib import closing
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from field_app.diagnostics import ssdp
from field_app.diagnostics.visit import Visit, because
from field_core.cpe import upnp
from field_core.cpe.upnp import IgdSnapshot, Service
from field_core.diagnosis import Probe, Result, Target

_MAIN: Final = ("wan-status", "wan-address", "wan-rate-down")
GIVES: Final = tuple((name, Target.GATEWAY) for name in _MAIN)

COUNTED_S: Final = 2.0
"""Between two readings of the counters: long enough for modems that update them each second."""
TIMEOUT_S: Final = 1.5
RATE_MAX_MBPS: Final = 10_000
"""The fastest line there is (XGS-PON); a counter that was set back would say more."""
_BITS: Final = 8
_MEGA: Final = 1_000_000
_CONNECTION: Final = ("WANPPPConnection", "WANIPConnection")
_COMMON: Final = "WANCommonInterfaceConfig"
_ASKED: Final = ("GetStatusInfo", "GetExternalIPAddress")
_COUNTERS: Final = ("GetTotalBytesReceived", "GetTotalBytesSent")
_ENVELOPE: Final = (
    '<?xml version="1.0"?>\r\n'
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
    '<u:{action} xmlns:u="{kind}"/></s:Body></s:Envelope>\r\n'
)


class Counted(NamedTuple):
    """Both counters at one moment."""

    at_s: float
    received: int | None
    sent: int | None


def probe(visit: Visit) -> list[Result]:
    """Find the gateway, ask it, and watch its counters."""
    url = ssdp.find(visit)
    body = _fetch("GET", url) if url else None
    services = upnp.read_services(body) if body else []
    if url is None or not services:
        return _absent(visit, "not-offered")
    modem = _Modem(visit, url, services)
    answers = modem.state()
    if not answers:
        return _absent(visit, "unreadable")
    snapshot = upnp.normalise_igd(answers)
    visit.raw["igd"] = snapshot.model_dump(mode="json")
    first = modem.counters()
    told = list(_told(visit, snapshot, url))
    visit.tell(Probe.IGD, 0.5, *told)
    visit.wait(COUNTED_S)
    return [*told, *_rates(visit, first, modem.counters(), url)]


class _Modem:
    """A gateway whose description was read."""

    def __init__(self, visit: Visit, url: str, services: list[Service]) -> None:
        self._visit = visit
        self._url = url
        self._services = services

    def state(self) -> dict[str, bytes]:
        """Ask about the connection; of several that are described the connected one counts."""
        found: dict[str, bytes] = {}
        for service in self._of(*_CONNECTION):
            said = {name: body for name in _ASKED if (body := self._ask(service, name))}
            is_connected = upnp.normalise_igd(said).status == "connected"
            if said and (not found or is_connected):
                found = said
        for service in self._of(_COMMON):
            body = self._ask(service, "GetCommonLinkProperties")
            if body:
                found["GetCommonLinkProperties"] = body
        return found

    def counters(self) -> Counted:
        """Read both counters."""
        at_s = self._visit.kit.monotonic()
        for service in self._of(_COMMON):
            bodies = {name: self._ask(service, name) for name in _COUNTERS}
            read = upnp.normalise_igd({name: body for name, body in bodies.items() if body})
            return Counted(at_s, read.received_bytes, read.sent_bytes)
        return Counted(at_s, None, None)

    def _of(self, *kinds: str) -> Iterator[Service]:
        for kind in kinds:
            yield from (s for s in self._services if f":{kind}:" in s.kind)

    def _ask(self, service: Service, action: str) -> bytes | None:
        """Send one SOAP question to the same host that described itself."""
        url = urljoin(self._url, service.control_url)
        if self._visit.is_over or urlsplit(url).hostname != urlsplit(self._url).hostname:
            return None
        body = _ENVELOPE.format(action=action, kind=service.kind)
        return _fetch("POST", url, body=body.encode(), action=f'"{service.kind}#{action}"')


def _fetch(method: str, url: str, *, body: bytes = b"", action: str = "") -> bytes | None:
    """Ask over plain HTTP; a fault's answer counts, since it says more than none."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {"Connection": "close"}
    if action:
        headers |= {"Content-Type": 'text/xml; charset="utf-8"', "SOAPAction": action}
    try:
        made = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
        with closing(made) as connection:
            connection.request(method, path, body=body or None, headers=headers)
            return connection.getresponse().read(upnp.ANSWER_CHARS_MAX)
    except (OSError, ValueError, http.client.HTTPException):
        return None


def _told(visit: Visit, said: IgdSnapshot, url: str) -> Iterator[Result]:
    source = urlsplit(url).hostname or ""
    status = None if said.status == "unknown" else said.status
    told: dict[str, float | str | None] = {
        "wan-status": status,
        "wan-error": said.last_error,
        "wan-uptime": said.uptime_s,
        "wan-address": said.external_ip,
        "wan-link-down": said.down_bps and said.down_bps / _MEGA,
        "wan-link-up": said.up_bps and said.up_bps / _MEGA,
    }
    for name, value in told.items():
        if value is not None:
            yield visit.result(name, value, source=source, method="upnp")
        elif name in ("wan-status", "wan-address"):
            yield visit.absent(name, because("not-told"), source=source)


def _rates(visit: Visit, before: Counted, after: Counted, url: str) -> Iterator[Result]:
    source, passed_s = urlsplit(url).hostname or "", after.at_s - before.at_s
    ways = {
        "wan-rate-down": (before.received, after.received),
        "wan-rate-up": (before.sent, after.sent),
    }
    for name, (first, second) in ways.items():
        if first is None or second is None or passed_s <= 0:
            yield visit.absent(name, because("not-told"), source=source)
        else:
            mbps = upnp.counted_between(first, second) * _BITS / _MEGA / passed_s
            if mbps > RATE_MAX_MBPS:
                yield visit.absent(name, because("unreadable"), source=source)
            else:
                yield visit.result(name, mbps, source=source, method="upnp-counters")


def _absent(visit: Visit, code: str) -> list[Result]:
    return [visit.absent(name, because(code), source=visit.gateway or "") for name in _MAIN]
