"""What probes are given: the machine, clocks, whom to ask; chosen in the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from field_app.diagnostics.host import Host
from field_core.diagnosis import Absence

PUBLIC_RESOLVER: Final = "9.9.9.9"
"""Quad9: a foundation that keeps no addresses of who asks."""
SSDP_PLACE: Final = ("239.255.255.250", 1900)
"""The group and port of UPnP Device Architecture 2.0, 1.1."""


@dataclass(frozen=True, slots=True)
class SnmpAccess:
    """How equipment is asked: a community for v1 and v2c, or a user with pass phrases for v3."""

    community: str = "public"
    user: str = ""
    auth_phrase: str = ""
    privacy_phrase: str = ""
    port: int = 161


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave from our server for one measured transfer: where, how much, and over what."""

    url: str
    ticket: str
    bytes_max: int
    streams: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Places:
    """Whom the probes ask, besides the gateway; `server` is the sync server's URL, if any."""

    server: str | None = None
    isp_resolver: str | None = None
    public_resolver: str = PUBLIC_RESOLVER
    name_asked: str = "example.com"
    ssdp: tuple[str, int] = SSDP_PLACE
    dns_port: int = 53
    gateway: str | None = None
    """A gateway that the person named; the system's own otherwise."""


def no_grant() -> Grant | Absence:
    """Answer for a device that no account is signed in on."""
    return Absence(code="signed-out")


@dataclass(frozen=True, slots=True)
class Kit:
    """Everything a probe may touch; `grant` blocks and is called on a probe's own thread."""

    host: Host
    now_ms: Callable[[], int]
    monotonic: Callable[[], float]
    noise: Callable[[int], bytes]
    places: Places = Places()
    snmp: SnmpAccess | None = SnmpAccess()
    grant: Callable[[], Grant | Absence] = no_grant
