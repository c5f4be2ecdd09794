"""Photos as they are drawn: a grid with states in words, the camera, one photo, refusals."""

# ruff: noqa: ANN401 - Flet's own types are as loose

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft
import flet_camera as fc
import pytest

from field_app.i18n import Language
from field_app.state.photos.photos import Incoming
from field_app.state.place import Part, Place, Room
from field_app.views import tools
from field_app.views.photos import photos
from field_app.views.photos.photos import PhotosScreen
from field_app.views.viewfinder import Viewfinder
from field_core.canon import Json
from field_core.problems import ProblemError
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts, type_in
from tests.app.test_images import marked, saved
from tests.app.views import scene

PICTURE = saved(marked())


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path / "blobs")


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "LOOK_AGAIN_S", 0.01)


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
    other: Json = {"id": "p2", "sha256": "cd" * 32, "replaces": "p1"}
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


# --- the camera


class FakeCamera(ft.Container):
    """Answers as a device would, or fails as one does."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[object] = []
        self.fails: set[str] = set()
        self.cameras = [
            fc.CameraDescription("front", fc.CameraLensDirection.FRONT, 0),
            fc.CameraDescription("back", fc.CameraLensDirection.BACK, 90),
        ]

    def _may(self, what: str) -> None:
        if what in self.fails:
            raise RuntimeError(what)

    async def get_available_cameras(self) -> list[fc.CameraDescription]:
        self._may("list")
        return self.cameras

    async def initialize(self, one: Any, preset: Any, **_: object) -> None:
        self._may(f"preset-{preset.value}")
        self.said.append((one.name, preset.value))

    async def take_picture(self) -> bytes:
        self._may("shoot")
        return PICTURE

    async def set_flash_mode(self, mode: Any) -> None:
        self._may("torch")
        self.said.append(mode.value)


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> FakeCamera:
    made = FakeCamera()
    monkeypatch.setattr(fc, "Camera", lambda **_: made)
    return made


async def test_camera_on_the_back_is_preferred_at_its_best(device: FakeCamera) -> None:
    finder = Viewfinder()

    assert await finder.start()
    assert device.said == [("back", "max")]


async def test_camera_that_cannot_do_its_best_does_less(device: FakeCamera) -> None:
    device.fails = {"preset-max"}
    device.cameras = device.cameras[:1]

    assert await Viewfinder().start()
    assert device.said == [("front", "high")]


@pytest.mark.parametrize("fails", [{"list"}, {"preset-max", "preset-high"}])
async def test_camera_that_does_not_answer_is_said(device: FakeCamera, fails: set[str]) -> None:
    device.fails = fails

    assert not await Viewfinder().start()


async def test_device_without_a_camera_is_said(device: FakeCamera) -> None:
    device.cameras = []

    assert not await Viewfinder().start()


async def test_torch_goes_on_and_off_and_is_offered_no_more_where_there_is_none(
    device: FakeCamera,
) -> None:
    finder = Viewfinder()

    await finder.light()
    assert (finder.is_lit, device.said) == (True, ["torch"])
    await finder.light()
    assert (finder.is_lit, device.said) == (False, ["torch", "off"])
    device.fails = {"torch"}
    await finder.light()
    assert (finder.is_lit, finder.has_torch) == (False, False)


async def test_photos_are_taken_one_after_the_other_and_again(
    account: LocalAccount, device: FakeCamera
) -> None:
    async with flet_page() as page:
        on_the_web(page)
        draw(page, account)
        await settle()

        await press(page, identified(page, "take-photo"))
        await press(page, identified(page, "shutter"))
        await account.photographs.settled()
        await settle()
        assert "Photo enregistrée sur l’appareil" in texts(page)
        await press(page, identified(page, "retake-last"))
        assert "Reprendre la photo" in texts(page)
        await press(page, identified(page, "shutter"))
        await account.photographs.settled()
        await settle()
        await press(page, identified(page, "camera-done"))

        assert "Remplacée par une autre" in texts(page)
        assert len(shown(page)) == 2
        assert device.said == [("back", "max")]


@pytest.mark.parametrize("fails", ["list", "shoot"])
async def test_camera_that_fails_leads_to_the_photos_with_a_sentence(
    account: LocalAccount, device: FakeCamera, fails: str
) -> None:
    device.fails = {fails}
    async with flet_page() as page:
        on_the_web(page)
        draw(page, account)
        await settle()

        await press(page, identified(page, "take-photo"))
        if fails == "shoot":
            await press(page, identified(page, "shutter"))

        assert "La caméra ne répond pas." in texts(page)
        assert has(page, "photos")


async def test_no_room_for_a_shot_is_said_in_front_of_the_camera(
    account: LocalAccount, device: FakeCamera
) -> None:
    async with flet_page() as page:
        on_the_web(page)
        draw(page, account)
        await settle()
        await press(page, identified(page, "take-photo"))
        account.free_bytes = 1_000_000

        await press(page, identified(page, "shutter"))

        assert "Libérez de l’espace" in texts(page)
        assert has(page, "camera")
        assert device.said


# --- choosing files


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
