"""Strangers at the public addresses: changed links, odd and slow bodies; one answer for all."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from benchmarks.billing.abuse import abuse
from server_sync.http import messages
from tests.server.billing.browser import Browser
from tests.server.billing.shop import Shop, shop_in

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PUBLIC = ("/pay-public/checkout", "/pay-public/link", "/contract-accept/decide")
WEBHOOKS = ("/v1/stripe/webhook", "/v1/docuseal/webhook")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "PUBLIC_BODY_S", 0.5)


async def test_b04_changed_links_get_one_answer_and_none_is_taken(tmp_path: Path) -> None:
    with shop_in(tmp_path / "shop") as shop:
        found = await abuse(shop, 400, seed=7)

    assert (found.kinds, found.statuses, found.taken) == (1, (404,), 0)
    assert found.waits_after == 61


@pytest.mark.parametrize("path", [*PUBLIC, *WEBHOOKS])
async def test_body_beyond_the_limit_is_refused_before_it_is_kept(shop: Shop, path: str) -> None:
    limit = 1_100_000 if path in WEBHOOKS else 5_000

    async def pieces() -> Iterator[bytes]:  # type: ignore[misc]  # an async generator
        for _ in range(limit // 1000):
            yield b"x" * 1000

    announced = await shop.client.post(path, content=b"x" * limit, headers=FORM)
    unannounced = await shop.client.post(path, content=pieces(), headers=FORM)

    assert [one.status_code for one in (announced, unannounced)] == [413, 413]


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("kind", ["application/json", "text/xml", "multipart/form-data", "", "é"])
async def test_body_of_another_kind_is_refused(shop: Shop, path: str, kind: str) -> None:
    answer = await shop.client.post(path, content=b"{}", headers=[(b"Content-Type", kind.encode())])

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("body", [b"\xff\xfe", b"t=%ff", b"&".join([b"a=1"] * 99), b"t=\x00"])
async def test_form_of_odd_bytes_leaks_nothing(shop: Shop, path: str, body: bytes) -> None:
    answer = await shop.client.post(path, content=body, headers=FORM)

    assert answer.status_code in (202, 400, 404, 410)
    assert "Traceback" not in answer.text


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("path", [PUBLIC[0], WEBHOOKS[0]])
def test_body_that_trickles_in_is_cut_off(browser: Browser, path: str) -> None:
    parts = urlsplit(browser.base)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM['Content-Type']}\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as line:
        line.sendall(f"{head}Content-Length: 100\r\n\r\n".encode())
        began = time.monotonic()
        for _ in range(3):
            line.sendall(b"a")
            time.sleep(0.1)
        answer = line.recv(200)

    assert answer.startswith(b"HTTP/1.1 400")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("invoice", ["ACC-SINV-2026-00001", "ACC-SINV-2026-99999", "x' OR 1=1"])
def test_enumerating_invoices_tells_nothing(browser: Browser, invoice: str) -> None:
    answer = browser.get(f"/pay-public?inv={httpx.QueryParams({'i': invoice})['i']}&t=v1.a.qr.x.y")

    assert answer.status_code == 404
    assert invoice not in answer.text
