"""What may be asked of a device through the ACS: four kinds, and only known paths.

The name of a task never comes from outside: one that the ACS does not know ends its process, seen
on GenieACS 1.2.16. Paths are on a list, and none that smells of a secret is read or written.
"""

import re
from dataclasses import dataclass
from typing import Final

from field_core.canon import Body, Json
from field_core.cpe.redaction import is_hidden
from field_core.problems import ProblemError

NAMES_MAX: Final = 400
"""Parameters in one reading; a snapshot of the largest device we know asks for some 200."""

_DEVICE: Final = r"(?:Device|InternetGatewayDevice)"
_READABLE: Final = re.compile(
    rf"{_DEVICE}(?:\.[A-Za-z0-9_-]{{1,64}}){{0,15}}\.?",
)
_WRITABLE: Final = re.compile(
    r"Device\.WiFi\.Radio\.\d+\.(?:Channel|AutoChannelEnable)"
    r"|Device\.WiFi\.SSID\.\d+\.SSID"
    r"|InternetGatewayDevice\.LANDevice\.\d+\.WLANConfiguration\.\d+"
    r"\.(?:Channel|AutoChannelEnable|SSID)"
    r"|(?:Device\.IP\.Diagnostics\.IPPing|InternetGatewayDevice\.IPPingDiagnostics)"
    r"\.(?:Host|NumberOfRepetitions|DiagnosticsState)"
)


@dataclass(frozen=True, slots=True)
class Refresh:
    """Read every parameter of an object again, new instances included."""

    path: str


@dataclass(frozen=True, slots=True)
class Read:
    """Read parameters again."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """Set parameters: path, value, and its XML Schema type."""

    values: tuple[tuple[str, Json, str], ...]


@dataclass(frozen=True, slots=True)
class Reboot:
    """Restart the device."""


Task = Refresh | Read | Write | Reboot


def as_body(task: Task) -> Body:
    """Return a task as the ACS takes it. Raises ProblemError `cpe-unsupported`."""
    match task:
        case Refresh(path):
            return {"name": "refreshObject", "objectName": _readable(path)}
        case Read(names):
            assert names, "an empty reading would read nothing and look like a success"
            asked = [_readable(name) for name in names[:NAMES_MAX]]
            return {"name": "getParameterValues", "parameterNames": [*asked]}
        case Write(values):
            pairs: list[Json] = [[_writable(path), value, kind] for path, value, kind in values]
            return {"name": "setParameterValues", "parameterValues": pairs}
        case Reboot():
            return {"name": "reboot"}


def is_readable(path: str) -> bool:
    """Tell whether a path may be read: of a data model, and no part smells of a secret."""
    return _READABLE.fullmatch(path) is not None and not any(map(is_hidden, path.split(".")))


def _readable(path: str) -> str:
    if not is_readable(path):
        raise ProblemError("cpe-unsupported")
    return path


def _writable(path: str) -> str:
    if _WRITABLE.fullmatch(path) is None:
        raise ProblemError("cpe-unsupported")
    return path
