"""A step that the ERP refuses: told to people with its words, never half done in silence (B-14)."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from server_sync.contracts.service import Contracts
from server_sync.embedded_erp.tampering import delete_by_sql, edit_by_sql
from tests.server.billing.shop import shop_in
from tests.server.contracts.signed import AT_MS, END, Signed, signed_in
from tests.server.contracts.test_ending import bill_april
from tests.server.http.house import Device

FEE_ITEM = {"item_code": "FRAIS-RESIL", "item_name": "Frais", "stock_uom": "Nos"}
PLAN = {"item_code": "PLAN", "item_name": "Internet fibre 500", "stock_uom": "Nos"}
MINUTE_MS = 60_000


def office_loses(signed: Signed, item: str) -> None:
    assert delete_by_sql(signed.shop.wire.erp.site, "Item", item)


def contracts_of(signed: Signed) -> Contracts:
    found = signed.shop.server.context.contracts
    assert found is not None
    return found


async def end(signed: Signed, clerk: Device, day: str = END) -> httpx.Response:
    shown = (await signed.preview(clerk, day)).json()
    return await signed.terminate(clerk, shown["id"], end=day)


async def told(signed: Signed, clerk: Device) -> dict[str, Any]:
    path = f"/v1/contracts/{signed.contract}"
    return dict((await signed.shop.client.get(path, headers=clerk.headers)).json())


async def again(signed: Signed, clerk: Device) -> httpx.Response:
    path = f"/v1/contracts/{signed.contract}/termination/again"
    return await signed.shop.client.post(path, headers=clerk.headers)


async def listed(signed: Signed, clerk: Device) -> list[dict[str, Any]]:
    answer = await signed.shop.client.get("/v1/terminations", headers=clerk.headers)
    return list(answer.json()["rows"])


def invoices(signed: Signed) -> list[str]:
    return [one["name"] for one in signed.documents("Sales Invoice") if one.get("service_contract")]


@pytest.fixture
def prepaid(tmp_path: Path) -> Any:  # noqa: ANN401 - a generator, as pytest has it
    """A contract whose end makes two papers: the fee's invoice, and a credit of seven days."""
    with shop_in(tmp_path / "prepaid", stocked=False) as shop:
        signed = signed_in(shop, is_billed=False)
        bill_april(shop, signed)
        yield signed


async def test_refused_step_is_a_problem_that_says_the_decision_stands_and_why_it_stopped(
    signed: Signed,
) -> None:
    clerk = await signed.clerk()
    office_loses(signed, "FRAIS-RESIL")

    refused = await end(signed, clerk)

    assert (refused.status_code, refused.json()["code"]) == (409, "termination-refused")
    assert "FRAIS-RESIL" in refused.json()["message"]
    assert invoices(signed) == []
    assert signed.shop.read("Service Contract", signed.contract)["status"] == "Active"


async def test_contract_tells_which_step_was_refused_since_when_and_offers_no_second_end(
    signed: Signed,
) -> None:
    clerk = await signed.clerk()
    office_loses(signed, "FRAIS-RESIL")
    await end(signed, clerk)
    signed.shop.clock.ms += 12 * MINUTE_MS
    await again(signed, clerk)

    view = await told(signed, clerk)

    trouble = view["underway"]["trouble"]
    assert (trouble["step"], trouble["is_refused"], trouble["code"]) == ("fee", True, "erp-refused")
    assert "FRAIS-RESIL" in trouble["details"]["message"]
    assert trouble["since_ms"] == AT_MS
    assert trouble["tried_ms"] == AT_MS + 12 * MINUTE_MS
    assert (view["underway"]["reason"], view["underway"]["actor"]) == (
        "Déménagement",
        "lise@example.test",
    )
    assert (view["is_ending"], view["can_end"], view["recap"]) == (True, False, None)


async def test_b14_refused_halfway_tells_what_is_done_and_taken_up_makes_no_second_invoice(
    prepaid: Signed,
) -> None:
    """B-14: the fee is invoiced, the credit refused; mended, the rest follows, once."""
    clerk = await prepaid.clerk()
    office_loses(prepaid, "PLAN")
    assert (await end(prepaid, clerk)).json()["step"] == "days"
    (fee,) = invoices(prepaid)
    (row,) = await listed(prepaid, clerk)
    assert row["done"] == [{"step": "fee", "documents": [fee]}]
    assert (row["contract"], row["customer_name"]) == (prepaid.contract, "Gilles D.")
    assert (await again(prepaid, clerk)).status_code == 409  # nothing was mended yet
    assert invoices(prepaid) == [fee]

    prepaid.shop.insert("Item", PLAN)
    recap = (await again(prepaid, clerk)).json()

    assert recap["invoice"] == fee
    assert sorted(invoices(prepaid)) == sorted([fee, recap["settlement"]])
    assert prepaid.shop.read("Service Contract", prepaid.contract)["status"] == "Terminated"
    subscription = prepaid.shop.read("Service Subscription", prepaid.subscription)
    assert subscription["status"] == "Cancelled"
    view = await told(prepaid, clerk)
    assert (view["recap"], view["underway"], await listed(prepaid, clerk)) == (recap, None, [])
    assert (await again(prepaid, clerk)).json() == recap


