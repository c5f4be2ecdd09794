"""Syncing now, saying where things stand, and the rescue file."""

import argparse
import asyncio
from base64 import b64decode
from dataclasses import asdict
from pathlib import Path
from typing import Any

from field_app.cli.console import Console, Exit, exit_of
from field_app.cli.reading import opened
from field_app.compose import Account, answered
from field_app.sync import queries
from field_app.sync.engine import Status
from field_app.sync.rescue import KEY_BYTES, pack, seal
from field_app.sync.runner import Outcome
from field_app.sync.transport import Transport
from field_core.device_time import SKEW_SHOWN_MS_MIN
from field_core.problems import Problem, ProblemError


def sync(console: Console, args: argparse.Namespace) -> Exit:
    """Exchange with the server now; success is said only when the server has everything."""
    timeout_s = args.timeout or console.machine.settings.sync_timeout_s
    account = console.machine.open()
    if console.machine.session(account.folder) is None:
        account.close()
        raise ProblemError("signed-out")
    outcome, traffic = asyncio.run(_synced(console, account, timeout_s))
    if account.folder.path.is_dir():
        console.machine.clean(account)
        account.close()
    console.tell({**asdict(outcome), **traffic})
    return _said(console, outcome)


async def _synced(
    console: Console, account: Account, timeout_s: float
) -> tuple[Outcome, dict[str, Any]]:
    async with console.machine.live(account) as live:
        shown = _Progress(console)
        live.runner.on_status(shown.show)
        outcome = await live.runner.sync_now(timeout_s)
        return outcome, asdict(live.transport.traffic)


class _Progress:
    """Shows a long first sync as it comes, one line each tenth."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tenth = -1

    def show(self, status: Status) -> None:
        """Write a line when another tenth has come."""
        progress = status.progress
        if progress is None or not progress.bytes_total:
            return
        tenth = 10 * progress.bytes // progress.bytes_total
        if tenth > self._tenth and not self._console.as_json:
            self._tenth = tenth
            words = self._console.words
            self._console.warn(
                words(
                    "sync.progress",
                    documents=progress.documents,
                    total=progress.documents_total,
                    got=words.size(progress.bytes),
                    size=words.size(progress.bytes_total),
                )
            )


def _said(console: Console, outcome: Outcome) -> Exit:
    words = console.words
    if outcome.is_done:
        console.say(words("sync.done"))
        return Exit.DONE
    problem = Problem(outcome.code or "unsent-work", {"count": outcome.unsent + outcome.blobs_left})
    if not console.as_json:
        console.warn(problem.sentence(words.language))
        if outcome.unsent or outcome.blobs_left:
            console.warn(words.count("sync.left", outcome.unsent + outcome.blobs_left))
    return exit_of(problem)


def status(console: Console, _args: argparse.Namespace) -> Exit:
    """Say who is signed in, when the server was last heard, and what is unsent. Works offline."""
    machine, words = console.machine, console.words
    now_ms = machine.clock.now_ms()
    with opened(console) as account:
        facts = _facts(account, is_signed_in=machine.session(account.folder) is not None)
    console.tell(facts)
    contact = facts["contact_ms"]
    heard = words("status.never") if contact is None else words.age(now_ms - contact)
    for name, value in (
        ("account", f"{facts['full_name']} <{facts['email']}>"),
        ("server", facts["server"]),
        ("technician", facts["technician"] or "—"),
        ("device", facts["device"]),
        ("signed-in", words("yes" if facts["is_signed_in"] else "no")),
        ("contact", heard),
        ("unsent", facts["unsent"]),
        ("blobs", facts["blobs_left"]),
        ("review", facts["reviews"]),
        ("documents", sum(facts["documents"].values())),
    ):
        console.say(f"{words(f'status.{name}')}: {value}")
    _warn_of_clock(console, facts["skew_ms"])
    return Exit.DONE


def _facts(account: Account, *, is_signed_in: bool) -> dict[str, Any]:
    replica, info = account.replica, account.info
    contact, skew = replica.get("contact_ms"), replica.get("skew_ms")
    return {
        "email": info.email,
        "full_name": info.full_name,
        "server": info.server,
        "technician": info.technician,
        "device": replica.get("device"),
        "is_signed_in": is_signed_in,
        "contact_ms": int(contact) if contact else None,
        "skew_ms": int(skew or 0),
        "unsent": replica.outbox.pending_count(),
        "oldest_unsent_ms": replica.outbox.oldest_pending_ms(),
        "blobs_left": sum(not b.is_received for b in queries.blobs_of(replica)),
        "reviews": len(queries.reviews(replica)),
        "documents": replica.counts(),
        "divergences": int(replica.get("divergences") or 0),
    }


def _warn_of_clock(console: Console, skew_ms: int) -> None:
    if abs(skew_ms) >= SKEW_SHOWN_MS_MIN:
        key = "status.clock-ahead" if skew_ms > 0 else "status.clock-behind"
        console.warn(console.words(key, minutes=abs(skew_ms) // 60_000))


def rescue(console: Console, args: argparse.Namespace) -> Exit:
    """Write unsent work to a sealed file, or send such a file from a supervisor's computer."""
    return _export(console, args.file) if args.action == "export" else _send(console, args.file)


def _export(console: Console, path: str) -> Exit:
    machine = console.machine
    with opened(console) as account:
        session = machine.session(account.folder)
        if session is None or len(b64decode(account.info.server_key)) != KEY_BYTES:
            raise ProblemError("signed-out")
        packed = pack(
            account.replica, account.blobs, refresh=session["refresh"], now=machine.clock.stamp()
        )
    sealed = seal(packed.content, server_key=account.info.server_key, noise=machine.ids.bytes)
    Path(path).write_bytes(sealed)
    console.tell(
        {"file": path, "operations": packed.operations, "blobs": packed.blobs, "bytes": len(sealed)}
    )
    console.say(
        console.words(
            "rescue.written",
            operations=packed.operations,
            blobs=packed.blobs,
            size=console.words.size(len(sealed)),
            path=path,
        )
    )
    return Exit.DONE


def _send(console: Console, path: str) -> Exit:
    try:
        sealed = Path(path).read_bytes()
    except OSError as error:
        raise ProblemError("not-found") from error
    account = console.machine.open()
    account.close()
    report = asyncio.run(_sent(console, account, sealed))
    console.tell(report)
    console.say(
        console.words(
            "rescue.sent",
            technician=report.get("technician") or "—",
            taken=report.get("taken", 0),
            known=report.get("known", 0),
            review=report.get("kept_for_review", 0),
        )
    )
    return Exit.DONE


async def _sent(console: Console, account: Account, sealed: bytes) -> dict[str, Any]:
    """Send a rescue file under a fresh session of this account."""
    session = console.machine.session(account.folder)
    if session is None:
        raise ProblemError("signed-out")
    transport = Transport(account.info.server, stall_s=console.machine.settings.stall_s)
    try:
        fresh = answered(
            await transport.ask("POST", "/v1/auth/refresh", {"refresh": session["refresh"]})
        )
        console.machine.keep(account.folder, account.info.server, fresh)
        report = answered(await transport.send_bytes("/v1/rescue", sealed, access=fresh["access"]))
    finally:
        await transport.close()
    return dict(report)
