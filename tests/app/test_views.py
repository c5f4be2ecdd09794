"""The window's screens on a page without a client: drawn, pressed, read again."""

from collections.abc import AsyncIterator

import flet as ft
import pytest

from field_app.i18n import Words
from field_app.ports import JobDetail, Standing, StepRow
from field_app.state.screen import Screen
from field_app.views.app import make_main
from field_app.views.boundary import screen
from field_core.status import JobStatus
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts, type_in
from tests.app.test_state import ROW, FakeAccount, FakeEntry

NOW_MS = 1_777_305_600_000


@pytest.fixture
async def page() -> AsyncIterator[ft.Page]:
    async with flet_page() as page:
        yield page


async def shown(page: ft.Page, entry: FakeEntry, language: str = "fr") -> None:
    words = Words("en" if language == "en" else "fr")
    make_main(entry, words, lambda: NOW_MS)(page)
    await settle()


def working() -> FakeAccount:
    account = FakeAccount()
    step = StepRow(
        number=1,
        id="s1",
        code="arrive",
        kind="confirm",
        label_fr="Arrivé",
        label_en="Arrived",
        is_required=True,
        is_open=True,
        is_done=False,
    )

    async def job(key: str) -> JobDetail | None:  # noqa: ARG001 - as the port has it
        return JobDetail(ROW, {}, [step], [JobStatus.PAUSED])

    account.job = job  # type: ignore[method-assign]  # one answer for these tests
    return account


async def test_day_shows_jobs_with_state_in_words_and_an_icon(page: ft.Page) -> None:
    await shown(page, FakeEntry(working()))

    assert "DJ-00001 Installation" in texts(page)
    assert "09:00 · Sur place · 1 rue X" in texts(page)
    assert any(isinstance(c, ft.Icon) for c in controls(identified(page, "job-DJ-00001")))


async def test_failure_stands_in_the_sync_line(page: ft.Page) -> None:
    """T-25."""
    account = working()
    account.standing = Standing("idle", "captive-portal", NOW_MS - 7_200_000, 2, 1)
    await shown(page, FakeEntry(account))

    line = identified(page, "sync-line").value
    assert "Dernier contact : 2 heures" in line
    assert "3 éléments à envoyer" in line
    assert "portail" in line


async def test_job_is_opened_moved_and_annotated(page: ft.Page) -> None:
    account = working()
    await shown(page, FakeEntry(account))
    await press(page, identified(page, "job-DJ-00001"))
    assert "Arrivé" in texts(page)

    await press(page, identified(page, "move-Paused"))
    await type_in(page, identified(page, "note"), "Sonnette brisée")
    await press(page, identified(page, "add-note"))

    assert ("move", "key-1", JobStatus.PAUSED) in account.asked
    assert ("note", "key-1", "Sonnette brisée") in account.asked
    assert identified(page, "saved").value == "Enregistré sur l’appareil"


async def test_outbox_says_where_things_stand(page: ft.Page) -> None:
    await shown(page, FakeEntry(working()))

    await press(page, identified(page, "tab-outbox"))

    assert "sur cet appareil" in texts(page)


async def test_news_is_drawn_without_anybody_pressing(page: ft.Page) -> None:
    account = working()
    await shown(page, FakeEntry(account))

    account.standing = Standing("idle", None, NOW_MS, 1, 0)
    for listener in [*account.listeners]:
        listener()
    await settle()

    assert "1 élément à envoyer" in identified(page, "sync-line").value


async def test_signing_in_leads_to_the_day(page: ft.Page) -> None:
    await shown(page, FakeEntry())
    assert identified(page, "server").value == "https://sync.example"
    await type_in(page, identified(page, "email"), "marc@example.com")
    await type_in(page, identified(page, "password"), "wrong")
    await press(page, identified(page, "sign-in"))
    assert "incorrect" in identified(page, "problem").value

    await type_in(page, identified(page, "password"), "right")
    await press(page, identified(page, "sign-in"))

    assert "DJ-00001 Installation" in texts(page)


async def test_english_is_drawn_when_it_is_spoken(page: ft.Page) -> None:
    await shown(page, FakeEntry(working()), "en")

    assert "On site" in texts(page)


async def test_screen_that_fails_says_so_and_the_app_lives_on(page: ft.Page) -> None:
    @screen
    def Broken(_words: Words, _model: Screen) -> ft.Control:  # noqa: N802 - a component
        raise ZeroDivisionError

    page.render(Broken, Words("fr"), Screen())
    await settle()

    assert "votre travail est en sécurité" in texts(page)
