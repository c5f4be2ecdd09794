"""What may be asked of a device: refused before anything is noted, when it makes no sense."""

import re
from typing import Final, assert_never

from field_core.cpe.report import CHANGES, Act, AskAct
from field_core.problems import ProblemError

CHANNELS: Final[dict[str, frozenset[int]]] = {
    "2.4GHz": frozenset(range(1, 12)),
    "5GHz": frozenset((*range(36, 65, 4), *range(100, 145, 4), *range(149, 166, 4))),
    "6GHz": frozenset(range(1, 234, 4)),
}
"""By band, in Canada (ISED RSS-247 and RSS-248); 0 leaves the choice to the device."""
SSID_BYTES_MAX: Final = 32
"""IEEE 802.11-2020, 9.4.2.2."""

_HOST: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}")


def check(ask: AskAct) -> None:
    """Refuse what makes no sense, before anything is asked. Raises ProblemError."""
    if ask.act in CHANGES and not ask.is_confirmed:
        raise ProblemError("cpe-confirm")
    match ask.act:
        case Act.CHANNEL:
            if ask.channel != 0 and ask.channel not in CHANNELS.get(ask.band or "", ()):
                raise ProblemError("cpe-channel")
        case Act.SSID:
            _check_ssid(ask.ssid or "")
        case Act.PING:
            if ask.host is None or not _HOST.fullmatch(ask.host):
                raise ProblemError("cpe-host")
        case Act.REFRESH | Act.REBOOT:
            pass
        case _:
            assert_never(ask.act)


def _check_ssid(name: str) -> None:
    if not 1 <= len(name.encode()) <= SSID_BYTES_MAX or not name.isprintable() or name.isspace():
        raise ProblemError("cpe-ssid")
