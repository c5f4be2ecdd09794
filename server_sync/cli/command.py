"""What every command is: a function of arguments and settings whose docstring is its help."""

import argparse
from collections.abc import Callable
from typing import Any

from server_sync.settings import Settings

Work = Callable[[argparse.Namespace, Settings], int]
Commands = Any
"""What `add_subparsers` returns: argparse does not name this type."""


class UsageError(Exception):
    """The command cannot be carried out as it was given."""


def add(commands: Commands, name: str, work: Work) -> argparse.ArgumentParser:
    """Add a command; return its parser, for its arguments."""
    text = (work.__doc__ or "").splitlines()[0]
    made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    made.set_defaults(command=work)
    return made


def add_group(commands: Commands, name: str, text: str) -> Commands:
    """Add a word that other commands follow."""
    return commands.add_parser(name, help=text).add_subparsers(required=True)
