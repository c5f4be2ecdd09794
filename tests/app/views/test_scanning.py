"""The scanner as it is drawn: with a camera and without one, in each phase, in both languages."""

# ruff: noqa: ANN401 - Flet's own values are as loose

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft
import flet_camera as fc
import pytest

from field_app.i18n import Language
from field_app.ports import Photographs
from field_app.state.photos.photos import Incoming
from field_app.state.place import Place
from field_app.state.scanning.count import PLACE
from field_app.views.app import late_answers
from field_app.views.day.search import SearchScreen
from field_app.views.equipment.equipment import EquipmentPart
from field_app.views.job.step import StepScreen
from field_app.views.scanning import aiming
from field_app.views.scanning.count import CountScreen
from field_app.views.viewfinder import Viewfinder
from field_core.canon import Body, Json
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts, type_in
from tests.app.making import MARC, key
from tests.app.scanning import GPON_HEX, JPEG, MAC, ONT, Seen, Told
from tests.app.views import scene

STEP: dict[str, Json] = {"id": "s4", "step": "s4", "kind": "scan", "label_fr": "Lire l’ONT"}
SCREENS: dict[str, tuple[Callable[..., Any], str]] = {
    "step": (StepScreen, f"/today/{key(1)}/steps/s4"),
    "equipment": (EquipmentPart, f"/today/{key(1)}/equipment"),
    "form": (EquipmentPart, f"/today/{key(1)}/equipment/add"),
    "count": (CountScreen, PLACE.path),
}


