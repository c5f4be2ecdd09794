"""Pieces of a connection that TR-098 and TR-181 write the same way."""

import re
from typing import Final, Literal

from field_core.canon import Json
from field_core.cpe import parsing
from field_core.cpe.model import WanStatus

VLAN_MAX: Final = 4094
"""0 and 4095 are reserved (IEEE 802.1Q, 9.6)."""
MTU_MIN: Final = 576
MTU_MAX: Final = 9216
"""From what every IPv4 host takes (RFC 791) to the largest frame in use."""

ADDRESSING: Final[dict[str, Literal["dhcp", "static"]]] = {"dhcp": "dhcp", "static": "static"}

_STATUSES: Final[dict[str, WanStatus]] = {
    "connected": "connected",
    "connecting": "connecting",
    "authenticating": "connecting",
    "pendingdisconnect": "disconnected",
    "disconnecting": "disconnected",
    "disconnected": "disconnected",
    "unconfigured": "disconnected",
    "down": "disconnected",
    "lowerlayerdown": "disconnected",
    "up": "connected",
    "bound": "connected",
    "renewing": "connected",
    "rebinding": "connected",
    "init": "connecting",
    "selecting": "connecting",
    "requesting": "connecting",
}
"""ConnectionStatus of both data models, Status of an interface, DHCPStatus of a client."""
_SERVICES: Final = {"internet": "internet", "tr069": "tr069", "voip": "voip", "voice": "voip"}
_VLAN_IN_NAME: Final = re.compile(r"_VID_(\d{1,4})", re.ASCII | re.IGNORECASE)
_DONGLE: Final = re.compile(r"3G|4G|USB|DONGLE|(?<![A-Z0-9])(?:LTE|5G)", re.IGNORECASE)
_NO_ERROR: Final = "ERROR_NONE"


def status(value: Json) -> WanStatus | None:
    """Return what a status says, or None when it is no status."""
    return _STATUSES.get(str(value).strip().casefold())


def services(value: Json) -> list[str]:
    """Return the services that a list or a connection's name tells, in its order."""
    words = re.split(r"[^a-z0-9]+", value.casefold()) if isinstance(value, str) else []
    return list(dict.fromkeys(_SERVICES[word] for word in words if word in _SERVICES))


def vlan(value: Json) -> int | None:
    """Return a VLAN that a frame may carry, 1 to 4094."""
    number = parsing.count(value)
    return number if number and number <= VLAN_MAX else None


def vlan_of_name(value: Json) -> int | None:
    """Return the VLAN in a name such as `1_TR069_INTERNET_R_VID_10`."""
    match = _VLAN_IN_NAME.search(value) if isinstance(value, str) else None
    return vlan(match[1]) if match else None


def mtu(value: Json) -> int | None:
    """Return a packet size in bytes that a line may have."""
    number = parsing.count(value)
    return number if number is not None and MTU_MIN <= number <= MTU_MAX else None


def last_error(value: Json) -> str | None:
    """Return why the last attempt failed; `ERROR_NONE` is no error."""
    code = parsing.text(value)
    return None if code is None or code.upper() == _NO_ERROR else code.upper()


def is_dongle(*values: Json) -> bool:
    """Tell whether names, kinds or paths speak of a mobile modem on the USB port."""
    return any(isinstance(value, str) and _DONGLE.search(value) for value in values)
