"""CT-10: a commercial contract signed at DocuSeal: sent, told of, fetched, hashed."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from server_sync.contracts.acceptance.docuseal import signature
from server_sync.contracts.acceptance.docuseal_bench import DocusealBench
from server_sync.contracts.service import Contracts
from server_sync.store.schema import acceptance, evidence
from tests.server.billing.shop import Shop, shop_in
from tests.server.contracts.signed import Signed, signed_in
from tests.server.contracts.test_accepting import offer

PATH = "/v1/docuseal/webhook"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Signed]:
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        yield signed_in(shop, status="Draft", contract_type="Commercial")


def contracts(shop: Shop) -> Contracts:
    found = shop.server.context.contracts
    assert found is not None
    return found


def bench_of(shop: Shop) -> DocusealBench:
    found = contracts(shop).bench
    assert found is not None
    return found


def sent(shop: Shop) -> Any:  # noqa: ANN401 - a row
    with shop.server.store.read() as connection:
        return connection.execute(select(acceptance)).one()


def told(shop: Shop) -> list[dict[str, Any]]:
    with shop.server.store.read() as connection:
        return [json.loads(body) for body in connection.execute(select(evidence.c.body)).scalars()]


async def tell(shop: Shop, raw: bytes, signed: str) -> httpx.Response:
    headers = {"X-Docuseal-Signature": signed, "Content-Type": "application/json"}
    return await shop.client.post(PATH, content=raw, headers=headers)


async def test_ct10_commercial_contract_is_signed_fetched_and_put_in_force(
    company: Signed,
) -> None:
    shop = company.shop
    assert (await offer(company)).status_code == 202
    raw, signed = bench_of(shop).settle(sent(shop).external, "completed")

    answers = [(await tell(shop, raw, signed)).status_code for _ in range(2)]

    assert answers == [204, 204]
    (row,) = told(shop)
    assert row["track"] == "DocuSeal"
    (sha256,) = row["documents"]
    document = shop.server.blobs.store.read(sha256)
    assert document.startswith(b"%PDF-")
    assert hashlib.sha256(document).hexdigest() == sha256 != sent(shop).pdf_sha256
    assert await contracts(shop).acceptances.tell() == 1
    contract = shop.read("Service Contract", company.contract)
    assert (contract["status"], contract["signature_method"]) == ("Active", "DocuSeal")


@pytest.mark.parametrize("status", ["declined", "expired"])
async def test_contract_that_was_declined_stays_as_it_is(company: Signed, status: str) -> None:
    shop = company.shop
    await offer(company)

    assert (
        await tell(shop, *bench_of(shop).settle(sent(shop).external, status))
    ).status_code == 204

    assert told(shop)[0]["act"] == "refused"
    assert await contracts(shop).acceptances.tell() == 1
    assert shop.read("Service Contract", company.contract)["status"] == "Sent"


async def test_message_is_a_hint_what_became_of_it_is_fetched(company: Signed) -> None:
    shop = company.shop
    await offer(company)
    body = {"event_type": "form.completed", "data": {"submission": {"id": sent(shop).external}}}
    raw = json.dumps(body).encode()
    now_s = shop.clock.ms // 1000

    answer = await tell(shop, raw, signature(raw, secret=bench_of(shop).secret, at_s=now_s))

    assert answer.status_code == 204
    assert told(shop) == []  # nobody has signed at DocuSeal


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_message_of_another_time_or_secret_is_refused(company: Signed, minutes: int) -> None:
    shop = company.shop
    raw, at_s = b'{"event_type":"submission.completed","data":{"id":"x"}}', shop.clock.ms // 1000
    secret = bench_of(shop).secret

    late = await tell(shop, raw, signature(raw, secret=secret, at_s=at_s + minutes * 60))
    other = await tell(shop, raw, signature(raw, secret="else", at_s=at_s))
    none = await tell(shop, raw, "")
    odd = await tell(shop, b"{}", signature(b"{}", secret=secret, at_s=at_s))

    assert [one.status_code for one in (late, other, none, odd)] == [400] * 4
    assert late.json()["code"] == "webhook-signature"


async def test_signature_that_was_never_told_of_is_found_by_asking(company: Signed) -> None:
    shop = company.shop
    await offer(company)
    bench_of(shop).settle(sent(shop).external, "completed")

    await contracts(shop).acceptances.ask()
    await contracts(shop).acceptances.ask()

    assert [one["act"] for one in told(shop)] == ["accepted"]


async def test_submission_that_is_not_ours_changes_nothing(company: Signed) -> None:
    raw = b'{"event_type":"submission.completed","data":{"id":"else"}}'
    now_s = company.shop.clock.ms // 1000
    secret = bench_of(company.shop).secret

    answer = await tell(company.shop, raw, signature(raw, secret=secret, at_s=now_s))

    assert answer.status_code == 204
    assert told(company.shop) == []
