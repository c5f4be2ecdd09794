"""The steps as they are drawn: the list, and one step with its field and its one button."""

import asyncio
import json
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from field_app.ports import Photo
from field_app.state.entry import entry
from field_app.state.place import OF_STEP, Part
from field_app.state.workspace import Workspace
from field_app.theme import TARGET_PX
from field_app.views.job.steps import StepsScreen
from field_core.canon import Body, Json
from tests.app.at_work import LocalAccount, workspace
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts, type_in
from tests.app.making import steps
from tests.app.views import scene

FIRST, LEVEL = steps()
DONE: Body = {**FIRST, "done": True, "done_at": "2026-04-27T15:00:00.000000Z"}
TV: Body = {"id": "s9", "label_fr": "Décodeur", "condition": json.dumps({"!": [True]})}
SCAN: Body = {"id": "c", "step": "ont", "kind": "scan", "label_fr": "Étiquette"}
PHOTO: Body = {"id": "p", "step": "pic", "kind": "photo", "label_fr": "Photo", "required": True}


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


@pytest.fixture(autouse=True)
def _quick_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "DRAFT_S", 0)


def opening(account: LocalAccount, row: str, *rows: Json, **fields: Json) -> Workspace:
    key = account.has_job(1, **{"status": "On Site", "checklist": [*rows], **fields})
    return workspace(account, f"/today/{key}/steps/{row}")


async def drawn(page: ft.Page, here: Workspace, language: str = "fr") -> None:
    page.render(
        StepsScreen,
        scene("en" if language == "en" else "fr"),
        here,
        here.navigator.place,
    )
    await settle()


def names(page: ft.Page) -> list[str]:
    return [str(c.identifier) for c in controls(page) if isinstance(c, ft.Semantics)]


async def enter(page: ft.Page, name: str, text: str) -> None:
    """Type as a client does: the value comes first, the event after it."""
    field = next(c for c in controls(identified(page, name)) if isinstance(c, ft.TextField))
    await type_in(page, field, text)
    session: Any = page.session
    await session.dispatch_event(field._i, "change", text)  # noqa: SLF001 - as flet_page does
    await settle()


# --- the list


async def test_list_says_where_each_step_stands_in_words_and_icons(account: LocalAccount) -> None:
    here = opening(account, "", DONE, LEVEL, {**FIRST, "id": "s3", "depends_on": "s2"}, TV)
    async with flet_page() as page:
        await drawn(page, here)

        said = texts(page)
        assert "1 étape réglée sur 3" in said
        assert "Faite" in said
        assert "2026-04-27 11:00" in said
        assert "À faire" in said
        assert "Attend «\u00a0Niveau\u00a0»" in said
        icons = [c for c in controls(identified(page, "step-2")) if isinstance(c, ft.Icon)]
        assert len(icons) == 3


async def test_step_that_does_not_apply_is_folded_away_and_unfolds(account: LocalAccount) -> None:
    async with flet_page() as page:
        await drawn(page, opening(account, "", FIRST, TV))
        assert "Décodeur" not in texts(page)

        await press(page, identified(page, "hidden-steps"))

        assert "2. Décodeur" in texts(page)


async def test_list_opens_the_next_step_at_thumb_height(account: LocalAccount) -> None:
    here = opening(account, "", DONE, LEVEL)
    async with flet_page() as page:
        await drawn(page, here, "en")
        button = identified(page, "next-step")
        assert (button.content, button.height >= TARGET_PX) == ("Step 2: Level", True)

        await press(page, button)

    assert (here.navigator.place.part, here.navigator.place.row) == (Part.STEPS, "s2")


async def test_settled_job_is_completed_by_the_same_button(account: LocalAccount) -> None:
    here = opening(account, "", DONE)
    async with flet_page() as page:
        await drawn(page, here)

        await press(page, identified(page, "complete"))

    assert account.body(str(here.navigator.place.key))["status"] == "Completed"


async def test_job_is_closed_incomplete_with_the_reason_given(account: LocalAccount) -> None:
    """T-12."""
    here = opening(account, "", DONE, {**LEVEL, "value": -27.6})
    async with flet_page() as page:
        await drawn(page, here)
        await close_incomplete(page)

    body = account.body(str(here.navigator.place.key))
    assert (body["status"], body["closed_reason"]) == ("Incomplete", "niveau trop bas")


async def close_incomplete(page: ft.Page) -> None:
    await answer_question(page, "close-incomplete", "reason", "niveau trop bas")


async def answer_question(page: ft.Page, button: str, name: str, text: str) -> None:
    """Press what asks a question, and answer it: the press ends only when that is done."""
    asking = asyncio.create_task(press(page, identified(page, button)))
    await settle()
    await type_in(page, identified(page, f"{name}-field"), text)
    await press(page, identified(page, f"{name}-confirm"))
    await asking


