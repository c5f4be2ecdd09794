"""Billing from a terminal: does the address show in the envelope, and what waits to be sent."""

import argparse
import asyncio
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from field_core.instants import ms_to_text
from server_sync.cli.command import Commands, add, add_group
from server_sync.cli.console import show
from server_sync.cli.progress import Bar
from server_sync.compose import Server, create
from server_sync.settings import Settings
from server_sync.store.schema import message_out


def add_commands(commands: Commands) -> None:
    """Add `billing …`."""
    group = add_group(commands, "billing", "Invoices and payments.")
    one = add(group, "envelope-lint", envelope_lint)
    one.add_argument("--picture", type=Path, help="also write PNG pictures beside this name")
    for name, text in (
        ("top", "of the window, mm from the page's top"),
        ("left", "of the window, mm from the page's left edge"),
        ("width", "of the window in mm"),
        ("height", "of the window in mm"),
        ("slide", "how far the letter slides in its envelope, mm"),
    ):
        one.add_argument(f"--{name}", type=float, help=text)
    add(group, "archive", archive)
    add(group, "evidence", check_evidence)
    one = add(group, "outbox", outbox)
    one.add_argument("--json", action="store_true")


def envelope_lint(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check that the invoice's address, and only that, shows in the envelope's window."""
    from server_sync.billing import envelope  # noqa: PLC0415  # PDF libraries: only this command needs them
    from server_sync.compose.billing import sample_pdfs  # noqa: PLC0415  # same

    names = ("top", "left", "width", "height", "slide")
    given = {n: getattr(arguments, n) for n in names if getattr(arguments, n) is not None}
    window, wrong = replace(envelope.Window(), **given), 0
    for label, address, pdf in sample_pdfs(settings):
        if arguments.picture:
            file = arguments.picture.with_stem(f"{arguments.picture.stem}-{label}")
            file.write_bytes(envelope.picture(pdf, window))
            print(f"{file}: written")
        for sentence in envelope.findings(pdf, address, window):
            wrong += 1
            print(f"{label}: {sentence}")
    print(f"envelope: {wrong} findings" if wrong else "envelope: the address shows, and only it")
    return 1 if wrong else 0


def outbox(arguments: argparse.Namespace, settings: Settings) -> int:
    """List messages to customers: what waits, and without a provider what would have been sent."""
    with closing(create(settings)) as server, server.store.read() as connection:
        rows = connection.execute(select(message_out).order_by(message_out.c.id)).mappings()
        told = [
            {
                "at": ms_to_text(row["made_ms"])[:16],
                "channel": row["channel"],
                "to": row["recipient"],
                "state": row["state"],
                "text": row["content"],
            }
            for row in rows
        ]
    return show(told, as_json=arguments.json)


def archive(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Draw and archive the invoices of the last weeks that have no paper yet, under a bar."""
    with closing(create(settings)) as server:
        drawn = _drawn(server)
    print(f"invoices: {drawn} archived")
    return 0


def _drawn(server: Server) -> int:
    billing = server.context.billing
    assert billing, "a production server has an ERP behind it"
    bar = Bar()
    try:
        return asyncio.run(billing.invoices.archive_new(bar, most=sys.maxsize))
    finally:
        bar.end()


def check_evidence(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Check that the evidence of accepted contracts hangs together, row by row."""
    from server_sync.contracts.acceptance.evidence import first_break  # noqa: PLC0415  # only this command needs it

    with closing(create(settings)) as server, server.store.read() as connection:
        broken = first_break(connection)
    print("evidence: whole" if broken is None else f"evidence: broken at row {broken}")
    return 0 if broken is None else 1
