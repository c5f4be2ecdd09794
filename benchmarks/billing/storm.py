"""A storm of payments: every event doubled and shuffled, the server killed at random points.

    python -m benchmarks.billing.storm --sessions 500 --kills 50

Each life of the server is a process of its own over the same files; the kernel ends it (SIGKILL)
after a random number of answers and a random fraction of the next one. What it had not answered
is sent again, as Stripe would. At the end the ERP's entries must be the payments, to the cent.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from server_sync.billing.bench import KEY, Bench
from server_sync.billing.events import signature
from server_sync.store.schema import bench_object
from tests.server.billing.shop import Shop, item, opened_in, shop_in

WEBHOOK: Final = "/v1/stripe/webhook"
ACTS: Final = ("card", "card", "card", "debit_ok", "debit_fails")
REFUND_EVERY: Final = 10
LAST_MOMENT_S: Final = 0.03
"""About one answer: the kill falls before, within or after it."""
INVOICES_A_CUSTOMER: Final = 10

Work = Callable[[Shop, Sequence[int], Callable[[int], None]], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a storm, in cents."""

    sessions: int
    deliveries: int
    kills: int
    paid: int
    received: int
    refunded: int
    given_back: int
    wrong: tuple[str, ...]
    seconds: float


def storm(folder: Path, *, sessions: int, kills: int, seed: int) -> Result:
    """Run a storm over an empty folder."""
    rng, began = random.Random(seed), time.monotonic()
    names = prepare(folder, sessions, rng)
    acts = [rng.choice(ACTS) for _ in names]
    killed = survive(folder, len(names), kills // 4, rng, paying(names, acts))
    bodies = heard(folder, rng)
    killed += survive(folder, len(bodies), kills - killed, rng, delivering(bodies))
    found = judged(folder, names)
    return Result(sessions, len(bodies), killed, *found, seconds=time.monotonic() - began)


def prepare(folder: Path, sessions: int, rng: random.Random) -> list[str]:
    """Make as many invoices, of odd amounts; return their names."""
    names, customer = list[str](), ""
    with shop_in(folder, stocked=False) as shop:
        for number in range(sessions):
            if number % INVOICES_A_CUSTOMER == 0:
                customer = shop.customer()
            names.append(shop.invoice(customer, [item("x", rng.randint(1000, 30_000) / 100)]))
    return names


def paying(names: Sequence[str], acts: Sequence[str]) -> Work:
    """Return the work of customers who begin and pay; who was cut off begins again."""

    async def work(shop: Shop, left: Sequence[int], done: Callable[[int], None]) -> None:
        payments, bench = shop.billing.payments, bench_of(shop)
        assert payments.gate
        complete = {one.invoice for one in payments.gate.recent(0) if one.status == "complete"}
        for number in left:
            if names[number] not in complete:
                owed = round(shop.owed(names[number])[0] * 100)
                url = await payments.begin(names[number], cents=owed, language="fr")
                bench.act(url.rpartition("/")[2], acts[number])
            done(number)

    return work


def delivering(bodies: Sequence[bytes]) -> Work:
    """Return the work of Stripe, which tells everything until it is taken."""

    async def work(shop: Shop, left: Sequence[int], done: Callable[[int], None]) -> None:
        secret, at_s = bench_of(shop).secret, shop.clock.ms // 1000
        for number in left:
            raw = bodies[number]
            headers = {"Stripe-Signature": signature(raw, secret=secret, at_s=at_s)}
            answer = await shop.client.post(WEBHOOK, content=raw, headers=headers)
            if answer.is_success:
                done(number)

    return work


def heard(folder: Path, rng: random.Random) -> list[bytes]:
    """Refund every tenth payment, then return all events, doubled and shuffled."""
    with opened_in(folder, life="refunds") as shop:
        bench = bench_of(shop)
        for intent in intents(shop)[::REFUND_EVERY]:
            form = f"payment_intent={intent}&amount={rng.randint(1, 900)}"
            bench.answer("post", "/v1/refunds", {"Authorization": f"Bearer {KEY}"}, form)
        bodies = [raw for raw, _ in bench.replay()]
    rng.shuffle(bodies)
    return bodies


def survive(folder: Path, total: int, kills: int, rng: random.Random, work: Work) -> int:
    """Have work done by servers that are killed; return how many were."""
    left, killed = list(range(total)), 0
    while left:
        share = max(1, 2 * len(left) // (kills - killed + 2))
        answers = rng.randint(0, share) if killed < kills else total + 1
        done, was_killed = life(folder, left, answers, rng.uniform(0, LAST_MOMENT_S), work)
        left = [number for number in left if number not in done]
        killed += was_killed
    return killed


def life(
    folder: Path, left: Sequence[int], answers: int, moment_s: float, work: Work
) -> tuple[set[int], bool]:
    """Run one server in a process of its own; kill it a moment after so many answers."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _serve(folder, left, writer, work)
    os.close(writer)
    done, was_killed = set[int](), False
    with os.fdopen(reader) as told:
        for line in told:
            done.add(int(line))
            if len(done) > answers and not was_killed:
                time.sleep(moment_s)
                os.kill(pid, signal.SIGKILL)
                was_killed = True
    os.waitpid(pid, 0)
    return done, was_killed


def _serve(folder: Path, left: Sequence[int], writer: int, work: Work) -> None:
    """Work until the end or the kill; what was answered is told before anything else is done."""
    try:
        with opened_in(folder, life=str(os.getpid())) as shop:
            asyncio.run(work(shop, left, lambda number: _tell(writer, number)))
    except Exception:  # noqa: BLE001 - the next life goes on, and a person reads what it was
        traceback.print_exc()
    finally:
        os._exit(0)


def _tell(writer: int, number: int) -> None:
    os.write(writer, f"{number}\n".encode())


def judged(folder: Path, names: Sequence[str]) -> tuple[int, int, int, int, tuple[str, ...]]:
    """Compare the stand-in's payments with the ERP's entries, and entries with invoices."""
    with opened_in(folder) as shop:
        entries = shop.payments()
        told = {row["id"]: row for row in stored(shop, "refund")}
        paid = {f"receipt:{one['payment_intent']}": one["amount_total"]
                for one in stored(shop, "session") if one["payment_status"] == "paid"}  # fmt: skip
        back = {f"refund:{name}": row["amount"] for name, row in told.items()}
        have = [(e["idempotency_key"], round(e["paid_amount"] * 100)) for e in entries]
        wanted = sorted((paid | back).items())
        wrong = [] if sorted(have) == wanted else [f"{len(have)} entries for {len(wanted)}"]
        wrong += [name for name in names if not settled(shop, name, entries)]
    received = sum(cents for key, cents in have if key in paid)
    given = sum(cents for key, cents in have if key in back)
    return sum(paid.values()), received, sum(back.values()), given, tuple(wrong)


def settled(shop: Shop, name: str, entries: Sequence[dict[str, Any]]) -> bool:
    """Tell whether an invoice owes its total less what entries allocate to it."""
    invoice = shop.read("Sales Invoice", name)
    allocated = sum(
        round(row["allocated_amount"] * 100)
        for entry in entries
        for row in entry["references"]
        if row["reference_name"] == name
    )
    total, owed = (round(invoice[f] * 100) for f in ("grand_total", "outstanding_amount"))
    return bool(total - allocated == owed)


def stored(shop: Shop, kind: str) -> list[dict[str, Any]]:
    """Return what the stand-in remembers of a kind."""
    with shop.server.store.read() as connection:
        rows = connection.execute(
            select(bench_object.c.body).where(bench_object.c.kind == kind)
        ).scalars()
        return [json.loads(body) for body in rows]


def intents(shop: Shop) -> list[str]:
    """Return the payments that went through at the stand-in."""
    return [
        one["payment_intent"] for one in stored(shop, "session") if one["payment_status"] == "paid"
    ]


def bench_of(shop: Shop) -> Bench:
    """Return the stand-in of a shop."""
    found = shop.billing.bench
    assert found, "a shop has one"
    return found


def main() -> int:
    """Run a storm from the command line; 1 when a cent is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = storm(
            Path(folder) / "shop", sessions=asked.sessions, kills=asked.kills, seed=asked.seed
        )
    print(
        f"{found.sessions} sessions, {found.deliveries} deliveries, {found.kills} kills: "
        f"paid {found.paid} ¢, received {found.received} ¢, refunded {found.refunded} ¢, "
        f"given back {found.given_back} ¢, wrong {len(found.wrong)}, {found.seconds:.0f} s"
    )
    for sentence in found.wrong:
        print(f"wrong: {sentence}")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
