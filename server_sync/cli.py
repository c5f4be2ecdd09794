"""`server-sync`: serve, and what an operator does around it.

Exit codes: 0 done, 1 it did not work (the sentence says why), 2 wrong usage.
"""

import argparse
import asyncio
import getpass
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import uvicorn
from pydantic import ValidationError

from field_core.capabilities import Role
from field_core.instants import ms_to_text
from field_core.problems import ProblemError
from server_sync.accounts import DeviceStatus, Person
from server_sync.accounts.passwords import PASSWORD_CHARACTERS_MIN
from server_sync.clock import SystemClock, today_at
from server_sync.compose import (
    ERP_FILE,
    Server,
    create,
    erp_insert,
    erp_update,
    open_embedded,
    product_version,
    with_embedded,
)
from server_sync.settings import Settings
from server_sync.store.backup import DamagedError, copy, verify
from server_sync.store.checking import findings

DATABASE: Final = "server.db"
BLOBS: Final = "blobs"
KEEPALIVE_S: Final = 75
"""Longer than a phone's pause between two exchanges, so that one connection serves both."""


class UsageError(Exception):
    """The command cannot be carried out as it was given."""


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


# --- serving


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until told to stop."""
    settings = _with(
        settings,
        server_host=arguments.host,
        server_port=arguments.port,
        demo=arguments.demo or settings.demo,
    )
    if settings.demo and not settings.erpnext_url:
        _make_demo(settings)
    server = create(settings)
    uvicorn.run(
        server.app,
        host=settings.server_host,
        port=settings.server_port,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=KEEPALIVE_S,
        timeout_graceful_shutdown=5,
    )
    return 0


def _make_demo(settings: Settings) -> None:
    """Make the demo company in a new embedded ERP, whole or not at all, and its accounts."""
    from server_sync.demo import company, load  # noqa: PLC0415  # the demo's data is large, and only this needs it

    clock = SystemClock()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    made = company(today_at(clock, settings.zone))
    if _is_without_company(settings, clock):
        part = settings.data_dir / f"{ERP_FILE}.part"
        part.unlink(missing_ok=True)
        erp = open_embedded(with_embedded(settings), file=part, clock=clock, is_durable=False)
        asyncio.run(load(made, erp_insert(erp), update=erp_update(erp)))
        erp.close()
        for leftover in settings.data_dir.glob(f"{ERP_FILE}-*"):
            leftover.unlink()
        part.replace(settings.data_dir / ERP_FILE)
    accounts = _open(settings).accounts
    known = {person.email for person in accounts.everybody()}
    for one in made.accounts:
        if one.email not in known:
            accounts.add(
                Person(one.email, one.full_name, one.roles, one.technician, one.language),
                password=one.password,
            )


def _is_without_company(settings: Settings, clock: SystemClock) -> bool:
    """Tell whether there is no ERP yet, or one in which nobody has made a customer."""
    file = settings.data_dir / ERP_FILE
    if not file.exists():
        return True
    erp = open_embedded(with_embedded(settings), file=file, clock=clock)
    try:
        return not erp.site.db.execute('SELECT 1 FROM "tabCustomer" LIMIT 1').fetchone()
    finally:
        erp.close()


def erp_serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve the embedded ERP alone, for tools that speak to an ERPNext."""
    if not settings.erpnext_api_secret.get_secret_value():
        raise UsageError("set ERPNEXT_API_KEY and ERPNEXT_API_SECRET, which callers will need")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    erp = open_embedded(settings, file=settings.data_dir / ERP_FILE, clock=SystemClock())
    uvicorn.run(
        erp, host=arguments.host, port=arguments.port, server_header=False, log_level="warning"
    )
    return 0


def _with(settings: Settings, **changes: Any) -> Settings:  # noqa: ANN401  # values of settings of several types
    given = {name: value for name, value in changes.items() if value is not None}
    return Settings.model_validate({**settings.model_dump(), **given})


