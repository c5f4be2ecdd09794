"""The demo company: made whole in a new embedded ERP, with its accounts; and its sign-ins."""

import argparse
import asyncio
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING

from server_sync.accounts import Accounts, Person
from server_sync.cli.command import Commands, add
from server_sync.cli.console import show
from server_sync.clock import SystemClock, today_at
from server_sync.compose import (
    ERP_FILE,
    create,
    erp_insert,
    erp_update,
    open_embedded,
    with_embedded,
)
from server_sync.settings import Settings

if TYPE_CHECKING:
    from server_sync.demo.accounts import Account


def add_commands(commands: Commands) -> None:
    """Add `demo-accounts`."""
    one = add(commands, "demo-accounts", demo_accounts)
    one.add_argument("--json", action="store_true")


def make_demo(settings: Settings) -> None:
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
    with closing(create(settings)) as server:
        _let_in(made.accounts, server.accounts)


def _let_in(people: "Iterable[Account]", accounts: Accounts) -> None:
    """Add those who are not there yet; whoever is keeps the password they chose since."""
    known = {person.email for person in accounts.everybody()}
    for one in people:
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


def demo_accounts(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the sign-ins of the demo company."""
    from server_sync.demo import company  # noqa: PLC0415  # the demo's data is large, and only this needs it

    people = company(today_at(SystemClock(), settings.zone)).accounts
    rows = [
        {"role": str(one.roles[0]), "email": one.email, "password": one.password} for one in people
    ]
    return show(rows, as_json=arguments.json)
