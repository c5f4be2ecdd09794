"""Whose turn it is to be polled: an idle site is left alone, a lively one is looked at."""

from collections import Counter

import httpx
import pytest

from server_sync.embedded_erp.faults import Fault
from server_sync.erp import ErpService
from server_sync.erp.failures import ErpFailure
from server_sync.erp.pulled import PULLED
from tests.server.erp.world import World

ROUND_S = 20


def polled(world: World) -> Counter[str]:
    """Which doctypes were listed since somebody looked, and how often."""
    ends = [request.url.path.rpartition("/")[2] for request in world.wire.sent]
    world.wire.sent.clear()
    return Counter(end for end in ends if end in PULLED)


async def rounds(world: World, count: int) -> None:
    for _ in range(count):
        world.wait(seconds=ROUND_S)
        await world.service.poll_due()


@pytest.fixture
async def idle(world: World) -> World:
    """A site that was imported and on which nothing happened for a quarter of an hour."""
    await rounds(world, 45)
    world.wire.sent.clear()
    return world


async def test_first_round_reads_everything(world: World) -> None:
    name = await world.job()
    await world.service.poll_due()
    assert polled(world).keys() == set(PULLED)
    assert world.names("Dispatch Job") == {name}


async def test_idle_site_is_called_five_times_a_minute_at_most(idle: World) -> None:
    """The figure of the issue: ten minutes of nothing, whatever the minute."""
    for _ in range(10):
        await rounds(idle, 3)
    calls = len(idle.wire.sent)
    assert polled(idle).keys() == set(PULLED)
    assert calls <= 50, calls


async def test_job_that_the_office_changes_is_here_within_a_round(idle: World) -> None:
    name = await idle.job(subject="Urgent")
    await rounds(idle, 1)
    assert idle.body("Dispatch Job", name)["subject"] == "Urgent"


async def test_doctype_with_news_is_looked_at_every_round_for_a_while(idle: World) -> None:
    place = await idle.make("Service Location", city="Rimouski")
    await rounds(idle, 15)
    assert place in idle.names("Service Location")
    polled(idle)
    await idle.change("Service Location", place, city="Matane")
    await rounds(idle, 1)
    assert idle.body("Service Location", place)["city"] == "Matane"
    await rounds(idle, 45)
    polled(idle)
    await rounds(idle, 15)
    assert polled(idle)["Service Location"] == 1


async def test_two_processes_share_the_turns(idle: World) -> None:
    """Two replicas of the server call an idle site as often as one does."""
    second = ErpService(idle.client, idle.store, rand=lambda: 0.5)
    for _ in range(15):
        idle.wait(seconds=ROUND_S)
        await idle.service.poll_due()
        await second.poll_due()
    assert len(idle.wire.sent) <= 25 + 1  # the second one asks for the time zone
    assert polled(idle)["Dispatch Job"] == 15


async def test_site_that_went_away_is_asked_again_in_the_next_round(idle: World) -> None:
    idle.wait(hours=1)

    def away(request: httpx.Request) -> None:
        if "Customer" in request.url.path:
            raise httpx.ConnectError("away")

    idle.wire.before = away
    with pytest.raises(ErpFailure):
        await idle.service.poll_due()
    idle.wire.before = None
    assert idle.service.health().problem == "erp-unreachable"
    polled(idle)
    await rounds(idle, 1)
    assert polled(idle).keys() == set(PULLED)
    assert idle.service.health().problem is None


async def test_doctype_that_is_refused_stays_a_problem_until_it_is_read(idle: World) -> None:
    """The next good answer of another doctype must not hide it from `/ready`."""
    idle.wait(hours=1)
    idle.erp.faults.plan(Fault.HTML_500_BEFORE, lambda r: r.path.endswith("/Item"))
    await idle.service.poll_due()
    await rounds(idle, 1)
    assert idle.service.health().problem == "erp-unreachable"
    await rounds(idle, 30)
    assert idle.service.health().problem is None
