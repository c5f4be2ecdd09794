"""One step: answered, refused, left out, taken back; what is typed outlives a kill (T-03)."""

import asyncio
from pathlib import Path

import pytest

from field_app.ports import Photo
from field_app.state.entry import entry
from field_app.state.job.step import Doing, StepRunner
from field_app.state.place import OF_STEP, Part, Place
from field_core.canon import Body, Json
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import steps

FIRST, LEVEL = steps()
DONE: Body = {**FIRST, "done": True}
TEXT: Body = {"id": "t", "step": "work", "kind": "text", "label_fr": "Travail", "required": True}
PHOTO: Body = {"id": "p", "step": "pic", "kind": "photo", "label_fr": "Photo", "required": True}
SIGNED: Body = {"id": "g", "step": "sig", "kind": "signature", "label_fr": "Signature"}
SCAN: Body = {"id": "c", "step": "ont", "kind": "scan", "label_fr": "Étiquette"}


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


@pytest.fixture(autouse=True)
def _quick_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "DRAFT_S", 0)


async def opened(account: LocalAccount, row: str, *rows: Json, **fields: Json) -> StepRunner:
    key = account.has_job(1, **{"status": "On Site", "checklist": [*rows], **fields})
    return await at(account, key, row)


async def at(account: LocalAccount, key: str, row: str, language: str = "fr") -> StepRunner:
    here = workspace(account, f"/today/{key}/steps/{row}")
    model = StepRunner(here, key, row, language=language)
    await model.refresh()
    return model


def step_of(account: LocalAccount, model: StepRunner) -> Body:
    rows = account.body(model.key)["checklist"]
    assert isinstance(rows, list)
    return next(row for row in rows if isinstance(row, dict) and row["id"] == model.row_id)


async def drafted() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_confirming_goes_on_to_the_next_open_step(account: LocalAccount) -> None:
    model = await opened(account, "s1", FIRST, LEVEL)
    assert (model.doing, model.can_save) == (Doing.CONFIRM, True)

    await model.do()

    assert step_of(account, model)["done"] is True
    assert model.workspace.navigator.place.row == "s2"
    notice = model.workspace.notices.current
    assert notice
    assert (notice.key, notice.undo is not None) == ("notice.saved", True)


async def test_last_step_leads_back_to_the_list(account: LocalAccount) -> None:
    model = await opened(account, "s1", FIRST)

    await model.do()

    assert model.workspace.navigator.place == Place(key=model.key, part=Part.STEPS)


async def test_required_step_before_comes_next_an_optional_one_does_not(
    account: LocalAccount,
) -> None:
    model = await opened(account, "t", SCAN, FIRST, TEXT)
    model.entry.type("fil")
    await model.do()
    assert model.workspace.navigator.place.row == "s1"

    last = await at(account, model.key, "s1")
    await last.do()

    assert last.workspace.navigator.place.row is None


async def test_step_that_waits_leads_to_what_it_waits_for(account: LocalAccount) -> None:
    model = await opened(account, "s2", FIRST, LEVEL)
    assert (model.doing, model.can_answer) == (Doing.GO_FIRST, False)

    await model.do()

    assert model.workspace.navigator.place.row == "s1"


@pytest.mark.parametrize(("typed", "value"), [("-24,1", -24.1), ("-24.1", -24.1), ("−10", -10.0)])
async def test_reading_within_bounds_is_saved_as_a_number(
    account: LocalAccount, typed: str, value: float
) -> None:
    """T-12: −24.1 dBm passes."""
    model = await opened(account, "s2", DONE, LEVEL)

    model.entry.type(typed)
    await model.do()

    step = step_of(account, model)
    assert (step["value"], step["done"]) == (value, True)


@pytest.mark.parametrize(("typed", "wrong"), [("-27,6", "below"), ("-6,5", "above")])
async def test_reading_past_a_bound_is_said_before_it_is_kept_and_stays_in_front(
    account: LocalAccount, typed: str, wrong: str
) -> None:
    """T-12: it blocks completing, and may be taken again."""
    model = await opened(account, "s2", DONE, LEVEL)

    model.entry.type(typed)

    assert model.answer.problem
    assert model.answer.problem.details["wrong"] == wrong
    assert (model.doing, model.can_save) == (Doing.KEEP_FAILING, True)

    await model.do()

    step = step_of(account, model)
    assert (step["done"], model.workspace.navigator.place.row) == (False, "s2")
    assert (model.can_complete, model.can_close, model.can_save) == (False, True, False)


@pytest.mark.parametrize("typed", ["", "nan", "inf", "1e5", "9" * 16, "99999999999", "douze"])
async def test_absurd_number_is_refused_before_anything_is_stored(
    account: LocalAccount, typed: str
) -> None:
    row: Body = {"id": "n", "step": "n", "kind": "reading", "required": True}
    model = await opened(account, "n", row)

    model.entry.type(typed)

    assert (model.can_save, await model.save()) == (False, False)
    assert account.reading.outbox() == []


