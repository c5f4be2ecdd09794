"""What a home gateway tells without a log-in: SSDP answer, description and SOAP bodies (UPnP IGD).

Read by pattern, not by an XML parser: the answers come from whatever is on the customer's network,
and entities in them shall not unfold. Counters are 32 bits wide.
"""

import html
import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from field_core.canon import storable
from field_core.cpe import addresses, parsing, wan_parts
from field_core.cpe.device import uptime
from field_core.cpe.model import Part, WanStatus

ANSWER_CHARS_MAX: Final = 64_000
"""A description is a few kilobytes; a longer answer is cut."""
COUNTER_BITS: Final = 32

_HEADER: Final = re.compile(r"([A-Za-z0-9.-]{1,40})[ \t]*:[ \t]*([^\r\n]{0,500})")
_SERVICE: Final = re.compile(r"<service>(.{0,2000}?)</service>", re.DOTALL)
_ELEMENT: Final = re.compile(r"<(?:\w{1,20}:)?(\w{1,60})>([^<]{0,500})</(?:\w{1,20}:)?\1>")
_FAULT: Final = re.compile(r"<errorCode>\s*(\d{1,5})\s*</errorCode>", re.ASCII)
_LINKS: Final[dict[WanStatus | None, Literal["up", "down"]]] = {
    "connected": "up",
    "disconnected": "down",
}


class Service(NamedTuple):
    """A service of the gateway: its kind, and where to ask it, relative to the description."""

    kind: str
    control_url: str


class IgdSnapshot(Part):
    """A gateway's own word on its line; rates are bit/s, counters bytes."""

    status: WanStatus = "unknown"
    last_error: str | None = None
    uptime_s: int | None = None
    external_ip: str | None = None
    is_cgnat: bool = False
    is_private: bool = False
    link: Literal["up", "down", "unknown"] = "unknown"
    access_type: str | None = None
    up_bps: int | None = None
    down_bps: int | None = None
    sent_bytes: int | None = None
    received_bytes: int | None = None


def read_ssdp(answer: object) -> dict[str, str]:
    """Return the headers of a discovery answer, names in lower case; no answer has none."""
    lines = _text(answer).splitlines()
    if not lines or not lines[0].startswith("HTTP/1."):
        return {}
    matches = (_HEADER.fullmatch(line) for line in lines[1:])
    return {match[1].lower(): match[2].strip() for match in matches if match}


def read_services(description: object) -> list[Service]:
    """Return the services of a description that can be asked."""
    parts = (_members(body) for body in _SERVICE.findall(_text(description)))
    return [
        Service(part["serviceType"], part["controlURL"])
        for part in parts
        if part.get("serviceType") and part.get("controlURL")
    ]


def read_answer(body: object) -> dict[str, str]:
    """Return the values of a SOAP answer, without the `New` of their names; a fault has none."""
    text = _text(body)
    if _FAULT.search(text):
        return {}
    members = _members(text).items()
    return {name.removeprefix("New"): value for name, value in members if name.startswith("New")}


def fault_of(body: object) -> int | None:
    """Return a SOAP fault's UPnP code (401 no such action, 501 action failed)."""
    match = _FAULT.search(_text(body))
    return int(match[1]) if match else None


def normalise_igd(bodies: object) -> IgdSnapshot:
    """Read SOAP answers by their action's name: GetStatusInfo, GetExternalIPAddress and others."""
    answers = bodies if isinstance(bodies, Mapping) else {}
    told: dict[str, str] = {}
    for body in answers.values():
        told |= read_answer(body)
    ip = addresses.ipv4(told.get("ExternalIPAddress"))
    link = wan_parts.status(told.get("PhysicalLinkStatus"))
    return IgdSnapshot(
        status=wan_parts.status(told.get("ConnectionStatus")) or "unknown",
        last_error=wan_parts.last_error(told.get("LastConnectionError")),
        uptime_s=uptime(told.get("Uptime")),
        external_ip=ip,
        is_cgnat=addresses.is_cgnat(ip),
        is_private=addresses.is_private(ip),
        link=_LINKS.get(link, "unknown"),
        access_type=parsing.text(told.get("WANAccessType")),
        up_bps=parsing.count(told.get("Layer1UpstreamMaxBitRate")) or None,
        down_bps=parsing.count(told.get("Layer1DownstreamMaxBitRate")) or None,
        sent_bytes=_counter(told.get("TotalBytesSent")),
        received_bytes=_counter(told.get("TotalBytesReceived")),
    )


def counted_between(before: int, after: int) -> int:
    """Return the bytes that passed between two readings of a 32-bit counter, at most one wrap."""
    return (after - before) % (1 << COUNTER_BITS)


def _counter(value: str | None) -> int | None:
    number = int(value) if value is not None and re.fullmatch(r"\d{1,10}", value) else None
    return number if number is not None and number < 1 << COUNTER_BITS else None


def _members(text: str) -> dict[str, str]:
    return {name: html.unescape(value).strip() for name, value in _ELEMENT.findall(text)}


def _text(answer: object) -> str:
    if isinstance(answer, (bytes, bytearray)):
        answer = bytes(answer[:ANSWER_CHARS_MAX]).decode("utf-8", "replace")
    return str(storable(answer[:ANSWER_CHARS_MAX])) if isinstance(answer, str) else ""
