"""Equipment of a job: typed, judged, swapped as one act, and where it is recorded besides."""

from pathlib import Path

import pytest

from field_app.i18n import Words
from field_app.ports import SendState
from field_app.state.equipment.device_form import DeviceForm, Mode, Reason
from field_app.state.equipment.device_marks import Field
from field_app.state.equipment.device_records import Origin
from field_app.state.equipment.equipment import Equipment
from field_core.canon import Body, Json
from field_core.operations import Verdict
from field_core.wire import Outcome
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import key, reply

WORDS = Words("fr")
BOX, ONT, NEW_BOX = "00:1A:79:0A:30:82", "A4:2B:B0:1C:9F:3E", "00:1A:79:33:10:B2"


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    account.has_job(1, status="On Site")
    account.arrives(
        5,
        {
            "name": "EQP-03310",
            "equipment_type": "TV Box",
            "model": "MAG540",
            "status": "Installed",
            "mac_address": BOX,
            "service_location": "LOC-00001",
            "installed_on": "2023-08-09",
        },
        "Service Equipment",
    )
    return account


def indexed(account: LocalAccount, mac: str, **more: str) -> None:
    """Have a device in the index that every phone holds; the device itself is not here."""
    row: Body = {"equipment": key(700), "mac_address": mac, **more}
    account.arrives(600, row, "Equipment Identity")


async def equipment(account: LocalAccount) -> Equipment:
    model = Equipment(workspace(account, f"/today/{key(1)}/equipment"), key(1))
    await model.load()
    return model


async def form(account: LocalAccount, row: str) -> DeviceForm:
    model = DeviceForm(
        workspace(account, f"/today/{key(1)}/equipment/{row}"), key(1), row, say=WORDS
    )
    await model.load()
    return model


async def write(form: DeviceForm, **typed: str) -> None:
    for name, text in typed.items():
        form.type(Field[name.upper()], text)
        await form.left(Field[name.upper()])


async def test_equipment_at_the_address_is_listed_with_its_marks(account: LocalAccount) -> None:
    model = await equipment(account)

    device = model.here[0]
    assert [(device.label, device.mac_address, device.since)] == [("EQP-03310", BOX, "2023-08-09")]
    assert (device.state, model.planned, model.done) == (None, [], [])


async def test_what_the_office_planned_is_told_from_what_was_done(account: LocalAccount) -> None:
    row = {"id": "r1", "action": "Remove", "equipment": "EQP-03310"}
    account.arrives(1, {**account.body(key(1)), "equipment": [dict(row)]})
    model = await equipment(account)
    assert [act.id for act in model.planned] == ["r1"]

    removal = await form(account, f"remove/{key(5)}")
    removal.choose_reason(Reason.END_OF_SERVICE)
    assert await removal.save()
    await model.load()

    assert (model.here, model.planned) == ([], [])
    assert [(a.action, a.reason, a.state) for a in model.done] == [
        ("Remove", "Fin de service", SendState.ON_DEVICE)
    ]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("A42BB01C9F3", "mac-length"),
        ("ZZ:2B:B0:1C:9F:3E", "mac-characters"),
        ("01:00:5E:00:00:01", "mac-multicast"),
        ("00:00:00:00:00:00", "mac-reserved"),
    ],
)
async def test_impossible_mac_is_refused_beside_its_field_and_stays_to_be_mended(
    account: LocalAccount, typed: str, code: str
) -> None:
    """T-10."""
    model = await form(account, "add")

    await write(model, mac=typed)

    assert (model.marks.problems[Field.MAC].code, model.marks.typed[Field.MAC]) == (code, typed)
    model.choose_type("ONT")
    assert not await model.save()
    assert account.replica.outbox.entries() == []


@pytest.mark.parametrize("typed", ["a42b.b01c.9f3e", "A4-2B-B0-1C-9F-3E"])
async def test_mac_is_normalised_when_its_field_is_left(account: LocalAccount, typed: str) -> None:
    """T-10."""
    model = await form(account, "add")

    await write(model, mac=typed, gpon="54504c47a1b2c3d4")

    assert model.marks.problems == {}
    assert (model.marks.typed[Field.MAC], model.marks.typed[Field.GPON]) == (ONT, "TPLGA1B2C3D4")


async def test_field_mended_loses_its_refusal(account: LocalAccount) -> None:
    model = await form(account, "add")
    await write(model, mac="A42B")

    await write(model, mac="")

    assert model.marks.problems == {}


