"""Asking the server beside the engine: kept answers, tags, sessions that end, and portals."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from field_app.ports import Told
from field_app.sync import kept as kept_module
from field_app.sync.granted import AT_ONCE_MAX, Granted
from field_app.sync.kept import Kept, KeptAnswers
from field_app.sync.remote import RemoteDesk
from field_app.sync.transport import Transport
from field_core.office import Balance, Identity, InvoiceDetail
from field_core.problems import ProblemError
from tests.app.making import Clock
from tests.app.test_transport import JSON, answering, read_request, talking
from tests.server.billing.shop import INVOICE, Shop, shop_in
from tests.server.http.serving import served

BALANCE = "/v1/customers/CUST-00001/balance"
PAGE = f"/v1/invoices/{INVOICE}/pages/1"


class Session:
    """The engine's side: a token, which it renews when it is asked to exchange."""

    def __init__(self, shop: Shop | None = None) -> None:
        self._shop = shop
        self.access: str | None = "unknown"
        self.renewed = 0

    async def sign_in(self) -> None:
        assert self._shop
        self.access = str((await self._shop.sign_in()).session["access"])

    async def renew(self) -> None:
        self.renewed += 1
        if self._shop:
            await self.sign_in()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop_in(tmp_path_factory.mktemp("shop")) as made:
        yield made


@pytest.fixture(scope="module")
def url(shop: Shop) -> Iterator[str]:
    with served(shop.server.app) as base:
        yield base


@asynccontextmanager
async def desk_on(url: str, folder: Path, session: Session) -> AsyncIterator[RemoteDesk]:
    transport = Transport(url, stall_s=5)
    try:
        yield RemoteDesk(
            transport,
            KeptAnswers(folder / "kept.db"),
            Granted(access=lambda: session.access, renew=session.renew),
            now_ms=Clock().now_ms,
        )
    finally:
        await transport.close()


async def test_answer_is_told_with_its_age_and_kept(shop: Shop, url: str, tmp_path: Path) -> None:
    session = Session(shop)
    await session.sign_in()
    async with desk_on(url, tmp_path, session) as desk:
        asked = await desk.ask(BALANCE, Balance)
        kept = await desk.kept(BALANCE, Balance)

    assert asked.value.balance == Decimal("91.93")
    assert asked.at_ms == Clock().now_ms()
    assert kept == Told(asked.value, asked.at_ms, is_kept=True)


async def test_answer_that_still_stands_comes_without_a_body(
    shop: Shop, url: str, tmp_path: Path
) -> None:
    session = Session(shop)
    await session.sign_in()
    async with desk_on(url, tmp_path, session) as desk:
        first = await desk.ask(BALANCE, Balance)
        down = desk._transport.traffic.down_bytes  # noqa: SLF001 - what came over the wire
        second = await desk.ask(BALANCE, Balance)

        assert second.value == first.value
        assert desk._transport.traffic.down_bytes == down  # noqa: SLF001 - as above


async def test_session_that_ended_is_renewed_once(shop: Shop, url: str, tmp_path: Path) -> None:
    session = Session(shop)
    await session.sign_in()
    shop.clock.forward(days=1)
    async with desk_on(url, tmp_path, session) as desk:
        told = await desk.ask(f"/v1/invoices/{INVOICE}", InvoiceDetail)

    assert session.renewed == 1
    assert told.value.total == Decimal("91.93")


async def test_page_of_the_pdf_is_kept_as_a_picture(shop: Shop, url: str, tmp_path: Path) -> None:
    session = Session(shop)
    await session.sign_in()
    async with desk_on(url, tmp_path, session) as desk:
        asked = await desk.page(PAGE)
        again = await desk.page(PAGE)
        kept = await desk.kept_page(PAGE)
        pdf = await desk.pdf(f"/v1/invoices/{INVOICE}/pdf")

    assert asked.value.content[:4] == b"\x89PNG"
    assert (asked.value.pages, again.value) == (1, asked.value)
    assert kept is not None
    assert kept.value == asked.value
    assert pdf[:5] == b"%PDF-"


async def test_what_the_server_removes_is_gone_and_what_it_will_not_is_a_problem(
    shop: Shop, url: str, tmp_path: Path
) -> None:
    """B-15: a 204 has no body, a refusal says why."""
    session = Session(shop)
    await session.sign_in()
    plan = {"plan": "PLAN", "status": "Cancelled", "customer": "CUST-00001"}
    name = shop.insert("Service Subscription", plan)["name"]
    async with desk_on(url, tmp_path, session) as desk:
        await desk.remove(f"/v1/subscriptions/{name}")
        with pytest.raises(ProblemError) as caught:
            await desk.remove(f"/v1/subscriptions/{name}")

    assert caught.value.problem.code == "not-found"


async def test_clerk_has_the_server_send_a_link(shop: Shop, url: str, tmp_path: Path) -> None:
    session = Session(shop)
    await session.sign_in()
    async with desk_on(url, tmp_path, session) as desk:
        await desk.send(f"/v1/invoices/{INVOICE}/link", {"channel": "email"})
        with pytest.raises(ProblemError) as refused:
            await desk.send(f"/v1/invoices/{INVOICE}/link", {"channel": "pigeon"})

    assert refused.value.problem.code == "bad-request"