def openapi(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the OpenAPI document."""
    print(json.dumps(_open(settings).app.openapi(), indent=1, ensure_ascii=False))
    return 0


# --- people


def account_add(arguments: argparse.Namespace, settings: Settings) -> int:
    """Add a person, or change one who is there."""
    roles = tuple(Role(role) for role in arguments.role)
    if Role.TECHNICIAN in roles and not arguments.technician:
        raise UsageError("a technician needs --technician DT-00001")
    person = Person(
        arguments.email,
        arguments.name or arguments.email,
        roles,
        arguments.technician,
        arguments.language or settings.site_language,
    )
    password = _password(from_stdin=True) if arguments.password_stdin else None
    _open(settings).accounts.add(person, password=password)
    print(f"{person.email}: kept")
    return 0


def account_list(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the people who may sign in."""
    people = _open(settings).accounts.everybody()
    rows = [
        {
            "email": p.email,
            "full_name": p.full_name,
            "roles": [*p.roles],
            "technician": p.technician,
            "language": p.language,
            "is_disabled": p.is_disabled,
        }
        for p in people
    ]
    return _show(rows, as_json=arguments.json)


def account_disable(arguments: argparse.Namespace, settings: Settings) -> int:
    """Let a person in no more; their devices hand over what they hold."""
    _open(settings).accounts.disable(arguments.email)
    print(f"{arguments.email}: disabled; the devices drain")
    return 0


def account_password(arguments: argparse.Namespace, settings: Settings) -> int:
    """Give a person another password."""
    accounts = _open(settings).accounts
    accounts.find(arguments.email)
    accounts.set_password(arguments.email, _password(from_stdin=arguments.password_stdin))
    print(f"{arguments.email}: password changed")
    return 0


def _password(*, from_stdin: bool) -> str:
    password = sys.stdin.readline().rstrip("\n") if from_stdin else getpass.getpass()
    if len(password) < PASSWORD_CHARACTERS_MIN:
        message = f"a password has {PASSWORD_CHARACTERS_MIN} characters or more"
        raise UsageError(message)
    return password


def enrol_code(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make a one-time code that enrols a device without a password."""
    code, expires_ms = _open(settings).accounts.make_code(arguments.email)
    print(f"{code}  until {ms_to_text(expires_ms)[:16]}Z")
    return 0


def device_list(arguments: argparse.Namespace, settings: Settings) -> int:
    """List devices, the one heard from last first."""
    return _show(_open(settings).accounts.devices(), as_json=arguments.json)


def device_revoke(arguments: argparse.Namespace, settings: Settings) -> int:
    """Drain or wipe a device."""
    status = DeviceStatus.WIPED if arguments.wipe else DeviceStatus.DRAINING
    _open(settings).accounts.revoke(arguments.device, status)
    print(f"{arguments.device}: {status}")
    return 0


def demo_accounts(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the sign-ins of the demo company."""
    from server_sync.demo import company  # noqa: PLC0415  # the demo's data is large, and only this needs it

    people = company(today_at(SystemClock(), settings.zone)).accounts
    rows = [
        {"role": str(one.roles[0]), "email": one.email, "password": one.password} for one in people
    ]
    return _show(rows, as_json=arguments.json)


# --- keeping


def backup(arguments: argparse.Namespace, settings: Settings) -> int:
    """Copy databases and blobs into a folder; the server may run meanwhile."""
    target: Path = arguments.to
    copy(_database_file(settings), target / DATABASE)
    if (settings.data_dir / ERP_FILE).exists():
        copy(settings.data_dir / ERP_FILE, target / ERP_FILE)
    copied = _copy_blobs(settings.data_dir / BLOBS, target / BLOBS)
    print(f"{target}: database verified, {copied} new blobs")
    return 0


def restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """Put a backup in place; devices then send again what they still hold, nothing twice."""
    source: Path = arguments.source
    verify(source / DATABASE)
    if (source / ERP_FILE).exists():
        copy(source / ERP_FILE, settings.data_dir / ERP_FILE)
    copied = _copy_blobs(source / BLOBS, settings.data_dir / BLOBS)
    copy(source / DATABASE, _database_file(settings))
    server = _open(settings)
    server.store.renew_epoch()
    server.close()
    print(f"{source}: restored, {copied} blobs put back; a new epoch has begun")
    return 0


def _copy_blobs(source: Path, target: Path) -> int:
    """Copy blobs that are missing; what has a name never changes. Uploads in part stay behind."""
    copied = 0
    for path in source.glob("??/*") if source.is_dir() else ():
        place = target / path.parent.name / path.name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_suffix(".part")
            shutil.copyfile(path, part)
            part.replace(place)
            copied += 1
    return copied


def _database_file(settings: Settings) -> Path:
    if not settings.database.startswith("sqlite:///"):
        raise UsageError("PostgreSQL has its own tools: pg_dump and pg_restore, then `renew-epoch`")
    return Path(settings.database.removeprefix("sqlite:///"))


def renew_epoch(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Say that the database was restored by other means."""
    _open(settings).store.renew_epoch()
    print("a new epoch has begun")
    return 0


def check(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Verify database, sums, hashes and the blob store."""
    server = _open(settings)
    found = [*findings(server.store.database)]
    server.blobs.store.check()
    for line in found:
        print(line)
    print("nothing is wrong" if not found else f"{len(found)} findings")
    return 1 if found else 0


def rescue_import(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take in a rescue file, once."""
    report = _open(settings).rescue.take_in(arguments.file.read_bytes())
    return _show([report.model_dump()], as_json=arguments.json)


# --- helpers


def _open(settings: Settings) -> Server:
    return create(settings)


def _show(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps([*rows], indent=1, ensure_ascii=False))
        return 0
    columns = [*rows[0]] if rows else []
    table = [columns, *([_cell(row[name]) for name in columns] for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(columns))]
    for line in table:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )
    return 0


def _cell(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


# --- the command line


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    root = argparse.ArgumentParser(
        prog="server-sync",
        description="Gigafibre Field's sync server.",
        epilog="Every setting is an environment variable; docs/server.md lists them.",
    )
    root.add_argument("--version", action="version", version=f"server-sync {product_version()}")
    commands = root.add_subparsers(required=True)

    one = _command(commands, "serve", serve)
    one.add_argument("--host")
    one.add_argument("--port", type=int)
    one.add_argument("--demo", action="store_true", help="with the demo company")
    erp = commands.add_parser("erp", help="The embedded ERP.").add_subparsers(required=True)
    one = _command(erp, "serve", erp_serve)
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8069)
    _account(commands)
    one = _command(commands, "enrol-code", enrol_code)
    one.add_argument("email")
    _device(commands)
    one = _command(commands, "backup", backup)
    one.add_argument("to", type=Path)
    one = _command(commands, "restore", restore)
    one.add_argument("source", type=Path, metavar="from")
    _command(commands, "renew-epoch", renew_epoch)
    _command(commands, "check", check)
    rescue = commands.add_parser("rescue", help="Rescue files.").add_subparsers(required=True)
    one = _command(rescue, "import", rescue_import)
    one.add_argument("file", type=Path)
    one.add_argument("--json", action="store_true")
    one = _command(commands, "demo-accounts", demo_accounts)
    one.add_argument("--json", action="store_true")
    _command(commands, "openapi", openapi)
    return root


def _account(commands: Any) -> None:  # noqa: ANN401  # argparse does not name this type
    accounts = commands.add_parser("account", help="People who may sign in.").add_subparsers(
        required=True
    )
    one = _command(accounts, "add", account_add)
    one.add_argument("email")
    one.add_argument("--name")
    one.add_argument("--role", action="append", required=True, choices=[*Role])
    one.add_argument("--technician", help="the Dispatch Technician they are, such as DT-00001")
    one.add_argument("--language", choices=["fr", "en"])
    one.add_argument("--password-stdin", action="store_true")
    one = _command(accounts, "list", account_list)
    one.add_argument("--json", action="store_true")
    one = _command(accounts, "disable", account_disable)
    one.add_argument("email")
    one = _command(accounts, "password", account_password)
    one.add_argument("email")
    one.add_argument("--password-stdin", action="store_true")


def _device(commands: Any) -> None:  # noqa: ANN401  # argparse does not name this type
    devices = commands.add_parser("device", help="Devices.").add_subparsers(required=True)
    one = _command(devices, "list", device_list)
    one.add_argument("--json", action="store_true")
    one = _command(devices, "revoke", device_revoke)
    one.add_argument("device")
    mode = one.add_mutually_exclusive_group(required=True)
    mode.add_argument("--drain", action="store_true", help="take what it holds, then erase")
    mode.add_argument("--wipe", action="store_true", help="erase now")


def _command(
    commands: Any,  # noqa: ANN401 - argparse does not name this type
    name: str,  # argparse does not name this type
    work: Callable[[argparse.Namespace, Settings], int],
) -> argparse.ArgumentParser:
    text = (work.__doc__ or "").splitlines()[0]
    made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    made.set_defaults(command=work)
    return made


if __name__ == "__main__":
    sys.exit(main())
