"""The entry point: settings, words, the command asked for, and an exit code in every case."""

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from field_app.cli import accounts, acting, diagnosing, outbox, reading, syncing, window
from field_app.cli.console import Console, Exit
from field_app.cli.parser import make_parser, parse
from field_app.compose import Machine, SyncElsewhereError
from field_app.device import machine, product
from field_app.i18n import Language, Words, language_of
from field_app.settings import PREFIX
from field_core.problems import ProblemError

Command = Callable[[Console, argparse.Namespace], Exit]

COMMANDS: Final[Mapping[str, Command]] = {
    "sign-in": accounts.sign_in,
    "sign-out": accounts.sign_out,
    "jobs": reading.jobs,
    "show": reading.show,
    "search": reading.search,
    "identity": reading.identity,
    "outbox": outbox.outbox,
    "reviews": reading.reviews,
    "diagnose": diagnosing.diagnose,
    "do": acting.do,
    "sync": syncing.sync,
    "status": syncing.status,
    "rescue": syncing.rescue,
    "window": window.window,
    "web": window.web,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    argv = [_number(word) for word in (sys.argv[1:] if argv is None else argv)]
    language = _language(argv, machine.environment())
    args = parse(make_parser(Words(language), product.version()), argv)
    try:
        here = Machine.from_environment(
            account=args.account,
            language=args.lang,
            data_dir=Path(args.data_dir) if args.data_dir else None,
        )
    except ValidationError as error:
        fault = error.errors()[0]
        sys.stderr.write(f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}\n")
        return Exit.USAGE
    words = Words(language_of(here.language), time_zone=here.settings.time_zone)
    return _run(Console(here, words, args.json, sys.stdout, sys.stderr), args)


def _run(console: Console, args: argparse.Namespace) -> Exit:
    try:
        return COMMANDS[args.command](console, args)
    except ProblemError as error:
        return console.problem(error.problem)
    except SyncElsewhereError:
        console.warn(console.words("sync.elsewhere"))
        return Exit.ELSEWHERE
    except KeyboardInterrupt:
        return Exit.FAILED


def _number(word: str) -> str:
    """Return a negative number as argparse knows it: people write −19,5 dBm."""
    return word.replace("−", "-").replace(",", ".") if _NEGATIVE.fullmatch(word) else word


_NEGATIVE: Final = re.compile(r"[-−]\d+(,\d+)?")


def _language(argv: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language of the help, which is written before any argument is read."""
    for before, word in pairwise(argv):
        if before == "--lang":
            return language_of(word)
    return language_of(environment.get(f"{PREFIX}LANGUAGE") or "fr")
