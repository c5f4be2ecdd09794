"""The signing as it is drawn: text, pad, what was signed; in the customer's language (T-17)."""

# ruff: noqa: ANN401 - Flet's own types are as loose

from pathlib import Path
from typing import Any

import flet as ft
import flet.canvas as cv
import pytest

from field_app.i18n import Language
from field_app.state.place import Part, Place, Room
from field_app.views.signing.signature import SignatureScreen
from field_core.canon import Json
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts, type_in
from tests.app.views import scene


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path / "blobs")


async def drawn(
    page: ft.Page,
    account: LocalAccount,
    *,
    language: Language = "fr",
    is_wide: bool = False,
    customers: str = "fr",
    job: dict[str, Json] | None = None,
) -> str:
    key = account.has_job(1, **(job or {}))
    customer: dict[str, Json] = {
        "name": "CUST-00001",
        "customer_name": "Lucie T.",
        "language": customers,
    }
    account.arrives(800, customer, doctype="Customer")
    place = Place(Room.TODAY, key, Part.SIGNATURE)
    page.render(
        SignatureScreen, scene(language, is_wide=is_wide), workspace(account, place.path), place
    )
    await settle()
    return key


def pad_of(page: ft.Page) -> ft.GestureDetector:
    return next(c for c in controls(page) if isinstance(c, ft.GestureDetector))


def lines_of(page: ft.Page) -> list[Any]:
    return next(c for c in controls(page) if isinstance(c, cv.Canvas)).shapes


async def pull(page: Any, *points: tuple[float, float]) -> None:
    """Draw a line over the pad, as a finger does."""
    for number, (x, y) in enumerate(points):
        name = "pan_update" if number else "pan_start"
        place = {"x": x, "y": y}
        data = {"k": "touch", "l": place, "g": place, "ld": None, "gd": None, "pd": 0, "ts": None}
        await page.session.dispatch_event(pad_of(page)._i, name, data)  # noqa: SLF001 - as flet_page does
        await settle()


def has(page: ft.Page, name: str) -> bool:
    return any(isinstance(c, ft.Semantics) and c.identifier == name for c in controls(page))


async def sign(page: ft.Page) -> None:
    await press(page, identified(page, "to-pad"))
    await pull(page, (30, 60), (180, 150), (300, 40))
    await press(page, identified(page, "sign"))
    await settle()


async def test_customer_reads_in_their_language_the_technician_in_theirs(
    account: LocalAccount,
) -> None:
    async with flet_page() as page:
        await drawn(page, account, language="fr", customers="en")

        said = texts(page)
        assert "Visit statement DJ-00001" in said
        assert "Please read this before you sign." in said
        await press(page, identified(page, "language-fr"))

        assert "Attestation de visite DJ-00001" in texts(page)


async def test_job_that_is_not_here_says_so(account: LocalAccount) -> None:
    place = Place(Room.TODAY, "0197a000-0000-7000-8000-00000000ffff", Part.SIGNATURE)
    async with flet_page() as page:
        page.render(SignatureScreen, scene(), workspace(account), place)
        await settle()

        assert has(page, "job-gone")


async def test_lines_appear_as_they_are_drawn_and_can_be_cleared(account: LocalAccount) -> None:
    async with flet_page() as page:
        await drawn(page, account)
        await press(page, identified(page, "to-pad"))

        await pull(page, (30, 60), (80, 90))
        await pull(page, (100, 60), (180, 90), (200, 40))
        assert [len(path.elements) for path in lines_of(page)] == [2, 3]
        await press(page, identified(page, "clear-pad"))

        assert lines_of(page) == []


async def test_pad_is_as_wide_as_the_screen_lets_it(account: LocalAccount) -> None:
    async with flet_page() as page:
        await drawn(page, account)
        await press(page, identified(page, "to-pad"))
        canvas = next(c for c in controls(page) if isinstance(c, cv.Canvas))

        assert (canvas.width, canvas.height) == (358, 179)
        assert not any(
            isinstance(c, ft.ListView) for c in controls(identified(page, "signature-pad-screen"))
        )


async def test_refusal_is_said_in_the_customers_language(account: LocalAccount) -> None:
    async with flet_page() as page:
        await drawn(page, account, customers="en")
        await press(page, identified(page, "to-pad"))

        await press(page, identified(page, "sign"))
        assert "Sign in the frame" in texts(page)
        field = next(c for c in controls(page) if isinstance(c, ft.TextField))
        await type_in(page, field, "")
        any_page: Any = page
        await any_page.session.dispatch_event(field._i, "change", "")  # noqa: SLF001 - as flet_page does
        await press(page, identified(page, "sign"))

        assert "Print the name of the person who signs." in texts(page)


async def test_signature_given_is_shown_with_who_when_and_the_text(account: LocalAccount) -> None:
    async with flet_page() as page:
        key = await drawn(page, account)
        await sign(page)

        said = texts(page)
        assert any(isinstance(c, ft.Image) and c.src for c in controls(page))
        for part in ("Signé par", "Lucie T.", "Français", "Attestation de visite DJ-00001"):
            assert part in said
        assert str(account.body(key)["signed_text_sha256"])[:12] in said
        assert not has(page, "changed-since")


@pytest.mark.parametrize("is_wide", [False, True])
async def test_change_afterwards_is_said_with_what_changed_and_it_can_be_signed_again(
    account: LocalAccount, *, is_wide: bool
) -> None:
    async with flet_page() as page:
        key = await drawn(page, account, is_wide=is_wide)
        await sign(page)
        await account.edit(lambda acts: acts.reading(key, "rx", -24.1, "dBm"))
        await settle()

        assert "Signé avant modification" in texts(page)
        assert "Maintenant : rx : -24,1 dBm" in texts(page)
        await press(page, identified(page, "sign-again"))
        await sign(page)

        assert not has(page, "changed-since")


async def test_signature_of_another_device_says_where_its_image_is(account: LocalAccount) -> None:
    async with flet_page() as page:
        facts: dict[str, Json] = {
            "signature": "/private/files/x.png",
            "signed_by": "Lucie",
            "signed_language": "fr",
        }
        await drawn(page, account, job=facts)

        assert "L’image de la signature est au bureau" in texts(page)
        assert "—" in texts(page)


async def test_back_from_the_pad_is_the_text(account: LocalAccount) -> None:
    async with flet_page() as page:
        await drawn(page, account)
        await press(page, identified(page, "to-pad"))
        await press(page, identified(page, "back"))

        assert has(page, "to-pad")
