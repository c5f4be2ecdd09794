"""Choosing files: from a desktop's path, a browser's bytes or its upload."""

# ruff: noqa: ANN401 - Flet's own types are as loose

from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from field_app.views import tools
from field_app.views.photos import photos
from field_core.problems import ProblemError
from tests.app.at_work import LocalAccount
from tests.app.flet_page import flet_page
from tests.app.views.gallery import PICTURE, names_in, on_the_web


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path / "blobs")


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "LOOK_AGAIN_S", 0.01)


class FakePicker:
    """A picker in a browser or on a desktop; `hands_over` is what uploading does."""

    files: list[ft.FilePickerFile]
    options: dict[str, object]
    hands_over: Callable[["FakePicker", str], None]

    def __init__(self, on_upload: Any = None) -> None:
        self.on_upload = on_upload

    async def pick_files(self, **options: object) -> list[ft.FilePickerFile]:
        type(self).options = options
        return self.files

    async def upload(self, wanted: list[ft.FilePickerUploadFile]) -> None:
        type(self).hands_over(self, str(wanted[0].upload_url))


class Event:
    def __init__(self, progress: float, error: str | None = None) -> None:
        self.progress, self.error = progress, error


@pytest.fixture
def picker(monkeypatch: pytest.MonkeyPatch) -> type[FakePicker]:
    monkeypatch.setattr(ft, "FilePicker", FakePicker)
    return FakePicker


def picked(**facts: Any) -> ft.FilePickerFile:
    return ft.FilePickerFile(id=1, name="a.jpg", size=len(PICTURE), **facts)


async def test_file_of_a_desktop_is_read_from_its_path(
    account: LocalAccount, picker: type[FakePicker], tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(PICTURE)
    picker.files = [
        picked(path=str(tmp_path / "a.jpg")),
        picked(path=str(tmp_path / "gone")),
        picked(),
    ]
    async with flet_page():
        first, gone, nowhere = await tools.pick_photos(account.photographs, stamp=7)

        assert (first.name, await first.read()) == ("a.jpg", PICTURE)
        for file_ in (gone, nowhere):
            with pytest.raises(ProblemError) as caught:
                await file_.read()
            assert caught.value.problem.code == "photo-damaged"
        assert picker.options["with_data"] is False


async def test_file_of_a_browser_without_uploads_comes_with_its_bytes(
    account: LocalAccount, picker: type[FakePicker]
) -> None:
    picker.files = [picked(bytes=PICTURE)]
    async with flet_page() as page:
        on_the_web(page)
        (one,) = await tools.pick_photos(account.photographs, stamp=7)

        assert await one.read() == PICTURE
        assert picker.options["with_data"] is True


async def test_file_of_a_browser_is_uploaded_when_it_is_wanted(
    account: LocalAccount,
    picker: type[FakePicker],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handed = tmp_path / "handed-over"
    handed.mkdir()
    monkeypatch.setattr(account.photographs, "_uploads", handed)
    monkeypatch.setattr(ft.Page, "get_upload_url", lambda _, name, __: name)

    def hand_over(self: FakePicker, name: str) -> None:
        (handed / name).write_bytes(PICTURE)
        self.on_upload(Event(0.5))
        self.on_upload(Event(1.0))
        self.on_upload(Event(1.0))

    picker.files, picker.hands_over = [picked()], hand_over
    async with flet_page() as page:
        on_the_web(page)
        (one,) = await tools.pick_photos(account.photographs, stamp=7)

        assert names_in(handed) == []
        assert await one.read() == PICTURE
        assert names_in(handed) == []
        assert picker.options["with_data"] is False


@pytest.mark.parametrize("trouble", ["error", "silence"])
async def test_file_that_a_browser_does_not_hand_over_is_refused(
    account: LocalAccount,
    picker: type[FakePicker],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    monkeypatch.setattr(account.photographs, "_uploads", tmp_path)
    monkeypatch.setattr(ft.Page, "get_upload_url", lambda _, name, __: name)
    monkeypatch.setattr(tools, "UPLOAD_S_MAX", 0.01)

    def hand_over(self: FakePicker, _: str) -> None:
        if trouble == "error":
            self.on_upload(Event(0.1, "refused"))

    picker.files, picker.hands_over = [picked()], hand_over
    async with flet_page() as page:
        on_the_web(page)
        (one,) = await tools.pick_photos(account.photographs, stamp=7)

        with pytest.raises(ProblemError) as caught:
            await one.read()
        assert caught.value.problem.code == "photo-damaged"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"web": True}, True),
        ({"platform": "android"}, True),
        ({"platform": "ios"}, True),
        ({"platform": "linux"}, False),
    ],
)
async def test_camera_is_offered_on_phones_and_in_browsers(
    facts: dict[str, object], *, expected: bool
) -> None:
    async with flet_page() as page:
        any_page: Any = page
        any_page.session.apply_page_patch(facts)

        assert tools.has_camera(page) is expected