async def test_device_that_is_added_stands_at_the_address_at_once(account: LocalAccount) -> None:
    model = await form(account, "add")
    model.choose_type("ONT")
    await write(model, mac=ONT, model="  XX230v ")

    assert await model.save()

    listed = await equipment(account)
    assert [(d.label[:4], d.mac_address, d.model, d.state) for d in listed.here] == [
        ("NEW-", ONT, "XX230v", SendState.ON_DEVICE),
        ("EQP-", BOX, "MAG540", None),
    ]
    assert model.workspace.navigator.place.row is None


async def test_two_presses_add_one_device(account: LocalAccount) -> None:
    model = await form(account, "add")
    model.choose_type("ONT")
    await write(model, mac=ONT)
    model.is_busy = True

    assert not await model.save()
    assert account.replica.outbox.entries() == []


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        ({}, "ONT", "identity-missing"),
        ({"serial": "2246798100001"}, None, "equipment-type-needed"),
    ],
)
async def test_device_without_what_identifies_it_is_not_added(
    account: LocalAccount, typed: dict[str, str], kind: str | None, code: str
) -> None:
    model = await form(account, "add")
    await write(model, **typed)
    if kind:
        model.choose_type(kind)

    assert not await model.save()

    assert model.missing is not None
    assert model.missing.code == code


# --- swap


async def swapped(account: LocalAccount) -> DeviceForm:
    model = await form(account, f"swap/{key(5)}")
    model.choose_reason(Reason.DEFECTIVE)
    model.type_reason("  écran noir ")
    await write(model, mac=NEW_BOX)
    assert await model.save()
    return model


async def test_swap_is_one_group_that_takes_out_and_puts_in(account: LocalAccount) -> None:
    """T-15."""
    model = await swapped(account)

    assert model.mode is Mode.SWAP
    entries = account.replica.outbox.entries()
    assert {e.group_id for e in entries} == {entries[0].group_id}
    old = account.body(key(5))
    assert (old["status"], old.get("service_location"), old["removal_reason"]) == (
        "To Return",
        None,
        "Défectueux : écran noir",
    )
    listed = await equipment(account)
    assert [(d.mac_address, d.equipment_type) for d in listed.here] == [(NEW_BOX, "TV Box")]


async def test_swap_taken_back_leaves_everything_as_it_was(account: LocalAccount) -> None:
    """T-15: undo reverses the whole group."""
    before = account.body(key(5)), account.body(key(1))
    model = await swapped(account)

    await model.workspace.notices.take_back()

    assert (account.body(key(5)), account.body(key(1))) == before
    assert account.replica.outbox.entries() == []


async def test_swap_without_a_reason_stores_nothing(account: LocalAccount) -> None:
    model = await form(account, f"swap/{key(5)}")
    await write(model, mac=NEW_BOX)
    model.choose_reason(Reason.OTHER)

    assert not await model.save()

    assert model.missing is not None
    assert (model.missing.code, account.replica.outbox.entries()) == ("reason-needed", [])


async def test_device_that_left_meanwhile_is_not_taken_out_twice(account: LocalAccount) -> None:
    await swapped(account)
    model = await form(account, f"remove/{key(5)}")
    model.choose_reason(Reason.DEFECTIVE)

    assert model.is_old_gone
    assert not await model.save()


# --- recorded elsewhere


async def test_device_recorded_elsewhere_is_said_with_where_and_since_when(
    account: LocalAccount,
) -> None:
    """T-11."""
    indexed(account, ONT, service_location="LOC-00871", since="2025-11-03")
    model = await form(account, "add")
    model.choose_type("ONT")

    await write(model, mac="a42bb01c9f3e")

    known = model.records.elsewhere
    assert known is not None
    assert (known.location, known.since) == ("LOC-00871", "2025-11-03")
    assert not await model.save()
    assert model.missing is not None
    assert (model.missing.code, account.replica.outbox.entries()) == ("origin-needed", [])


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        (Origin.MOVED, "Déplacé de là"),
        (Origin.RETURNED, "Revenu en inventaire"),
        (Origin.WRONG_LABEL, "Étiquette erronée"),
    ],
)
async def test_answer_to_the_alarm_goes_to_the_office_with_the_device(
    account: LocalAccount, origin: Origin, reason: str
) -> None:
    """T-11."""
    indexed(account, ONT, service_location="LOC-00871", since="2025-11-03")
    model = await form(account, "add")
    model.choose_type("ONT")
    await write(model, mac=ONT)
    model.choose_origin(origin)

    assert await model.save()

    act = (await equipment(account)).done[0]
    assert (act.reason, act.note) == (
        reason,
        "A4:2B:B0:1C:9F:3E était inscrit à LOC-00871 depuis 2025-11-03",
    )


