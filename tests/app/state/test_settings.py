"""Settings: choices hold at once, cleaning takes confirmed things only, nothing unsent is lost."""

from pathlib import Path

import pytest

from field_app.ports import Preferences, Standing
from field_app.state.settings.settings import Help, Settings
from field_app.theme import Mode
from tests.app.entering import House
from tests.app.making import NOON_MS


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
async def model(house: House) -> Settings:
    model = Settings(house.workspace())
    await model.load()
    return model


def notice(model: Settings) -> str | None:
    current = model._workspace.notices.current  # noqa: SLF001 - what the foot of the screen shows
    if current is None:
        return None
    return current.problem.code if current.problem else current.key


async def test_choice_holds_here_at_once_and_on_disk(house: House, model: Settings) -> None:
    told: list[Preferences] = []
    house.preferred.on_change(lambda: told.append(house.preferred.value))

    model.choose(language="en", mode=Mode.DARK, scale=1.5)

    assert told == [Preferences(language="en", mode=Mode.DARK, scale=1.5)]
    assert house.file.read() == model.chosen


async def test_choice_that_the_disk_refuses_is_seen_and_said(house: House, model: Settings) -> None:
    (house.folder / "preferences.new").mkdir()

    model.choose(mode=Mode.DARK)

    assert model.chosen.mode is Mode.DARK
    assert model.problem is not None
    assert model.problem.code == "disk-full"


async def test_what_a_sign_in_wrote_is_not_overwritten(house: House, model: Settings) -> None:
    house.file.write(Preferences(server="https://other.example"))

    model.choose(scale=2.0)

    assert house.file.read() == Preferences(server="https://other.example", scale=2.0)


# --- the PIN


async def test_pin_is_set_changed_and_removed(house: House, model: Settings) -> None:
    model.ask_for_pin()
    await model.choose_pin("1234", "1243")
    assert (model.is_choosing_pin, model.pin_error, model.has_pin) == (True, "pin.differ", False)

    await model.choose_pin("1234", "1234")
    assert (model.is_choosing_pin, model.pin_error, model.has_pin) == (False, None, True)
    assert notice(model) == "pin.set"

    await model.remove_pin()
    assert (model.has_pin, (await house.door.pins.state()).is_set) == (False, False)


async def test_pin_error_goes_with_the_fields(model: Settings) -> None:
    model.ask_for_pin()
    await model.choose_pin("1", "1")

    model.ask_for_pin(is_choosing=False)

    assert (model.is_choosing_pin, model.pin_error) == (False, None)


async def test_app_may_be_locked_by_hand(model: Settings) -> None:
    await model.choose_pin("1234", "1234")

    model.lock()

    assert model._around.lock.is_locked  # noqa: SLF001 - what the shell looks at


# --- room


async def test_cleaning_says_how_much_it_won(model: Settings) -> None:
    await model.free()

    assert model.freed_bytes == 5_000_000
    assert model.storage is not None
    assert (model.storage.received, model.storage.waiting) == (0, 1)


async def test_cleaning_refused_is_said(house: House, model: Settings) -> None:
    house.door.upkeep.refusal = "disk-full"

    await model.free()

    assert model.problem is not None
    assert (model.problem.code, model.freed_bytes) == ("disk-full", None)


# --- files


async def test_rescue_without_a_session_is_refused_in_words(house: House, model: Settings) -> None:
    house.door.upkeep.refusal = "signed-out"

    assert await model.rescue_file() is None
    assert notice(model) == "signed-out"


async def test_file_goes_to_our_own_folder_when_no_dialog_opens(
    house: House, model: Settings
) -> None:
    file = await model.log_file()

    model.put_aside(file)

    assert house.door.upkeep.aside == [file]
    assert notice(model) == "file.aside"


async def test_folder_that_is_full_is_said(house: House, model: Settings) -> None:
    house.door.upkeep.refusal = "disk-full"

    model.put_aside(await model.log_file())

    assert notice(model) == "disk-full"


async def test_help_opens_one_topic_at_a_time(model: Settings) -> None:
    model.turn(Help.STATES)
    model.turn(Help.PIN)
    assert model.help is Help.PIN

    model.turn(Help.PIN)

    assert model.help is None


# --- signing out


def unsent(house: House, count: int) -> None:
    house.account.stand(Standing("idle", None, NOON_MS, count, 0))


async def test_what_is_left_counts_photos_too(house: House, model: Settings) -> None:
    unsent(house, 2)

    assert model.left == 3  # the account still has one photo to send


async def test_signing_out_with_unsent_work_is_refused(house: House, model: Settings) -> None:
    unsent(house, 2)
    model.ask_to_leave()

    await model.leave(keep_data=False)

    assert model.problem is not None
    assert (model.problem.code, house.door.held) == ("unsent-work", house.account)
    assert (model.is_busy, model.is_leaving) == (False, True)


async def test_signing_out_may_keep_the_data(house: House, model: Settings) -> None:
    unsent(house, 2)

    await model.leave(keep_data=True)

    assert (model.problem, house.door.held) == (None, None)


async def test_sending_first_says_why_it_did_not_work(house: House, model: Settings) -> None:
    unsent(house, 2)
    house.account.sync_code = "server-unreachable"

    await model.send_now()

    assert model.problem is not None
    assert model.problem.code == "server-unreachable"


async def test_sending_first_ends_in_nothing_left(model: Settings) -> None:
    await model.send_now()

    assert model.problem is None


async def test_news_make_it_read_again(house: House, model: Settings) -> None:
    told: list[int] = []
    forget = model.follow(lambda: told.append(1))

    unsent(house, 1)
    forget()
    unsent(house, 0)

    assert told == [1]
