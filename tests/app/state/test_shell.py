"""One window: the way in, the lock, the first sync, the place it opens at, and the ends."""

import asyncio
from pathlib import Path

import pytest

from field_app.ports import Standing
from field_app.state.place import Part, Place, Room
from field_app.state.shell import Shell, Stage
from tests.app.entering import PASSWORD, SERVER, House
from tests.app.making import NOON_MS

SIGNED_OUT = Standing("signed-out", "signed-out", NOON_MS, 4, 1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.account.has_job()
    return house


def stage_of(shell: Shell) -> Stage:
    """Return the stage as it is now; a property looks constant to a type checker."""
    return shell.stage


async def signed_in(house: House) -> Shell:
    """Sign in on a window that knew nobody."""
    house.door.held = None
    await house.shell.open()
    assert house.shell.sign_in is not None
    await house.shell.sign_in.submit("marc@example.com", PASSWORD)
    return house.shell


async def test_account_that_is_here_is_gone_on_with(house: House) -> None:
    stages = [house.shell.stage]

    await house.shell.open()

    assert [*stages, house.shell.stage] == [Stage.OPENING, Stage.AT_WORK]


async def test_nobody_here_is_asked_to_sign_in_as_last_time(house: House) -> None:
    house.door.held = None
    house.preferred.change(email="marc@example.com")

    await house.shell.open()

    model = house.shell.sign_in
    assert model is not None
    assert (model.server, model.email, model.is_again) == (SERVER, "marc@example.com", False)


async def test_account_in_use_elsewhere_is_said_and_tried_again(house: House) -> None:
    house.door.refusal = "synced-elsewhere"
    await house.shell.open()
    assert stage_of(house.shell) is Stage.REFUSED

    house.door.refusal = None
    await house.shell.open()

    assert stage_of(house.shell) is Stage.AT_WORK


# --- after signing in


async def test_first_sign_in_offers_a_pin_then_the_work(house: House) -> None:
    shell = await signed_in(house)
    assert stage_of(shell) is Stage.PIN_OFFER

    await shell.choose_pin("1234", "1234")

    assert stage_of(shell) is Stage.AT_WORK
    assert (await house.door.pins.state()).is_set


async def test_pin_may_be_skipped(house: House) -> None:
    shell = await signed_in(house)

    shell.skip_pin()

    assert stage_of(shell) is Stage.AT_WORK


async def test_pin_mistyped_is_asked_for_again(house: House) -> None:
    shell = await signed_in(house)

    await shell.choose_pin("1234", "4321")

    assert stage_of(shell) is Stage.PIN_OFFER


async def test_first_sync_is_shown_until_the_person_goes_on(tmp_path: Path) -> None:
    house = House(tmp_path)
    shell = await signed_in(house)
    shell.skip_pin()
    assert stage_of(shell) is Stage.FIRST_SYNC

    shell.go_on()

    assert stage_of(shell) is Stage.AT_WORK


async def test_restart_during_the_first_sync_opens_the_work_at_once(tmp_path: Path) -> None:
    house = House(tmp_path)

    await house.shell.open()

    assert stage_of(house.shell) is Stage.AT_WORK


# --- where it opens


@pytest.mark.parametrize(
    ("route", "remembered", "place"),
    [
        ("/", None, Place()),
        ("/", "/outbox", Place(Room.OUTBOX)),
        ("/settings", "/outbox", Place(Room.SETTINGS)),
        ("/", "nonsense", Place()),
    ],
)
async def test_app_opens_where_the_person_was(
    house: House, route: str, remembered: str | None, place: Place
) -> None:
    """T-03."""
    house.route = route
    house.door.upkeep.place = remembered
    shell = house.window()

    await shell.open()

    assert shell.workspace is not None
    assert shell.workspace.navigator.place == place


async def test_app_opens_at_the_step_after_a_kill(house: House) -> None:
    """T-03."""
    key = house.account.has_job()
    await house.shell.open()
    assert house.shell.workspace is not None
    house.shell.workspace.navigator.go(Place(Room.TODAY, key, Part.STEPS, "s1"))

    fresh = house.window()
    await fresh.open()

    assert fresh.workspace is not None
    assert fresh.workspace.navigator.place == Place(Room.TODAY, key, Part.STEPS, "s1")


async def test_place_that_is_gone_opens_today(house: House) -> None:
    house.door.upkeep.place = "/today/no-such-job/steps"

    await house.shell.open()

    assert house.shell.workspace is not None
    assert house.shell.workspace.navigator.place == Place()


# --- the lock


async def test_pin_stands_before_everything(house: House) -> None:
    await house.door.pins.choose("1234")
    await house.shell.open()
    assert (house.shell.stage, house.shell.is_locked) == (Stage.LOCKED, True)

    assert house.shell.lock is not None
    await house.shell.lock.unlock("1234")

    assert stage_of(house.shell) is Stage.AT_WORK


async def test_while_away_the_work_stays_as_it_was(house: House) -> None:
    await house.door.pins.choose("1234")
    await house.shell.open()
    assert house.shell.lock is not None
    await house.shell.lock.unlock("1234")
    work = house.shell.workspace

    house.shell.hidden()
    house.clock.go(3_600_000)
    house.shell.shown()

    assert (stage_of(house.shell), house.shell.workspace) == (Stage.LOCKED, work)


async def test_forgotten_pin_is_replaced_by_signing_in_and_loses_nothing(house: House) -> None:
    await house.door.pins.choose("1234")
    await house.shell.open()
    work = house.shell.workspace
    await house.shell.reconnect()
    assert stage_of(house.shell) is Stage.SIGN_IN

    assert house.shell.sign_in is not None
    await house.shell.sign_in.submit("", PASSWORD)

    assert (stage_of(house.shell), house.shell.workspace) == (Stage.PIN_OFFER, work)
    assert not (await house.door.pins.state()).is_set


async def test_signing_in_cancelled_leads_back_to_the_lock(house: House) -> None:
    await house.door.pins.choose("1234")
    await house.shell.open()
    await house.shell.reconnect()

    assert house.shell.sign_in is not None
    assert house.shell.sign_in.cancel is not None
    house.shell.sign_in.cancel()

    assert stage_of(house.shell) is Stage.LOCKED


async def test_signing_in_at_the_start_unlocks_and_keeps_the_pin(house: House) -> None:
    await house.door.pins.choose("1234")

    shell = await signed_in(house)

    assert stage_of(shell) is Stage.AT_WORK
    assert (await house.door.pins.state()).is_set


async def test_used_up_pin_is_dropped_by_signing_in(house: House) -> None:
    await house.door.pins.choose("1234")
    for _ in range(10):
        house.clock.go(600_000)
        await house.door.pins.opens("0000")

    shell = await signed_in(house)

    assert stage_of(shell) is Stage.PIN_OFFER


# --- signed out by the server


async def test_new_session_keeps_the_work_and_the_place(house: House) -> None:
    """T-21."""
    await house.shell.open()
    house.account.stand(SIGNED_OUT)
    assert stage_of(house.shell) is Stage.AT_WORK
    work = house.shell.workspace

    await house.shell.reconnect()
    model = house.shell.sign_in
    assert model is not None
    assert (model.is_again, model.email, model.server) == (True, "marc@example.com", SERVER)
    await model.submit("", PASSWORD)

    assert (stage_of(house.shell), house.shell.workspace) == (Stage.AT_WORK, work)


async def test_session_of_a_revoked_device_is_refused_with_why_and_the_next_one_begins_anew(
    house: House,
) -> None:
    await house.shell.open()
    house.account.stand(SIGNED_OUT)
    await house.shell.reconnect()
    model = house.shell.sign_in
    assert model is not None

    house.door.refusal = "device-wiped"
    await model.submit("", PASSWORD)
    house.account.stand(Standing("wiped", None, NOON_MS, 0, 0))

    assert (model.problem and model.problem.code, stage_of(house.shell)) == (
        "device-wiped",
        Stage.SIGN_IN,
    )
    assert house.shell.workspace is None
    house.door.refusal = None
    await model.submit("", PASSWORD)
    assert stage_of(house.shell) is Stage.PIN_OFFER


# --- ends


async def test_erased_device_says_so_and_lets_sign_in(house: House) -> None:
    await house.shell.open()

    house.account.stand(Standing("wiped", None, NOON_MS, 0, 0))
    assert (stage_of(house.shell), house.shell.workspace) == (Stage.WIPED, None)
    house.shell.begin_again()

    assert stage_of(house.shell) is Stage.SIGN_IN


async def test_signing_out_leads_to_signing_in(house: House) -> None:
    await house.shell.open()
    assert house.shell.workspace is not None
    assert house.shell.workspace.around is not None

    await house.shell.workspace.around.leave(keep_data=False)

    assert stage_of(house.shell) is Stage.SIGN_IN


async def test_other_windows_of_an_account_that_left_ask_to_sign_in(house: House) -> None:
    other = house.window()
    forget = other.watch()
    await house.shell.open()
    await other.open()

    await house.door.leave(keep_data=False)

    assert stage_of(other) is Stage.SIGN_IN
    forget()


async def test_window_that_waits_goes_in_with_the_one_that_signed_in(tmp_path: Path) -> None:
    house = House(tmp_path, has_account=False)
    other = house.window()
    forget = other.watch()
    await house.shell.open()
    await other.open()
    assert house.shell.sign_in is not None

    await house.shell.sign_in.submit("marc@example.com", PASSWORD)
    await asyncio.sleep(0.05)

    assert stage_of(other) is Stage.AT_WORK
    forget()


async def test_window_whose_account_cannot_be_opened_goes_on_asking(tmp_path: Path) -> None:
    house = House(tmp_path, has_account=False)
    forget = house.shell.watch()
    await house.shell.open()
    house.door.refusal = "synced-elsewhere"

    house.door.tell()
    await asyncio.sleep(0.05)

    assert stage_of(house.shell) is Stage.SIGN_IN
    forget()
