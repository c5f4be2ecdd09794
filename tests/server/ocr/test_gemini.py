"""Gemini over its own library against the stand-in on loopback: the wire, and each way to fail."""

import asyncio
import time

import httpx
import pytest

from server_sync.ocr.bench import KEY, MODEL, Bench, Fault
from server_sync.ocr.gemini import Gemini
from server_sync.ocr.model import ModelBusyError, ModelRefusedError
from server_sync.ocr.page import PROMPT, Page
from tests.server.http.serving import served
from tests.server.ocr.conftest import TORN, WORN

READ = ["Gigafibre ONT", "Model: XX230v", "MAC: A4:2B:B0:1C:9F:3E", "S/N: 2236547000341"]


async def asked(bench: Bench, picture: bytes = TORN) -> Page | None:
    """Ask over a socket: what the library sends is what the stand-in gets."""
    with served(bench) as url:
        async with httpx.AsyncClient() as http:
            gemini = Gemini(key=KEY, model=MODEL, url=url, http=http)
            return await gemini.read(picture, "image/jpeg")


async def test_page_comes_back_in_its_form() -> None:
    bench = Bench()
    page = await asked(bench)

    assert page is not None
    assert (page.lines, page.mac) == (READ, "A4:2B:B0:1C:9F:3E")
    assert bench.requests == [
        {
            "path": "/v1beta/models/gemini-bench:generateContent",
            "prompt": PROMPT,
            "bytes": len(TORN),
        }
    ]


async def test_picture_without_anything_legible_is_an_empty_page() -> None:
    assert await asked(Bench(), WORN) == Page()


@pytest.mark.parametrize(
    ("fault", "pause_s"), [(Fault.TOO_MANY, 7.0), (Fault.BROKEN, None), (Fault.PORTAL, None)]
)
async def test_model_that_cannot_answer_now_is_busy(fault: Fault, pause_s: float | None) -> None:
    with pytest.raises(ModelBusyError) as caught:
        await asked(Bench(faults=[fault]))

    assert caught.value.after_s == pause_s


async def test_model_that_is_not_there_is_busy() -> None:
    async with httpx.AsyncClient() as http:
        gemini = Gemini(key=KEY, model=MODEL, url="http://127.0.0.1:9", http=http)
        with pytest.raises(ModelBusyError):
            await gemini.read(TORN, "image/jpeg")


async def test_key_that_is_refused_is_told_apart() -> None:
    with pytest.raises(ModelRefusedError):
        await asked(Bench(faults=[Fault.BAD_KEY]))


@pytest.mark.parametrize("fault", [Fault.MALFORMED, Fault.CUT])
async def test_muddled_answer_is_asked_for_once_more(fault: Fault) -> None:
    once, twice = Bench(faults=[fault]), Bench(faults=[fault, fault])

    page = await asked(once)

    assert page is not None
    assert page.lines == READ
    assert await asked(twice) is None
    assert len(twice.requests) == 2


@pytest.mark.parametrize("fault", [Fault.BLOCKED, Fault.UNSAFE])
async def test_blocked_answer_is_no_page_and_is_not_asked_for_again(fault: Fault) -> None:
    bench = Bench(faults=[fault])

    assert await asked(bench) is None
    assert len(bench.requests) == 1


async def test_slow_answer_is_left_at_the_deadline() -> None:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(Bench(faults=[Fault.SLOW])))
    gemini = Gemini(key=KEY, model=MODEL, url="http://bench", http=http)
    began_s = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await gemini.read(TORN, "image/jpeg")

    assert time.monotonic() - began_s < 5
