"""Devices: which there are and what they hold, and taking one out of service."""

import argparse
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final

from field_core.instants import ms_to_text
from server_sync.accounts import DeviceStatus
from server_sync.cli.command import Commands, add, add_group
from server_sync.cli.console import show
from server_sync.compose import create
from server_sync.settings import Settings

YEAR_10000_MS: Final = 253_402_300_800_000
"""No calendar of Python's goes that far, and a device may claim any number."""


def add_commands(commands: Commands) -> None:
    """Add `device …`."""
    devices = add_group(commands, "device", "Devices.")
    one = add(devices, "list", device_list)
    one.add_argument("--json", action="store_true")
    one = add(devices, "revoke", device_revoke)
    one.add_argument("device")
    mode = one.add_mutually_exclusive_group(required=True)
    mode.add_argument("--drain", action="store_true", help="take what it holds, then erase")
    mode.add_argument("--wipe", action="store_true", help="erase now")


def device_list(arguments: argparse.Namespace, settings: Settings) -> int:
    """List devices, the one heard from last first, with what each still holds."""
    with closing(create(settings)) as server:
        rows = server.accounts.devices()
    return show(rows if arguments.json else [_line(row) for row in rows], as_json=arguments.json)


def _line(row: Mapping[str, Any]) -> dict[str, object]:
    """Return what fits a terminal: whose, since when it was heard, what it had not sent then."""
    heads = row["heads"] or {}
    return {
        "id": row["id"],
        "whose": row["full_name"],
        "device": row["name"],
        "status": row["status"],
        "seen": _minute(row["seen_ms"]),
        "told": _minute(row["heads_ms"]),
        "unsent": heads.get("unsent"),
        "files": heads.get("blobs"),
        "since": _minute(heads.get("oldest_ms")),
        "free_mb": heads.get("free_mb"),
        "app": heads.get("app"),
    }


def _minute(ms: Any) -> str | None:  # noqa: ANN401  # what a device told
    """Write an instant of a device, which may be none at all, to the minute."""
    is_instant = isinstance(ms, int) and 0 < ms < YEAR_10000_MS
    return f"{ms_to_text(ms)[:16]}Z" if is_instant else None


def device_revoke(arguments: argparse.Namespace, settings: Settings) -> int:
    """Drain or wipe a device."""
    status = DeviceStatus.WIPED if arguments.wipe else DeviceStatus.DRAINING
    with closing(create(settings)) as server:
        server.accounts.revoke(arguments.device, status)
    print(f"{arguments.device}: {status}")
    return 0
