"""The figures of one device's day: `python -m benchmarks.sync_phases serve | client | link`."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Final

from benchmarks.sync_phases.link import TUNLINK, Link, ends, link, medians
from benchmarks.sync_phases.phases import WrongError, client, show

SEEDS: Final = (1, 2, 3)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; exit code 1 when something is not as it must be."""
    asked = _parser().parse_args(arguments)
    match asked.command:
        case "serve":
            from benchmarks.sync_phases.server import serve  # noqa: PLC0415 - a device loads no server

            return serve(asked.data, host=asked.host, port=asked.port)
        case "ends":
            return ends(asked.data)
        case "link":
            over = Link(asked.rtt, asked.rate, asked.loss, asked.cc)
            runs = link(asked.data, seeds=asked.seed or SEEDS, over=over, tunlink=asked.tunlink)
            show(medians(runs))
            return 0
        case _:
            return _client(asked.server, asked.data, asked.dir)


def _client(server: str, data: Path, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        print(f"{folder} is not empty", file=sys.stderr)
        return 2
    try:
        show(asyncio.run(client(server, data, folder)))
    except WrongError as wrong:
        print(f"wrong: {wrong}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    usual = Link()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync_phases", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("serve", help="a server with the data set")
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8077)
    one = commands.add_parser("client", help="a device that goes through the phases")
    one.add_argument("--server", default="http://127.0.0.1:8077")
    one.add_argument("--dir", type=Path, required=True, help="an empty folder for the device")
    one = commands.add_parser("link", help="both, over a bad link (root)")
    one.add_argument("--seed", type=int, action="append", help="of the losses; 1, 2 and 3")
    one.add_argument("--rtt", type=float, default=usual.rtt, help="ms")
    one.add_argument("--rate", type=float, default=usual.rate, help="kbit/s each way")
    one.add_argument("--loss", type=float, default=usual.loss, help="percent each way")
    one.add_argument("--cc", default=usual.cc, help="TCP congestion control at both ends")
    one.add_argument("--tunlink", type=Path, default=TUNLINK)
    commands.add_parser("ends", help="what `link` runs inside the link")
    for command in commands.choices.values():
        command.add_argument("--data", type=Path, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
