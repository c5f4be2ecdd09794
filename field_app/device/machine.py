"""What this machine calls itself, for the list of devices in the office."""

import os
import platform
import sys
from collections.abc import Mapping
from typing import Final

NAME_CHARACTERS_MAX: Final = 60


def environment() -> Mapping[str, str]:
    """Return the environment, read here and nowhere else."""
    return dict(os.environ)


def name() -> str:
    """Return the machine's name."""
    return (platform.node() or "appareil")[:NAME_CHARACTERS_MAX]


def system() -> str:
    """Return `android`, `ios`, `windows`, `macos` or `linux`."""
    return os.environ.get("FLET_PLATFORM") or _SYSTEMS.get(sys.platform, sys.platform)


_SYSTEMS: Final = {"win32": "windows", "darwin": "macos"}
