"""What is being typed stays, whatever the screen has to say meanwhile."""

import asyncio
from pathlib import Path

import flet as ft
import pytest

from field_app.state.place import Place, Room
from field_app.theme import Look
from field_app.views.entry.lock import LockScreen
from field_app.views.entry.sign_in import SignInScreen
from field_app.views.frame import Frame
from field_app.views.widgets import dialogs
from tests.app.at_work import LocalAccount, workspace
from tests.app.entering import House
from tests.app.flet_page import flet_page, identified, press, settle, type_in
from tests.app.views import scene


async def test_password_stays_when_the_server_does_not_answer(tmp_path: Path) -> None:
    house = House(tmp_path, has_account=False)
    await house.shell.open()
    house.door.refusal = "server-unreachable"
    async with flet_page() as page:
        page.render(SignInScreen, scene(), house.shell.sign_in, house.preferred)
        await settle()
        await type_in(page, identified(page, "email"), "marc@example.com")
        await type_in(page, identified(page, "password"), "long to type")
        await press(page, identified(page, "sign-in"))

        assert identified(page, "problem")
        assert identified(page, "email").value == "marc@example.com"
        assert identified(page, "password").value == "long to type"


async def test_code_stays_when_it_is_too_short(tmp_path: Path) -> None:
    house = House(tmp_path, has_account=False)
    await house.shell.open()
    async with flet_page() as page:
        page.render(SignInScreen, scene(), house.shell.sign_in, house.preferred)
        await settle()
        await press(page, identified(page, "sign-in-other"))
        await type_in(page, identified(page, "enrolment-code"), "7K3QD")
        await press(page, identified(page, "sign-in"))

        assert identified(page, "enrolment-code").value == "7K3QD"


async def test_wrong_pin_is_cleared_for_the_next(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.door.pins.choose("1234")
    await house.shell.open()
    async with flet_page() as page:
        page.render(LockScreen, scene(), house.shell.lock, house.shell)
        await settle()
        await type_in(page, identified(page, "pin"), "99")
        house.shell.changed()
        await settle()
        assert identified(page, "pin").value == "99"

        await press(page, identified(page, "unlock"))
        for _ in range(40):
            await settle()
            if house.shell.lock and house.shell.lock.error:
                break

        assert identified(page, "pin").value == ""


# --- the keyboard


async def escape(page: ft.Page) -> None:
    data = {"key": "Escape", "shift": False, "ctrl": False, "alt": False, "meta": False}
    await page.session.dispatch_event(page._i, "keyboard_event", data)  # noqa: SLF001 - as the client does
    await settle()


async def test_escape_goes_back(tmp_path: Path) -> None:
    account = LocalAccount(tmp_path)
    key = account.has_job(1)
    at = workspace(account, f"/today/{key}/notes")
    async with flet_page() as page:
        page.render(Frame, scene(is_wide=True), at)
        await settle()

        await escape(page)

        assert at.navigator.place == Place(key=key)


async def test_escape_belongs_to_the_question_in_front(tmp_path: Path) -> None:
    at = workspace(LocalAccount(tmp_path), "/settings")
    async with flet_page() as page:
        page.render(Frame, scene(is_wide=True), at)
        await settle()
        asking = asyncio.create_task(
            dialogs.confirm(scene(), "sure", title="T", hint="H", confirm="C")
        )
        await settle()

        await escape(page)
        assert at.navigator.place == Place(Room.SETTINGS)

        await press(page, identified(page, "sure-cancel"))
        assert await asking is False
        await escape(page)
        assert at.navigator.place == Place()


# --- large words


@pytest.mark.parametrize("is_wide", [False, True])
async def test_large_words_on_a_phone_have_what_else_is_there_below_them(
    tmp_path: Path,
    is_wide: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    account = LocalAccount(tmp_path)
    at = workspace(account, f"/today/{account.has_job(1)}")
    async with flet_page() as page:
        at.notices.say("notice.saved", undo=lambda: asyncio.sleep(0))
        page.render(Frame, scene(is_wide=is_wide, look=Look(scale=2.0)), at)
        await settle()

        said = identified(page, "saved").content
        assert isinstance(said, ft.Row if is_wide else ft.Column)