async def test_what_may_not_be_seen_any_more_is_let_go_of(
    shop: Shop, url: str, tmp_path: Path
) -> None:
    session = Session(shop)
    await session.sign_in()
    async with desk_on(url, tmp_path, session) as desk:
        path = "/v1/customers/CUST-99999/balance"
        KeptAnswers(tmp_path / "kept.db").put(
            "/v1/invoices/ACC-SINV-2026-99999", Kept(b"{}", "", 1), now_ms=Clock().now_ms()
        )
        assert (await desk.ask(path, Balance)).value == Balance()

        with pytest.raises(ProblemError) as refused:
            await desk.ask("/v1/invoices/ACC-SINV-2026-99999", InvoiceDetail)

        assert refused.value.problem.code == "not-found"
        assert await desk.kept("/v1/invoices/ACC-SINV-2026-99999", InvoiceDetail) is None


@pytest.mark.parametrize(
    ("status", "content", "headers", "code"),
    [
        ("302 Found", b"", {"Location": "http://portal"}, "captive-portal"),
        ("200 OK", b"<html>", {"Content_Type": "text/html"}, "captive-portal"),
        ("304 Not Modified", b"", {}, "captive-portal"),
        ("502 Bad Gateway", b"<html>", {"Content_Type": "text/html"}, "server-unreachable"),
        ("200 OK", b"[1]", {"Content_Type": JSON}, "upgrade-needed"),
        ("200 OK", b"{not", {"Content_Type": JSON}, "server-unreachable"),
    ],
)
async def test_what_is_not_our_answer_replaces_nothing(
    tmp_path: Path, status: str, content: bytes, headers: dict[str, str], code: str
) -> None:
    mine = Identity(name="CUST-1", customer_name="Gilles")
    async with (
        talking(answering(status, content, **headers)) as url,
        desk_on(url, tmp_path, Session()) as desk,
    ):
        KeptAnswers(tmp_path / "kept.db").put(
            "/x", Kept(mine.model_dump_json().encode(), "", 7), now_ms=Clock().now_ms()
        )
        with pytest.raises(ProblemError) as failed:
            await desk.ask("/x", Identity)
        with pytest.raises(ProblemError):
            await desk.page("/y")
        kept = await desk.kept("/x", Identity)

    assert failed.value.problem.code == code
    assert kept == Told(mine, 7, is_kept=True)


async def test_page_of_many_panels_leaves_connections_for_the_exchange(tmp_path: Path) -> None:
    open_now, most = 0, 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        while await read_request(reader):
            open_now += 1
            most = max(most, open_now)
            await asyncio.sleep(0.02)
            open_now -= 1
            writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")

    async with talking(count) as url, desk_on(url, tmp_path, Session()) as desk:
        asked = [desk.ask(f"/{n}", Identity) for n in range(9)]
        answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in answers] == [ProblemError] * 9
    assert most == AT_ONCE_MAX


async def test_nobody_is_asked_without_a_session(tmp_path: Path) -> None:
    session = Session()
    session.access = None
    async with desk_on("http://127.0.0.1:1", tmp_path, session) as desk:
        with pytest.raises(ProblemError) as refused:
            await desk.ask("/x", Identity)

    assert refused.value.problem.code == "signed-out"


# --- what is kept


def test_old_answers_leave_and_new_ones_stay(tmp_path: Path) -> None:
    kept, day_ms = KeptAnswers(tmp_path / "kept.db"), 86_400_000
    kept.put("/old", Kept(b"1", "", 0), now_ms=0)
    kept.put("/used", Kept(b"2", "", 0), now_ms=0)
    kept.stands("/used", 5, now_ms=20 * day_ms)

    kept.put("/new", Kept(b"3", "t", None), now_ms=31 * day_ms)

    assert [kept.get(path) for path in ("/old", "/used", "/new")] == [
        None,
        Kept(b"2", "", 5),
        Kept(b"3", "t", None),
    ]


def test_what_was_used_longest_ago_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_module, "BYTES_MAX", 25)
    kept = KeptAnswers(tmp_path / "kept.db")

    for at in range(4):
        kept.put(f"/{at}", Kept(b"x" * 10, "", at), now_ms=at)

    assert [kept.get(f"/{at}") is not None for at in range(4)] == [False, False, True, True]


@pytest.mark.parametrize("act", ["put", "get", "stands", "drop"])
def test_folder_that_is_gone_costs_nothing_but_the_answer(tmp_path: Path, act: str) -> None:
    kept = KeptAnswers(tmp_path / "erased" / "kept.db")
    acts: dict[str, Any] = {
        "put": lambda: kept.put("/a", Kept(b"", "", 1), now_ms=1),
        "get": lambda: kept.get("/a"),
        "stands": lambda: kept.stands("/a", 1, now_ms=1),
        "drop": lambda: kept.drop("/a"),
    }

    assert acts[act]() is None