async def test_number_past_a_bound_is_refused_with_the_bound(account: LocalAccount) -> None:
    row: Body = {"id": "n", "step": "wifi", "kind": "number", "min_value": 50.0, "unit": "Mbit/s"}
    model = await opened(account, "n", row)

    model.entry.type("49")

    problem = model.answer.problem
    assert problem
    assert (problem.details["limit"], problem.details["unit"]) == (50.0, "Mbit/s")
    assert model.can_save is False


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("A42BB01C9F3", "mac-length"),
        ("ZZ:2B:B0:1C:9F:3E", "mac-characters"),
        ("01:00:5E:00:00:01", "mac-multicast"),
        ("00:00:00:00:00:00", "mac-reserved"),
    ],
)
async def test_typed_mac_that_no_device_bears_is_refused_inline(
    account: LocalAccount, typed: str, code: str
) -> None:
    """T-10."""
    model = await opened(account, "c", SCAN)

    model.entry.type(typed)

    problem = model.answer.problem
    assert problem
    assert (problem.code, model.can_save) == (code, False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a42b.b01c.9f3e", "A4:2B:B0:1C:9F:3E"),
        ("A4-2B-B0-1C-9F-3E", "A4:2B:B0:1C:9F:3E"),
        ("54504C47A1B2C3D4", "TPLGA1B2C3D4"),
        ("2210592200134", "2210592200134"),
    ],
)
async def test_typed_identity_is_kept_in_one_form(
    account: LocalAccount, typed: str, kept: str
) -> None:
    """T-10."""
    model = await opened(account, "c", SCAN)

    model.entry.type(typed)
    await model.do()

    assert step_of(account, model)["value"] == kept


async def test_what_looks_like_a_mac_may_be_kept_as_a_serial_until_it_is_changed(
    account: LocalAccount,
) -> None:
    model = await opened(account, "c", SCAN)
    model.entry.type("A42BB01C9F3")

    model.entry.take_for_serial()
    assert model.answer.value == "A42BB01C9F3"

    model.entry.type("A42BB01C9F")
    model.entry.type("A42BB01C9F3")
    assert model.answer.problem


async def test_sign_is_put_and_taken_by_a_button(account: LocalAccount) -> None:
    model = await opened(account, "s2", DONE, LEVEL)
    model.entry.type("24,1")

    model.entry.flip_sign()
    assert model.entry.typed == "-24,1"

    model.entry.flip_sign()
    assert model.entry.typed == "24,1"


# --- drafts


async def test_kill_amid_typing_loses_nothing_typed_and_says_so(account: LocalAccount) -> None:
    """T-03: the program ends without a word; the next one opens the same step."""
    model = await opened(account, "t", TEXT)
    model.entry.type("fil coupé à l’ent")
    model.entry.write_note("bruit dans la ga")
    await drafted()

    again = await at(account, model.key, "t")

    assert (again.entry.typed, again.entry.note) == ("fil coupé à l’ent", "bruit dans la ga")
    assert again.entry.is_restored


