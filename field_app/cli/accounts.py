"""Signing in and out."""

import argparse
import asyncio
import getpass
import sys

from field_app.cli.console import Console, Exit
from field_app.cli.outbox import unsent
from field_core.problems import ProblemError


def sign_in(console: Console, args: argparse.Namespace) -> Exit:
    """Sign this device in, by password or by a one-time code."""
    server = (args.server or console.machine.settings.server).rstrip("/")
    if args.code:
        account = asyncio.run(console.machine.enrol(server, code=args.code))
    else:
        email = args.email or _asked(console.words("signin.email"))
        password = (
            sys.stdin.readline().rstrip("\n")
            if args.password_stdin
            else getpass.getpass(console.words("signin.password") + " ")
        )
        account = asyncio.run(console.machine.sign_in(server, email=email, password=password))
    info = account.info
    account.close()
    if console.machine.secrets.is_file:
        console.warn(
            console.words("signin.file-secrets", path=console.machine.data_dir / "secrets.json")
        )
    console.say(console.words("signin.done", name=info.full_name or info.email, server=server))
    console.tell(info.model_dump(exclude={"server_key"}))
    return Exit.DONE


def _asked(question: str) -> str:
    sys.stderr.write(question + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def sign_out(console: Console, args: argparse.Namespace) -> Exit:
    """Leave; unsent work is shown and kept, never dropped."""
    account = console.machine.open()
    try:
        asyncio.run(console.machine.sign_out(account, keep_data=args.keep_data))
    except ProblemError as error:
        if error.problem.code == "unsent-work":
            console.table((), ())
            for line in unsent(account.replica, console.words):
                console.say(f"  {line}")
            console.say(console.words("signout.hint"))
        raise
    kept = console.words("signout.kept" if args.keep_data else "signout.erased")
    console.say(kept)
    console.tell({"signed_out": account.info.email, "kept_data": args.keep_data})
    return Exit.DONE
