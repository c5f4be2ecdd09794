"""The customer signs what was read, in their language; what changes afterwards is said (T-17)."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from field_app.ports import Strokes
from field_app.state.place import Part, Place, Room
from field_app.state.signing.signature import Signature
from field_app.sync.acts.signing import read_record
from field_core.canon import Json
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import DEVICE, NOON_MS

STROKES: Strokes = [
    [(100, 100, 0), (500, 400, 120), (900, 100, 300)],
    [(200, 450, 400), (800, 450, 600)],
]


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path / "blobs")


async def opened(account: LocalAccount, **fields: Json) -> Signature:
    key = account.has_job(1, **fields)
    at = workspace(account, Place(Room.TODAY, key, Part.SIGNATURE).path)
    model = Signature(at, key)
    await model.refresh()
    return model


async def signed(account: LocalAccount, **fields: Json) -> Signature:
    model = await opened(account, **fields)
    model.go_to_pad()
    assert await model.sign(STROKES, "Lucie Tremblay")
    return model


def speaks(account: LocalAccount, language: str) -> None:
    body: dict[str, Json] = {
        "name": "CUST-00001",
        "customer_name": "Lucie T.",
        "language": language,
    }
    account.arrives(800, body, doctype="Customer")


def text(model: Signature) -> str:
    assert model.statement is not None
    return model.statement.text


def code(model: Signature) -> str | None:
    return model.problem.code if model.problem else None


# --- reading


async def test_text_names_the_job_the_customer_and_the_place(account: LocalAccount) -> None:
    model = await opened(account, started_at="2026-04-27T13:04:00.000000Z")

    assert text(model).splitlines()[:6] == [
        "Attestation de visite DJ-00001",
        "Travail : Installation 1",
        "Client : Lucie T.",
        "Adresse : 1, rue X, Huntingdon",
        "Date prévue : 2026-04-27",
        "Arrivée sur place : 2026-04-27 09:04",
    ]
    assert (model.name, model.language, model.is_signed) == ("Lucie T.", "fr", False)
    assert len(model.fingerprint) == 12


async def test_text_of_an_arrival_that_cannot_be_read_leaves_it_out(account: LocalAccount) -> None:
    model = await opened(account, started_at="this morning")

    assert "Arrivée" not in text(model)


async def test_customer_who_speaks_english_reads_english(account: LocalAccount) -> None:
    model = await opened(account)
    speaks(account, "en-CA")
    await model.refresh()

    assert (model.language, text(model).splitlines()[0]) == ("en", "Visit statement DJ-00001")


async def test_language_can_be_chosen(account: LocalAccount) -> None:
    model = await opened(account)

    await model.speak("en")

    assert (model.language, text(model).splitlines()[0]) == ("en", "Visit statement DJ-00001")


async def test_job_that_is_not_here_is_said(account: LocalAccount) -> None:
    model = Signature(workspace(account), "0197a000-0000-7000-8000-00000000ffff")
    await model.refresh()

    assert (model.is_gone, model.language, model.fingerprint) == (True, "fr", "")
    assert not await model.sign(STROKES, "Lucie")


# --- signing


@pytest.mark.parametrize(
    ("strokes", "name", "expected"),
    [
        (STROKES, "  ", "signature-name-missing"),
        ([], "Lucie", "signature-empty"),
        ([[(5, 5, 0)]], "Lucie", "signature-empty"),
        ([[(5, 5, 0), (9, 9, 10)]], "Lucie", "signature-empty"),
    ],
)
async def test_signature_without_a_name_or_a_line_is_refused(
    account: LocalAccount, strokes: Strokes, name: str, expected: str
) -> None:
    model = await opened(account)
    model.go_to_pad()

    assert not await model.sign(strokes, name)

    assert (code(model), model.is_at_pad, account.replica.outbox.pending_count()) == (
        expected,
        True,
        0,
    )


async def test_signature_keeps_image_strokes_text_name_language_device_and_time(
    account: LocalAccount,
) -> None:
    account.replica.remember(skew_ms=str(2 * 3_600_000))  # the phone's clock is two hours ahead
    model = await opened(account)
    await model.speak("en")
    shown = text(model)
    model.go_to_pad()

    assert await model.sign(STROKES, " Lucie Tremblay ")

    body = account.body(model.key)
    facts = {name: body[name] for name in ("signed_by", "signed_language", "signed_device")}
    assert facts == {
        "signed_by": "Lucie Tremblay",
        "signed_language": "en",
        "signed_device": DEVICE,
    }
    assert str(body["signed_at"]).startswith("2026-04-27T14:00:00")
    image = account.blobs.read(str(body["signature"]))
    record: Any = read_record(account.blobs.read(str(body["signed_record"])) or b"")
    assert image is not None
    assert Image.open(io.BytesIO(image)).size == (1080, 540)
    assert (record["text"], record["strokes"][0][0]) == (shown, [100, 100, 0])
    assert record["signed"]["signed_text_sha256"] == body["signed_text_sha256"]
    notice = model.workspace.notices.current
    assert notice is not None
    assert (notice.key, notice.undo is not None) == ("signature.kept", True)


async def test_signature_is_shown_with_who_when_and_what(account: LocalAccount) -> None:
    model = await signed(account)

    assert model.statement is not None
    assert model.statement.signed is not None
    assert (model.is_signed, model.is_at_pad, model.is_changed_since) == (True, False, False)
    assert model.statement.signed.signed_by == "Lucie Tremblay"
    assert model.statement.signed_text == text(model)
    assert model.image is not None
    assert model.fingerprint == str(account.body(model.key)["signed_text_sha256"])[:12]


async def test_signature_can_be_taken_back_for_a_while(account: LocalAccount) -> None:
    model = await signed(account)

    await model.workspace.notices.take_back()
    await model.refresh()

    assert (model.is_signed, "signature" in account.body(model.key)) == (False, False)


async def test_job_that_changes_while_the_pad_is_in_front_is_read_again(
    account: LocalAccount,
) -> None:
    """Nobody signs what was not shown."""
    model = await opened(account)
    model.go_to_pad()
    frozen = text(model)
    await account.edit(lambda acts: acts.reading(model.key, "rx", -24.1, "dBm"))
    await model.refresh()

    assert text(model) == frozen
    assert not await model.sign(STROKES, "Lucie")

    notice = model.workspace.notices.current
    assert notice is not None
    assert notice.problem is not None
    assert notice.problem.code == "changed-since"
    assert not model.is_at_pad
    assert "rx : -24,1 dBm" in text(model)
    model.go_to_pad()
    assert await model.sign(STROKES, "Lucie")


# --- afterwards


async def test_step_of_signing_is_done_with_it_and_changes_nothing(account: LocalAccount) -> None:
    row: Json = {"id": "s9", "step": "sign", "kind": "signature", "label_fr": "Signature"}

    model = await signed(account, checklist=[row])

    rows: Any = account.body(model.key)["checklist"]
    assert rows[0]["done"]

    assert not model.is_changed_since


async def test_signed_fact_changed_afterwards_is_said_with_before_and_after(
    account: LocalAccount,
) -> None:
    model = await opened(account)
    await account.edit(
        lambda acts: acts.material(model.key, item=None, description="Câble", qty=30, uom="m")
    )
    await model.refresh()
    model.go_to_pad()
    await model.sign(STROKES, "Lucie")

    rows: Any = account.body(model.key)["materials"]
    row = str(rows[0]["id"])
    await account.edit(lambda acts: acts.material_qty(model.key, row, 45))
    await model.refresh()

    assert model.is_changed_since
    assert model.changes == (("Câble : 30 m",), ("Câble : 45 m",))


async def test_note_written_afterwards_leaves_the_signature_true(account: LocalAccount) -> None:
    model = await signed(account)

    await account.edit(lambda acts: acts.note(model.key, "rappel"))
    await model.refresh()

    assert (model.is_changed_since, model.changes) == (False, ((), ()))


async def test_change_is_said_even_where_the_record_is_no_longer_here(
    account: LocalAccount,
) -> None:
    model = await signed(account)
    account.blobs.delete(str(account.body(model.key)["signed_record"]))
    await account.edit(lambda acts: acts.reading(model.key, "rx", -24.1, "dBm"))
    await model.refresh()

    assert (model.is_changed_since, model.changes) == (True, ((), ()))


async def test_record_that_cannot_be_read_is_as_if_it_were_not_here(account: LocalAccount) -> None:
    model = await signed(account)
    name = str(account.body(model.key)["signed_record"])
    account.blobs.path(name).write_bytes(b"damaged")
    await model.refresh()

    assert model.statement is not None
    assert model.statement.signed_text is None


async def test_signing_again_asks_for_what_the_job_says_now_and_replaces_it(
    account: LocalAccount,
) -> None:
    model = await signed(account)
    first = account.body(model.key)["signature"]
    await account.edit(lambda acts: acts.reading(model.key, "rx", -24.1, "dBm"))
    await model.refresh()

    await model.sign_again()
    assert (model.is_signed, model.is_changed_since) == (False, True)
    model.go_to_pad()
    assert await model.sign([*STROKES, [(0, 0, 0), (50, 500, 9)]], "Lucie Tremblay")

    assert (model.is_signed, model.is_changed_since) == (True, False)
    assert account.body(model.key)["signature"] != first
    assert account.blobs.read(str(first)) is not None, "the first one stays in the record"


async def test_image_is_found_when_the_field_holds_the_offices_address(
    account: LocalAccount,
) -> None:
    model = await signed(account)
    held = account.body(model.key)
    body = {**held, "signature": "/private/files/signature.png"}
    account.replica.db.conn.execute("DELETE FROM outbox")
    account.arrives(1, body)
    await model.refresh()

    assert (model.is_signed, model.image is not None) == (True, True)


async def test_back_leads_from_the_pad_to_the_text_to_the_signature_and_out(
    account: LocalAccount,
) -> None:
    model = await signed(account)
    await model.sign_again()
    model.go_to_pad()

    await model.back()
    assert (model.is_at_pad, model.is_signing_again) == (False, True)
    await model.back()
    assert model.is_signed
    await model.back()
    assert model.workspace.navigator.place.part is Part.OVERVIEW


async def test_news_is_followed(account: LocalAccount) -> None:
    model = await opened(account)
    heard: list[int] = []
    forget = model.follow(lambda: heard.append(NOON_MS))

    account.tell_news()
    forget()
    account.tell_news()

    assert heard == [NOON_MS]