class StreamingCamera(ft.Container):
    """A camera that shows, streams or takes pictures, zooms, or fails as one does."""

    def __init__(self, on_stream_image: Callable[[Any], None], *, can_stream: bool) -> None:
        super().__init__()
        self._streamed = on_stream_image
        self.can_stream = can_stream
        self.said: list[object] = []
        self.zoom_max: float | None = 4.0
        self.is_there = True

    async def get_available_cameras(self) -> list[fc.CameraDescription]:
        back = fc.CameraDescription("back", fc.CameraLensDirection.BACK, 90)
        return [back] if self.is_there else []

    async def initialize(self, *_: object, **__: object) -> None:
        self.said.append("initialized")

    async def take_picture(self) -> bytes:
        self.said.append("picture")
        return JPEG

    async def supports_image_streaming(self) -> bool:
        return self.can_stream

    async def start_image_stream(self) -> None:
        self.said.append("stream")

    async def stop_image_stream(self) -> None:
        self.said.append("stopped")

    def streams(self, content: bytes) -> None:
        self._streamed(type("Event", (), {"bytes": content}))

    async def get_max_zoom_level(self) -> float:
        if self.zoom_max is None:
            raise RuntimeError
        return self.zoom_max

    async def set_zoom_level(self, zoom: float) -> None:
        if zoom > 3:
            raise RuntimeError
        self.said.append(zoom)

    async def set_flash_mode(self, mode: Any) -> None:
        self.said.append(mode.value)


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Have cameras be fake ones; `made` is the last."""
    held: dict[str, Any] = {"can_stream": False, "is_there": True}

    def make(*, on_stream_image: Callable[[Any], None], **_: object) -> StreamingCamera:
        held["made"] = StreamingCamera(on_stream_image, can_stream=held["can_stream"])
        held["made"].is_there = held["is_there"]
        return held["made"]  # type: ignore[no-any-return]  # a camera

    monkeypatch.setattr(fc, "Camera", make)
    monkeypatch.setattr(aiming, "CADENCE_S", 0.001)
    return held


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    account.has_job(1, status="On Site", checklist=[{**STEP}])
    index: Body = {
        "equipment": key(700),
        "equipment_name": "EQP-05120",
        "mac_address": MAC,
        "service_location": "LOC-00871",
        "since": "2025-11-03",
    }
    account.arrives(600, index, "Equipment Identity")
    return account


def on_the_web(page: ft.Page) -> None:
    page.web = True


async def draw(page: ft.Page, account: LocalAccount, name: str, language: Language = "fr") -> Any:
    draws, path = SCREENS[name]
    at_work = workspace(account, path)
    page.render(lambda: draws(scene(language), at_work, Place.parse(path)))
    await settle()
    return at_work


def step_of(account: LocalAccount) -> dict[str, Any]:
    rows: Any = account.body(key(1))["checklist"]
    found: dict[str, Any] = rows[0]
    return found


def has(page: ft.Page, name: str) -> bool:
    return any(isinstance(c, ft.Semantics) and c.identifier == name for c in controls(page))


# --- live


async def test_label_in_front_of_the_camera_is_read_and_fills_the_step(
    account: LocalAccount, camera: dict[str, Any]
) -> None:
    """T-06."""
    account.scanning = Told((), ONT)
    async with flet_page() as page:
        on_the_web(page)
        await draw(page, account, "step")
        await press(page, identified(page, "scan"))
        await settle()

        said = texts(page)
        assert MAC in said
        assert GPON_HEX in said
        assert "Lu par code-barres" in said
        await press(page, identified(page, "scan-use"))
        await settle()

        assert identified(page, "answer").value == MAC
        assert has(page, "provenance")
        assert "EQP-05120 : à LOC-00871" in texts(page)
        await press(page, identified(page, "do"))
    step = step_of(account)
    assert (step["value"], step["source"]) == (MAC, "barcode")
    assert GPON_HEX in step["identity"]
    assert camera["made"].said[0] == "initialized"


async def test_frames_come_from_the_stream_where_there_is_one(camera: dict[str, Any]) -> None:
    camera["can_stream"] = True
    finder = Viewfinder()
    await finder.start()
    await finder.stream()
    waiting = asyncio.create_task(finder.frame())
    await asyncio.sleep(0)
    camera["made"].streams(b"one")

    assert await waiting == b"one"
    assert await finder.shoot() == JPEG
    assert camera["made"].said[-2:] == ["stopped", "picture"]


async def test_stream_that_stands_still_gives_way_to_pictures(
    camera: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("field_app.views.viewfinder.FRAME_S_MAX", 0.01)
    camera["can_stream"] = True
    finder = Viewfinder()
    await finder.stream()

    assert await finder.frame() == JPEG


async def test_zoom_goes_in_steps_and_only_where_the_camera_tells(
    camera: dict[str, Any],
) -> None:
    finder = Viewfinder()
    await finder.ask_zoom()
    await finder.zoom_on()
    assert (finder.zoom, camera["made"].said) == (2.0, [2.0])
    await finder.zoom_on()
    assert (finder.zoom, finder.zoom_max) == (2.0, 1.0)
    camera["made"].zoom_max = None
    await finder.ask_zoom()
    await finder.zoom_to(3)
    assert (finder.zoom_max, finder.zoom) == (1.0, 1.0)


async def test_torch_and_zoom_are_offered_where_the_camera_has_them(
    account: LocalAccount, camera: dict[str, Any]
) -> None:
    account.scanning = Told()
    async with flet_page() as page:
        on_the_web(page)
        await draw(page, account, "form")
        await press(page, identified(page, "scan"))
        await settle()

        await press(page, identified(page, "torch"))
        await press(page, identified(page, "scan-zoom"))
        assert "Zoom 2×" in texts(page) or 2.0 in camera["made"].said
        await press(page, identified(page, "back"))
        assert has(page, "put-in")


async def test_camera_that_is_not_there_leaves_photo_and_field(
    account: LocalAccount, camera: dict[str, Any]
) -> None:
    camera["is_there"] = False
    account.scanning = Told()
    async with flet_page() as page:
        on_the_web(page)
        await draw(page, account, "step")
        await press(page, identified(page, "scan"))
        await settle()

        assert has(page, "scan-no-camera")
        assert has(page, "scan-typed")


# --- a photo


def chosen(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    async def pick(_: Photographs, *, stamp: int) -> list[Incoming]:
        assert stamp, "a choice has a stamp"

        async def read() -> bytes:
            return content

        return [Incoming("label.jpg", len(content), read)]

    monkeypatch.setattr(aiming, "pick_photos", pick)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_label_nobody_can_read_does_the_step_by_its_photo(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    """T-07."""
    account.scanning = Told((Seen("4006381333931", "EAN13"), Seen("??", "doubtful")))
    chosen(monkeypatch, JPEG)
    async with flet_page() as page:
        await draw(page, account, "step", language)
        await press(page, identified(page, "scan"))
        await press(page, identified(page, "scan-pick"))
        await settle()
        assert has(page, "scan-nothing")
        assert has(page, "scan-doubtful")
        await press(page, identified(page, "scan-keep-photo"))
        await settle()

    step = step_of(account)
    assert (step["done"], step["source"], "value" in step) == (True, "photo", False)
    assert len(account.reading.label_readings()) == 1


async def test_reading_of_a_photo_says_so_and_can_be_cancelled(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(ONT)
    told.gate = asyncio.Event()
    account.scanning = told
    chosen(monkeypatch, JPEG)
    async with flet_page() as page:
        await draw(page, account, "step")
        await press(page, identified(page, "scan"))
        button = identified(page, "scan-pick")
        pressing = asyncio.create_task(press(page, button))
        await settle()
        assert "Lecture de la photo…" in texts(page)

        await press(page, identified(page, "scan-cancel"))
        await pressing

        assert has(page, "scan-typed")


@pytest.mark.parametrize("content", [b"\xff\xd8\xff" + b"0" * 26_000_000])
async def test_file_that_is_too_large_is_refused_with_the_reason(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    account.scanning = Told()
    chosen(monkeypatch, content)
    async with flet_page() as page:
        await draw(page, account, "step")
        await press(page, identified(page, "scan"))
        await press(page, identified(page, "scan-pick"))

        assert "label.jpg" in texts(page)


async def test_decoders_that_are_missing_are_said(account: LocalAccount) -> None:
    told = Told()
    told.missing = ("zxing-cpp",)
    account.scanning = told
    async with flet_page() as page:
        await draw(page, account, "step")
        await press(page, identified(page, "scan"))
        await settle()
        assert "pas les Data Matrix" in texts(page)
        told.can_read = False
        await press(page, identified(page, "back"))
        await press(page, identified(page, "scan"))
        await settle()

        assert "Aucun lecteur de codes" in texts(page)


# --- typed


async def test_typed_mac_is_refused_inline_and_may_be_a_serial(account: LocalAccount) -> None:
    """T-10."""
    account.scanning = Told()
    async with flet_page() as page:
        await draw(page, account, "step")
        await press(page, identified(page, "scan"))
        await type_in(page, identified(page, "scan-typed"), "A42BB01C9F3")
        await press(page, identified(page, "scan-typed-use"))
        assert "12 chiffres" in str(identified(page, "scan-typed").error)

        await press(page, identified(page, "as-serial"))

        assert identified(page, "answer").value == "A42BB01C9F3"


# --- by its label


async def test_scanned_device_of_another_address_opens_the_form_with_the_alarm(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-11."""
    account.scanning = Told(ONT)
    chosen(monkeypatch, JPEG)
    async with flet_page() as page:
        at_work = await draw(page, account, "equipment")
        await press(page, identified(page, "scan"))
        await press(page, identified(page, "scan-pick"))
        await settle()
        await press(page, identified(page, "scan-use"))
        await settle()
        assert at_work.navigator.place.row == "add"

        path = at_work.navigator.place
        page.render(lambda: EquipmentPart(scene(), at_work, path))
        await settle()
        await settle()

        assert identified(page, "field-mac_address").value == MAC
        assert has(page, "alarm")
        assert "Lu par code-barres" in str(identified(page, "field-mac_address").helper)


