"""A photo that is not on this device, as it is drawn: where it is, its progress, why it failed."""

from dataclasses import replace
from pathlib import Path

import flet as ft
import pytest

from field_app.i18n import Language
from field_app.sync.events import FailureKind
from field_app.sync.files import sha256_of
from field_core.canon import Json
from tests.app.at_work import LocalAccount
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts
from tests.app.test_images import marked, saved
from tests.app.views.gallery import draw, has

PICTURE = saved(marked())
NAME = sha256_of(PICTURE)
ROW: Json = {"id": "p1", "sha256": NAME, "size": len(PICTURE)}


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    made = LocalAccount(tmp_path / "blobs")
    made.link.photos[NAME] = PICTURE
    return made


async def look(page: ft.Page, account: LocalAccount, language: Language = "fr") -> str:
    """Open the photo of another phone; return what is written there."""
    draw(page, account, language=language, photos=[ROW])
    await settle()
    await press(page, identified(page, "photo-p1"))
    await settle()
    return texts(page)


def is_shown(page: ft.Page) -> bool:
    return any(isinstance(c, ft.InteractiveViewer) for c in controls(page))


async def test_photo_of_another_phone_is_shown_like_ones_own(account: LocalAccount) -> None:
    async with flet_page() as page:
        await look(page, account)

        assert is_shown(page)
        assert not has(page, "photo-away")


@pytest.mark.parametrize(
    ("language", "said", "button"),
    [
        ("fr", "Pas de réseau pour l’instant", "Voir la photo"),
        ("en", "No network right now", "Show the photo"),
    ],
)
async def test_without_signal_it_says_where_the_photo_is(
    account: LocalAccount, language: Language, said: str, button: str
) -> None:
    account.standing = replace(account.standing, failure="server-unreachable")
    async with flet_page() as page:
        drawn = await look(page, account, language)

        assert said in drawn
        assert button in str(identified(page, "fetch-photo").content)


async def test_photo_that_waits_for_wifi_says_so(account: LocalAccount) -> None:
    account.is_held = True
    async with flet_page() as page:
        assert "les photos attendent le Wi-Fi" in await look(page, account)


async def test_progress_is_drawn_with_what_is_to_come(account: LocalAccount) -> None:
    account.link.is_slow = True
    async with flet_page() as page:
        drawn = await look(page, account)
        bars = [c for c in controls(page) if isinstance(c, ft.ProgressBar)]

        assert "Téléchargement : 1 Ko sur 3 Ko" in drawn
        assert [round(bar.value or 0, 2) for bar in bars] == [round(100 / len(PICTURE), 2)]
        assert not has(page, "fetch-photo")
        await press(page, identified(page, "back"))


async def test_failure_offers_to_try_again(account: LocalAccount) -> None:
    account.link.failure = FailureKind.STALLED
    async with flet_page() as page:
        drawn = await look(page, account)
        account.link.failure = None
        await press(page, identified(page, "fetch-photo"))
        await settle()

        assert "Le serveur ne répond pas." in drawn
        assert is_shown(page)


@pytest.mark.parametrize(
    ("theirs", "said"),
    [(b"", "Le serveur n’a pas cette photo"), (PICTURE[::-1], "n’est pas cette photo")],
)
async def test_photo_that_cannot_be_had_says_why(
    account: LocalAccount, theirs: bytes, said: str
) -> None:
    account.link.photos = {NAME: theirs} if theirs else {}
    async with flet_page() as page:
        assert said in await look(page, account)
