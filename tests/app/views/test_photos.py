"""Photos as they are drawn: a grid with states in words, one photo, refusals."""

from pathlib import Path

import flet as ft
import pytest

from field_app.i18n import Language
from field_app.ports import Standing
from field_app.state.place import Part, Place, Room
from field_app.views.photos import photos
from field_app.views.photos.photos import PhotosScreen
from field_core.canon import Json
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts
from tests.app.making import NOON_MS
from tests.app.test_images import marked, saved
from tests.app.views import scene
from tests.app.views.gallery import answer, chosen, draw, file, has, shown


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path / "blobs")


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "LOOK_AGAIN_S", 0.01)


@pytest.mark.parametrize(
    ("language", "title", "add"),
    [("fr", "Aucune photo", "Ajouter des photos"), ("en", "No photos", "Add photos")],
)
async def test_nothing_yet_says_what_to_do(
    account: LocalAccount, language: Language, title: str, add: str
) -> None:
    async with flet_page() as page:
        draw(page, account, language=language)
        await settle()

        assert title in texts(page)
        assert identified(page, "pick-photos").content == add
        assert not has(page, "take-photo"), "a desktop has no camera that Flet can show"


async def test_job_that_is_not_here_says_so(account: LocalAccount) -> None:
    place = Place(Room.TODAY, "0197a000-0000-7000-8000-00000000ffff", Part.PHOTOS)
    async with flet_page() as page:
        page.render(PhotosScreen, scene(), workspace(account), place)
        await settle()

        assert has(page, "job-gone")
        assert not has(page, "pick-photos")


async def test_photo_chosen_is_drawn_with_its_state_in_words(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(monkeypatch, file())
    async with flet_page() as page:
        draw(page, account)
        await settle()

        await press(page, identified(page, "pick-photos"))
        await account.photographs.settled()
        await settle()

        assert "Sur cet appareil" in texts(page)
        assert any(isinstance(c, ft.Image) and c.src for c in controls(page))


async def test_progress_is_read_again_while_something_is_on_its_way(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces that arrive are told to nobody: the screen looks by itself."""
    chosen(monkeypatch, file())
    async with flet_page() as page:
        draw(page, account)
        await settle()
        await press(page, identified(page, "pick-photos"))
        await account.photographs.settled()
        await settle()

        account.replica.db.conn.execute("UPDATE blob SET got = size / 2")
        for _ in range(4):
            await settle()

        assert any(f"Envoi {percent} %" in texts(page) for percent in (49, 50))


async def test_file_too_large_offers_to_reduce_it(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-05."""
    chosen(monkeypatch, file(size=31_000_000, name="geante.png"))
    async with flet_page() as page:
        draw(page, account)
        await settle()
        await press(page, identified(page, "pick-photos"))

        assert "« geante.png » pèse 31 Mo; la limite est de 25 Mo." in texts(page)
        await press(page, identified(page, "reduce"))
        await account.photographs.settled()
        await settle()

        assert not has(page, "refused")
        assert len(shown(page)) == 1


async def test_file_that_is_no_photo_can_be_left_out(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(monkeypatch, file(b"%PDF", "facture.pdf"))
    async with flet_page() as page:
        draw(page, account)
        await settle()
        await press(page, identified(page, "pick-photos"))

        assert not has(page, "reduce")
        await press(page, identified(page, "forget"))

        assert has(page, "no-photos")


async def test_photo_that_cannot_be_sent_says_why_and_can_go(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(monkeypatch, file(saved(marked().convert("CMYK"))))
    async with flet_page() as page:
        draw(page, account, language="en")
        await settle()
        await press(page, identified(page, "pick-photos"))
        await account.photographs.settled()
        await settle()

        assert "made for print (CMYK)" in texts(page)
        await press(page, identified(page, shown(page)[0]))
        assert not has(page, "caption-photo")
        await answer(page, "remove-photo", "drop-photo")

        assert has(page, "no-photos")


async def test_photo_opened_is_large_and_can_be_captioned(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(monkeypatch, file())
    async with flet_page() as page:
        draw(page, account)
        await settle()
        await press(page, identified(page, "pick-photos"))
        await account.photographs.settled()
        await settle()

        await press(page, identified(page, shown(page)[0]))
        assert any(isinstance(c, ft.InteractiveViewer) for c in controls(page))
        await answer(page, "caption-photo", "caption", "ONT au sous-sol")

        assert "ONT au sous-sol" in texts(page)
        await press(page, identified(page, "back"))
        assert has(page, "photos")


async def test_retake_without_a_camera_asks_for_a_file_and_can_be_left(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(monkeypatch, file())
    async with flet_page() as page:
        draw(page, account)
        await settle()
        await press(page, identified(page, "pick-photos"))
        await account.photographs.settled()
        await settle()

        await press(page, identified(page, shown(page)[0]))
        await press(page, identified(page, "retake-photo"))
        assert has(page, "retaking")
        await press(page, identified(page, "retake-cancel"))

        assert not has(page, "retaking")


async def test_photo_of_the_office_says_where_it_is(account: LocalAccount) -> None:
    row: Json = {
        "id": "p1",
        "sha256": "ab" * 32,
        "size": 9_000,
        "image": "/files/p1.jpg",
        "latitude": 45.09,
        "longitude": -74.18,
    }
    other: Json = {"id": "p2", "sha256": "cd" * 32, "size": 8_000, "replaces": "p1"}
    account.stand(Standing("waiting", "server-unreachable", NOON_MS, 0, 0))
    async with flet_page() as page:
        draw(page, account, photos=[row, other])
        await settle()

        assert "Remplacée par une autre" in texts(page)
        await press(page, identified(page, "photo-p1"))
        said = texts(page)
        await press(page, identified(page, "back"))
        await press(page, identified(page, "photo-p2"))

        assert "elle n’est pas gardée sur cet appareil" in said
        assert "Position : 45.09000, -74.18000" in said
        assert "Remplace une photo précédente" in texts(page)


async def test_more_photos_are_drawn_when_asked_for(account: LocalAccount) -> None:
    rows: list[Json] = [{"id": f"p{n}", "sha256": f"{n:064x}", "size": 1} for n in range(70)]
    async with flet_page() as page:
        draw(page, account, photos=rows)
        await settle()
        assert len(shown(page)) == 60

        await press(page, identified(page, "more"))

        assert len(shown(page)) == 70
        assert not has(page, "more")