async def test_scanned_device_of_this_address_is_shown_first(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, name, mac in ((5, "EQP-03310", "00:1A:79:0A:30:82"), (700, "EQP-05120", MAC)):
        body: Body = {"name": name, "mac_address": mac, "service_location": "LOC-00001"}
        account.arrives(n, body, "Service Equipment")
    account.scanning = Told(ONT)
    chosen(monkeypatch, JPEG)
    async with flet_page() as page:
        await draw(page, account, "equipment")
        await press(page, identified(page, "scan"))
        await press(page, identified(page, "scan-pick"))
        await settle()
        await press(page, identified(page, "scan-use"))
        await settle()

        assert "EQP-05120 : déjà à cette adresse" in texts(page)


async def test_device_is_looked_up_by_its_label(account: LocalAccount) -> None:
    account.scanning = Told()
    at_work = workspace(account, "/search")
    async with flet_page() as page:
        page.render(lambda: SearchScreen(scene(), at_work))
        await settle()
        await press(page, identified(page, "scan"))
        await type_in(page, identified(page, "scan-typed"), MAC)
        await press(page, identified(page, "scan-typed-use"))
        await settle()
        assert at_work.searched == MAC
        assert has(page, "search-hits")

        await press(page, identified(page, "search-clear"))
        await press(page, identified(page, "van-count"))
        assert at_work.navigator.place == PLACE


# --- the van


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_van_is_counted_and_its_differences_are_sent(
    account: LocalAccount, language: Language
) -> None:
    held: Body = {"equipment": key(701), "mac_address": "A4:2B:B0:00:00:01", "held_by": MARC}
    account.arrives(601, held, "Equipment Identity")
    account.scanning = Told()
    async with flet_page() as page:
        await draw(page, account, "count", language)
        await press(page, identified(page, "count-scan"))
        for mac in (MAC, "1C:49:7B:A8:D9:A6"):
            await type_in(page, identified(page, "scan-typed"), mac)
            await press(page, identified(page, "scan-typed-use"))
        await press(page, identified(page, "back"))
        assert has(page, f"counted-{MAC}")
        await press(page, identified(page, f"drop-{MAC}"))
        assert not has(page, f"counted-{MAC}")
        await press(page, identified(page, "count-settle"))
        await settle()

        kinds = [entry.kind for entry in account.replica.outbox.entries()]
        assert sorted(kinds) == ["create", "set"]


async def test_empty_van_says_what_to_do(account: LocalAccount) -> None:
    async with flet_page() as page:
        await draw(page, account, "count")
        assert has(page, "count-empty")


def test_answer_of_a_control_that_is_gone_is_nothing() -> None:
    """A camera that is closed while it takes a picture: Flet's own error would end the session."""
    taken: list[object] = []

    def take(*answer: object) -> None:
        if answer[0] == "gone":
            raise RuntimeError
        taken.append(answer)

    late = late_answers(take)
    late("gone", "call", None, None)
    late("here", "call", None, None)

    assert taken == [("here", "call", None, None)]
