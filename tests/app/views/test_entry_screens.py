"""The way in as it is drawn: signing in, the PIN, the first sync, and what stands in the way."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from field_app.i18n import Words
from field_app.ports import Preferences, Progress, Standing
from field_app.theme import PALETTES, Mode
from field_app.views.app import make_main
from field_app.views.outside import tell
from tests.app.entering import CODE, PASSWORD, SERVER, House
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts, type_in
from tests.app.making import NOON_MS


@pytest.fixture
async def page() -> AsyncIterator[ft.Page]:
    async with flet_page() as page:
        yield page


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, has_account=False)


async def opened(page: ft.Page, house: House) -> None:
    make_main(house.door, house.file, Words("fr"), house.clock.now_ms)(page)
    await settle()


def names(page: ft.Page) -> set[str]:
    """Return the identifiers that are drawn and seen."""
    return {
        str(c.identifier) for c in controls(page) if isinstance(c, ft.Semantics) and c.identifier
    }


async def signed_in(page: ft.Page, house: House) -> None:
    await opened(page, house)
    await type_in(page, identified(page, "email"), "marc@example.com")
    await type_in(page, identified(page, "password"), PASSWORD)
    await press(page, identified(page, "sign-in"))


# --- signing in


async def test_signing_in_leads_past_the_pin_to_the_day(page: ft.Page, house: House) -> None:
    house.account.has_job()
    await signed_in(page, house)
    assert "Protéger l’appareil" in texts(page)

    await press(page, identified(page, "pin-skip"))

    assert house.door.asked == [(SERVER, "marc@example.com", PASSWORD)]
    assert "Installation 1" in texts(page)


async def test_wrong_password_is_said_and_the_address_stays(page: ft.Page, house: House) -> None:
    await opened(page, house)
    await type_in(page, identified(page, "email"), "marc@example.com")
    await type_in(page, identified(page, "password"), "wrong")
    await press(page, identified(page, "sign-in"))

    assert "Courriel ou mot de passe incorrect." in texts(page)
    assert identified(page, "email").value == "marc@example.com"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("server-unreachable", "Le serveur ne répond pas."),
        ("captive-portal", "portail"),
        ("not-our-server", "serveur Gigafibre"),
        ("clock-wrong", "la date et l’heure"),
    ],
)
async def test_what_is_wrong_is_said(page: ft.Page, house: House, code: str, said: str) -> None:
    await opened(page, house)
    house.door.refusal = code
    await type_in(page, identified(page, "email"), "marc@example.com")
    await type_in(page, identified(page, "password"), PASSWORD)
    await press(page, identified(page, "sign-in"))

    assert said in texts(page)


async def test_empty_fields_say_so(page: ft.Page, house: House) -> None:
    await opened(page, house)

    await press(page, identified(page, "sign-in"))

    assert identified(page, "email").error == "À remplir"
    assert identified(page, "password").error == "À remplir"


async def test_code_from_the_office_signs_in(page: ft.Page, house: House) -> None:
    await opened(page, house)
    await press(page, identified(page, "sign-in-other"))
    await type_in(page, identified(page, "enrolment-code"), "7k3q")
    await press(page, identified(page, "sign-in"))
    assert identified(page, "enrolment-code").error is not None

    await type_in(page, identified(page, "enrolment-code"), "7k3qdxw94m")
    await press(page, identified(page, "sign-in"))

    assert house.door.asked == [(SERVER, CODE)]


async def test_server_is_folded_away_until_it_is_to_change(page: ft.Page, house: House) -> None:
    await opened(page, house)
    assert "Serveur : sync.example" in texts(page)
    await press(page, identified(page, "server-change"))
    await type_in(page, identified(page, "server"), "http://10.0.0.4:8040")
    await press(page, identified(page, "server-use"))

    assert "Serveur : 10.0.0.4:8040" in texts(page)
    assert "server-in-clear" in names(page)


async def test_other_language_is_spoken_at_once(page: ft.Page, house: House) -> None:
    await opened(page, house)

    await press(page, identified(page, "language-en"))

    assert "Sign in" in texts(page)
    assert "Connexion" not in texts(page)
    assert house.file.read().language == "en"


# --- the PIN


async def test_pin_offered_is_set(page: ft.Page, house: House) -> None:
    house.account.has_job()
    await signed_in(page, house)
    await type_in(page, identified(page, "pin"), "1234")
    await type_in(page, identified(page, "pin-again"), "4321")
    await press(page, identified(page, "pin-choose"))
    assert "Les deux NIP ne sont pas pareils." in texts(page)

    await type_in(page, identified(page, "pin"), "1234")
    await type_in(page, identified(page, "pin-again"), "1234")
    await press(page, identified(page, "pin-choose"))
    await until_drawn(page, "today")

    assert (await house.door.pins.state()).is_set


async def until_drawn(page: ft.Page, name: str) -> None:
    """Wait for what another thread has to do first."""
    for _ in range(40):
        if name in names(page):
            return
        await settle()
    raise AssertionError(f"{name} among {names(page)}")


async def test_locked_app_opens_with_its_pin(page: ft.Page, tmp_path: Path) -> None:
    house = House(tmp_path)
    house.account.has_job()
    await house.door.pins.choose("1234")
    await opened(page, house)
    await until_drawn(page, "lock-screen")
    await type_in(page, identified(page, "pin"), "9999")
    await press(page, identified(page, "unlock"))
    await until_drawn(page, "pin-error")

    await type_in(page, identified(page, "pin"), "1234")
    await press(page, identified(page, "unlock"))
    for _ in range(40):
        await settle()
        if "lock-screen" not in names(page):
            break

    assert "today" in names(page)
    assert "lock-screen" not in names(page)


async def test_locked_app_shows_nothing_of_the_work(page: ft.Page, tmp_path: Path) -> None:
    house = House(tmp_path)
    house.account.has_job()
    await house.door.pins.choose("1234")

    await opened(page, house)
    await until_drawn(page, "lock-screen")

    work = [c for c in controls(page) if isinstance(c, ft.Container) and c.key == "work"]
    assert [c.visible for c in work] == [False]


async def test_used_up_pin_leaves_signing_in_alone(page: ft.Page, tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.door.pins.choose("1234")
    for _ in range(10):
        house.clock.go(600_000)
        await house.door.pins.opens("0000")
    await opened(page, house)
    await until_drawn(page, "lock-screen")
    assert "pin" not in names(page)

    await press(page, identified(page, "pin-forgotten"))

    assert "Reconnexion" in texts(page)
    assert "email" not in names(page)


async def test_wait_after_failures_is_counted_down(page: ft.Page, tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.door.pins.choose("1234")
    for _ in range(3):
        await house.door.pins.opens("0000")

    await opened(page, house)
    await until_drawn(page, "lock-screen")

    assert "attendez 5 secondes" in texts(page)
    assert identified(page, "unlock").disabled


# --- the first sync


def coming(house: House, documents: int, *, failure: str | None = None) -> None:
    progress = Progress(documents, 1800, documents * 100, 180_000, is_first=True)
    house.account.stand(Standing("syncing", failure, NOON_MS, 0, 0, progress))


async def test_first_sync_says_how_far_it_is_and_lets_go_on(page: ft.Page, house: House) -> None:
    await signed_in(page, house)
    await press(page, identified(page, "pin-skip"))
    assert "On demande au serveur" in texts(page)

    coming(house, 900)
    await settle()
    assert "900 sur 1800 documents" in texts(page)
    assert identified(page, "first-sync-bar").value == 0.5
    await press(page, identified(page, "first-sync-open"))

    assert "first-sync-line" in names(page)
    assert "900 sur 1800 documents" in texts(page)


async def test_first_sync_that_ends_goes_on_by_itself(page: ft.Page, house: House) -> None:
    await signed_in(page, house)
    await press(page, identified(page, "pin-skip"))

    house.account.has_job()
    house.account.tell_news()
    await settle()

    assert "Installation 1" in texts(page)
    assert "first-sync-line" not in names(page)


async def test_first_sync_that_stands_still_says_why(page: ft.Page, house: House) -> None:
    asked: list[int] = []

    async def sync_now() -> str | None:
        asked.append(1)
        return None

    house.account.sync_now = sync_now  # type: ignore[method-assign]  # counted
    await signed_in(page, house)
    await press(page, identified(page, "pin-skip"))
    coming(house, 10, failure="server-unreachable")
    await settle()
    assert "Le serveur ne répond pas." in texts(page)

    await press(page, identified(page, "first-sync-retry"))

    assert asked == [1]


# --- what stands in the way


async def test_session_that_ended_is_said_above_the_work(page: ft.Page, tmp_path: Path) -> None:
    """T-21."""
    house = House(tmp_path)
    house.account.has_job()
    await opened(page, house)
    house.account.stand(Standing("signed-out", "signed-out", NOON_MS, 3, 0))
    await settle()
    assert "Installation 1" in texts(page)

    await press(page, identified(page, "reconnect-now"))
    await type_in(page, identified(page, "password"), PASSWORD)
    await press(page, identified(page, "sign-in"))

    assert house.door.asked == [(SERVER, "marc@example.com", PASSWORD)]
    assert "Installation 1" in texts(page)


async def test_signing_in_again_may_wait(page: ft.Page, tmp_path: Path) -> None:
    house = House(tmp_path)
    house.account.has_job()
    await opened(page, house)
    house.account.stand(Standing("signed-out", "signed-out", NOON_MS, 3, 0))
    await settle()
    await press(page, identified(page, "reconnect-now"))

    await press(page, identified(page, "sign-in-cancel"))

    assert "sign-in-screen" not in names(page)


async def test_device_erased_by_the_office_says_so(page: ft.Page, tmp_path: Path) -> None:
    house = House(tmp_path)
    await opened(page, house)

    house.account.stand(Standing("wiped", None, NOON_MS, 0, 0))
    await settle()
    assert "Appareil effacé par le bureau" in texts(page)
    await press(page, identified(page, "wiped-again"))

    assert "sign-in-screen" in names(page)


async def test_app_that_cannot_open_says_why_and_tries_again(page: ft.Page, tmp_path: Path) -> None:
    house = House(tmp_path)
    house.account.has_job()
    house.door.refusal = "disk-full"
    await opened(page, house)
    assert "L’espace manque" in texts(page)

    house.door.refusal = None
    await press(page, identified(page, "refused-retry"))

    assert "Installation 1" in texts(page)


# --- what the page wears


@pytest.mark.parametrize("mode", [*Mode])
async def test_page_wears_the_chosen_look(page: ft.Page, house: House, mode: Mode) -> None:
    house.file.write(Preferences(mode=mode, language="en"))

    await opened(page, house)

    assert page.theme is not None
    assert page.theme.scaffold_bgcolor == PALETTES[mode].background
    assert page.theme_mode is (ft.ThemeMode.DARK if mode is Mode.DARK else ft.ThemeMode.LIGHT)
    assert page.title == "Gigafibre Field"


async def test_client_tells_of_network_and_background(page: Any, tmp_path: Path) -> None:  # noqa: ANN401 - Flet's page
    house = House(tmp_path)
    house.account.has_job()
    await opened(page, house)
    state = ft.AppLifecycleState

    for away, back in ((state.HIDE, state.SHOW), (state.PAUSE, state.RESUME)):
        for now in (away, state.INACTIVE, back):
            page.on_app_lifecycle_state_change(
                ft.AppLifecycleStateChangeEvent(name="x", control=page, state=now)
            )
    page.on_disconnect(None)
    page.on_connect(None)
    await settle()

    assert "today" in names(page)


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["wifi"], (True, False)),
        (["mobile"], (True, True)),
        (["mobile", "vpn"], (True, True)),
        (["mobile", "wifi"], (True, False)),
        (["ethernet"], (True, False)),
        (["none"], (False, False)),
        ([], (True, False)),
    ],
)
def test_network_is_mobile_when_there_is_nothing_better(
    house: House, kinds: list[str], told: tuple[bool, bool]
) -> None:
    tell(house.door, [ft.ConnectivityType(kind) for kind in kinds])

    assert house.door.networks == [told]


async def test_network_is_asked_for_once_a_client_is_there(
    page: Any,  # noqa: ANN401 - Flet’s page
    house: House,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def get_connectivity(_: object) -> list[ft.ConnectivityType]:
        return [ft.ConnectivityType.MOBILE]

    monkeypatch.setattr(ft.Connectivity, "get_connectivity", get_connectivity)
    page.session.apply_page_patch({"platform": "android"})

    await opened(page, house)

    assert house.door.networks == [(True, True)]


async def test_network_that_cannot_be_told_stops_nothing(
    page: Any,  # noqa: ANN401 - Flet’s page
    house: House,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def get_connectivity(_: object) -> list[ft.ConnectivityType]:
        raise RuntimeError("no such service here")

    monkeypatch.setattr(ft.Connectivity, "get_connectivity", get_connectivity)
    page.session.apply_page_patch({"platform": "linux"})

    await opened(page, house)

    assert (house.door.networks, "sign-in-screen" in names(page)) == ([], True)
