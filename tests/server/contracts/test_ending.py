"""Ending a contract: what is shown, what is done, and that it is done once (B-11 to B-13)."""

import asyncio
import re
from typing import Any

import pytest

from field_core.capabilities import Role
from server_sync.accounts import Person
from tests.server.billing.shop import Shop, item, shop_in
from tests.server.contracts.signed import END, INSTALLATION, ROUTER, Signed, signed_in
from tests.server.http.house import PASSWORD

QUARTER_MS = 15 * 60_000


async def test_b11_consumer_is_charged_the_capped_goods_rebate_with_its_explanation(
    signed: Signed,
) -> None:
    clerk = await signed.clerk()
    shown = (await signed.preview(clerk)).json()

    figures = shown["figures"]
    assert (figures["months_elapsed"], figures["term_months"]) == (11, 24)
    assert (figures["residual"], figures["lpc"]["amount"]) == ("211.22", "130.00")
    assert (figures["charge"]["total"], figures["policy"]) == ("130.00", "crtc-2019-269")
    assert any("130,00" in told for told in figures["explanation"]["fr"])

    recap = (await signed.terminate(clerk, shown["id"])).json()
    invoice = signed.shop.read("Sales Invoice", recap["invoice"])
    assert (invoice["grand_total"], invoice["docstatus"]) == (130.0, 1)
    assert invoice["service_contract"] == signed.contract
    assert [row["tax_amount"] for row in invoice["taxes"]] == [5.65, 11.28]
    assert "214.7" in invoice["items"][0]["description"]


async def test_b11_without_goods_rebate_the_small_cap_holds(tmp_path: Any) -> None:  # noqa: ANN401 - pytest's path
    with shop_in(tmp_path / "shop", stocked=False, follow_crtc=False) as shop:
        signed = signed_in(shop, benefits=(INSTALLATION,))
        shown = (await signed.preview(await signed.clerk())).json()

    assert shown["figures"]["charge"]["total"] == "50.00"
    assert any("103,94" in told for told in shown["figures"]["explanation"]["fr"])


@pytest.mark.parametrize(("follows", "charge"), [(True, "0.00"), (False, "50.00")])
async def test_b12_since_june_2026_nothing_without_a_device_where_the_code_is_followed(
    tmp_path: Any,  # noqa: ANN401 - pytest's path
    *,
    follows: bool,
    charge: str,
) -> None:
    with shop_in(tmp_path / "shop", stocked=False, follow_crtc=follows) as shop:
        signed = signed_in(shop, benefits=(INSTALLATION,))
        shown = (await signed.preview(await signed.clerk(), "2026-06-20")).json()

    assert shown["figures"]["charge"]["total"] == charge
    assert shown["figures"]["policy"] == "crtc-2026-43"


async def test_b13_reason_of_two_characters_is_refused(signed: Signed) -> None:
    clerk = await signed.clerk()
    shown = (await signed.preview(clerk)).json()

    refused = await signed.terminate(clerk, shown["id"], reason=" ok ")

    assert (refused.status_code, refused.json()["code"]) == (422, "reason-short")
    assert signed.shop.read("Service Contract", signed.contract)["status"] == "Active"


