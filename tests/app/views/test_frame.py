"""The app around its screens."""

from pathlib import Path

import flet as ft
import pytest

from field_app.ports import Standing
from field_app.state.place import Place
from field_app.views.boundary import catch_up, screen
from field_app.views.frame import Frame
from field_app.views.scene import Scene
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts
from tests.app.making import NOON_MS
from tests.app.views import scene


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


async def test_failure_stands_on_every_screen(account: LocalAccount) -> None:
    """T-25."""
    account.stand(Standing("waiting", "captive-portal", NOON_MS - 7_200_000, 2, 1))
    async with flet_page() as page:
        page.render(Frame, scene(), workspace(account))
        await settle()

        assert "portail" in texts(page)
        assert "3 éléments à envoyer" in texts(page)
        assert "Dernier contact : 2 heures" in texts(page)


async def test_wide_window_shows_list_and_job_side_by_side(account: LocalAccount) -> None:
    key = account.has_job(1)
    async with flet_page() as page:
        page.render(Frame, scene(is_wide=True), workspace(account, f"/today/{key}"))
        await settle()

        assert identified(page, "today")
        assert identified(page, "job")
        assert any(isinstance(c, ft.NavigationRail) for c in controls(page))


async def test_phone_shows_the_job_alone_and_back_leads_to_the_list(account: LocalAccount) -> None:
    key = account.has_job(1)
    at = workspace(account, f"/today/{key}")
    async with flet_page() as page:
        page.render(Frame, scene(), at)
        await settle()
        assert not any(isinstance(c, ft.NavigationBar) for c in controls(page))

        await press(page, identified(page, "back"))

        assert at.navigator.place == Place()
        assert identified(page, "today")


async def test_undo_is_offered_and_taken(account: LocalAccount) -> None:
    """T-15."""
    at, undone = workspace(account), []

    async def undo() -> None:
        undone.append(1)

    async with flet_page() as page:
        page.render(Frame, scene(), at)
        await settle()
        at.notices.say("notice.saved", undo=undo)
        await settle()
        assert "Enregistré sur l’appareil" in texts(page)

        await press(page, identified(page, "undo"))

        assert undone == [1]
        assert "Annulé" in texts(page)


async def test_client_that_was_away_is_shown_how_things_are_now(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop that slept: what came meanwhile is on the screen when it wakes."""
    async with flet_page() as page:
        page.render(Frame, scene(), workspace(account))
        await settle()
        with monkeypatch.context() as away:
            away.setattr(type(page.session), "connection", None)
            account.has_job(1)
            account.tell_news()
        await settle()
        assert "Installation 1" not in texts(page)

        catch_up(page)
        await settle()

        assert "Installation 1" in texts(page)


async def test_screen_that_fails_says_so_and_the_app_lives_on() -> None:
    @screen
    def Broken(_scene: Scene) -> ft.Control:  # noqa: N802 - a component
        raise ZeroDivisionError

    async with flet_page() as page:
        page.render(Broken, scene())
        await settle()

        assert "votre travail est en sécurité" in texts(page)
