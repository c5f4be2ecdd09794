"""Whatever goes wrong is told as a problem, in the caller's language, and tells nothing else."""

import json
from typing import Any

import httpx
import pytest
from backports import zstd
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from field_core import wire
from server_sync.http.problems import language_of
from tests.server.http.house import JOB, House

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "fr"),
        ("", "fr"),
        ("en", "en"),
        ("en-CA,fr;q=0.5", "en"),
        ("fr-CA,en;q=0.9", "fr"),
        ("en;q=0.2, fr;q=0.3", "fr"),
        ("de", "fr"),
        ("de,en;q=0.1", "en"),
        ("en;q=x", "fr"),
        ("*", "fr"),
    ],
)
def test_language_is_what_the_caller_likes_best(header: str | None, language: str) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/v1/sync", 405, "bad-request"),
        ("POST", "/health", 405, "bad-request"),
        ("GET", "/v1/sync/", 404, "not-found"),
        ("GET", "/v1/snapshots/none", 401, "signed-out"),
    ],
)
async def test_refusal_of_the_router_is_a_problem(
    house: House, method: str, path: str, status: int, code: str
) -> None:
    answer = await house.client.request(method, path, headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.json()["code"] == code
    assert answer.headers["Content-Language"] == "en"


async def test_method_not_allowed_names_those_that_are(house: House) -> None:
    assert (await house.client.get("/v1/sync")).headers["Allow"] == "POST"
    assert (await house.client.head("/health")).headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"{", {}, 400, "bad-request"),
        (b"[]", {}, 400, "bad-request"),
        (b"\xff\xfe", {}, 400, "bad-request"),
        (b'{"now":"NaN', {}, 400, "bad-request"),
        (b"[" * 100_000, {}, 400, "bad-request"),
        (b'{"NaN":' + b"[" * 100_000, {}, 400, "bad-request"),
        (b"{}", {"Content-Encoding": "gzip"}, 400, "bad-request"),
        (b"not zstd", {"Content-Encoding": "zstd"}, 400, "bad-request"),
        (zstd.compress(b"{}")[:-1], {"Content-Encoding": "zstd"}, 400, "bad-request"),
        (zstd.compress(b"{}") + b"!", {"Content-Encoding": "zstd"}, 400, "bad-request"),
        (
            zstd.compress(bytes(wire.BODY_BYTES_MAX + 1)),
            {"Content-Encoding": "zstd"},
            413,
            "too-large",
        ),
        (bytes(wire.BODY_BYTES_MAX + 1), {}, 413, "too-large"),
    ],
)
async def test_body_unreadable_is_refused_without_a_trace(
    house: House, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    device = await house.sign_in()

    answer = await house.client.post("/v1/sync", content=content, headers=device.headers | headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "Traceback" not in answer.text


async def test_body_too_large_that_does_not_say_so_is_cut_off(house: House) -> None:
    device = await house.sign_in()

    async def pieces() -> Any:  # noqa: ANN401 - any JSON
        for _ in range(5):
            yield bytes(1_000_000)

    answer = await house.client.post("/v1/sync", content=pieces(), headers=device.headers)

    assert answer.json()["code"] == "too-large"


async def test_password_in_an_unreadable_body_is_not_repeated(house: House) -> None:
    answer = await house.client.post(
        "/v1/auth/sign-in",
        json={"email": "x", "password": {"value": "très-secret"}, "device": {"name": "x"}},
    )

    assert answer.status_code == 400
    assert "très-secret" not in answer.text


async def test_body_packed_by_the_device_is_read_and_the_answer_is_packed(house: House) -> None:
    for number in range(20):
        house.job(f"0b5e3a52-6a1c-5b7e-9d58-0a8a4c1f2e{number:02}")
    device = await house.sign_in()
    cursor = await device.cursor()
    for number in range(20):
        house.job(f"0b5e3a52-6a1c-5b7e-9d58-0a8a4c1f2f{number:02}")
    body = json.dumps({"now": device.stamp(), "cursor": cursor}).encode()

    answer = await house.client.post(
        "/v1/sync",
        content=zstd.compress(body),
        headers={**device.headers, "Content-Encoding": "zstd", "Accept-Encoding": "zstd"},
    )

    assert answer.headers["Content-Encoding"] == "zstd"
    assert len(json.loads(await raw(answer))["changes"]) == 20


async def raw(answer: httpx.Response) -> bytes:
    """Unpack, unless the client library has done so."""
    content = answer.content
    return content if content.startswith(b"{") else zstd.decompress(content)


async def test_failure_nobody_foresaw_is_told_as_internal_and_nothing_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    device = await house.sign_in()
    monkeypatch.setattr(type(house.server.exchange), "sync", broken)

    answer = await device.post("/v1/sync", {"now": device.stamp()})

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret detail" not in answer.text


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError, 503, "busy"),
        (DataError, 400, "bad-request"),
        (IntegrityError, 500, "internal"),
    ],
)
async def test_failure_of_the_database_is_told_by_what_can_be_done_about_it(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    error: type[DBAPIError],
    status: int,
    code: str,
) -> None:
    def failing(*_: object) -> None:
        raise error("SELECT secret", {}, Exception("detail"))

    device = await house.sign_in()
    monkeypatch.setattr(type(house.server.exchange), "sync", failing)

    answer = await device.post("/v1/sync", {"now": device.stamp()})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "SELECT" not in answer.text


@pytest.mark.parametrize(
    "odd",
    [
        {"fields": {"resolution": [None, "a\x00b"]}},
        {"fields": {"resolution": [None, "a\ud800b"]}},
        {"fields": {"resolution": [None, float("nan")]}},
        {"fields": {"resolution": [None, 10**400]}},
        {"fields": {"resolution": [None, 1e308]}},
        {"at": [10**30, 0, "b"], "fields": {"resolution": [None, "x"]}},
        {"at": [-(10**30), -(10**30), "boot"], "fields": {"resolution": [None, "x"]}},
        {"rev": 10**30, "fields": {"resolution": [None, "x"]}},
        {"fields": {"checklist..": [None, "x"], "..": [None, 1]}},
        {"fields": {"status_log": [None, {"a": [[[]]]}]}},
        {"group": {"id": {"a": 1}, "size": 1}, "fields": {"resolution": [None, "x"]}},
        {"group": {"id": "g", "size": "two"}, "fields": {"resolution": [None, "x"]}},
        {"id": 7},
        {"kind": "dance"},
        {"key": "\x00" * 20},
    ],
)
async def test_odd_operation_stops_nothing_behind_it(house: House, odd: dict[str, Any]) -> None:
    house.job()
    device = await house.sign_in()
    ops = [
        {**device.operation("set", fields={"resolution": [None, "x"]}), **odd},
        device.operation("append", list="notes", item_id="note-1", item={"text": "reçu"}),
    ]
    body = {"now": device.stamp(), "ops": ops}

    answer = await house.client.post(
        "/v1/sync", content=json.dumps(body).encode(), headers=device.headers
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["last_n"] == 2
    assert [note["text"] for note in house.body(JOB)["notes"]] == ["reçu"]
