"""The lock: at the start, after a while away, and what opens it."""

from pathlib import Path

import pytest

from field_app.state.entry.lock import Lock
from tests.app.entering import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
async def lock(house: House) -> Lock:
    """A lock with a PIN, open."""
    lock = Lock(house.door.pins, house.preferred, now_ms=house.clock.now_ms)
    assert await lock.choose("1234", "1234")
    return lock


def again(house: House) -> Lock:
    return Lock(house.door.pins, house.preferred, now_ms=house.clock.now_ms)


async def test_app_without_a_pin_starts_open(house: House) -> None:
    lock = again(house)
    await lock.begin()

    assert not lock.is_locked


async def test_app_with_a_pin_starts_locked(house: House, lock: Lock) -> None:  # noqa: ARG001 - it sets the PIN
    fresh = again(house)
    await fresh.begin()

    assert fresh.is_locked
    assert await fresh.unlock("1234")
    assert not fresh.is_locked


@pytest.mark.parametrize(
    ("away_min", "is_locked"), [(0, False), (4, False), (5, True), (600, True), (-3, True)]
)
async def test_app_locks_after_a_while_away(
    house: House,
    lock: Lock,
    away_min: int,
    is_locked: bool,  # noqa: FBT001 - a column
) -> None:
    lock.hidden()
    house.clock.go(away_min * 60_000)
    lock.hidden()  # the system tells it twice: hidden, then paused
    lock.shown()

    assert lock.is_locked is is_locked


async def test_while_away_is_the_persons_choice(house: House, lock: Lock) -> None:
    house.preferred.change(lock_after_min=60)
    lock.hidden()
    house.clock.go(59 * 60_000)
    lock.shown()

    assert not lock.is_locked


async def test_coming_to_the_front_without_having_left_does_nothing(lock: Lock) -> None:
    lock.shown()

    assert not lock.is_locked


async def test_wrong_pin_is_said_and_the_wait_counted_down(house: House, lock: Lock) -> None:
    lock.lock()
    for _ in range(3):
        assert not await lock.unlock("9999")

    assert (lock.is_locked, lock.error, lock.wait_s) == (True, "pin.wrong", 5)
    assert not await lock.unlock("1234")
    house.clock.go(5_000)
    assert lock.wait_s == 0
    assert await lock.unlock("1234")
    assert lock.error is None


async def test_after_ten_failures_no_pin_is_asked_for(house: House, lock: Lock) -> None:
    lock.lock()
    for _ in range(10):
        house.clock.go(600_000)
        await lock.unlock("9999")

    house.clock.go(600_000)
    assert lock.state.is_exhausted
    assert not await lock.unlock("1234")


@pytest.mark.parametrize(
    ("pin", "again", "error"),
    [
        ("123", "123", "pin.length"),
        ("123456789", "123456789", "pin.length"),
        ("12a4", "12a4", "pin.length"),
        ("١٢٣٤", "١٢٣٤", "pin.length"),
        ("", "", "pin.length"),
        ("1234", "1235", "pin.differ"),
    ],
)
async def test_pin_that_is_none_is_not_set(house: House, pin: str, again: str, error: str) -> None:
    lock = Lock(house.door.pins, house.preferred, now_ms=house.clock.now_ms)

    assert not await lock.choose(pin, again)
    assert (lock.error, (await house.door.pins.state()).is_set) == (error, False)


async def test_pin_removed_is_asked_for_no_more(lock: Lock) -> None:
    await lock.remove()
    lock.lock()

    assert (lock.is_locked, lock.state.is_set) == (False, False)
