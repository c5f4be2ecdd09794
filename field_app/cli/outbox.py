"""The outbox at the command line: what was done here, in the sentences that the screens use."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from field_app.cli.console import Console, Exit
from field_app.cli.reading import blob_line, opened
from field_app.i18n import Words
from field_app.ports import OutboxLine, Section, SendState
from field_app.saying import say, say_problem
from field_app.sync import queries, waiting
from field_app.sync.replica import Replica

ENTRIES_MAX: Final = 10_000
"""More than anybody reads; a table of them is for searching in."""
_AT_REST: Final = frozenset({SendState.IN_OFFICE, SendState.CLOSED})


def outbox(console: Console, args: argparse.Namespace) -> Exit:
    """List what was done here and where each thing stands; as JSON, operation by operation."""
    words, now_ms = console.words, console.machine.clock.now_ms()
    with opened(console) as account:
        rows = queries.outbox(account.replica)
        blobs = queries.blobs_of(account.replica)
        lines = lines_of(account.replica, with_office=args.all)
    console.tell(
        {
            "operations": [asdict(row) for row in rows if args.all or row.state not in _AT_REST],
            "blobs": [asdict(blob) for blob in blobs],
        }
    )
    console.table(
        [words(f"head.{n}") for n in ("job", "what", "age", "state", "blocks")],
        [row_of(line, words, now_ms=now_ms) for line in lines],
    )
    for blob in blobs:
        if args.all or not blob.is_received:
            console.say(blob_line(blob, words))
    if not lines:
        console.say(words("outbox.empty"))
    return Exit.DONE


def lines_of(replica: Replica, *, with_office: bool) -> list[OutboxLine]:
    """Return what was done here, an act a line; what the office has only when it is wanted."""
    page = waiting.page(replica, first=0, count=ENTRIES_MAX, with_office=with_office)
    return [entry for entry in page.entries if isinstance(entry, OutboxLine)]


def unsent(replica: Replica, words: Words) -> Iterator[str]:
    """Say, a line each, what the server does not have."""
    for line in lines_of(replica, with_office=False):
        if line.section is Section.WAITING:
            yield f"{_job(line)}  {say(words, line.sentence)}"


def row_of(line: OutboxLine, words: Words, *, now_ms: int) -> tuple[str, str, str, str, str]:
    """Return an act as a row: job, what, how long ago, where it stands, what it waits for."""
    return (
        _job(line),
        say(words, line.sentence),
        words.age(now_ms - line.made_ms),
        words(f"send.{line.state}"),
        _why(line, words),
    )


def _job(line: OutboxLine) -> str:
    return line.job.label if line.job else ""


def _why(line: OutboxLine, words: Words) -> str:
    if line.problem is not None:
        return say_problem(words, line.problem)
    return say(words, line.blocks) if line.blocks else ""
