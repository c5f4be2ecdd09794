"""B-14: the server dies at every point of a termination; whoever comes next completes it, once."""

import asyncio
import dataclasses
import os
import shutil
import signal
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from server_sync.contracts.service import Contracts
from tests.server.billing.shop import Shop, opened_in, shop_in
from tests.server.contracts.signed import AT_MS, END, Signed, signed_in
from tests.server.contracts.test_ending import bill_april

WRITES: Final = 5
"""Fee, credit, contract, subscription, note."""
LAST_DAY: Final = date.fromisoformat(END)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Signed]:
    """A shop with a contract, closed: what a server finds on its disk."""
    folder = tmp_path_factory.mktemp("stored") / "shop"
    with shop_in(folder, stocked=False) as shop:
        signed = signed_in(shop, is_billed=False)
        bill_april(shop, signed)
    return folder, signed


def contracts_of(shop: Shop) -> Contracts:
    shop.clock.ms = AT_MS
    found = shop.server.context.contracts
    assert found is not None
    return found


async def end(shop: Shop, contract: str) -> dict[str, Any]:
    endings = contracts_of(shop).endings
    preview = await endings.preview(contract, LAST_DAY)
    done = await endings.terminate(
        contract, preview_id=preview.id, end=LAST_DAY, reason="Déménagement", actor="lise"
    )
    return done.model_dump(mode="json")


def die_at(shop: Shop, number: int, *, is_before: bool) -> None:
    """Have the kernel kill this process around its n-th write to the ERP."""
    writes = iter(range(1, 100))
    send = shop.wire.handle_async_request

    async def counted(request: httpx.Request) -> httpx.Response:
        is_it = request.method in ("POST", "PUT") and next(writes) == number
        if is_it and is_before:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = await send(request)
        if is_it:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    shop.wire.handle_async_request = counted  # type: ignore[method-assign]  # the wire is the test's own


def run_and_die(folder: Path, contract: str, number: int, *, is_before: bool) -> int:
    """End the contract in a process of its own, which is killed; return what ended it."""
    pid = os.fork()
    if pid == 0:
        with opened_in(folder) as shop:
            die_at(shop, number, is_before=is_before)
            asyncio.run(end(shop, contract))
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_b14_server_killed_around_any_write_leaves_a_termination_that_is_completed_once(
    stored: tuple[Path, Signed], tmp_path: Path, number: int, *, is_before: bool
) -> None:
    source, signed = stored
    folder = tmp_path / "shop"
    shutil.copytree(source, folder)

    assert run_and_die(folder, signed.contract, number, is_before=is_before) == signal.SIGKILL

    with opened_in(folder) as shop:
        after = dataclasses.replace(signed, shop=shop)
        endings, carrying = contracts_of(shop).endings, contracts_of(shop).carrying
        assert asyncio.run(carrying.resume()) == 1  # what the next start does by itself

        made = [one for one in after.documents("Sales Invoice") if one.get("service_contract")]
        assert sorted(one["grand_total"] for one in made) == [-21.45, 130.0]
        assert shop.read("Service Contract", signed.contract)["status"] == "Terminated"
        subscription = shop.read("Service Subscription", signed.subscription)
        assert (subscription["status"], subscription["end_date"]) == ("Cancelled", END)
        assert len(after.documents("Comment")) == 1
        recap = asyncio.run(
            endings.terminate(
                signed.contract, preview_id="", end=LAST_DAY, reason="encore", actor="julie"
            )
        )
        assert (recap.reason, recap.actor) == ("Déménagement", "lise")  # the first decision holds
        assert {recap.invoice, recap.settlement} == {one["name"] for one in made}
        assert asyncio.run(carrying.resume()) == 0
