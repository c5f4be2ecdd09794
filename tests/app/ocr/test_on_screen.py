"""A late reading on the screens: the open step and form, the chip, the queue (SC-03, T-09)."""

import asyncio
from typing import Any

import pytest

from field_app.ports import OcrOf, OcrState, OcrTarget, Shot, Standing
from field_app.state.entry import entry
from field_app.state.equipment.device_form import DeviceForm
from field_app.state.equipment.device_marks import Field
from field_app.state.job.step import Doing, StepRunner
from field_app.state.place import Part, Place, Room
from field_app.state.scanning.identified import Identified, Source
from field_app.state.sending.label_readings import LabelReadings
from field_app.views.job.steps import StepsScreen
from field_app.views.scanning.suggestion import parted
from field_app.views.sending.label_readings import LabelReadingsPart
from tests.app.at_work import workspace
from tests.app.flet_page import flet_page, identified, press, settle, texts
from tests.app.making import NOON_MS, job
from tests.app.ocr.desk import MAC, OTHER, PICTURE, READ, Desk, refusing, saying
from tests.app.views import scene

SCAN: dict[str, Any] = {
    "id": "s1",
    "step": "s1",
    "kind": "scan",
    "label_fr": "ONT",
    "label_en": "ONT",
}


@pytest.fixture(autouse=True)
def _quick_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "DRAFT_S", 0)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.account.arrives(1, job(1, status="On Site", checklist=[SCAN]))
    return desk


async def step(desk: Desk) -> StepRunner:
    here = workspace(desk.account, f"/today/{desk.key}/steps/s1")
    model = StepRunner(here, desk.key, "s1", language="fr")
    await model.refresh()
    return model


# --- the step


async def test_open_step_shows_the_value_that_came_meanwhile(desk: Desk) -> None:
    model = await step(desk)
    await desk.read(saying(READ))
    await model.refresh()

    assert (model.entry.typed, model.entry.source) == (MAC, "ocr")
    assert model.doing is Doing.SAVE


async def test_value_that_came_is_kept_as_read_when_the_step_is_done(desk: Desk) -> None:
    model = await step(desk)
    await desk.read(saying(READ))
    await model.refresh()
    await model.save()

    assert (desk.step()["value"], desk.step()["source"], desk.step()["done"]) == (MAC, "ocr", True)


async def test_open_step_keeps_what_is_being_typed(desk: Desk) -> None:
    """T-09: not one letter of it moves."""
    model = await step(desk)
    model.entry.type(OTHER)
    await asyncio.sleep(0.05)
    await desk.read(saying(READ))
    await model.refresh()

    assert model.entry.typed == OTHER
    assert desk.step().get("value") is None
    assert [one.value for one in model.proposed.suggestions] == [MAC]
    assert model.proposed.crops


async def test_suggestion_taken_stands_in_the_field_and_can_be_taken_back(desk: Desk) -> None:
    desk.acts.do_step(desk.key, "s1", OTHER, source="typed")
    await desk.read(saying(READ))
    model = await step(desk)
    (suggestion,) = model.proposed.suggestions
    await model.proposed.take(suggestion)

    assert (model.entry.typed, model.entry.source, desk.step()["value"]) == (MAC, "ocr", MAC)
    assert model.proposed.suggestions == []
    notice = model.workspace.notices.current
    assert notice is not None
    assert notice.undo is not None
    await notice.undo()
    assert desk.step()["value"] == OTHER


async def test_suggestion_left_goes(desk: Desk) -> None:
    desk.acts.do_step(desk.key, "s1", OTHER, source="typed")
    await desk.read(saying(READ))
    model = await step(desk)
    await model.proposed.leave(model.proposed.suggestions[0])

    assert (model.entry.typed, model.proposed.suggestions) == (OTHER, [])


async def test_closed_job_is_asked_about_nothing_on_its_step(desk: Desk) -> None:
    desk.acts.do_step(desk.key, "s1", OTHER, source="typed")
    desk.acts.close_incomplete(desk.key, "fin")
    await desk.read(saying(READ))

    assert (await step(desk)).proposed.suggestions == []


async def test_job_in_front_has_its_labels_read_first(desk: Desk) -> None:
    model = await step(desk)
    reader = desk.account.ocr
    assert reader._preferred == desk.key  # noqa: SLF001 - what the reader goes by
    model.workspace.navigator.go(Place(Room.OUTBOX))

    assert reader._preferred is None  # noqa: SLF001 - same


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_chip_says_what_is_read_and_offers_both_ways(desk: Desk, language: str) -> None:
    desk.acts.do_step(desk.key, "s1", OTHER, source="typed")
    await desk.read(saying(READ))
    here = workspace(desk.account, f"/today/{desk.key}/steps/s1")
    async with flet_page() as page:
        page.render(
            StepsScreen, scene("en" if language == "en" else "fr"), here, here.navigator.place
        )
        await settle()

        said = "OCR suggère" if language == "fr" else "OCR suggests"
        assert said in texts(page)
        assert identified(page, "suggestion-value-crop") is not None
        await press(page, identified(page, "suggestion-value-take"))
        await settle()

    assert desk.step()["value"] == MAC


def test_what_differs_is_marked() -> None:
    assert parted("A4:3E", "A4:3B") == [("A4:3", False), ("E", True)]
    assert parted("A4", "A4:3B") == [("A4", False)]


# --- the form