async def test_leaving_a_step_keeps_what_was_typed_at_once(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-03."""
    monkeypatch.setattr(entry, "DRAFT_S", 60)
    model = await opened(account, "t", TEXT, FIRST)
    model.entry.type("fil")

    await model.go(model.after)

    assert model.workspace.navigator.place.row == "s1"
    assert (await at(account, model.key, "t")).entry.typed == "fil"


async def test_draft_that_says_what_was_saved_is_nothing_to_speak_of(
    account: LocalAccount,
) -> None:
    model = await opened(account, "t", {**TEXT, "value": "fil", "done": True})
    model.entry.type("fils")
    model.entry.type("fil")
    await drafted()

    assert (await at(account, model.key, "t")).entry.is_restored is False


async def test_saving_lets_go_of_the_draft(account: LocalAccount) -> None:
    model = await opened(account, "t", TEXT)
    model.entry.type("fil remplacé")
    await drafted()

    await model.do()
    await drafted()

    again = await at(account, model.key, "t")
    assert (again.entry.typed, again.entry.is_restored) == ("fil remplacé", False)


async def test_refused_answer_stays_typed_and_drafted(account: LocalAccount) -> None:
    model = await opened(account, "t", TEXT)
    model.entry.type("fil remplacé")
    account.refusal = "disk-full"

    assert await model.save() is False

    await drafted()
    notice = model.workspace.notices.current
    assert notice
    assert notice.problem
    assert (notice.problem.code, model.entry.typed) == ("disk-full", "fil remplacé")
    assert await account.draft(model.key, "step/t") is not None


async def test_news_of_others_while_typing_leave_what_is_typed(account: LocalAccount) -> None:
    model = await opened(account, "t", TEXT)
    model.entry.type("fil")

    await model.refresh()

    assert model.entry.typed == "fil"


# --- undo


async def test_undo_leads_back_to_the_step_with_what_was_typed(account: LocalAccount) -> None:
    model = await opened(account, "t", TEXT, FIRST)
    model.entry.type("fil remplacé")
    await model.do()
    assert model.workspace.navigator.place.row == "s1"

    await model.workspace.notices.take_back()

    assert "value" not in step_of(account, model)
    assert model.workspace.navigator.place.row == "t"
    assert (await at(account, model.key, "t")).entry.typed == "fil remplacé"
    assert account.reading.outbox() == []


async def test_undo_of_a_change_brings_the_answer_before_it(account: LocalAccount) -> None:
    model = await opened(account, "s2", DONE, {**LEVEL, "value": -24.1, "done": True})
    model.entry.type("-27,6")
    await model.do()

    await model.workspace.notices.take_back()

    step = step_of(account, model)
    assert (step["value"], step["done"], model.entry.typed) == (-24.1, True, "-24,1")


async def test_undo_after_the_server_was_offered_it_sets_the_value_back(
    account: LocalAccount,
) -> None:
    model = await opened(account, "t", TEXT)
    model.entry.type("fil remplacé")
    await model.do()
    account.replica.db.conn.execute("UPDATE outbox SET offered = 1")

    await model.workspace.notices.take_back()

    assert step_of(account, model).get("value") is None
    assert len(account.reading.outbox()) == 2


# --- what is done elsewhere


async def test_photo_step_leads_to_the_photos_and_back(account: LocalAccount) -> None:
    model = await opened(account, "p", PHOTO)
    assert model.doing is Doing.PHOTO

    await model.do()

    place = model.workspace.navigator.place
    assert (place.part, place.row) == (Part.PHOTOS, f"{OF_STEP}p")
    model.workspace.navigator.back()
    assert model.workspace.navigator.place == Place(key=model.key, part=Part.STEPS, row="p")


async def test_photo_step_is_confirmed_once_its_photo_is_there(account: LocalAccount) -> None:
    model = await opened(account, "p", PHOTO)
    await account.edit(lambda acts: acts.photo(model.key, Photo(b"x", "image/jpeg", step="p")))
    await model.refresh()
    assert model.doing is Doing.CONFIRM

    await model.do()

    assert step_of(account, model)["done"] is True


async def test_signature_step_leads_to_the_signature(account: LocalAccount) -> None:
    model = await opened(account, "g", SIGNED)
    assert (model.doing, model.signed_by) == (Doing.SIGN, None)

    await model.do()

    assert model.workspace.navigator.place.part is Part.SIGNATURE


async def test_signed_job_says_by_whom(account: LocalAccount) -> None:
    model = await opened(account, "g", SIGNED, signed_by="Lucie T.", signature="ab" * 32)

    assert (model.doing, model.signed_by) == (Doing.CONFIRM, "Lucie T.")


# --- leaving out, going on


async def test_step_left_out_keeps_the_reason_and_goes_on(account: LocalAccount) -> None:
    model = await opened(account, "s1", FIRST, LEVEL)
    assert model.can_skip

    await model.skip("client absent")

    assert step_of(account, model)["skip_reason"] == "client absent"
    assert model.workspace.navigator.place.row == "s2"
    assert model.can_skip is False


async def test_leaving_out_without_a_reason_is_refused(account: LocalAccount) -> None:
    model = await opened(account, "s1", FIRST)

    assert await model.skip(" ") is False
    assert model.workspace.navigator.place.row == "s1"


async def test_done_step_goes_on_until_something_is_changed(account: LocalAccount) -> None:
    done: Body = {**TEXT, "value": "fil", "done": True}
    model = await opened(account, "t", done, FIRST)
    offered = [model.doing]

    model.entry.type("fil et prise")
    offered.append(model.doing)
    model.entry.type("fil")
    await model.do()

    assert offered == [Doing.GO_ON, Doing.SAVE]
    assert model.workspace.navigator.place.row == "s1"
    assert account.reading.outbox() == []


async def test_steps_beside_are_those_of_the_list(account: LocalAccount) -> None:
    model = await opened(account, "s2", FIRST, LEVEL, TEXT)

    assert model.before
    assert model.after
    assert (model.before.id, model.after.id) == ("s1", "t")
    first = await at(account, model.key, "s1")
    last = await at(account, model.key, "t")
    assert (first.before, last.after) == (None, None)


async def test_step_that_is_gone_can_do_nothing(account: LocalAccount) -> None:
    model = await opened(account, "gone", FIRST)

    assert (model.current, model.doing, model.answer.value) == (None, None, None)
    flags = (model.is_answered, model.has_changed, model.can_skip, model.is_ready_to_draw)
    assert flags == (False, False, False, False)
    assert (model.before, model.after, await model.save()) == (None, None, False)


async def test_closed_job_offers_nothing_on_a_step(account: LocalAccount) -> None:
    model = await opened(account, "s1", FIRST, status="Completed")

    assert (model.doing, model.can_answer, model.can_skip) == (None, False, False)


async def test_choice_is_one_of_those_offered(account: LocalAccount) -> None:
    row: Body = {"id": "k", "step": "k", "kind": "choice", "choices": "Bon\nUsé"}
    model = await opened(account, "k", row)

    model.entry.type("Neuf")
    assert model.can_save is False
    model.entry.type("Usé")
    await model.do()

    assert step_of(account, model)["value"] == "Usé"
