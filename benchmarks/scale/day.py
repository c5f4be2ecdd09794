"""A working day of many devices, pressed into minutes."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.devices.crowd import Heard, Phone
from benchmarks.devices.names import name_of
from benchmarks.machine import load_average
from field_app.device.clock import DeviceClock
from field_app.device.ids import Ids

STARTING_MAX: Final = 16
PUSH_SHARE: Final = 0.25
"""Of the exchanges over the day."""


@dataclass(frozen=True, slots=True)
class Day:
    """How long its parts are."""

    burst_s: float
    day_s: float
    pushes: int
    """Exchanges with work that each device makes at 17:00."""


@dataclass(frozen=True, slots=True)
class Phase:
    """What one part of the day came to."""

    name: str
    heard: Heard
    took_s: float
    used_s: float
    """Processor time of the servers."""
    load: float


Work = Callable[[Phone, Heard, random.Random], Awaitable[None]]


async def live(
    urls: Sequence[str], devices: int, day: Day, used: Callable[[], float]
) -> list[Phase]:
    """Live through a day; devices are spread over the servers."""
    ids, gate = Ids(DeviceClock()), asyncio.Semaphore(STARTING_MAX)
    phones = await asyncio.gather(
        *(_begun(urls[n % len(urls)], n, ids, gate) for n in range(1, devices + 1))
    )
    phases = [
        await _phase("7:30", phones, used, _once(day.burst_s, pushes=False)),
        await _phase("day", phones, used, _once(day.day_s, pushes=None)),
        await _phase("17:00", phones, used, _pushing(day)),
    ]
    await asyncio.gather(*(phone.end() for phone in phones))
    return phases


async def _begun(url: str, number: int, ids: Ids, gate: asyncio.Semaphore) -> Phone:
    async with gate:
        phone = Phone(url, {"access": ""}, ids, number)
        await phone.begin(name_of(number), device=ids.new())
        return phone


async def _phase(
    name: str, phones: Sequence[Phone], used: Callable[[], float], work: Work
) -> Phase:
    heard, noise = Heard(), random.Random(name)
    before, began = used(), time.monotonic()
    await asyncio.gather(*(work(phone, heard, noise) for phone in phones))
    return Phase(name, heard, time.monotonic() - began, used() - before, load_average())


def _once(within_s: float, *, pushes: bool | None) -> Work:
    async def work(phone: Phone, heard: Heard, noise: random.Random) -> None:
        await asyncio.sleep(noise.uniform(0, within_s))
        is_push = noise.random() < PUSH_SHARE if pushes is None else pushes
        await phone.exchange(heard, pushes=is_push)

    return work


def _pushing(day: Day) -> Work:
    async def work(phone: Phone, heard: Heard, noise: random.Random) -> None:
        for _ in range(day.pushes):
            await asyncio.sleep(noise.uniform(0, day.burst_s / day.pushes))
            await phone.exchange(heard, pushes=True)

    return work
