"""Answers of the last seconds: read once for all who ask, never older than they say."""

import asyncio

import pytest

from field_core.problems import ProblemError
from server_sync.billing.desk import shelf as shelf_module
from server_sync.billing.desk.shelf import FRESH_MS, Shelf
from tests.server.http.house import Clock


class Reader:
    """Counts how often the ERP is asked; an answer comes when it is let go."""

    def __init__(self) -> None:
        self.reads = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> tuple[bytes, int | None]:
        self.reads += 1
        number = self.reads
        await self.gate.wait()
        return str(number).encode(), None


async def test_many_who_ask_at_once_make_one_reading() -> None:
    shelf, read = Shelf(Clock().now_ms), Reader()

    sheets = await asyncio.gather(*(shelf.get(("a",), read) for _ in range(20)))

    assert read.reads == 1
    assert {sheet.content for sheet in sheets} == {b"1"}


async def test_answer_is_read_again_once_it_is_not_fresh() -> None:
    clock = Clock()
    shelf, read = Shelf(clock.now_ms), Reader()
    await shelf.get(("a",), read)
    clock.ms += FRESH_MS - 1
    same = await shelf.get(("a",), read)
    clock.ms += 1

    new = await shelf.get(("a",), read)

    assert (same.content, new.content) == (b"1", b"2")
    assert same.etag != new.etag


async def test_what_was_being_read_when_money_moved_is_read_again() -> None:
    shelf, read = Shelf(Clock().now_ms), Reader()
    read.gate.clear()
    before = asyncio.ensure_future(shelf.get(("a",), read))
    await asyncio.sleep(0)
    shelf.clear()
    read.gate.set()

    after = await shelf.get(("a",), read)

    assert (await before).content == b"1"
    assert after.content == b"2"
    assert (await shelf.get(("a",), read)).content == b"2"


async def test_failure_is_told_to_all_who_asked_and_not_kept() -> None:
    shelf, calls = Shelf(Clock().now_ms), 0

    async def fail() -> tuple[bytes, int | None]:
        nonlocal calls
        calls += 1
        raise ProblemError("erp-unreachable")

    for _ in range(2):
        with pytest.raises(ProblemError):
            await shelf.get(("a",), fail)
    assert calls == 2


async def test_shelf_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "SHEETS_MAX", 2)
    shelf, read = Shelf(Clock().now_ms), Reader()
    for name in ("a", "b", "c", "b", "a"):
        await shelf.get((name,), read)

    assert read.reads == 4
