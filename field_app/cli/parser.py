"""The command line: every command, argument and option, explained in the user's language."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, Final

from field_app.i18n import Words
from field_core.diagnosis import PROFILES

Add = Callable[..., Any]

ACTS: Final = (
    "accept",
    "travel",
    "arrive",
    "start",
    "pause",
    "resume",
    "complete",
    "incomplete",
    "reopen",
    "step",
    "skip",
    "note",
    "photo",
    "sign",
    "reading",
    "material",
    "time",
    "equipment-add",
    "equipment-remove",
    "equipment-swap",
)
_MOVES: Final = ACTS[:9]
_DEVICE_TYPES: Final = ("ONT", "Router", "TV Box", "Mesh Node", "Phone Adapter")


def make_parser(words: Words, version: str) -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="field-app",
        description=words("cli.about"),
        epilog=words("cli.epilog"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"field-app {version}")
    _add_common(parser, words, is_root=True)
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, key: str = "") -> argparse.ArgumentParser:
        text = words(f"cli.{key or name}")
        made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        _add_common(made, words)
        return made

    _add_accounts(add, words)
    _add_reading(add, words)
    _add_syncing(add, words)
    _add_diagnosing(add("diagnose"), words)
    _add_acts(add("do"), words)
    return parser


def _add_common(parser: argparse.ArgumentParser, words: Words, *, is_root: bool = False) -> None:
    """Accept the general options before and after the command."""
    default = None if is_root else argparse.SUPPRESS
    parser.add_argument(
        "--json",
        action="store_true",
        help=words("cli.opt.json"),
        default=False if is_root else argparse.SUPPRESS,
    )
    parser.add_argument(
        "--lang", choices=("fr", "en"), metavar="fr|en", default=default, help=words("cli.opt.lang")
    )
    parser.add_argument(
        "--account", default=default, metavar="EMAIL", help=words("cli.opt.account")
    )
    parser.add_argument(
        "--data-dir", default=default, metavar="DIR", help=words("cli.opt.data-dir")
    )


def _add_accounts(add: Add, words: Words) -> None:
    command = add("sign-in")
    command.add_argument("email", nargs="?", help=words("cli.arg.email"))
    command.add_argument("--server", help=words("cli.opt.server"))
    command.add_argument(
        "--password-stdin", action="store_true", help=words("cli.opt.password-stdin")
    )
    command.add_argument("--code", help=words("cli.opt.code"))
    command = add("sign-out")
    command.add_argument("--keep-data", action="store_true", help=words("cli.opt.keep-data"))


def _add_reading(add: Add, words: Words) -> None:
    command = add("jobs")
    command.add_argument("--day", help=words("cli.opt.day"))
    command.add_argument("--all", action="store_true", help=words("cli.opt.all"))
    add("show").add_argument("job", help=words("cli.arg.job"))
    add("search").add_argument("words", nargs="+", help=words("cli.arg.words"))
    add("identity").add_argument("identity", help=words("cli.arg.identity"))
    add("outbox").add_argument("--all", action="store_true", help=words("cli.opt.outbox-all"))
    add("reviews")


def _add_syncing(add: Add, words: Words) -> None:
    add("sync").add_argument("--timeout", type=float, help=words("cli.opt.timeout"))
    add("status")
    command = add("rescue")
    command.add_argument("action", choices=("export", "send"), help=words("cli.arg.rescue"))
    command.add_argument("file", help=words("cli.arg.file"))
    add("window")
    command = add("web")
    command.add_argument("--port", type=int, help=words("cli.opt.port"))
    command.add_argument("--open", action="store_true", help=words("cli.opt.open"))
    command.add_argument("--server", help=words("cli.opt.server"))


def _add_diagnosing(command: argparse.ArgumentParser, words: Words) -> None:
    command.add_argument("--job", metavar="DJ-…", help=words("cli.opt.job"))
    command.add_argument("--profile", choices=tuple(PROFILES), help=words("cli.opt.profile"))
    command.add_argument("--gateway", metavar="ADDRESS", help=words("cli.opt.gateway"))


def _add_acts(parser: argparse.ArgumentParser, words: Words) -> None:
    acts = parser.add_subparsers(dest="act", required=True)

    def add(name: str) -> argparse.ArgumentParser:
        text = words(f"cli.do.{name}")
        made: argparse.ArgumentParser = acts.add_parser(name, help=text, description=text)
        _add_common(made, words)
        made.add_argument("job", help=words("cli.arg.job"))
        return made

    for name in _MOVES:
        add(name).add_argument("--reason", help=words("cli.opt.reason"))
    _add_steps(add, words)
    _add_evidence(add, words)
    _add_equipment(add, words)


def _add_steps(add: Add, words: Words) -> None:
    command = add("step")
    command.add_argument("step", help=words("cli.arg.step"))
    command.add_argument("value", nargs="?", help=words("cli.arg.value"))
    command.add_argument("--note", help=words("cli.opt.note"))
    command = add("skip")
    command.add_argument("step", help=words("cli.arg.step"))
    command.add_argument("--reason", required=True, help=words("cli.opt.reason"))


def _add_evidence(add: Add, words: Words) -> None:
    add("note").add_argument("text", help=words("cli.arg.text"))
    command = add("photo")
    command.add_argument("file", help=words("cli.arg.file"))
    command.add_argument("--caption", help=words("cli.opt.caption"))
    command.add_argument("--step", help=words("cli.arg.step"))
    command = add("sign")
    command.add_argument("file", help=words("cli.arg.file"))
    command.add_argument("--by", required=True, help=words("cli.opt.by"))
    command.add_argument(
        "--signed-language",
        choices=("fr", "en"),
        default="fr",
        help=words("cli.opt.signed-language"),
    )
    command = add("reading")
    command.add_argument("quantity", help=words("cli.arg.quantity"))
    command.add_argument("value", type=float, help=words("cli.arg.value"))
    command.add_argument("unit", help=words("cli.arg.unit"))
    command = add("material")
    command.add_argument("qty", type=float, help=words("cli.arg.qty"))
    command.add_argument("--item", help=words("cli.opt.item"))
    command.add_argument("--description", help=words("cli.opt.description"))
    command.add_argument("--uom", help=words("cli.opt.uom"))
    command = add("time")
    command.add_argument(
        "activity", choices=("Travel", "Work", "Break"), help=words("cli.arg.activity")
    )
    command.add_argument("started_at", help=words("cli.arg.instant"))
    command.add_argument("ended_at", help=words("cli.arg.instant"))


def _add_equipment(add: Add, words: Words) -> None:
    _add_new(add("equipment-add"), words)
    command = add("equipment-remove")
    command.add_argument("equipment", help=words("cli.arg.equipment"))
    command.add_argument("--reason", required=True, help=words("cli.opt.reason"))
    command = add("equipment-swap")
    command.add_argument("equipment", help=words("cli.arg.equipment"))
    command.add_argument("--reason", required=True, help=words("cli.opt.reason"))
    _add_new(command, words)


def _add_new(command: argparse.ArgumentParser, words: Words) -> None:
    command.add_argument("--type", required=True, choices=_DEVICE_TYPES, help=words("cli.opt.type"))
    for name in ("mac", "serial", "gpon", "model", "item"):
        command.add_argument(f"--{name}", help=words(f"cli.opt.{name}"))


def parse(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the arguments; argparse ends the program with 2 on a mistake, 0 after help."""
    return parser.parse_args(argv)
