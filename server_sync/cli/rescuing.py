"""Rescue files: what a device could not send any other way."""

import argparse
from contextlib import closing
from pathlib import Path

from server_sync.cli.command import Commands, add, add_group
from server_sync.cli.console import show
from server_sync.compose import create
from server_sync.settings import Settings


def add_commands(commands: Commands) -> None:
    """Add `rescue import`."""
    one = add(add_group(commands, "rescue", "Rescue files."), "import", rescue_import)
    one.add_argument("file", type=Path)
    one.add_argument("--json", action="store_true")


def rescue_import(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take in a rescue file, once."""
    with closing(create(settings)) as server:
        report = server.rescue.take_in(arguments.file.read_bytes())
    return show([report.model_dump()], as_json=arguments.json)