async def test_device_of_another_job_moves_here_under_its_own_record(account: LocalAccount) -> None:
    """T-11: what is on this device is moved, not made a second time."""
    other: Body = {"name": "EQP-05120", "mac_address": ONT, "service_location": "LOC-00871"}
    account.arrives(700, other, "Service Equipment")
    indexed(account, ONT, service_location="LOC-00871", since="2025-11-03")
    model = await form(account, "add")
    model.choose_type("ONT")
    await write(model, mac=ONT)
    model.choose_origin(Origin.MOVED)

    assert await model.save()

    moved = account.body(key(700))
    assert (moved["service_location"], moved["status"]) == ("LOC-00001", "Installed")
    assert [e.kind for e in account.replica.outbox.entries()] == ["set", "append"]


@pytest.mark.parametrize("place", [{}, {"service_location": "LOC-00871", "since": "2025-11-03"}])
async def test_device_known_by_the_index_alone_moves_here_under_its_own_record(
    account: LocalAccount, place: dict[str, str]
) -> None:
    """SC-07: a device of the van, or of another address, is not made a second time."""
    named = {"equipment_name": "EQP-05120", "status": "In Stock", "equipment_type": "ONT"}
    indexed(account, ONT, **named, **place)
    model = await form(account, "add")
    model.choose_type("ONT")
    await write(model, mac=ONT, serial="2246798100001")
    if place:
        model.choose_origin(Origin.MOVED)

    assert await model.save()

    moved = account.body(key(700))
    assert (moved["service_location"], moved["status"]) == ("LOC-00001", "Installed")
    assert (moved["name"], moved["serial_aliases"]) == ("EQP-05120", "2246798100001")
    assert sorted(e.kind for e in account.replica.outbox.entries()) == ["append", "set"]
    assert {d.label for d in (await equipment(account)).here} == {"EQP-03310", "EQP-05120"}


async def test_device_taken_from_the_index_is_shown_until_the_office_has_decided(
    account: LocalAccount,
) -> None:
    indexed(account, ONT, equipment_name="EQP-05120", status="In Stock")
    model = await form(account, "add")
    model.choose_type("ONT")
    await write(model, mac=ONT)
    await model.save()
    parked = [
        Outcome(n=n, op=e.id[-8:], verdict=Verdict.PARKED, problem="not-assigned", office="review")
        for n, e in enumerate(reversed(account.replica.outbox.entries()), 1)
    ]

    account.replica.apply(reply(outcomes=parked, last_n=2), now_ms=0)

    here = (await equipment(account)).here
    assert ("EQP-05120", SendState.NEEDS_REVIEW) in [(d.label, d.state) for d in here]


async def test_other_device_asks_the_question_anew(account: LocalAccount) -> None:
    indexed(account, ONT, service_location="LOC-00871", since="2025-11-03")
    model = await form(account, "add")
    await write(model, mac=ONT)
    model.choose_origin(Origin.MOVED)

    await write(model, mac=NEW_BOX)

    assert (model.records.elsewhere, model.records.origin) == (None, None)


async def test_device_of_this_very_address_is_refused(account: LocalAccount) -> None:
    model = await form(account, "add")
    model.choose_type("TV Box")

    await write(model, mac=BOX)

    assert model.records.here is not None
    assert model.records.elsewhere is None
    assert not await model.save()
    assert model.missing is not None
    assert model.missing.code == "equipment-here"


async def test_device_in_stock_is_no_alarm(account: LocalAccount) -> None:
    indexed(account, NEW_BOX)
    model = await form(account, "add")
    model.choose_type("TV Box")

    await write(model, mac=NEW_BOX)

    assert model.records.in_stock is not None
    assert await model.save()
    act = (await equipment(account)).done[0]
    assert (act.reason, act.note) == (
        "Pris en inventaire",
        "00:1A:79:33:10:B2 était inscrit sans adresse",
    )


