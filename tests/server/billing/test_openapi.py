"""The routes of billing are described as they are: whatever is sent, only declared answers come."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    status_code_conformance,
)

from server_sync.http.forms import FORM
from tests.server.billing.shop import INVOICE, Shop, shop_in

EXAMPLES = 20
ROUTES = (
    "GET /pay-public",
    "GET /pay-public/bench/{session}",
    "GET /pay-public/done",
    "GET /v1/customers",
    "GET /v1/customers/{name}/{panel}",
    "GET /v1/door",
    "GET /v1/invoices",
    "GET /v1/invoices/{name}",
    "GET /v1/invoices/{name}/pages/{number}",
    "GET /v1/invoices/{name}/pdf",
    "GET /v1/invoices/{name}/receipt",
    "POST /pay-public/bench/{session}",
    "POST /pay-public/checkout",
    "POST /pay-public/link",
    "POST /v1/customers/{name}/referral",
    "POST /v1/invoices/{name}/link",
    "POST /v1/stripe/webhook",
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop_in(tmp_path_factory.mktemp("shop")) as made:
        yield made


@pytest.fixture(scope="module")
def token(shop: Shop) -> str:
    return str(asyncio.run(shop.sign_in()).session["access"])


def test_routes_of_billing_are_described_and_no_others(shop: Shop) -> None:
    paths = shop.server.app.openapi["paths"]

    found = [
        f"{method.upper()} {path}"
        for path, item in paths.items()
        for method in item
        if path.startswith(
            ("/pay-public", "/v1/invoices", "/v1/stripe", "/v1/customers", "/v1/door")
        )
    ]
    assert tuple(sorted(found)) == ROUTES


def test_answer_to_anything_is_one_that_is_declared(
    shop: Shop, token: str, subtests: pytest.Subtests
) -> None:
    described: Any = schemathesis.openapi.from_asgi("/openapi.json", shop.server.app)
    for found in described.get_all_operations():
        operation = found.ok()
        if operation.label in ROUTES:
            with subtests.test(operation.label):
                send_anything(operation, token)


def send_anything(operation: Any, token: str) -> None:  # noqa: ANN401 - schemathesis names no type
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:  # noqa: ANN401 - same
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks)

    checks = [not_a_server_error, status_code_conformance, content_type_conformance]
    check()


@pytest.mark.parametrize("path", ["/pay-public/checkout", "/pay-public/link"])
async def test_form_with_a_genuine_link_gets_a_declared_answer(shop: Shop, path: str) -> None:
    answer = await shop.client.post(
        path, data={"t": shop.token(INVOICE), "amount": "10", "last4": "1"},
        headers={"Content-Type": FORM},
    )  # fmt: skip

    declared = shop.server.app.openapi["paths"][path]["post"]["responses"]
    assert str(answer.status_code) in declared
