"""The camera: the best one preferred, torch, one shot after the other, and every way it fails."""

# ruff: noqa: ANN401 - Flet's own types are as loose

from pathlib import Path
from typing import Any

import flet as ft
import flet_camera as fc
import pytest

from field_app.views.photos import photos
from field_app.views.viewfinder import Viewfinder
from tests.app.at_work import LocalAccount
from tests.app.flet_page import flet_page, identified, press, settle, texts
from tests.app.views.gallery import PICTURE, draw, has, on_the_web, shown


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path / "blobs")


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "LOOK_AGAIN_S", 0.01)


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
