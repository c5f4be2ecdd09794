"""The OpenAPI document is true: whatever is sent, only what it declares comes back, never a 5xx."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from server_sync.http.blob_routes import PIECE
from tests.server.http.house import KARIM, House, house_in

EXAMPLES: Final = 25
"""For each operation; a person who changed the border runs more."""


PAIRS: Final = ("POST /v1/sync/sums",)
"""Schemathesis 4.32 rewrites `prefixItems` of an answer into a form that it then calls invalid."""


@schemathesis.serializer(PIECE)
def piece(_context: Any, value: Any) -> bytes:  # noqa: ANN401 - a test's own value
    return bytes(value) if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_in(tmp_path_factory.mktemp("house")) as made:
        made.job()
        yield made


@pytest.fixture(scope="module")
def token(house: House) -> str:
    return asyncio.run(house.sign_in(KARIM)).session["access"]  # type: ignore[no-any-return]  # JSON


@pytest.fixture(scope="module")
def described(house: House) -> Any:  # noqa: ANN401 - a test's own value
    # Hints never end, which is their point; tests of their own listen to them.
    return schemathesis.openapi.from_asgi("/openapi.json", house.server.app).exclude(
        path="/v1/hints"
    )


def test_answer_to_anything_is_one_that_is_declared(
    described: Any,  # noqa: ANN401 - schemathesis names no type
    token: str,
    subtests: pytest.Subtests,
) -> None:
    for found in described.get_all_operations():
        operation = found.ok()
        with subtests.test(operation.label):
            send_anything(operation, token)


def send_anything(operation: Any, token: str) -> None:  # noqa: ANN401 - a test's own value
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:  # noqa: ANN401 - a test's own value
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks)

    checks = [not_a_server_error, status_code_conformance, content_type_conformance]
    if operation.label not in PAIRS:
        checks.append(response_schema_conformance)
    check()


def test_every_operation_has_a_name_of_its_own_and_a_summary(house: House) -> None:
    operations = [
        operation
        for path in house.server.app.openapi["paths"].values()
        for operation in path.values()
    ]

    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] for operation in operations)


def test_references_of_the_document_lead_somewhere(house: House) -> None:
    document = house.server.app.openapi

    def references(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
        if isinstance(value, dict):
            for name, item in value.items():
                if name == "$ref":
                    yield item
                else:
                    yield from references(item)
        elif isinstance(value, list):
            for item in value:
                yield from references(item)

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known