async def test_b13_preview_older_than_a_quarter_of_an_hour_is_worked_out_again(
    signed: Signed,
) -> None:
    clerk = await signed.clerk()
    shown = (await signed.preview(clerk)).json()
    signed.shop.clock.ms += QUARTER_MS
    clerk = await signed.clerk()

    refused = await signed.terminate(clerk, shown["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "preview-expired")
    again = refused.json()["preview"]
    assert again["figures"] == shown["figures"]
    assert (await signed.terminate(clerk, again["id"])).status_code == 200


async def test_b13_double_click_ends_it_once_and_answers_the_same(signed: Signed) -> None:
    clerk = await signed.clerk()
    shown = (await signed.preview(clerk)).json()

    first, second = await asyncio.gather(
        signed.terminate(clerk, shown["id"]), signed.terminate(clerk, shown["id"])
    )

    assert first.json() == second.json()
    fees = [one for one in signed.documents("Sales Invoice") if one.get("service_contract")]
    assert len(fees) == 1
    assert len(signed.documents("Comment")) == 1


async def test_figures_that_changed_are_shown_again_before_money_moves(signed: Signed) -> None:
    clerk = await signed.clerk()
    shown = (await signed.preview(clerk)).json()
    update = signed.shop.billing.till.client.update
    await update(
        "Service Contract", signed.contract, {"benefits": [{**ROUTER, "regular_price": 120}]}
    )

    refused = await signed.terminate(clerk, shown["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "preview-changed")
    assert refused.json()["preview"]["figures"]["charge"]["total"] == "65.00"


@pytest.mark.parametrize("quoted", ["", "0.0", "9999999999." + "0" * 64])
async def test_preview_id_that_was_made_up_moves_nothing(signed: Signed, quoted: str) -> None:
    clerk = await signed.clerk()

    refused = await signed.terminate(clerk, quoted)

    assert refused.json()["code"] == "preview-changed"
    assert signed.documents("Comment") == []


async def test_ct07_cascade_cancels_with_dates_and_notes_it_on_the_customer(
    signed: Signed,
) -> None:
    recap = await signed.ended(await signed.clerk())

    contract = signed.shop.read("Service Contract", signed.contract)
    assert (contract["status"], contract["termination_date"]) == ("Terminated", END)
    assert contract["termination_invoice"] == recap["invoice"]
    subscription = signed.shop.read("Service Subscription", signed.subscription)
    assert (subscription["status"], subscription["end_date"]) == ("Cancelled", END)
    assert subscription["cancellation_date"] == END
    (note,) = signed.documents("Comment")
    assert (note["reference_doctype"], note["reference_name"]) == ("Customer", signed.customer)
    assert re.search(r"CTR-00001.*lise@example.test.*130,00.*« Déménagement »", note["content"])


async def test_ct08_recap_is_frozen_and_told_the_same_to_whoever_asks(signed: Signed) -> None:
    clerk = await signed.clerk()
    recap = await signed.ended(clerk)
    signed.shop.clock.ms += 40 * 24 * 3_600_000
    clerk = await signed.clerk()

    path = f"/v1/contracts/{signed.contract}"
    told = (await signed.shop.client.get(path, headers=clerk.headers)).json()

    assert told["recap"] == recap
    assert (told["can_end"], told["status"]) == (False, "Terminated")
    assert len(recap["sha256"]) == 64


async def test_days_paid_in_advance_are_given_back_as_a_credit(tmp_path: Any) -> None:  # noqa: ANN401 - pytest's path
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        signed = signed_in(shop, is_billed=False)
        bill_april(shop, signed)
        recap = await signed.ended(await signed.clerk())

        assert recap["figures"]["services"]["net"] == "-18.66"  # 79.95 × 7 ÷ 30
        assert (recap["figures"]["first_day"], recap["figures"]["last_day"]) == (
            "2026-04-24",
            "2026-04-30",
        )
        credit = shop.read("Sales Invoice", recap["settlement"])
        assert (credit["is_return"], credit["grand_total"]) == (1, -21.45)


def bill_april(shop: Shop, signed: Signed) -> None:
    days = {"service_start_date": "2026-04-01", "service_end_date": "2026-04-30"}
    line = item("Internet fibre 500", 79.95, signed.location, **days)
    shop.invoice(signed.customer, [line], posting_date="2026-04-01", due_date="2026-05-01")


async def test_service_that_was_never_billed_is_neither_billed_nor_given_back(
    tmp_path: Any,  # noqa: ANN401 - pytest's path
) -> None:
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        signed = signed_in(shop, is_billed=False)
        shown = (await signed.preview(await signed.clerk())).json()

    assert shown["figures"]["is_billing_known"] is False
    assert shown["figures"]["services"]["total"] == "0.00"


async def test_months_up_to_a_day_to_come_are_left_to_the_monthly_invoices(signed: Signed) -> None:
    shown = (await signed.preview(await signed.clerk(), "2026-06-10")).json()

    assert shown["figures"]["services"]["total"] == "0.00"
    assert shown["figures"]["first_day"] is None


async def test_year_with_a_slip_is_refused(signed: Signed) -> None:
    refused = await signed.preview(await signed.clerk(), "9999-12-31")

    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-value")


async def test_day_that_the_customer_named_is_waited_for_before_the_service_is_cancelled(
    signed: Signed,
) -> None:
    await signed.ended(await signed.clerk(), "2026-04-30")
    named = signed.shop.read("Service Subscription", signed.subscription)
    assert (named["status"], named["end_date"]) == ("Active", "2026-04-30")
    endings = signed.shop.server.context.contracts
    assert endings is not None
    assert await endings.carrying.resume() == 0

    signed.shop.clock.ms += 7 * 24 * 3_600_000
    assert await endings.carrying.resume() == 1

    assert signed.shop.read("Service Subscription", signed.subscription)["status"] == "Cancelled"
    assert await endings.carrying.resume() == 0


@pytest.mark.parametrize("status", ["Draft", "Sent", "Completed", "Expired", "Cancelled"])
async def test_ct02_contract_that_is_not_in_force_is_not_ended(
    tmp_path: Any,  # noqa: ANN401 - pytest's path
    status: str,
) -> None:
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        signed = signed_in(shop, status=status)
        refused = await signed.preview(await signed.clerk())

    assert (refused.status_code, refused.json()["code"]) == (409, "contract-not-active")


async def test_ct03_page_says_how_far_the_term_is_and_what_each_benefit_is_worth(
    signed: Signed,
) -> None:
    clerk = await signed.clerk()
    path = f"/v1/contracts/{signed.contract}"
    told = (await signed.shop.client.get(path, headers=clerk.headers)).json()

    assert told["term"] == {
        "months": 11,
        "term_months": 24,
        "phase": "running",
        "ends_on": "2027-06-14",
        "notice_on": "2027-03-16",
    }
    rows = [(r["saving"], r["recognised"], r["residual"]) for r in told["benefits"]]
    assert rows == [("240.00", "110.00", "130.00"), ("149.95", "68.73", "81.22")]
    assert (told["savings"], told["residual"]) == ("389.95", "211.22")
    assert (told["can_end"], told["recap"]) == (True, None)


async def test_dispatcher_sees_a_contract_and_does_not_end_it(signed: Signed) -> None:
    sophie = Person("sophie@example.test", "Sophie", (Role.DISPATCHER,))
    signed.shop.server.accounts.add(sophie, password=PASSWORD)
    dispatcher = await signed.shop.sign_in(sophie)
    shown = await signed.preview(dispatcher)

    refused = await signed.terminate(dispatcher, shown.json()["id"])

    assert (shown.status_code, refused.status_code) == (200, 403)


async def test_contract_that_cannot_be_read_says_which_field(tmp_path: Any) -> None:  # noqa: ANN401 - pytest's path
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        signed = signed_in(shop, contract_type=None)
        clerk = await signed.clerk()
        path = f"/v1/contracts/{signed.contract}"
        told = (await shop.client.get(path, headers=clerk.headers)).json()

    assert (told["unreadable"], told["can_end"]) == ("contract_type", False)
