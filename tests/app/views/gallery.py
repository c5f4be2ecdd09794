"""A job's photos drawn as tests want them, and what a person does there."""

# ruff: noqa: ANN401 - Flet's own types are as loose

import asyncio
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from field_app.i18n import Language
from field_app.state.photos.photos import Incoming
from field_app.state.place import Part, Place, Room
from field_app.views.photos import photos
from field_app.views.photos.photos import PhotosScreen
from field_core.canon import Json
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, identified, press, settle, type_in
from tests.app.test_images import marked, saved
from tests.app.views import scene

PICTURE = saved(marked())


def draw(page: ft.Page, account: LocalAccount, *, language: Language = "fr", **fields: Json) -> Any:
    key = account.has_job(1, **fields)
    place = Place(Room.TODAY, key, Part.PHOTOS)
    at = workspace(account, place.path)
    page.render(PhotosScreen, scene(language), at, place)
    return at


def on_the_web(page: Any) -> None:
    page.session.apply_page_patch({"web": True})


def chosen(monkeypatch: pytest.MonkeyPatch, *files: Incoming) -> None:
    """Have the person choose these."""

    async def pick(*_: object, **__: object) -> list[Incoming]:
        return [*files]

    monkeypatch.setattr(photos, "pick_photos", pick)


def file(content: bytes = PICTURE, name: str = "a.jpg", size: int | None = None) -> Incoming:
    async def read() -> bytes:
        return content

    return Incoming(name, len(content) if size is None else size, read)


def has(page: ft.Page, name: str) -> bool:
    return any(isinstance(c, ft.Semantics) and c.identifier == name for c in controls(page))


async def answer(page: ft.Page, button: str, name: str, text: str | None = None) -> None:
    """Press what asks a question, and answer it: the press ends only when that is done."""
    asking = asyncio.create_task(press(page, identified(page, button)))
    await settle()
    if text is not None:
        await type_in(page, identified(page, f"{name}-field"), text)
    await press(page, identified(page, f"{name}-confirm"))
    await asking


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def shown(page: ft.Page) -> list[str]:
    """Return the names of the photos that are drawn."""
    return [
        str(c.identifier)
        for c in controls(page)
        if isinstance(c, ft.Semantics) and str(c.identifier).startswith("photo-")
    ]
