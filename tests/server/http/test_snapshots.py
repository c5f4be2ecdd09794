"""Snapshots over HTTP: by range, immutable, and only for whom they were made."""

import hashlib
from typing import Any

import httpx
import pytest
from backports import zstd

from field_core.snapshot_format import decode_frame
from server_sync.http.ranges import Span, span_of
from tests.server.http.house import JOB, MARC, NADIA, OTHER_JOB, SOPHIE, Device, House


async def offer(device: Device) -> dict[str, Any]:
    found: dict[str, Any] = (await device.sync())["snapshot"]
    return found


async def fetch(device: Device, **headers: str) -> httpx.Response:
    return await device.get((await offer(device))["url"], **headers)


async def test_snapshot_taken_in_two_ranges_holds_the_days_jobs(house: House) -> None:
    house.job()
    device = await house.sign_in()
    offered = await offer(device)
    middle = offered["size"] // 2

    parts = [
        await device.get(offered["url"], Range=text)
        for text in (f"bytes=0-{middle - 1}", f"bytes={middle}-")
    ]

    content = b"".join(part.content for part in parts)
    assert [part.status_code for part in parts] == [206, 206]
    assert hashlib.sha256(content).hexdigest() == offered["sha256"]
    assert [d.key for d in decode_frame(zstd.decompress(content))] == [JOB]


async def test_snapshot_of_another_technician_is_not_found(house: House) -> None:
    house.job()
    house.job(OTHER_JOB, technician="DT-00002")
    url = (await offer(await house.sign_in(MARC)))["url"]

    statuses = [(await (await house.sign_in(p)).get(url)).status_code for p in (NADIA, SOPHIE)]

    assert statuses == [404, 404]


async def test_snapshot_says_that_it_never_changes(house: House) -> None:
    answer = await fetch(await house.sign_in())

    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Accept-Ranges"] == "bytes"


async def test_snapshot_held_already_is_not_sent_again(house: House) -> None:
    device = await house.sign_in()
    etag = (await fetch(device)).headers["ETag"]

    answer = await fetch(device, **{"If-None-Match": etag})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(("etag", "status"), [("own", 206), ('"other"', 200)])
async def test_range_is_answered_whole_when_the_file_is_another(
    house: House, etag: str, status: int
) -> None:
    device = await house.sign_in()
    own = (await fetch(device)).headers["ETag"]

    answer = await fetch(device, Range="bytes=0-1", **{"If-Range": own if etag == "own" else etag})

    assert answer.status_code == status


async def test_range_outside_is_refused_with_the_size(house: House) -> None:
    device = await house.sign_in()
    size = (await offer(device))["size"]

    answer = await fetch(device, Range=f"bytes={size}-")

    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{size}")


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-", Span(0, 100)),
        ("bytes=10-19", Span(10, 20)),
        ("bytes=-30", Span(70, 100)),
        ("bytes=-300", Span(0, 100)),
        ("bytes=90-200", Span(90, 100)),
        ("bytes=5-4", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
        ("bytes=-", None),
    ],
)
def test_span_is_what_the_range_asks_for(header: str | None, span: Span | None) -> None:
    assert span_of(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0", "bytes=100-200"])
def test_span_outside_is_an_error(header: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        span_of(header, 100)
