"""How long a customer's page takes from the server, with the seeds' volumes in the embedded ERP.

    python -m benchmarks.volume --out DIR
    python -m benchmarks.customer_page --erp DIR

The first run imports the site into the server's own store, beside the ERP's file; later runs find
it there. A page is its nine panels asked for at once over the application, as the app does; no
answer is kept from one page to the next.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

import httpx

from field_core.capabilities import Role
from field_core.office import PANELS
from server_sync.accounts import Person
from server_sync.clock import SystemClock
from server_sync.compose import Server, build, open_embedded, with_embedded
from server_sync.compose.lanes import Threads
from server_sync.embedded_erp import EmbeddedErp
from server_sync.settings import Settings

CLERK: Final = Person("clerk@bench.test", "Clerk", (Role.BILLING,))
PASSWORD: Final = "a-phrase-that-is-long-enough"  # noqa: S105 - guards a file of the bench
READERS: Final = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds at the 50th and 95th of a hundred, and the slowest."""

    p50_ms: float
    p95_ms: float
    max_ms: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Figures":
        """Return the figures of a run."""
        cuts = quantiles(seconds, n=100)
        return cls(*(round(1000 * value, 1) for value in (cuts[49], cuts[94], max(seconds))))


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.customer_page", description=__doc__)
    parser.add_argument("--erp", type=Path, required=True, help="folder with erp.db")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    print(json.dumps(asyncio.run(_run(asked.erp, asked.pages, asked.seed)), indent=1))
    return 0


async def _run(folder: Path, pages: int, seed: int) -> dict[str, Any]:
    clock, threads = SystemClock(), Threads(readers=READERS, writers=1)
    settings = with_embedded(Settings(data_dir=folder))
    erp = open_embedded(settings, file=folder / "erp.db", clock=clock)
    server = build(
        settings,
        clock=clock,
        entropy=random.Random(seed).randbytes,
        run_blocking=threads,
        erp_transport=httpx.ASGITransport(erp),
    )
    try:
        await _import(server)
        customers = _customers(erp)
        drawn = random.Random(seed).sample(customers, min(pages, len(customers)))
        return await _measured(server, drawn)
    finally:
        threads.close()
        server.close()
        erp.close()


async def _import(server: Server) -> None:
    assert server.erp is not None, "it was given a transport"
    if sum(server.erp.held().values()):
        return
    await server.erp.import_all(lambda doctype, done: print(doctype, done, file=sys.stderr))


def _customers(erp: EmbeddedErp) -> list[tuple[str, str]]:
    """Return every customer: name in the ERP, and what people call them."""
    rows = erp.site.db.execute('SELECT name, customer_name FROM "tabCustomer" ORDER BY name')
    return [(row[0], row[1]) for row in rows.fetchall()]


async def _measured(server: Server, customers: Sequence[tuple[str, str]]) -> dict[str, Any]:
    transport = httpx.ASGITransport(server.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        headers = await _signed_in(server, client)
        whole, each = list[float](), {panel: list[float]() for panel in PANELS}
        sizes, found = 0, list[float]()

        async def panel(customer: str, name: str) -> int:
            began = time.perf_counter()
            answer = await client.get(f"/v1/customers/{customer}/{name}", headers=headers)
            assert answer.status_code == httpx.codes.OK, answer.text
            each[name].append(time.perf_counter() - began)  # type: ignore[index]  # a panel is its name
            return len(answer.content)

        for customer, called in customers:
            began = time.perf_counter()
            sizes += sum(await asyncio.gather(*(panel(customer, name) for name in PANELS)))
            whole.append(time.perf_counter() - began)
            began = time.perf_counter()
            told = await client.get("/v1/customers", params={"q": called}, headers=headers)
            assert any(row["name"] == customer for row in told.json()["rows"]), called
            found.append(time.perf_counter() - began)
    return {
        "pages": len(customers),
        "page": asdict(Figures.of(whole)),
        "search": asdict(Figures.of(found)),
        "panels_p95_ms": {name: Figures.of(times).p95_ms for name, times in each.items()},
        "page_bytes": sizes // len(customers),
    }


async def _signed_in(server: Server, client: httpx.AsyncClient) -> dict[str, str]:
    server.accounts.add(CLERK, password=PASSWORD)
    body = {"email": CLERK.email, "password": PASSWORD, "device": {"name": "bench"}}
    answer = await client.post("/v1/auth/sign-in", json=body)
    return {"Authorization": f"Bearer {answer.json()['access']}"}


if __name__ == "__main__":
    sys.exit(main())
