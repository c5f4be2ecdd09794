"""Material of a job: found or described, measured with a comma, corrected, taken off."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.ports import SendState
from field_app.state.job.material_form import MaterialForm, read_qty
from field_app.state.job.materials import Materials
from field_core.problems import Problem
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import key

ITEMS = [
    ("MAT-CAT6", "Câble Ethernet Cat 6", "Matériel", "Mètre"),
    ("MAT-PTO", "Prise murale", "Matériel", "Unité"),
    ("ONT-XX230V", "TP-Link XX230v", "Appareils/ONT", "Unité"),
    ("FIBRE-100", "Internet Fibre 100", "Forfaits Internet", "Mois"),
]


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    account.has_job(1)
    for n, (code, name, group, uom) in enumerate(ITEMS):
        item = {"name": code, "item_code": code, "item_name": name}
        account.arrives(
            500 + n, {**item, "item_group": group, "stock_uom": uom, "disabled": False}, "Item"
        )
    old = {"name": "MAT-OLD", "item_name": "Câble plat", "item_group": "Matériel"}
    account.arrives(560, {**old, "disabled": True}, "Item")
    return account


async def listed(account: LocalAccount) -> Materials:
    model = Materials(workspace(account, f"/today/{key(1)}/materials"), key(1))
    await model.load()
    return model


async def form(account: LocalAccount, row: str = "add") -> MaterialForm:
    model = MaterialForm(workspace(account, f"/today/{key(1)}/materials/{row}"), key(1), row)
    await model.load()
    return model


async def used(account: LocalAccount, qty: str = "2,5") -> Materials:
    model = await form(account)
    model.choose(model.found[0])
    model.type_qty(qty)
    assert await model.save()
    return await listed(account)


def code_of(problem: Problem | None) -> str | None:
    return problem.code if problem else None


@pytest.mark.parametrize(
    ("typed", "qty"),
    [
        ("1", 1.0),
        ("2,5", 2.5),
        ("2.5", 2.5),
        (" 1 000 ", 1000.0),
        ("0,125", 0.125),
        ("0", None),
        ("-1", None),
        ("", None),
        ("deux", None),
        ("1,2345", None),
        ("1,2,3", None),
        ("999999", None),
        ("1e3", None),
        ("\N{ARABIC-INDIC DIGIT ONE}", None),
    ],
)
def test_quantity_is_read_as_people_write_it(typed: str, qty: float | None) -> None:
    assert read_qty(typed) == qty


@given(st.integers(1, 99_999_000))
def test_quantity_in_thousandths_is_read_exactly(thousandths: int) -> None:
    whole, rest = divmod(thousandths, 1000)

    assert read_qty(f"{whole},{rest:03}") == thousandths / 1000


async def test_items_are_found_without_accents_material_first(account: LocalAccount) -> None:
    model = await form(account)
    assert [item.code for item in model.found] == ["MAT-CAT6", "MAT-PTO", "ONT-XX230V"]

    await model.search("CABLE cat")

    assert [item.code for item in model.found] == ["MAT-CAT6"]


async def test_item_that_was_used_is_listed_with_its_unit(account: LocalAccount) -> None:
    model = await used(account)

    row = model.rows[0]
    assert (model.title(row), row.qty, model.uom(row), model.state_of(row.id)) == (
        "Câble Ethernet Cat 6",
        2.5,
        "Mètre",
        SendState.ON_DEVICE,
    )


async def test_material_that_is_no_item_is_described(account: LocalAccount) -> None:
    model = await form(account)
    model.describe("  attaches   de plastique ")
    model.step(+4)

    assert await model.save()

    rows = (await listed(account)).rows
    assert [(row.description, row.qty) for row in rows] == [("attaches de plastique", 5.0)]


async def test_material_without_a_name_is_not_added(account: LocalAccount) -> None:
    model = await form(account)

    assert not await model.save()

    assert model.missing is not None
    assert (model.missing.code, account.replica.outbox.entries()) == ("material-needed", [])
    model.describe("ruban")
    assert await model.save()


async def test_quantity_that_cannot_be_read_is_said_when_the_field_is_left(
    account: LocalAccount,
) -> None:
    model = await form(account)
    model.choose(model.found[0])
    model.type_qty("beaucoup")

    model.left_qty()

    assert code_of(model.qty_problem) == "qty-unreadable"
    assert not await model.save()
    model.step(+1)
    assert (model.qty_text, code_of(model.qty_problem)) == ("1", None)


async def test_stepper_stays_above_zero_and_keeps_decimals(account: LocalAccount) -> None:
    model = await form(account)
    model.type_qty("1,5")

    model.step(-1)
    model.step(-1)

    assert model.qty_text == "0,5"


async def test_quantity_is_corrected_in_its_row(account: LocalAccount) -> None:
    row = (await used(account)).rows[0]
    model = await form(account, f"edit/{row.id}")
    assert model.qty_text == "2,5"

    model.step(+1)
    assert await model.save()

    assert [r.qty for r in (await listed(account)).rows] == [3.5]


async def test_correction_to_the_same_quantity_stores_nothing(account: LocalAccount) -> None:
    row = (await used(account)).rows[0]
    model = await form(account, f"edit/{row.id}")

    assert await model.save()

    assert [entry.kind for entry in account.replica.outbox.entries()] == ["append"]


async def test_material_taken_off_is_not_listed_until_that_is_taken_back(
    account: LocalAccount,
) -> None:
    row = (await used(account)).rows[0]
    model = await form(account, f"edit/{row.id}")

    assert await model.remove()
    assert (await listed(account)).rows == []
    await model.workspace.notices.take_back()

    assert [r.qty for r in (await listed(account)).rows] == [2.5]


async def test_row_that_was_taken_off_meanwhile_is_not_corrected(account: LocalAccount) -> None:
    row = (await used(account)).rows[0]
    await (await form(account, f"edit/{row.id}")).remove()

    model = await form(account, f"edit/{row.id}")

    assert model.is_row_gone


async def test_refused_material_stays_in_the_form(account: LocalAccount) -> None:
    model = await form(account)
    model.describe("x")
    account.refusal = "disk-full"

    assert not await model.save()
    assert (model.is_busy, model.workspace.navigator.place.row) == (False, "add")


async def test_intents_lead_to_the_forms(account: LocalAccount) -> None:
    model = await used(account)
    model.add()
    assert model.workspace.navigator.place.row == "add"
    model.edit(model.rows[0])
    assert model.workspace.navigator.place.row == f"edit/{model.rows[0].id}"