async def test_gpon_serial_finds_the_device_in_the_other_form(account: LocalAccount) -> None:
    indexed(account, ONT, gpon_serial="54504C47A1B2C3D4", service_location="LOC-00871")
    model = await form(account, "add")

    await write(model, gpon="TPLG A1B2 C3D4")

    assert model.records.elsewhere is not None


async def test_serial_of_a_device_with_another_mac_is_no_alarm(account: LocalAccount) -> None:
    """SC-07: the MAC is the identity, serials repeat."""
    indexed(account, ONT, serial_no="2246798100001", service_location="LOC-00871")
    model = await form(account, "add")

    await write(model, mac=NEW_BOX, serial="2246798100001")

    assert model.records.found == []


# --- conflict


async def test_device_that_a_colleague_changed_waits_for_the_office(account: LocalAccount) -> None:
    """T-16: both facts are kept, the screen says so, and the job can be closed."""
    removal = await form(account, f"remove/{key(5)}")
    removal.choose_reason(Reason.DEFECTIVE)
    await removal.save()
    review: Body = {
        "document_key": key(5),
        "document_doctype": "Service Equipment",
        "reason": "conflict",
        "state": "open",
    }
    account.arrives(950, review, "Sync Review")

    model = await equipment(account)

    assert [model.state_of_act(act) for act in model.done] == [SendState.NEEDS_REVIEW]
    assert not model.is_closed


async def test_parked_swap_is_shown_as_waiting_for_the_office(account: LocalAccount) -> None:
    """T-16."""
    await swapped(account)
    entries = account.replica.outbox.entries()
    outcomes = [
        Outcome(
            n=entry.n,
            op=entry.id[-8:],
            verdict=Verdict.PARKED,
            problem="changed-since",
            office="review",
        )
        for entry in entries
    ]
    account.replica.apply(reply(outcomes=outcomes, last_n=len(entries)), now_ms=0)

    model = await equipment(account)

    assert [(d.mac_address, d.state) for d in model.here] == [
        (BOX, SendState.NEEDS_REVIEW),
        (NEW_BOX, SendState.NEEDS_REVIEW),
    ]


async def test_job_without_a_location_takes_no_equipment(account: LocalAccount) -> None:
    body = {k: v for k, v in account.body(key(1)).items() if k != "service_location"}
    account.arrives(1, body)

    model = await equipment(account)

    assert (model.has_location, model.here) == (False, [])


async def test_job_that_is_gone_is_said_to_be(account: LocalAccount) -> None:
    model = Equipment(workspace(account), key(77))
    await model.load()

    assert (model.is_gone, model.here, model.facts) == (True, (), None)


async def test_intents_lead_to_the_forms(account: LocalAccount) -> None:
    model = await equipment(account)

    model.swap(key(5))
    assert model.workspace.navigator.place.path == f"/today/{key(1)}/equipment/swap%2F{key(5)}"
    model.remove(key(5))
    assert model.workspace.navigator.place.row == f"remove/{key(5)}"
    model.add()
    assert model.workspace.navigator.place.row == "add"


async def test_act_taken_back_after_it_was_sent_is_one_of_those_undone(
    account: LocalAccount,
) -> None:
    rows: list[Json] = [
        {"id": "r1", "action": "Remove", "equipment": "EQP-03310", "reason": "defective"},
        {"id": "r2", "action": "Install", "equipment": "EQP-03310", "reason": "Annulé aussitôt"},
        {"id": "r3", "action": "Inspect", "equipment": "EQP-03310"},
    ]
    account.arrives(1, {**account.body(key(1)), "equipment": rows})
    model = Equipment(workspace(account), key(1), undone={"Annulé aussitôt", "Undone at once"})
    await model.load()

    assert ([act.id for act in model.done], model.planned) == (["r3"], [])
    assert model.undone_total == 1


async def test_device_put_back_for_a_reason_of_its_own_stays_on_the_list(
    account: LocalAccount,
) -> None:
    rows: list[Json] = [
        {"id": "r1", "action": "Install", "equipment": "EQP-03310"},
        {"id": "r2", "action": "Inspect", "equipment": "EQP-03310", "reason": "Annulé aussitôt"},
    ]
    account.arrives(1, {**account.body(key(1)), "equipment": rows})
    model = Equipment(workspace(account), key(1), undone={"Annulé aussitôt"})
    await model.load()

    assert (model.undone_total, len(model.done)) == (0, 2)
