"""The ACS from a terminal: does it answer, and what was asked of customers' devices."""

import argparse
import asyncio
from contextlib import closing

from sqlalchemy import select

from server_sync.acs import queue
from server_sync.cli.command import Commands, add, add_group
from server_sync.cli.console import show
from server_sync.compose import Server, create
from server_sync.settings import Settings
from server_sync.store.schema import cpe_act


def add_commands(commands: Commands) -> None:
    """Add `acs …`."""
    group = add_group(commands, "acs", "Customer equipment through the ACS.")
    add(group, "check", check)
    one = add(group, "acts", acts)
    one.add_argument("--json", action="store_true")


def check(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Ask the ACS for a sign of life."""
    with closing(create(settings)) as server:
        print(f"acs: {asyncio.run(_checked(server))}")
    return 0


async def _checked(server: Server) -> str:
    diagnostics = server.context.diagnostics
    try:
        return await diagnostics.check()
    finally:
        await diagnostics.close()


def acts(arguments: argparse.Namespace, settings: Settings) -> int:
    """List what was asked of customers' devices: by whom, when, and what became of it."""
    with closing(create(settings)) as server, server.store.read() as connection:
        rows = connection.execute(select(cpe_act).order_by(cpe_act.c.asked_ms)).all()
        told = [(row.equipment, queue.told(row)) for row in rows]
    return show(
        [
            {
                "at": act.asked_at[:16],
                "by": act.asked_by,
                "equipment": equipment,
                "act": act.act.value,
                "state": act.state.value,
                "reason": act.reason or "",
            }
            for equipment, act in told
        ],
        as_json=arguments.json,
    )
