"""Measured transfers cannot be abused: a budget of visits, bytes, streams and time each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from field_core.problems import ProblemError
from server_sync.http import transfer_routes
from server_sync.http.transfer_routes import Noise
from server_sync.transfers import STREAMS_OPEN_MAX, TICKET_MS, VISITS_MS, Stream, Transfers
from tests.server.http.house import KARIM, MARC, Clock, Entropy, House, house_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


def made(clock: Clock, *, visits: int = 12, bytes_max: int = 1_000_000) -> Transfers:
    return Transfers(
        b"secret",
        now_ms=clock.now_ms,
        entropy=Entropy(),
        visits_max=visits,
        bytes_max=bytes_max,
    )


def refusal(transfers: Transfers, ticket: str) -> str:
    with pytest.raises(ProblemError) as caught:
        transfers.open(ticket)
    return caught.value.problem.code


def test_visits_of_an_hour_are_counted_for_each_account(clock: Clock) -> None:
    transfers = made(clock, visits=2)
    transfers.grant("a"), transfers.grant("a"), transfers.grant("b")
    clock.ms += 60_000

    with pytest.raises(ProblemError) as caught:
        transfers.grant("a")

    assert caught.value.problem.code == "rate-limited"
    assert caught.value.problem.details == {"after_s": 3540}
    clock.ms += VISITS_MS
    assert transfers.grant("a").ticket


def test_no_visits_at_all_can_be_set(clock: Clock) -> None:
    with pytest.raises(ProblemError, match="rate-limited"):
        made(clock, visits=0).grant("a")


def test_budget_is_one_for_all_streams_of_a_visit(clock: Clock) -> None:
    transfers = made(clock, bytes_max=100)
    ticket = transfers.grant("a").ticket
    one, other = transfers.open(ticket), transfers.open(ticket)

    assert (one.take(60), other.take(30), one.take(30), other.take(1)) == (
        True, True, False, False,
    )  # fmt: skip


def test_budget_is_not_renewed_by_opening_again(clock: Clock) -> None:
    transfers = made(clock, bytes_max=100)
    ticket = transfers.grant("a").ticket
    transfers.open(ticket).take(100)

    assert transfers.open(ticket).take(1) is False


def test_stream_ends_with_its_time(clock: Clock) -> None:
    transfers = made(clock)
    stream = transfers.open(transfers.grant("a").ticket)
    clock.ms = stream.until_ms

    assert stream.take(1) is False


def test_ticket_is_of_use_for_a_minute(clock: Clock) -> None:
    transfers = made(clock)
    ticket = transfers.grant("a").ticket
    clock.ms += TICKET_MS

    assert refusal(transfers, ticket) == "not-found"


@pytest.mark.parametrize("ticket", ["", "a.b.c", "00.99999999999999.AAAA", ".", "é.1.x"])
def test_ticket_that_we_did_not_sign_opens_nothing(clock: Clock, ticket: str) -> None:
    assert refusal(made(clock), ticket) == "not-found"


def test_ticket_of_another_replica_opens_here(clock: Clock) -> None:
    assert made(clock).open(made(clock).grant("a").ticket).take(1)


def test_streams_at_once_are_few_and_those_left_open_are_forgotten(clock: Clock) -> None:
    transfers = made(clock)
    ticket = transfers.grant("a").ticket
    opened = [transfers.open(ticket) for _ in range(STREAMS_OPEN_MAX)]

    assert refusal(transfers, ticket) == "busy"
    opened[0].close()
    transfers.open(ticket)
    clock.ms = opened[0].until_ms
    assert transfers.open(ticket).take(1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(tmp_path, throughput_bytes_max=1_000_000, throughput_visits_hour=1) as made:
        yield made


async def test_transfer_down_and_up_by_ticket_alone(house: House) -> None:
    device = await house.sign_in(MARC)
    grant = (await device.post("/v1/throughput", {})).json()
    path = f"/v1/throughput/{grant['ticket']}"

    down = await house.client.get(path)
    up = await house.client.post(path, content=b"x" * 100)

    assert grant == {
        "ticket": grant["ticket"], "bytes_max": 1_000_000, "streams": 4, "seconds": 6.0,
    }  # fmt: skip
    assert (len(down.content), down.headers["content-type"]) == (
        786_432,
        "application/octet-stream",
    )
    assert up.json() == {"bytes": 100}


async def test_download_is_noise_that_no_link_compresses(house: House) -> None:
    device = await house.sign_in(MARC)
    grant = (await device.post("/v1/throughput", {})).json()

    block = (await house.client.get(f"/v1/throughput/{grant['ticket']}")).content[:4096]

    assert len(set(block)) == 256


async def test_visit_over_the_limit_says_when_to_come_back(house: House) -> None:
    device = await house.sign_in(KARIM)
    await device.post("/v1/throughput", {})

    answer = await device.post("/v1/throughput", {})

    assert (answer.status_code, answer.json()["code"], answer.json()["after_s"]) == (
        429, "rate-limited", 3600,
    )  # fmt: skip


async def test_visit_needs_a_session(house: House) -> None:
    assert (await house.client.post("/v1/throughput")).status_code == 401
    assert (await house.client.get("/v1/throughput/made-up")).status_code == 404


async def test_upload_past_its_budget_is_not_read_to_the_end(house: House) -> None:
    device = await house.sign_in(MARC)
    grant = (await device.post("/v1/throughput", {})).json()

    answer = await house.client.post(f"/v1/throughput/{grant['ticket']}", content=b"x" * 1_500_000)

    assert answer.json()["bytes"] > 1_000_000


Heard = Callable[[], Awaitable[MutableMapping[str, Any]]]


async def _stays() -> MutableMapping[str, Any]:
    """Be a reader who says nothing and does not leave."""
    await asyncio.Event().wait()
    raise AssertionError("waited for ever")


async def sent_by(
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]], heard: Heard = _stays
) -> Stream:
    """Serve one download to a reader of a test's own; returns its stream, which has ended."""
    transfers = made(Clock(), bytes_max=10_000_000)
    stream = transfers.open(transfers.grant("a").ticket)
    await Noise(transfers.block, stream)({"type": "http"}, heard, send)
    assert transfers.streams_open == 0
    return stream


async def test_reader_that_stopped_reading_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer_routes, "STREAM_MAX_S", 0.1)

    async def never(_message: MutableMapping[str, Any]) -> None:
        await asyncio.Event().wait()

    await sent_by(never)


async def test_reader_that_left_leaves_the_budget_to_the_way_up() -> None:
    """A server says nothing of who left: what is sent then is swallowed, and would be counted."""

    async def swallowed(_message: MutableMapping[str, Any]) -> None:
        return

    async def left() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    stream = await sent_by(swallowed, left)

    assert stream.take(8_000_000)


async def test_reader_that_went_away_ends_the_stream() -> None:
    async def gone(_message: MutableMapping[str, Any]) -> None:
        raise OSError

    await sent_by(gone)


async def test_upload_that_stopped_is_answered_with_what_came(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer_routes, "STREAM_MAX_S", 0.1)
    device = await house.sign_in(MARC)
    grant = (await device.post("/v1/throughput", {})).json()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x" * 10
        await asyncio.sleep(0.5)
        yield b"x"

    answer = await house.client.post(f"/v1/throughput/{grant['ticket']}", content=slowly())

    assert answer.json() == {"bytes": 10}