async def test_what_was_mended_goes_on_by_itself_after_ten_minutes_and_not_before(
    signed: Signed,
) -> None:
    clerk = await signed.clerk()
    office_loses(signed, "FRAIS-RESIL")
    await end(signed, clerk)
    signed.shop.insert("Item", FEE_ITEM)
    carrying = contracts_of(signed).carrying

    signed.shop.clock.ms += 9 * MINUTE_MS
    assert await carrying.resume() == 0
    assert invoices(signed) == []

    signed.shop.clock.ms += MINUTE_MS
    assert await carrying.resume() == 1
    assert len(invoices(signed)) == 1


async def test_erp_that_is_away_is_told_as_under_way_with_its_age_and_tried_each_minute(
    signed: Signed,
) -> None:
    clerk = await signed.clerk()
    shown = (await signed.preview(clerk)).json()
    cut_after_invoice(signed)

    waiting = await signed.terminate(clerk, shown["id"])

    assert (waiting.status_code, waiting.json()["code"]) == (503, "termination-underway")
    (row,) = await listed(signed, clerk)
    assert (row["trouble"]["is_refused"], row["trouble"]["step"]) == (False, "contract")
    assert row["done"][0] == {"step": "fee", "documents": invoices(signed)}
    signed.shop.clock.ms += MINUTE_MS
    assert await contracts_of(signed).carrying.resume() == 0
    assert (await listed(signed, clerk))[0]["trouble"]["since_ms"] == AT_MS

    signed.shop.wire.is_down = False
    signed.shop.clock.ms += 3 * MINUTE_MS
    assert await contracts_of(signed).carrying.resume() == 1
    assert len(invoices(signed)) == 1


def cut_after_invoice(signed: Signed) -> None:
    """The line goes dead once the fee's invoice is there."""

    def after(request: httpx.Request) -> None:
        if request.method == "POST" and "Sales Invoice" in request.url.path:
            signed.shop.wire.is_down = True

    signed.shop.wire.after = after


async def test_service_that_outlives_its_last_day_is_told_although_the_recap_is_there(
    signed: Signed,
) -> None:
    await signed.ended(await signed.clerk(), "2026-04-30")
    site = signed.shop.wire.erp.site
    edit_by_sql(site, "Service Subscription", signed.subscription, plan="GONE")
    clerk = await signed.clerk()
    assert (await told(signed, clerk))["underway"] is None

    signed.shop.clock.ms += 8 * 24 * 60 * MINUTE_MS
    (row,) = await listed(signed, await signed.clerk())
    assert row["trouble"] is None  # nobody has tried yet, and most of it is done all the same
    assert [one["step"] for one in row["done"]] == ["fee", "days", "contract", "note"]
    assert await contracts_of(signed).carrying.resume() == 0

    view = await told(signed, await signed.clerk())
    trouble = view["underway"]["trouble"]
    assert (trouble["step"], trouble["is_refused"]) == ("subscriptions", True)
    assert [one["step"] for one in view["underway"]["done"]] == ["fee", "days", "contract", "note"]
    assert view["recap"] is not None
    edit_by_sql(site, "Service Subscription", signed.subscription, plan="PLAN")
    assert (await again(signed, await signed.clerk())).status_code == 200
    ended = signed.shop.read("Service Subscription", signed.subscription)
    assert ended["status"] == "Cancelled"


async def test_operator_sees_refused_terminations_in_readiness_and_metrics(signed: Signed) -> None:
    office_loses(signed, "FRAIS-RESIL")
    await end(signed, await signed.clerk())

    ready = (await signed.shop.client.get("/ready")).json()
    checks = {one["name"]: one for one in ready["checks"]}
    figures = (await signed.shop.client.get("/metrics")).text

    assert checks["terminations"] == {
        "name": "terminations",
        "is_good": False,
        "is_needed": False,
        "says": f"the ERP refuses to end {signed.contract}",
    }
    assert 'gigafibre_terminations{state="refused"} 1.0' in figures
    assert 'gigafibre_terminations{state="underway"} 0.0' in figures


async def test_termination_that_nobody_decided_cannot_be_tried_again(signed: Signed) -> None:
    assert (await again(signed, await signed.clerk())).status_code == 404


async def test_note_of_a_server_before_this_one_is_read_as_under_way(signed: Signed) -> None:
    clerk = await signed.clerk()
    office_loses(signed, "FRAIS-RESIL")
    await end(signed, clerk)
    with signed.shop.server.store.database.write() as connection:
        connection.exec_driver_sql('UPDATE termination SET error = \'{"code": "erp-refused"}\'')

    (row,) = await listed(signed, clerk)

    assert (row["trouble"], row["done"]) == (None, [])
