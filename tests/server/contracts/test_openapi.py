"""The routes of contracts are described as they are: only declared answers come."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis

from tests.server.billing.shop import Shop, shop_in
from tests.server.billing.test_openapi import send_anything
from tests.server.contracts.signed import signed_in

ROUTES = (
    "DELETE /v1/subscriptions/{name}",
    "GET /contract-accept",
    "GET /contract-accept/document",
    "GET /contract-accept/{number}",
    "GET /v1/contracts/{name}",
    "POST /contract-accept/decide",
    "POST /v1/contracts/{name}/offer",
    "GET /v1/terminations",
    "POST /v1/contracts/{name}/termination",
    "POST /v1/contracts/{name}/termination/again",
    "POST /v1/contracts/{name}/termination/preview",
    "POST /v1/docuseal/webhook",
    "POST /v1/referrals/check",
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop_in(tmp_path_factory.mktemp("shop"), stocked=False) as made:
        signed_in(made)
        yield made


@pytest.fixture(scope="module")
def token(shop: Shop) -> str:
    return str(asyncio.run(shop.sign_in()).session["access"])


def test_answer_to_anything_is_one_that_is_declared(
    shop: Shop, token: str, subtests: pytest.Subtests
) -> None:
    described: Any = schemathesis.openapi.from_asgi("/openapi.json", shop.server.app)
    operations = {found.ok().label: found.ok() for found in described.get_all_operations()}
    for label in ROUTES:
        with subtests.test(label):
            send_anything(operations[label], token)
