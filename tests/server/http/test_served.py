"""The production server over sockets: threads, tus by a client that is not ours, event streams."""

import hashlib
import io
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tusclient.client import TusClient

from server_sync.compose import Server, create
from server_sync.store.transaction import OutcomeRow
from tests.server.http.house import MARC, NADIA, PASSWORD, PEOPLE, settings_in
from tests.server.http.serving import served

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4_000
SHA = hashlib.sha256(PHOTO).hexdigest()
IDLE_BYTES_MAX = 800


@dataclass
class Live:
    """A server on a port."""

    server: Server
    url: str
    client: httpx.Client

    def sign_in(self, person: Any = MARC) -> dict[str, str]:  # noqa: ANN401 - a test's own value
        answer = self.client.post(
            "/v1/auth/sign-in",
            json={"email": person.email, "password": PASSWORD, "device": {"name": "x"}},
        )
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access']}"}


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    server = create(settings_in(tmp_path, log_level="error"))
    for person in PEOPLE:
        server.accounts.add(person, password=PASSWORD)
    with served(server.app) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield Live(server, url, client)


def stamp() -> list[Any]:
    return [time.time_ns() // 1_000_000, 0, "b"]


def test_upload_by_another_tus_client_arrives(live: Live) -> None:
    tus = TusClient(f"{live.url}/v1/blobs", headers=live.sign_in())
    options = {"chunk_size": 300_000, "metadata": {"sha256": SHA, "filetype": "image/png"}}

    first = tus.uploader(file_stream=io.BytesIO(PHOTO), **options)
    first.upload_chunk()  # type: ignore[no-untyped-call]  # tuspy says nothing of this one
    assert live.server.blobs.find(SHA).offset == 300_000
    second = tus.uploader(file_stream=io.BytesIO(PHOTO), url=first.url, **options)
    second.upload()

    assert str(first.url).endswith(f"/v1/blobs/{SHA}")
    assert live.server.blobs.verified(SHA) == PHOTO


def test_idle_exchange_stays_small_on_the_wire(live: Live) -> None:
    headers = live.sign_in() | {"User-Agent": "gigafibre-field/0.1", "Accept-Encoding": "zstd"}
    offered = live.client.post("/v1/sync", json={"now": stamp()}, headers=headers).json()
    body = json.dumps(
        {"now": stamp(), "cursor": offered["snapshot"]["cursor"]}, separators=(",", ":")
    )

    answer = live.client.post("/v1/sync", content=body, headers=headers)

    assert (
        size_of(answer.request.headers, answer.request.content, "POST /v1/sync HTTP/1.1")
        + size_of(answer.headers, answer.content, "HTTP/1.1 200 OK")
        <= IDLE_BYTES_MAX
    )


def size_of(headers: httpx.Headers, content: bytes, first_line: str) -> int:
    lines = sum(len(name) + len(value) + 4 for name, value in headers.raw)
    return len(first_line) + 2 + lines + 2 + len(content)


def test_event_stream_tells_of_a_commit_and_ends_with_its_listener(live: Live) -> None:
    headers = live.sign_in()
    with live.client.stream("GET", "/v1/hints", headers=headers) as stream:
        lines = (line for line in stream.iter_lines() if line)
        before = int(next(lines).removeprefix("data: "))
        with httpx.Client(base_url=live.url) as other:
            other.post("/v1/auth/sign-in", json={})
        live.server.store.transact(lambda tx: tx.add_outcome(_outcome(live, headers)))
        after = int(next(lines).removeprefix("data: "))
        assert stream.headers["X-Accel-Buffering"] == "no"

    assert after > before
    assert _soon(lambda: live.server.context.hints.listening == 0)


def _outcome(live: Live, headers: dict[str, str]) -> Any:  # noqa: ANN401 - a test's own value
    token = headers["Authorization"].removeprefix("Bearer ")
    return OutcomeRow(live.server.accounts.identify(token).device, 1, "op-1", "applied")


def _soon(claim: Any) -> bool:  # noqa: ANN401 - a test's own value
    for _ in range(500):
        if claim():
            return True
        time.sleep(0.02)
    return False


def test_devices_that_push_at_the_same_time_are_all_taken(live: Live) -> None:
    everyone = [live.sign_in(MARC) for _ in range(4)] + [live.sign_in(NADIA) for _ in range(4)]

    def push(headers: dict[str, str]) -> list[int]:
        with httpx.Client(base_url=live.url, timeout=30) as client:
            return [
                client.post(
                    "/v1/sync", headers=headers, json={"now": stamp(), "ops": [issue(headers, n)]}
                ).json()["last_n"]
                for n in range(1, 11)
            ]

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(push, everyone))

    assert told == [list(range(1, 11))] * 8


def issue(headers: dict[str, str], n: int) -> dict[str, Any]:
    mark = hashlib.sha256(f"{headers}{n}".encode()).hexdigest()
    key = f"{mark[:8]}-{mark[8:12]}-4{mark[13:16]}-8{mark[17:20]}-{mark[20:32]}"
    return {
        "kind": "create",
        "id": f"op-{mark[:20]}",
        "n": n,
        "key": key,
        "at": stamp(),
        "doctype": "Issue",
        "body": {"subject": f"n{n}"},
    }


def test_work_pushed_reaches_the_office_system_by_itself(live: Live) -> None:
    headers = live.sign_in()
    live.client.post("/v1/sync", headers=headers, json={"now": stamp(), "ops": [issue(headers, 1)]})

    def is_stored() -> bool:
        with live.server.store.read() as connection:
            return connection.exec_driver_sql("SELECT office FROM outcome").scalar() == "stored"

    assert _soon(is_stored)


def test_server_that_is_ready_says_what_it_looked_at(live: Live) -> None:
    answer = live.client.get("/ready")

    checks = {c["name"]: c["is_good"] for c in answer.json()["checks"]}
    assert (answer.status_code, answer.json()["is_ready"]) == (200, True)
    assert checks == {
        "database": True,
        "blobs": True,
        "disk": True,
        "erp": True,
        "webhook secret": False,
        "acs": False,
        "payments": True,
        "terminations": True,
    }


def test_metrics_count_requests_by_route_never_by_path(live: Live) -> None:
    live.client.get("/v1/blobs/0123")
    live.client.get("/some/where")

    text = live.client.get("/metrics").text

    assert 'route="/v1/blobs/{sha256}"' in text
    assert 'route="other"' in text
    assert "0123" not in text
    assert "/some/where" not in text
    assert "gigafibre_erp_out_waiting 0.0" in text
