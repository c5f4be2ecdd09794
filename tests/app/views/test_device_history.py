"""The history of a device on a page: here, elsewhere, its labels."""

import io
from pathlib import Path

import pytest
from PIL import Image

from field_app.i18n import Language
from field_app.ports import Shot
from field_app.state.place import Place
from field_app.views.equipment.equipment import EquipmentPart
from field_app.views.photos.photos import PhotosScreen
from field_core.canon import Body
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import flet_page, identified, press, settle, texts
from tests.app.making import job, key
from tests.app.views import scene

PATH = f"/today/{key(1)}/equipment/history%2F{key(5)}"


def picture() -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    acted: Body = {"id": "r1", "equipment": "EQP-03310", "action": "Install", "reason": "panne"}
    account.has_job(1, status="On Site", equipment=[acted])
    box: Body = {
        "name": "EQP-03310",
        "equipment_type": "TV Box",
        "model": "MAG540",
        "mac_address": "00:1A:79:0A:30:82",
        "service_location": "LOC-00001",
        "installed_on": "2023-08-09",
    }
    account.arrives(5, box, "Service Equipment")
    removed: Body = {"id": "r2", "equipment": "EQP-03310", "action": "Remove"}
    other = job(2, service_location="LOC-00871", scheduled_date="2026-04-20", equipment=[removed])
    account.arrives(2, other)
    return account


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_device_tells_what_was_done_to_it_here_and_elsewhere(
    account: LocalAccount, language: Language
) -> None:
    at_work = workspace(account, PATH)
    async with flet_page() as page:
        page.render(lambda: EquipmentPart(scene(language), at_work, Place.parse(PATH)))
        await settle()
        said = texts(page)

    assert "MAG540" in said
    assert "DJ-00002" in said
    assert "LOC-00871" in said
    assert "panne" in said
    assert len(account.reading.device_history(key(5)).events) == 2  # type: ignore[union-attr]  # it is known


async def test_label_photographed_on_the_job_opens_large_with_its_crop(
    account: LocalAccount,
) -> None:
    shot = Shot(picture(), key(1), kind="label", crop="0.1000 0.1000 0.5000 0.5000")
    await account.photographs.take(shot)
    await account.photographs.settled()
    card = account.reading.photos(key(1))[0]
    at_work = workspace(account, PATH)
    async with flet_page() as page:
        page.render(lambda: EquipmentPart(scene(), at_work, Place.parse(PATH)))
        await settle()
        await settle()
        await press(page, identified(page, f"label-{card.id}"))
        place = at_work.navigator.place
        page.render(lambda: PhotosScreen(scene(), at_work, place))
        for _ in range(5):
            await settle()

        assert identified(page, "photo-crop")


async def test_device_that_nobody_knows_is_gone(account: LocalAccount) -> None:
    path = f"/today/{key(1)}/equipment/history%2F{key(99)}"
    at_work = workspace(account, path)
    async with flet_page() as page:
        page.render(lambda: EquipmentPart(scene(), at_work, Place.parse(path)))
        await settle()

        assert identified(page, "job-gone")
