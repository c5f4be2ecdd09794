"""The day and the job as they are drawn."""

from pathlib import Path

import flet as ft
import pytest

from field_app.state.place import Place
from field_app.views.day.today import TodayScreen
from field_app.views.job.job import JobScreen
from field_app.views.widgets import buttons
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts
from tests.app.views import scene


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


async def test_day_shows_state_in_words_and_an_icon(account: LocalAccount) -> None:
    account.has_job(1, status="On Site")
    async with flet_page() as page:
        page.render(TodayScreen, scene(), workspace(account))
        await settle()

        assert "09:00" in texts(page)
        assert "Sur place" in texts(page)
        assert "1, rue X, Huntingdon" in texts(page)
        assert any(isinstance(c, ft.Icon) for c in controls(identified(page, "job-DJ-00001")))


async def test_day_without_jobs_says_so(account: LocalAccount) -> None:
    async with flet_page() as page:
        page.render(TodayScreen, scene("en"), workspace(account))
        await settle()

        assert "No jobs that day" in texts(page)


async def test_news_is_drawn_without_anybody_pressing(account: LocalAccount) -> None:
    async with flet_page() as page:
        page.render(TodayScreen, scene(), workspace(account))
        await settle()
        account.has_job(1)
        account.tell_news()
        await settle()

        assert "Installation 1" in texts(page)


async def test_job_opens_by_a_press(account: LocalAccount) -> None:
    key, at = account.has_job(1), workspace(account)
    async with flet_page() as page:
        page.render(TodayScreen, scene(), at)
        await settle()

        await press(page, identified(page, "job-DJ-00001"))

    assert at.navigator.place == Place(key=key)


async def test_second_tap_on_the_same_spot_is_no_second_move(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-02: after “accept” the same spot offers “on my way”."""
    monkeypatch.setattr(buttons, "SECOND_TAP_S", 60)
    key = account.has_job(1)
    at = workspace(account, f"/today/{key}")
    async with flet_page() as page:
        page.render(JobScreen, scene(), at, at.navigator.place)
        await settle()
        button = identified(page, "move-Accepted")
        await press(page, button)
        await press(page, button)

        assert account.body(key)["status"] == "Accepted"
        assert len(account.reading.outbox()) == 1


async def test_cancelled_job_says_when_and_by_whom(account: LocalAccount) -> None:
    """T-18."""
    key = account.has_job(
        1, status="Cancelled", cancelled_at="2026-04-27T13:20:00Z", cancelled_by="Sophie"
    )
    at = workspace(account, f"/today/{key}")
    async with flet_page() as page:
        page.render(JobScreen, scene(), at, at.navigator.place)
        await settle()

        assert "Annulé le 2026-04-27 09:20 par Sophie" in texts(page)


async def test_job_that_is_gone_says_where_the_work_is(account: LocalAccount) -> None:
    at = workspace(account, "/today/no-such-key")
    async with flet_page() as page:
        page.render(JobScreen, scene(), at, at.navigator.place)
        await settle()

        assert "n’est plus sur l’appareil" in texts(page)


async def test_closed_job_is_reopened_in_words_that_say_so(account: LocalAccount) -> None:
    key = account.has_job(1, status="Completed")
    async with flet_page() as page:
        page.render(JobScreen, scene(), workspace(account), Place(key=key))
        await settle()

        assert "Rouvrir : sur place" in texts(page)
        assert "Arrivé sur place" not in texts(page)


async def test_row_of_the_long_list_says_what_is_unsent_in_one_number(
    account: LocalAccount,
) -> None:
    key = account.has_job(1)
    await account.edit(lambda acts: acts.do_step(key, "s1", None))
    async with flet_page() as page:
        page.render(TodayScreen, scene(), workspace(account))
        await settle()
        assert "1 élément à envoyer" in texts(page)

        await press(page, identified(page, "choice-all"))

        chips = [
            c.value for c in controls(identified(page, "job-DJ-00001")) if isinstance(c, ft.Text)
        ]
        assert "1" in chips
        assert "1 élément à envoyer" not in texts(page)
