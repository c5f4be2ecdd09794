"""Hints: one number, soon after a commit that concerns the listener."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server_sync.http import hints as module
from server_sync.http.hints import Listener
from tests.server.http.house import OTHER_JOB, House, house_in

MARC_LISTENS = Listener("DT-00001", "device")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SETTLE_S", 0.01)
    monkeypatch.setattr(module, "POLL_S", 0.1)
    monkeypatch.setattr(module, "KEEPALIVE_S", 0.3)


def listen(house: House) -> AsyncIterator[str]:
    return house.server.context.hints.stream(MARC_LISTENS, house.server.context.run)


async def soon(stream: AsyncIterator[str]) -> str:
    async with asyncio.timeout(5):
        return await anext(stream)


async def test_listener_is_told_where_the_feed_stands_then_what_is_new(house: House) -> None:
    stream = listen(house)
    first = await soon(stream)
    house.job()

    second = await soon(stream)

    assert (first, second) == ("data: 0\n\n", "data: 2\n\n")


async def test_listener_is_not_woken_for_other_peoples_work(house: House) -> None:
    house.job()
    stream = listen(house)
    await soon(stream)

    house.job(OTHER_JOB, technician="DT-00002")

    assert await soon(stream) == ": here\n\n"


async def test_commit_of_another_process_is_told_within_a_poll(
    house: House, tmp_path: Path
) -> None:
    stream = listen(house)
    await soon(stream)

    with house_in(tmp_path) as other:
        other.job()

    assert await soon(stream) == "data: 2\n\n"


async def test_silence_is_filled_so_that_the_connection_lives(house: House) -> None:
    stream = listen(house)
    await soon(stream)

    assert await soon(stream) == ": here\n\n"


async def test_listener_that_goes_away_is_forgotten(house: House) -> None:
    stream = listen(house)
    await soon(stream)
    assert house.server.context.hints.listening == 1

    await stream.aclose()  # type: ignore[attr-defined]  # the stream is a generator

    assert house.server.context.hints.listening == 0


async def test_outcome_settled_by_the_office_is_told_to_its_device(house: House) -> None:
    house.job()
    device = await house.sign_in()
    await device.sync(device.operation("set", fields={"resolution": [None, "fait"]}))
    listener = Listener("DT-00001", device.id)
    before = house.server.context.hints.newest(listener)

    house.server.store.transact(lambda tx: tx.settle(device.id, 1, "stored"))

    assert house.server.context.hints.newest(listener) > before


async def test_stream_without_token_is_refused(house: House) -> None:
    assert (await house.client.get("/v1/hints")).status_code == 401
