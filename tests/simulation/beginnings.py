"""How worlds begin: one of a few small companies, and a server that knows it already, or does not.

To make a company and to take it in for the first time costs as much as half a seed, and is the same
each time. So each is made once, by the code that ships, and copied.
"""

import random
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from server_sync.compose.lanes import run_in_place
from server_sync.embedded_erp import EmbeddedErp, ErpSiteSettings, ErpUser, create_embedded_erp
from server_sync.erp.setup_meta import erp_doctypes
from tests.simulation import office
from tests.simulation.clocks import ZONE, TrueClock
from tests.simulation.databases import Made, SqliteDatabase
from tests.simulation.erp_link import ErpLink, Office, erp_side
from tests.simulation.faults import CALM
from tests.simulation.server import ServerNode

TECHNICIANS: Final = 2
COMPANIES: Final = 8
"""How many worlds begin differently; what happens in them the seed decides."""
KNOWN: Final = 0.75
"""Of the worlds: the server has taken in the company before anybody works."""
DOCTYPES_OF_ERP: Final = erp_doctypes()
USERS: Final = (
    ErpUser("sync@example.test", api_key="sync", api_secret="sync"),
    ErpUser("office@example.test", api_key="office", api_secret="office"),
)


class Beginning(NamedTuple):
    """What is there before the first step."""

    company: bytes
    """Image of the ERP's site."""
    server: bytes | None
    """Copy of the server's database; None for one that was never used."""


async def begin(rng: random.Random, database: Made) -> Beginning:
    """Draw how a world begins."""
    number = rng.randrange(COMPANIES)
    is_known = rng.random() < KNOWN and _is_sqlite(database)
    return Beginning(_company(number), await _server(number) if is_known else None)


def _is_sqlite(database: Made) -> bool:
    return isinstance(database, type) and issubclass(database, SqliteDatabase)


def today(clock: TrueClock) -> str:
    """Return the date at the site."""
    return _date(clock).isoformat()


def _date(clock: TrueClock) -> date:
    return clock.now().astimezone(ZONE).date()


def site(
    clock: TrueClock, entropy: Callable[[int], bytes], *, image: bytes | None = None
) -> EmbeddedErp:
    """Make a site of the ERP in memory."""
    return create_embedded_erp(
        ":memory:",
        doctypes=DOCTYPES_OF_ERP,
        clock=clock.now,
        entropy=entropy,
        settings=ErpSiteSettings(users=USERS, durable=False),
        image=image,
    )


@cache
def _company(number: int) -> bytes:
    rng, clock = random.Random(number), TrueClock()
    made = site(clock, rng.randbytes)
    office.fill(Office(made), rng, TECHNICIANS, today(clock))
    return made.image()


_SERVERS: Final[dict[int, bytes]] = {}


async def _server(number: int) -> bytes:
    """Return the database of a server that has polled the company once."""
    if number not in _SERVERS:
        rng, clock = random.Random(number), TrueClock()
        node = ServerNode(clock, rng, lane=lambda _life: run_in_place)
        link = ErpLink(
            site(clock, rng.randbytes, image=_company(number)), rng, lambda: CALM, _at_once
        )
        store = node.server.store
        await erp_side(link, store, clock, rng, lambda _sha256: None, run_in_place).poll()
        _SERVERS[number] = node.database.copy()
    return _SERVERS[number]


async def _at_once(**_: object) -> None:
    """Nothing else is under way yet."""
