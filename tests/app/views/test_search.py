"""Search as it is drawn: as one types, grouped, with what was searched for lately."""

from pathlib import Path

import flet as ft
import pytest

from field_app.state.place import Part, Place, Room
from field_app.views.day.search import CardScreen, SearchScreen
from field_app.views.frame import Frame
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts
from tests.app.making import key as make_key
from tests.app.views import scene


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalAccount:
    monkeypatch.setattr("field_app.state.day.search.PAUSE_S", 0)
    account = LocalAccount(tmp_path)
    account.has_job(1)
    account.has_job(2)
    return account


async def type_letters(page: ft.Page, text: str) -> None:
    field = identified(page, "search-field")
    page.session.apply_patch(field._i, {"value": text})  # noqa: SLF001 - as the client does
    await page.session.dispatch_event(field._i, "change", text)  # noqa: SLF001 - as the client does
    for _ in range(6):
        await settle()


async def test_finds_stand_in_groups_and_open(account: LocalAccount) -> None:
    at = workspace(account, "/search")
    async with flet_page() as page:
        page.render(SearchScreen, scene(), at)
        await settle()
        assert "Cherchez partout sur cet appareil" in texts(page)

        await type_letters(page, "huntingdon")
        assert "TRAVAUX" in texts(page)
        assert "ADRESSES" in texts(page)
        assert "DJ-00001 · Assignée · lun 27 avril 09:00 · Lucie T." in texts(page)
        await press(page, identified(page, f"hit-{make_key(2)}"))

    assert at.navigator.place == Place(Room.SEARCH, make_key(2))


async def test_nothing_found_says_where_was_looked(account: LocalAccount) -> None:
    async with flet_page() as page:
        page.render(SearchScreen, scene("en"), workspace(account))
        await settle()

        await type_letters(page, "zzz")

        assert "Nothing found for “zzz”" in texts(page)


async def test_recent_searches_are_offered_and_cleared(account: LocalAccount) -> None:
    await account.edit(lambda acts: acts.remember_search("huntingdon"))
    async with flet_page() as page:
        page.render(SearchScreen, scene(), workspace(account))
        await settle()

        await press(page, identified(page, "recent-0"))
        assert "ADRESSES" in texts(page)
        await press(page, identified(page, "search-clear"))
        assert "huntingdon" in texts(page)
        await press(page, identified(page, "forget-searches"))

        assert "Cherchez partout sur cet appareil" in texts(page)


async def test_card_leads_to_each_of_its_jobs(account: LocalAccount) -> None:
    at = workspace(account)
    async with flet_page() as page:
        page.render(CardScreen, scene(), at, Place(Room.SEARCH, make_key(900), Part.CARD))
        await settle()
        assert "1, rue X, Huntingdon" in texts(page)

        await press(page, identified(page, "job-DJ-00002"))

    assert at.navigator.place == Place(Room.SEARCH, make_key(2))


async def test_card_without_a_job_says_so(account: LocalAccount) -> None:
    index = {"mac_address": "A42BB01C9F3E", "service_location": "LOC-00871", "since": "2025-11-03"}
    account.arrives(50, {**index}, doctype="Equipment Identity")
    async with flet_page() as page:
        page.render(CardScreen, scene(), workspace(account), Place(Room.SEARCH, make_key(50)))
        await settle()

        assert "LOC-00871" in texts(page)
        assert "Aucun travail sur cet appareil n’y mène." in texts(page)


async def test_card_that_is_gone_says_so(account: LocalAccount) -> None:
    async with flet_page() as page:
        page.render(CardScreen, scene(), workspace(account), Place(Room.SEARCH, "nowhere"))
        await settle()

        assert "Ce n’est plus sur l’appareil" in texts(page)


@pytest.mark.parametrize("path", ["/search", "/outbox"])
async def test_rooms_are_in_the_bar_and_open_entries_beside_the_list(
    account: LocalAccount, path: str
) -> None:
    async with flet_page() as page:
        page.render(Frame, scene(is_wide=True), workspace(account, path))
        await settle()

        rails = [c for c in controls(page) if isinstance(c, ft.NavigationRail)]
        assert [d.label for d in rails[0].destinations or ()] == [
            "Travaux",
            "Recherche",
            "Envois",
            "Réglages",
        ]
        assert "s’ouvre ici" in texts(page)
