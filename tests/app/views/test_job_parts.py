"""The parts of a job on a page: equipment, material, notes, time, history."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from field_app.i18n import Language
from field_app.state.place import Place
from field_app.views.equipment.equipment import EquipmentPart
from field_app.views.job.history import HistoryScreen
from field_app.views.job.materials import MaterialsPart
from field_app.views.job.notes import NotesScreen
from field_app.views.job.time_entries import TimePart
from field_core.canon import Body
from field_core.status import JobStatus
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts, type_in
from tests.app.making import MARC, key
from tests.app.views import scene

BOX, ONT = "00:1A:79:0A:30:82", "A4:2B:B0:1C:9F:3E"
PARTS: dict[str, Callable[..., Any]] = {
    "equipment": EquipmentPart,
    "materials": MaterialsPart,
    "notes": NotesScreen,
    "time": TimePart,
    "history": HistoryScreen,
}


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    account.has_job(1, status="On Site")
    account.arrives(40, {"name": MARC, "full_name": "Marc R."}, "Dispatch Technician")
    box: Body = {
        "name": "EQP-03310",
        "equipment_type": "TV Box",
        "model": "MAG540",
        "status": "Installed",
        "mac_address": BOX,
        "service_location": "LOC-00001",
        "installed_on": "2023-08-09",
    }
    account.arrives(5, box, "Service Equipment")
    item = {"name": "MAT-CAT6", "item_name": "Câble Cat 6", "item_group": "Matériel"}
    account.arrives(500, {**item, "stock_uom": "Mètre"}, "Item")
    return account


class Drawn:
    """A part that is drawn on a page."""

    def __init__(self, page: ft.Page, navigator: Any) -> None:  # noqa: ANN401 - as in the state
        self.page = page
        self.navigator = navigator

    @property
    def text(self) -> str:
        return texts(self.page)

    async def press(self, name: str) -> None:
        await press(self.page, identified(self.page, name))

    async def type(self, name: str, text: str) -> None:
        """Type, and stay in the field."""
        await type_in(self.page, identified(self.page, name), text)
        await self._happen(name, "change", text)

    async def write(self, name: str, text: str) -> None:
        """Type, and go on to the next field."""
        await self.type(name, text)
        await self._happen(name, "blur", None)

    async def _happen(self, name: str, event: str, data: str | None) -> None:
        field = identified(self.page, name)
        await self.page.session.dispatch_event(field._i, event, data)  # noqa: SLF001 - Flet's id
        await settle()

    def field(self, name: str) -> ft.TextField:
        found = identified(self.page, name)
        assert isinstance(found, ft.TextField)
        return found


async def draw(
    page: ft.Page, account: LocalAccount, part: str, row: str = "", language: Language = "fr"
) -> Drawn:
    path = f"/today/{key(1)}/{part}" + (f"/{row}" if row else "")
    at_work = workspace(account, path)
    page.render(
        lambda: PARTS[part](scene(language), at_work, Place.parse(path)),
    )
    await settle()
    return Drawn(page, at_work.navigator)


def identifiers(page: ft.Page) -> set[str]:
    return {str(c.identifier) for c in controls(page) if isinstance(c, ft.Semantics)}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_part_is_drawn_with_a_way_back(
    account: LocalAccount, part: str, language: Language
) -> None:
    async with flet_page() as page:
        drawn = await draw(page, account, part, language=language)

        assert f"part-{part}-screen" in identifiers(page)
        assert "DJ-00001 · 1, rue X, Huntingdon" in drawn.text
        await drawn.press("back")
        assert drawn.navigator.place == Place(key=key(1))


@pytest.mark.parametrize("part", PARTS)
async def test_part_of_a_job_that_is_gone_says_so(account: LocalAccount, part: str) -> None:
    account.replica.db.conn.execute("DELETE FROM view WHERE key = ?", (key(1),))
    async with flet_page() as page:
        await draw(page, account, part)

        assert "job-gone" in identifiers(page)


@pytest.mark.parametrize(
    ("part", "name"),
    [("materials", "materials-empty"), ("notes", "notes-empty"), ("time", "time-empty")],
)
async def test_part_with_nothing_in_it_says_what_would_be_there(
    account: LocalAccount, part: str, name: str
) -> None:
    async with flet_page() as page:
        await draw(page, account, part)

        assert name in identifiers(page)


# --- equipment


async def test_device_is_shown_with_its_marks_and_leads_to_its_acts(account: LocalAccount) -> None:
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment")
        assert {"MAG540", BOX, "installé · depuis le 9 août 2023"} <= {*drawn.text.split("\n")}

        await drawn.press("swap-EQP-03310")

        assert drawn.navigator.place.row == f"swap/{key(5)}"


async def test_impossible_mac_is_said_beside_the_field_and_its_letters_stay(
    account: LocalAccount,
) -> None:
    """T-10."""
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment", "add")

        await drawn.write("field-mac_address", "A42BB01C9F3")

        field = drawn.field("field-mac_address")
        assert (field.value, field.error) == (
            "A42BB01C9F3",
            "Une adresse MAC a 12 chiffres; il y en a 11 ici.",
        )
        await drawn.write("field-mac_address", "a42b.b01c.9f3e")
        mended = drawn.field("field-mac_address")
        assert (mended.value, mended.error) == (ONT, None)


async def test_letters_typed_stay_when_news_has_the_screen_drawn_again(
    account: LocalAccount,
) -> None:
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment", "add")
        await drawn.type("field-model", "XX23")

        account.has_job(1, status="Paused")
        account.tell_news()
        await settle()

        assert drawn.field("field-model").value == "XX23"


async def test_alarm_says_where_and_asks_how_before_anything_is_stored(
    account: LocalAccount,
) -> None:
    """T-11."""
    row: Body = {
        "equipment": key(700),
        "mac_address": ONT,
        "service_location": "LOC-00871",
        "since": "2025-11-03",
    }
    account.arrives(600, row, "Equipment Identity")
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment", "add")
        await drawn.press("type-ONT")
        await drawn.write("field-mac_address", ONT)
        assert f"{ONT} : à LOC-00871, depuis le 3 novembre 2025." in drawn.text

        await drawn.press("equipment-save")
        assert "missing" in identifiers(page)
        assert account.replica.outbox.entries() == []

        await drawn.press("origin-moved")
        await drawn.press("equipment-save")
        assert len(account.replica.outbox.entries()) == 2


async def test_swap_is_done_from_the_form(account: LocalAccount) -> None:
    """T-15."""
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment", f"swap%2F{key(5)}")
        await drawn.press("reason-defective")
        await drawn.write("reason-text", "écran noir")
        await drawn.write("field-mac_address", "00:1A:79:33:10:B2")

        await drawn.press("equipment-save")

    assert account.body(key(5))["status"] == "To Return"
    assert {e.kind for e in account.replica.outbox.entries()} == {"set", "create", "append"}


async def test_device_a_colleague_changed_is_shown_for_review(account: LocalAccount) -> None:
    """T-16."""
    review: Body = {"document_key": key(5), "reason": "conflict", "state": "open"}
    account.arrives(950, review, "Sync Review")
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment")

        assert "review-EQP-03310" in identifiers(page)
        assert "À réviser par le bureau" in drawn.text


async def test_device_already_here_and_device_in_stock_are_told_apart(
    account: LocalAccount,
) -> None:
    account.arrives(600, {"equipment": key(700), "mac_address": ONT}, "Equipment Identity")
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment", "add")

        await drawn.write("field-mac_address", BOX)
        assert "alarm-here" in identifiers(page)
        await drawn.write("field-mac_address", ONT)
        assert "alarm-stock" in identifiers(page)


async def test_form_for_a_device_that_left_offers_nothing(account: LocalAccount) -> None:
    async with flet_page() as page:
        await draw(page, account, "equipment", f"remove%2F{key(77)}")

        assert "old-gone" in identifiers(page)
        assert "equipment-save" not in identifiers(page)


async def test_what_the_office_planned_leads_to_its_form(account: LocalAccount) -> None:
    row = {"id": "r1", "action": "Remove", "equipment": "EQP-03310"}
    account.has_job(1, equipment=[dict(row)])
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment")
        assert "À retirer : MAG540" in drawn.text

        await drawn.press("planned-r1")

        assert drawn.navigator.place.row == f"remove/{key(5)}"


@pytest.mark.parametrize(
    ("row", "name", "place"),
    [
        ({"action": "Swap", "equipment": "EQP-03310"}, "planned-r1", f"swap/{key(5)}"),
        ({"action": "Install", "equipment": "EQP-00777"}, "planned-r1", "add"),
        ({}, "remove-EQP-03310", f"remove/{key(5)}"),
        ({}, "equipment-add", "add"),
    ],
)
async def test_each_way_into_a_form_leads_there(
    account: LocalAccount, row: Body, name: str, place: str
) -> None:
    account.arrives(6, {"name": "EQP-00777", "status": "In Stock"}, "Service Equipment")
    account.has_job(1, equipment=[{"id": "r1", **row}] if row else [])
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment")

        await drawn.press(name)

        assert drawn.navigator.place.row == place


async def test_what_was_done_is_shown_with_why_and_how_far_it_has_come(
    account: LocalAccount,
) -> None:
    account.acts.remove_equipment(key(1), key(5), "Défectueux")
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment")

        assert "equipment-empty" in identifiers(page)
        assert {"Retiré : MAG540", "Défectueux", "sur cet appareil"} <= {*drawn.text.split("\n")}


async def test_job_without_an_address_takes_no_device(account: LocalAccount) -> None:
    account.has_job(1, service_location=None)
    async with flet_page() as page:
        drawn = await draw(page, account, "equipment")

        assert "Ce travail n’a pas d’adresse" in drawn.text
        assert "equipment-add" not in identifiers(page)


# --- material, notes, time, history


async def test_material_is_found_chosen_measured_and_listed(account: LocalAccount) -> None:
    async with flet_page() as page:
        drawn = await draw(page, account, "materials", "add")
        await drawn.write("item-search", "cable")
        await drawn.press("item-MAT-CAT6")
        await drawn.write("qty", "2,5")
        await drawn.press("more")

        await drawn.press("material-save")

    async with flet_page() as page:
        drawn = await draw(page, account, "materials")
        assert {"Câble Cat 6", "3,5 mètres"} <= {*drawn.text.split("\n")}


async def test_material_row_is_corrected_or_taken_off(account: LocalAccount) -> None:
    account.acts.material(key(1), item="MAT-CAT6", description=None, qty=2.0, uom="Mètre")
    rows: Any = account.body(key(1))["materials"]
    async with flet_page() as page:
        drawn = await draw(page, account, "materials", f"edit%2F{rows[0]['id']}")
        assert drawn.field("qty").value == "2"

        await drawn.press("material-remove")

    assert account.body(key(1))["materials"][0]["qty"] == 0  # type: ignore[index,call-overload]  # a table


async def test_note_is_written_and_corrected(account: LocalAccount) -> None:
    async with flet_page() as page:
        drawn = await draw(page, account, "notes")
        await drawn.write("note-text", "Clé sous le tapis")
        await drawn.press("note-add")
        assert drawn.field("note-text").value == ""
        rows: Any = account.body(key(1))["notes"]

        await drawn.press(f"correct-{rows[0]['id']}")
        assert "Correction de : Clé sous le tapis" in drawn.text
        await drawn.write("note-text", "Clé sous le pot")
        await drawn.press("note-add")

        assert {"Clé sous le pot", "corrigée", "Corrige : Clé sous le tapis"} <= {
            *drawn.text.split("\n")
        }


async def test_timer_is_started_shown_and_stopped(account: LocalAccount) -> None:
    async with flet_page() as page:
        drawn = await draw(page, account, "time")
        await drawn.press("time-start-Work")
        account.clock.go(65 * 60_000)
        account.tell_news()
        await settle()
        assert {"1 h 05", "Travail depuis 12:00"} <= {*drawn.text.split("\n")}

        await drawn.press("time-stop")

        assert "Travail · 1 h 05" in drawn.text
        assert "time-running" not in identifiers(page)


async def test_timer_of_another_job_is_pointed_out(account: LocalAccount) -> None:
    account.has_job(2)
    account.acts.start_time(key(2), "Travel")
    async with flet_page() as page:
        drawn = await draw(page, account, "time")
        assert "Déplacement en cours sur DJ-00002 depuis 12:00" in drawn.text

        await drawn.press("time-stop-DJ-00002")

        assert "elsewhere-DJ-00002" not in identifiers(page)


async def test_stretch_is_written_down_from_the_form(account: LocalAccount) -> None:
    async with flet_page() as page:
        drawn = await draw(page, account, "time", "add")
        await drawn.write("time-from", "10")
        await drawn.write("time-to", "9")
        await drawn.press("time-save")
        assert "missing" in identifiers(page)

        await drawn.press("activity-Travel")
        await drawn.press("day-before")
        await drawn.write("time-to", "10h30")
        await drawn.press("time-save")

    rows: Any = account.body(key(1))["time_entries"]
    assert [(r["activity"], r["started_at"]) for r in rows] == [
        ("Travel", "2026-04-26T14:00:00.000000Z")
    ]


async def test_history_shows_visits_moves_and_what_was_done(account: LocalAccount) -> None:
    account.has_job(2, scheduled_date="2026-04-20", status="Completed")
    account.acts.move(key(1), JobStatus.PAUSED)
    async with flet_page() as page:
        drawn = await draw(page, account, "history")
        assert "2026-04-27 12:00" in drawn.text
        assert "Visites précédentes à cette adresse".upper() in drawn.text

        await drawn.press("visit-DJ-00002")

        assert drawn.navigator.place.key == key(2)
