"""B-15: a subscription under a live contract leads to it; under an ended one it may go."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.billing.shop import shop_in
from tests.server.contracts.signed import Signed, signed_in


async def remove(signed: Signed) -> httpx.Response:
    clerk = await signed.clerk()
    path = f"/v1/subscriptions/{signed.subscription}"
    return await signed.shop.client.delete(path, headers=clerk.headers)


@pytest.mark.parametrize("status", ["Draft", "Sent", "Active"])
async def test_b15_subscription_under_a_live_contract_leads_to_the_contract(
    tmp_path: Any,  # noqa: ANN401 - pytest's path
    status: str,
) -> None:
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        signed = signed_in(shop, status=status)
        refused = await remove(signed)

        assert (refused.status_code, refused.json()["code"]) == (409, "contract-live")
        assert refused.json()["contract"] == signed.contract
        assert shop.read("Service Subscription", signed.subscription)["status"] == "Active"


@pytest.mark.parametrize("status", ["Terminated", "Completed", "Expired", "Cancelled"])
async def test_b15_subscription_under_an_ended_contract_goes_with_a_trace(
    tmp_path: Any,  # noqa: ANN401 - pytest's path
    status: str,
) -> None:
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        signed = signed_in(shop, status=status)
        assert (await remove(signed)).status_code == 204

        contract = shop.read("Service Contract", signed.contract)
        assert (contract["status"], contract.get("service_subscription")) == (status, None)
        (note,) = signed.documents("Comment")
        assert signed.subscription in note["content"]
        assert signed.contract in note["content"]
        assert "lise@example.test" in note["content"]
        assert (await remove(signed)).status_code == 404


async def test_b15_link_from_the_subscription_alone_holds_it_too(signed: Signed) -> None:
    update = signed.shop.billing.till.client.update
    await update("Service Subscription", signed.subscription, {"service_contract": signed.contract})
    await update("Service Contract", signed.contract, {"service_subscription": None})

    assert (await remove(signed)).json()["contract"] == signed.contract

    await update("Service Contract", signed.contract, {"status": "Expired"})
    assert (await remove(signed)).status_code == 204


async def test_b15_removed_subscription_is_off_the_customers_page_at_once(tmp_path: Path) -> None:
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        signed = signed_in(shop, status="Expired")
        assert shop.server.erp is not None
        await shop.server.erp.poll()
        assert await listed(signed) == [signed.subscription]

        assert (await remove(signed)).status_code == 204

        assert await listed(signed) == []


async def listed(signed: Signed) -> list[str]:
    path = f"/v1/customers/{signed.customer}/subscriptions"
    clerk = await signed.clerk()
    answer = await signed.shop.client.get(path, headers=clerk.headers)
    return [row["name"] for row in answer.json().get("rows", ())]


async def test_b15_what_the_erp_will_not_delete_stays_as_it_was_with_the_refusal_told(
    tmp_path: Path,
) -> None:
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        signed = signed_in(shop, status="Expired")
        links = {"subject": "Visite", "customer": signed.customer, "status": "Completed",
                 "service_subscription": signed.subscription}  # fmt: skip
        job = shop.insert("Dispatch Job", links)["name"]

        refused = await remove(signed)

        assert (refused.status_code, refused.json()["code"]) == (422, "erp-refused")
        assert job in refused.json()["message"]
        contract = shop.read("Service Contract", signed.contract)
        assert contract["service_subscription"] == signed.subscription
        assert shop.read("Service Subscription", signed.subscription)["status"] == "Active"
        (note,) = signed.documents("Comment")
        assert "demandée" in note["content"]


async def test_b15_answer_that_was_lost_is_found_out_by_asking_again(tmp_path: Path) -> None:
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        signed = signed_in(shop, status="Expired")
        assert shop.server.erp is not None
        await shop.server.erp.poll()

        def lose(request: httpx.Request) -> None:
            if request.method == "DELETE":
                shop.wire.after = None
                raise httpx.ReadError("cut")

        shop.wire.after = lose
        assert (await remove(signed)).status_code == 503

        assert (await remove(signed)).status_code == 404
        assert await listed(signed) == []
