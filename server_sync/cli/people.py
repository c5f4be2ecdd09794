"""People who may sign in: add, list, disable, another password, a code for a new device."""

import argparse
from contextlib import closing

from field_core.capabilities import Role
from field_core.enrolment import enrolment_link
from field_core.instants import ms_to_text
from server_sync.accounts import Person
from server_sync.cli.command import Commands, UsageError, add, add_group
from server_sync.cli.console import read_password, show
from server_sync.compose import create
from server_sync.qr import qr_lines
from server_sync.settings import Settings


def add_commands(commands: Commands) -> None:
    """Add `account …` and `enrol-code`."""
    accounts = add_group(commands, "account", "People who may sign in.")
    one = add(accounts, "add", account_add)
    one.add_argument("email")
    one.add_argument("--name")
    one.add_argument("--role", action="append", required=True, choices=[*Role])
    one.add_argument("--technician", help="the Dispatch Technician they are, such as DT-00001")
    one.add_argument("--language", choices=["fr", "en"])
    one.add_argument("--password-stdin", action="store_true")
    one = add(accounts, "list", account_list)
    one.add_argument("--json", action="store_true")
    one = add(accounts, "disable", account_disable)
    one.add_argument("email")
    one = add(accounts, "password", account_password)
    one.add_argument("email")
    one.add_argument("--password-stdin", action="store_true")
    one = add(commands, "enrol-code", enrol_code)
    one.add_argument("email")
    one.add_argument("--server", metavar="URL", help="print a QR code too, with this address")


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
    password = read_password(from_stdin=True) if arguments.password_stdin else None
    with closing(create(settings)) as server:
        server.accounts.add(person, password=password)
    print(f"{person.email}: kept")
    return 0


def account_list(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the people who may sign in."""
    with closing(create(settings)) as server:
        people = server.accounts.everybody()
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
    return show(rows, as_json=arguments.json)


def account_disable(arguments: argparse.Namespace, settings: Settings) -> int:
    """Let a person in no more; their devices hand over what they hold."""
    with closing(create(settings)) as server:
        server.accounts.disable(arguments.email)
    print(f"{arguments.email}: disabled; the devices drain")
    return 0


def account_password(arguments: argparse.Namespace, settings: Settings) -> int:
    """Give a person another password."""
    with closing(create(settings)) as server:
        server.accounts.find(arguments.email)
        password = read_password(from_stdin=arguments.password_stdin)
        server.accounts.set_password(arguments.email, password)
    print(f"{arguments.email}: password changed")
    return 0


def enrol_code(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make a one-time code that enrols a device without a password."""
    with closing(create(settings)) as server:
        code, expires_ms = server.accounts.make_code(arguments.email)
    print(f"{code}  until {ms_to_text(expires_ms)[:16]}Z")
    if arguments.server:
        print(qr_lines(enrolment_link(arguments.server, code)))
    return 0
