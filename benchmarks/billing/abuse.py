"""The pay page and the webhook under abuse: thousands of changed links, one answer to all of them.

    python -m benchmarks.billing.abuse --mutations 20000

Links are changed by a character, cut, grown, put together from others, and re-encoded into their
base64 twins. Each is asked for from an address that has tries left, so that the limit does not
hide a difference; then one address goes on until it is told to wait.
"""

import argparse
import asyncio
import random
import string
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from server_sync.billing.links import BAD_TOKEN
from tests.server.billing.shop import INVOICE, Shop, item, shop_in

PAGE: Final = "/pay-public"
ALPHABET: Final = string.ascii_letters + string.digits + "-_.=+/% "
LENGTHS: Final = (0, 1, 511, 512, 513, 3000)


@dataclass(frozen=True, slots=True)
class Answers:
    """How many different answers there were, and how soon a single address had to wait."""

    tried: int
    kinds: int
    statuses: tuple[int, ...]
    taken: int
    """Changed links that were taken for genuine."""
    waits_after: int
    seconds: float


def mutations(token: str, other: str, rng: random.Random) -> Iterator[str]:
    """Yield changed links without end; none of them is the one or the other."""
    while True:
        at, sign = rng.randrange(len(token)), rng.choice(ALPHABET)
        made = rng.choice(
            (
                token[:at] + sign + token[at + 1 :],
                token[:at] + token[at + 1 :],
                token[:at] + sign + token[at:],
                token[:at] + other[at:],
                token[:at] + token[at:].swapcase(),
                token + sign * rng.choice(LENGTHS),
                "".join(rng.choice(ALPHABET) for _ in range(rng.choice(LENGTHS))),
            )
        )
        if made not in (token, other):
            yield made


async def abuse(shop: Shop, count: int, *, seed: int) -> Answers:
    """Ask for changed links; compare what is answered."""
    began, rng = time.monotonic(), random.Random(seed)
    second = shop.invoice(shop.customer(), [item("x", 10)])
    tried = mutations(shop.token(), shop.token(second), rng)
    told: Counter[tuple[int, str]] = Counter()
    for first in range(0, count, BAD_TOKEN.count):
        block, host = divmod(first // BAD_TOKEN.count, 250)
        async with visitor(shop, f"203.0.{block}.{host}") as one:
            for _ in range(min(BAD_TOKEN.count, count - first)):
                answer = await one.get(PAGE, params={"t": next(tried), "lang": "fr"})
                told[answer.status_code, answer.text] += 1
    kinds = [kind for kind in told if kind[0] == httpx.codes.NOT_FOUND]
    return Answers(
        tried=count,
        kinds=len(told),
        statuses=tuple(sorted({status for status, _ in told})),
        taken=count - sum(told[kind] for kind in kinds),
        waits_after=await patience(shop, tried),
        seconds=time.monotonic() - began,
    )


async def patience(shop: Shop, tried: Iterator[str]) -> int:
    """Return after how many changed links one address is told to wait."""
    async with visitor(shop, "198.51.100.7") as one:
        for number in range(1, 10 * BAD_TOKEN.count):
            answer = await one.get(PAGE, params={"t": next(tried)})
            if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                assert int(answer.headers["retry-after"]) > 0
                return number
    raise AssertionError("nobody was told to wait")


def visitor(shop: Shop, address: str) -> httpx.AsyncClient:
    """Return a client that comes from an address."""
    transport = httpx.ASGITransport(shop.server.app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://server")


def main() -> int:
    """Run from the command line; 1 when two answers differ or a changed link was taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, shop_in(Path(folder) / "shop") as shop:
        assert shop.owed(INVOICE)[0] > 0
        found = asyncio.run(abuse(shop, asked.mutations, seed=asked.seed))
    print(
        f"{found.tried} changed links: {found.kinds} answer(s), statuses {found.statuses}, "
        f"{found.taken} taken; one address waits after {found.waits_after}; {found.seconds:.0f} s"
    )
    return 0 if (found.kinds, found.taken) == (1, 0) else 1


if __name__ == "__main__":
    sys.exit(main())
