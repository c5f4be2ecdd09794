"""The settings as they are drawn: choices at once, what cleaning wins, the careful way out."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from field_app.i18n import Words
from field_app.ports import KeptFile, Standing
from field_app.theme import PALETTES, Mode
from field_app.views.app import make_main
from tests.app.entering import House
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts, type_in
from tests.app.making import NOON_MS


@pytest.fixture
async def page() -> AsyncIterator[ft.Page]:
    async with flet_page() as page:
        yield page


@pytest.fixture
async def house(page: ft.Page, tmp_path: Path) -> House:
    """An app whose settings are open."""
    house = House(tmp_path)
    house.account.has_job()
    house.door.upkeep.place = "/settings"
    make_main(house.door, house.file, Words("fr"), house.clock.now_ms)(page)
    await settle()
    return house


def names(page: ft.Page) -> set[str]:
    return {
        str(c.identifier) for c in controls(page) if isinstance(c, ft.Semantics) and c.identifier
    }


async def until(page: ft.Page, name: str) -> None:
    """Wait for what another thread has to do first."""
    for _ in range(40):
        if name in names(page):
            return
        await settle()
    raise AssertionError(f"{name} among {names(page)}")


async def test_everything_about_this_device_is_told(page: ft.Page, house: House) -> None:  # noqa: ARG001 - it is open
    told = texts(page)

    for said in ("Marc R.", "marc@example.com", "Technicien", "DT-00001", "https://sync.example"):
        assert said in told
    for said in ("1.2.3", "Pixel", "android", "512", "Avance de 95 secondes", "900,0 Mo"):
        assert said in told
    assert "1 photo, 3,0 Mo" in told
    assert "2 photos, 5,0 Mo" in told


async def test_other_language_is_spoken_without_a_restart(page: ft.Page, house: House) -> None:
    await press(page, identified(page, "language-en"))

    assert "Text size" in texts(page)
    assert "Taille du texte" not in texts(page)
    assert house.file.read().language == "en"


@pytest.mark.parametrize("mode", [Mode.DARK, Mode.OUTDOOR])
async def test_other_light_is_worn_without_a_restart(
    page: ft.Page, house: House, mode: Mode
) -> None:
    await press(page, identified(page, f"mode-{mode}"))

    grounds = {c.bgcolor for c in controls(page) if isinstance(c, ft.Container)}
    assert PALETTES[mode].background in grounds
    assert page.theme is not None
    assert page.theme.scaffold_bgcolor == PALETTES[mode].background
    assert house.file.read().mode is mode


async def test_larger_text_is_drawn_without_a_restart(page: ft.Page, house: House) -> None:
    def largest() -> float:
        return max(float(c.size or 0) for c in controls(page) if isinstance(c, ft.Text))

    before = largest()
    await press(page, identified(page, "scale-200"))

    assert largest() == 2 * before
    assert house.file.read().scale == 2.0


async def test_chosen_pill_is_told_to_screen_readers(page: ft.Page, house: House) -> None:  # noqa: ARG001 - it is open
    pills = [c for c in controls(page) if isinstance(c, ft.Semantics) and c.checked]

    assert [c.identifier for c in pills] == ["language-fr", "mode-light", "scale-100"]


async def test_photos_may_wait_for_wifi(page: ft.Page, house: House) -> None:
    await press(page, identified(page, "wifi-only"))

    assert house.file.read().is_wifi_only
    switch = next(c for c in controls(page) if isinstance(c, ft.Switch))
    assert switch.value


# --- the PIN


async def test_pin_is_chosen_used_and_removed(page: ft.Page, house: House) -> None:
    await press(page, identified(page, "pin-set"))
    await type_in(page, identified(page, "pin"), "12")
    await type_in(page, identified(page, "pin-again"), "12")
    await press(page, identified(page, "pin-choose"))
    assert "Le NIP compte de 4 à 8 chiffres." in texts(page)
    await type_in(page, identified(page, "pin"), "1234")
    await type_in(page, identified(page, "pin-again"), "1234")
    await press(page, identified(page, "pin-choose"))
    await until(page, "pin-change")
    assert "NIP enregistré sur l’appareil" in texts(page)

    await press(page, identified(page, "lock-after-15"))
    assert house.file.read().lock_after_min == 15
    await press(page, identified(page, "pin-remove"))
    await until(page, "pin-set")

    assert not (await house.door.pins.state()).is_set


async def test_choosing_a_pin_may_be_given_up(page: ft.Page, house: House) -> None:  # noqa: ARG001 - it is open
    await press(page, identified(page, "pin-set"))

    await press(page, identified(page, "pin-cancel"))

    assert "pin-set" in names(page)


async def test_app_is_locked_by_hand(page: ft.Page, house: House) -> None:
    await house.door.pins.choose("1234")
    house.door.tell()
    await press(page, identified(page, "pin-set"))
    await type_in(page, identified(page, "pin"), "4321")
    await type_in(page, identified(page, "pin-again"), "4321")
    await press(page, identified(page, "pin-choose"))
    await until(page, "lock-now")

    await press(page, identified(page, "lock-now"))

    assert "lock-screen" in names(page)


# --- room


async def test_cleaning_says_what_it_won(page: ft.Page, house: House) -> None:  # noqa: ARG001 - it is open
    assert identified(page, "free-space").content == "Libérer l’espace (5,0 Mo)"

    await press(page, identified(page, "free-space"))

    assert "5,0 Mo libérés" in texts(page)
    assert identified(page, "free-space").disabled
    assert "1 photo, 3,0 Mo" in texts(page)


# --- files


async def test_files_go_where_the_person_says(
    page: ft.Page, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[tuple[str, bytes]] = []

    async def save_file(_: Any, *, file_name: str, src_bytes: bytes) -> str:  # noqa: ANN401 - Flet's picker
        saved.append((file_name, src_bytes))
        return f"/choisi/{file_name}"

    monkeypatch.setattr(ft.FilePicker, "save_file", save_file)

    await press(page, identified(page, "export-log"))
    await press(page, identified(page, "export-rescue"))

    assert saved == [("journal.txt", b"lines"), ("secours.rescue", b"sealed")]
    assert "Fichier enregistré : secours.rescue" in texts(page)
    assert house.door.upkeep.aside == []


async def test_file_is_put_aside_where_no_dialog_opens(
    page: ft.Page, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def save_file(*_: Any, **__: Any) -> str:  # noqa: ANN401 - Flet's picker
        raise RuntimeError("zenity is not installed")

    monkeypatch.setattr(ft.FilePicker, "save_file", save_file)

    await press(page, identified(page, "export-log"))

    assert house.door.upkeep.aside == [KeptFile("journal.txt", b"lines")]
    assert "/exports/journal.txt" in texts(page)


async def test_rescue_that_cannot_be_had_says_why(page: ft.Page, house: House) -> None:
    house.door.upkeep.refusal = "signed-out"

    await press(page, identified(page, "export-rescue"))

    assert "Reconnectez-vous" in texts(page)


async def test_help_unfolds(page: ft.Page, house: House) -> None:  # noqa: ARG001 - it is open
    for topic in ("states", "offline", "photos", "pin"):
        await press(page, identified(page, f"help-{topic}"))

    assert "Rien n’est jamais effacé à cause d’un NIP oublié." in texts(page)
    assert "ERPNext" not in texts(page)


# --- signing out


async def test_signing_out_with_everything_sent_erases(page: ft.Page, house: House) -> None:
    house.door.upkeep.kept = await freed(house)
    house.account.stand(Standing("idle", None, NOON_MS, 0, 0))
    await settle()
    await press(page, identified(page, "sign-out"))
    assert "Tout est envoyé." in texts(page)

    await press(page, identified(page, "leave-erase"))

    assert house.door.held is None
    assert "sign-in-screen" in names(page)


async def freed(house: House) -> Any:  # noqa: ANN401 - the storage port's value
    """Return the storage of a device whose photos have all arrived."""
    kept = house.door.upkeep.kept
    return type(kept)(kept.database_bytes, 0, 0, 0, 0, 0, kept.free_bytes)


async def test_signing_out_with_unsent_work_says_how_much_and_offers_to_send(
    page: ft.Page, house: House
) -> None:
    house.account.stand(Standing("idle", None, NOON_MS, 3, 0))
    await settle()
    await press(page, identified(page, "sign-out"))
    assert "4 éléments existent seulement sur cet appareil." in texts(page)
    assert "leave-erase" not in names(page)

    house.account.sync_code = "server-unreachable"
    await press(page, identified(page, "leave-send"))
    assert "Le serveur ne répond pas." in texts(page)
    await press(page, identified(page, "leave-keep"))

    assert house.door.held is None


async def test_signing_out_may_be_thought_better_of(page: ft.Page, house: House) -> None:
    await press(page, identified(page, "sign-out"))

    await press(page, identified(page, "leave-cancel"))

    assert ("sign-out" in names(page), house.door.held) == (True, house.account)