@pytest.mark.parametrize("row", ["", "s1"])
async def test_job_that_is_gone_says_so(account: LocalAccount, row: str) -> None:
    async with flet_page() as page:
        await drawn(page, workspace(account, f"/today/no-such-job/steps/{row}"))

        assert "n’est plus sur l’appareil" in texts(page) or "n’existe plus" in texts(page)


async def test_job_without_steps_says_so(account: LocalAccount) -> None:
    async with flet_page() as page:
        await drawn(page, opening(account, ""))

        assert "n’a pas d’étapes" in texts(page)
        assert "complete" in names(page)


@pytest.mark.parametrize("row", ["", "s1"])
async def test_closed_job_says_that_it_is(account: LocalAccount, row: str) -> None:
    async with flet_page() as page:
        await drawn(page, opening(account, row, FIRST, status="Completed"))

        assert "Ce travail est fermé" in texts(page)
        assert {"do", "next-step", "complete"}.isdisjoint(names(page))


# --- one step


async def test_confirming_is_one_press(account: LocalAccount) -> None:
    here = opening(account, "s1", FIRST, LEVEL)
    async with flet_page() as page:
        await drawn(page, here)
        assert "Étape 1 de 2" in texts(page)

        await press(page, identified(page, "do"))

    assert here.navigator.place.row == "s2"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-24,1", "Conforme"),
        ("-27,6", "Trop bas : le minimum est -27 dBm."),
        ("-6.5", "Trop haut : le maximum est -8 dBm."),
        ("nan", "Ce n’est pas un nombre."),
    ],
)
async def test_verdict_is_said_as_a_reading_is_typed(
    account: LocalAccount, typed: str, said: str
) -> None:
    """T-12."""
    here = opening(account, "s2", DONE, {**LEVEL, "unit": "dBm"})
    async with flet_page() as page:
        await drawn(page, here)

        await enter(page, "answer", typed)

        verdict = identified(page, "verdict")
        words = [c for c in controls(verdict) if isinstance(c, ft.Text)]
        icons = [c for c in controls(verdict) if isinstance(c, ft.Icon)]
        assert any(said in str(word.value) for word in words)
        assert icons
        assert identified(page, "do").disabled is (typed == "nan")


async def test_failed_reading_is_kept_and_offers_to_close_incomplete(
    account: LocalAccount,
) -> None:
    """T-12."""
    here = opening(account, "s2", DONE, {**LEVEL, "unit": "dBm"})
    async with flet_page() as page:
        await drawn(page, here)
        await enter(page, "answer", "-27,6")

        await press(page, identified(page, "do"))

        assert "La mesure -27,6 dBm est hors limites" in texts(page)
        assert identified(page, "do").disabled
        await close_incomplete(page)

    assert account.body(str(here.navigator.place.key))["status"] == "Incomplete"


async def test_field_drawn_again_keeps_what_is_typed(account: LocalAccount) -> None:
    """A redraw that sent an older value would eat characters."""
    here = opening(account, "s2", DONE, LEVEL)
    async with flet_page() as page:
        await drawn(page, here)
        await enter(page, "answer", "-2")

        account.tell_news()
        await settle()

        field = next(c for c in controls(identified(page, "answer")) if isinstance(c, ft.TextField))
        assert field.value == "-2"


async def test_sign_is_a_button_where_negative_numbers_are_taken(account: LocalAccount) -> None:
    positive: Body = {"id": "n", "kind": "number", "min_value": 0.0}
    async with flet_page() as page:
        await drawn(page, opening(account, "s2", DONE, LEVEL))
        await enter(page, "answer", "24")

        await press(page, identified(page, "sign-flip"))

        field = next(c for c in controls(identified(page, "answer")) if isinstance(c, ft.TextField))
        assert field.value == "-24"
    async with flet_page() as page:
        await drawn(page, opening(account, "n", positive))
        assert "sign-flip" not in names(page)


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"min_value": -27.0, "max_value": -8.5, "unit": "dBm"}, "De -27 à -8,5 dBm"),
        ({"min_value": 50.0}, "Au moins 50"),
        ({"max_value": 2.0, "unit": "m"}, "Au plus 2 m"),
        ({"unit": "m"}, "m"),
    ],
)
async def test_bounds_are_shown_before_anything_is_typed(
    account: LocalAccount, bounds: Body, said: str
) -> None:
    async with flet_page() as page:
        await drawn(page, opening(account, "n", {"id": "n", "kind": "number", **bounds}))

        assert identified(page, "bounds").value == said