async def form_with_photo(desk: Desk) -> tuple[DeviceForm, str]:
    here = workspace(desk.account, f"/today/{desk.key}/equipment/add")
    form = DeviceForm(here, desk.key, "add", say=lambda key, **_: key)
    await form.refresh()
    form.open_scanner()
    target = OcrTarget(OcrOf.FORM, "add")
    photo = await desk.account.photographs.take(Shot(PICTURE, desk.key, reads=target))
    await desk.account.photographs.settled()
    scanner = form.scanner
    assert scanner is not None
    await scanner._hand_on(Identified({}, Source.PHOTO, picture=PICTURE, photo=photo))  # noqa: SLF001 - as when the photo is kept
    return form, next(one.id for one in desk.rows() if one.photo == photo)


async def answered(desk: Desk) -> None:
    await desk.reader._turn()  # noqa: SLF001 - one step at a time
    desk.receive()
    desk.answers = [saying(READ)]
    await desk.turn()


async def test_form_says_that_its_label_waits_then_fills_its_empty_fields(desk: Desk) -> None:
    form, ocr = await form_with_photo(desk)
    assert form.scanner is None
    assert form.proposed.waiting is not None
    assert form.proposed.waiting.id == ocr
    form.type(Field.SERIAL, "OTHER-1234")
    await answered(desk)
    await form.refresh()

    assert form.marks.typed[Field.MAC] == MAC
    assert form.marks.sources[Field.MAC] is Source.OCR
    assert form.marks.typed[Field.SERIAL] == "OTHER-1234"
    assert [(one.field, one.current) for one in form.proposed.suggestions] == [
        ("serial_no", "OTHER-1234")
    ]
    await form.proposed.take(form.proposed.suggestions[0])
    assert form.marks.typed[Field.SERIAL] == "2236547000341"
    assert form.proposed.suggestions == []


async def test_label_read_after_its_form_was_saved_goes_to_the_device(desk: Desk) -> None:
    form, _ = await form_with_photo(desk)
    form.type(Field.MAC, OTHER)
    form.choose_type("ONT")
    assert await form.save()
    await answered(desk)
    await desk.turn()

    (device,) = [body for _, body in desk.account.replica.documents("Service Equipment")]
    assert (device["mac_address"], device["serial_no"]) == (OTHER, "2236547000341")


# --- the queue


async def queue_of(desk: Desk) -> LabelReadings:
    model = LabelReadings(workspace(desk.account, "/outbox"))
    await model.refresh()
    return model


async def test_queue_says_what_waits_and_until_when(desk: Desk) -> None:
    await desk.read(refusing("ocr-busy", after_s=30))
    model = await queue_of(desk)
    assert model.rows is not None
    (row,) = model.rows

    assert (row.step_label("fr"), model.state_of(row), row.tries) == ("ONT", OcrState.WAITING, 1)
    assert row.problem is not None
    assert row.problem.code == "ocr-busy"


async def test_reading_given_up_leaves_the_queue(desk: Desk) -> None:
    await desk.shoot()
    model = await queue_of(desk)
    assert model.rows
    await model.cancel(model.rows[0])
    await model.refresh()

    assert model.rows == []


async def test_reading_tried_again_waits_for_nothing(desk: Desk) -> None:
    ocr = await desk.read(refusing("ocr-off"))
    model = await queue_of(desk)
    assert model.rows
    await model.retry(model.rows[0])

    assert (desk.row(ocr).state, desk.row(ocr).next_ms) == (OcrState.WAITING, 0)


async def test_row_leads_to_where_the_number_is_typed(desk: Desk) -> None:
    await desk.shoot()
    model = await queue_of(desk)
    assert model.rows
    model.open(model.rows[0])

    place = model._workspace.navigator.place  # noqa: SLF001 - where it led
    assert (place.key, place.part, place.row) == (desk.key, Part.STEPS, "s1")


@pytest.mark.parametrize(
    ("code", "said"), [("ocr-off", "Tapez le numéro"), ("ocr-spent", "se fera demain")]
)
async def test_queue_is_drawn_in_plain_words(desk: Desk, code: str, said: str) -> None:
    ocr = await desk.read(refusing(code))
    here = workspace(desk.account, "/outbox")
    async with flet_page() as page:
        page.render(LabelReadingsPart, scene("fr"), here)
        await settle()

        whole = texts(page)
        assert said in whole
        assert "Étiquette de l’étape « ONT »" in whole
        assert identified(page, f"reading-{ocr}") is not None
        await press(page, identified(page, f"reading-cancel-{ocr}"))
        await settle()

    assert desk.rows() == []


async def test_nothing_is_drawn_while_nothing_waits(desk: Desk) -> None:
    here = workspace(desk.account, "/outbox")
    async with flet_page() as page:
        page.render(LabelReadingsPart, scene("fr"), here)
        await settle()

        assert texts(page) == ""


@pytest.mark.parametrize(
    ("standing", "is_held", "said"),
    [
        (None, False, "Envoyée à 0 %"),
        (None, True, "Attend le Wi-Fi"),
        ("server-unreachable", True, "Attend le signal"),
    ],
)
async def test_queue_says_what_holds_a_picture_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, standing: str | None, is_held: bool, said: str
) -> None:
    await desk.shoot()
    await desk.turn()
    desk.account.stand(Standing("waiting", standing, NOON_MS, 0, 1))
    monkeypatch.setattr(type(desk.account.ocr), "is_held", is_held)
    async with flet_page() as page:
        page.render(LabelReadingsPart, scene("fr"), workspace(desk.account, "/outbox"))
        await settle()

        assert said in texts(page)
