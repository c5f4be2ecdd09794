"""The entry point: settings, the command asked for, and an exit code in every case.

Exit codes: 0 done, 1 it did not work (the sentence says why), 2 wrong usage.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pydantic import ValidationError

from field_core.problems import ProblemError
from server_sync.cli import acs, billing, demo, devices, erp, keeping, people, rescuing, serving
from server_sync.cli.command import Commands, UsageError
from server_sync.compose import product_version
from server_sync.settings import Settings
from server_sync.store.backup import DamagedError

_GROUPS: Final[tuple[Callable[[Commands], None], ...]] = (
    serving.add_commands,
    erp.add_commands,
    people.add_commands,
    devices.add_commands,
    keeping.add_commands,
    rescuing.add_commands,
    billing.add_commands,
    acs.add_commands,
    demo.add_commands,
)


def main(argv: Sequence[str] | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Run a command; return its exit code."""
    arguments = parser().parse_args(argv)
    command: Callable[[argparse.Namespace, Settings], int] = arguments.command
    try:
        settings = Settings.from_environment(os.environ if environment is None else environment)
        return command(arguments, settings)
    except ValidationError as error:
        first = error.errors()[0]
        return _fail(f"{'.'.join(map(str, first['loc'])).upper()}: {first['msg']}", code=2)
    except ProblemError as error:
        return _fail(error.problem.sentence("en"))
    except (DamagedError, UsageError, OSError) as error:
        return _fail(str(error))


def _fail(sentence: str, *, code: int = 1) -> int:
    print(f"server-sync: {sentence}", file=sys.stderr)
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    root = argparse.ArgumentParser(
        prog="server-sync",
        description="Gigafibre Field's sync server.",
        epilog="Every setting is an environment variable; docs/server.md lists them.",
    )
    root.add_argument("--version", action="version", version=f"server-sync {product_version()}")
    commands = root.add_subparsers(required=True)
    for add_commands in _GROUPS:
        add_commands(commands)
    return root