async def test_wrong_mac_is_said_inline_and_may_be_kept_as_a_serial(
    account: LocalAccount,
) -> None:
    """T-10."""
    async with flet_page() as page:
        await drawn(page, opening(account, "c", SCAN))
        await enter(page, "answer", "A42BB01C9F3")
        assert "Une adresse MAC a 12 chiffres; il y en a 11 ici." in texts(page)

        await press(page, identified(page, "as-serial"))

        assert "Lu : A42BB01C9F3" in texts(page)


async def test_choice_is_taken_by_a_press_on_its_tile(account: LocalAccount) -> None:
    row: Body = {"id": "k", "step": "k", "kind": "choice", "choices": "Bon\nUsé"}
    here = opening(account, "k", row)
    async with flet_page() as page:
        await drawn(page, here)
        assert identified(page, "do").disabled

        await press(page, identified(page, "choice-2"))

        chosen = [c for c in controls(page) if isinstance(c, ft.Semantics) and c.selected]
        assert [c.identifier for c in chosen] == ["choice-2"]
        await press(page, identified(page, "do"))

    rows: Any = account.body(str(here.navigator.place.key))["checklist"]
    assert rows[0]["value"] == "Usé"


async def test_photo_step_leads_to_the_photos(account: LocalAccount) -> None:
    here = opening(account, "p", PHOTO)
    async with flet_page() as page:
        await drawn(page, here)
        assert "Aucune photo" in texts(page)

        await press(page, identified(page, "do"))

    assert (here.navigator.place.part, here.navigator.place.row) == (Part.PHOTOS, f"{OF_STEP}p")


async def test_photo_step_says_how_many_photos_it_has(account: LocalAccount) -> None:
    here = opening(account, "p", PHOTO)
    key = str(here.navigator.place.key)
    await account.edit(lambda acts: acts.photo(key, Photo(b"x", "image/jpeg", step="p")))
    async with flet_page() as page:
        await drawn(page, here)

        assert "1 photo" in texts(page)
        await press(page, identified(page, "photos"))

    assert here.navigator.place.part is Part.PHOTOS


async def test_signature_step_says_who_signed(account: LocalAccount) -> None:
    row: Body = {"id": "g", "kind": "signature", "label_fr": "Signature"}
    here = opening(account, "g", row, signed_by="Lucie T.", signature="ab" * 32)
    async with flet_page() as page:
        await drawn(page, here)

        assert "Signé par Lucie T." in texts(page)


async def test_step_is_left_out_with_a_reason(account: LocalAccount) -> None:
    here = opening(account, "s1", FIRST, LEVEL)
    async with flet_page() as page:
        await drawn(page, here)
        await answer_question(page, "skip", "skip-reason", "client absent")

    rows: Any = account.body(str(here.navigator.place.key))["checklist"]
    assert rows[0]["skip_reason"] == "client absent"


@pytest.mark.parametrize(
    ("row", "step", "said"),
    [
        ("s1", DONE, "Faite · 2026-04-27 11:00"),
        ("s1", {**FIRST, "skip_reason": "absent"}, "Laissée de côté · absent"),
        ("s1", {**FIRST, "condition": json.dumps({"!": [True]})}, "Ne s’applique pas"),
    ],
)
async def test_step_says_where_it_stands(
    account: LocalAccount, row: str, step: Body, said: str
) -> None:
    async with flet_page() as page:
        await drawn(page, opening(account, row, step))

        assert said in texts(page)


async def test_step_that_waits_leads_to_the_one_before(account: LocalAccount) -> None:
    here = opening(account, "s2", FIRST, LEVEL)
    async with flet_page() as page:
        await drawn(page, here)
        assert identified(page, "do").content == "D’abord : Arrivé"

        await press(page, identified(page, "do"))

    assert here.navigator.place.row == "s1"


async def test_what_was_typed_before_a_kill_is_back_with_a_word_about_it(
    account: LocalAccount,
) -> None:
    """T-03."""
    row: Body = {"id": "t", "kind": "text", "label_fr": "Travail", "required": True}
    here = opening(account, "t", row)
    async with flet_page() as page:
        await drawn(page, here)
        await enter(page, "answer", "fil coupé")
        await enter(page, "step-note", "bruit")
    async with flet_page() as page:
        await drawn(page, here)

        fields = {c.value for c in controls(page) if isinstance(c, ft.TextField)}
        assert fields == {"fil coupé", "bruit"}
        assert "Votre saisie non enregistrée a été reprise." in texts(page)


@pytest.mark.parametrize(("name", "row"), [("before", "s1"), ("after", "s3")])
async def test_steps_beside_are_a_press_away(account: LocalAccount, name: str, row: str) -> None:
    here = opening(account, "s2", FIRST, LEVEL, {**FIRST, "id": "s3"})
    async with flet_page() as page:
        await drawn(page, here)

        await press(page, identified(page, name))

    assert here.navigator.place.row == row
