"""Uploads over HTTP: tus 1.0, resumption, verification, and who may read."""

import hashlib
from base64 import b64encode
from typing import Any

import httpx
import pytest

from server_sync.accounts import Person
from server_sync.blobs.types import SIZE_BYTES_MAX, real_type
from tests.server.http.house import JOB, KARIM, MARC, NADIA, OTHER_JOB, SOPHIE, Device, House

PNG = b"\x89PNG\r\n\x1a\n" + bytes(5_000)
NAME = hashlib.sha256(PNG).hexdigest()
TUS = {"Tus-Resumable": "1.0.0"}


def metadata(name: str = NAME, mime: str = "image/png") -> str:
    return ",".join(
        f"{k} {b64encode(v.encode()).decode()}" for k, v in (("sha256", name), ("filetype", mime))
    )


async def begin(
    device: Device,
    *,
    size: int = len(PNG),
    name: str = NAME,
    mime: str = "image/png",
    content: bytes | None = None,
    **headers: str,
) -> httpx.Response:
    extra = {"Content-Type": "application/offset+octet-stream"} if content is not None else {}
    return await device.house.client.post(
        "/v1/blobs",
        content=content or b"",
        headers={
            **device.headers,
            **TUS,
            **extra,
            "Upload-Length": str(size),
            "Upload-Metadata": metadata(name, mime),
            **headers,
        },
    )


async def send(
    device: Device, piece: bytes, *, at: int, name: str = NAME, **headers: str
) -> httpx.Response:
    return await device.house.client.patch(
        f"/v1/blobs/{name}",
        content=piece,
        headers={
            **device.headers,
            **TUS,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(at),
            **headers,
        },
    )


async def standing(device: Device, name: str = NAME) -> tuple[int, str | None, str | None]:
    answer = await device.house.client.head(f"/v1/blobs/{name}", headers=device.headers | TUS)
    return (
        answer.status_code,
        answer.headers.get("Upload-Offset"),
        answer.headers.get("Upload-Length"),
    )


async def upload(device: Device, content: bytes = PNG, mime: str = "image/png") -> str:
    name = hashlib.sha256(content).hexdigest()
    answer = await begin(device, size=len(content), name=name, mime=mime, content=content)
    assert answer.headers["Upload-Offset"] == str(len(content)), answer.text
    return name


def attach(device: Device, name: str = NAME, key: str = JOB, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return device.operation(
        "attach",
        key,
        sha256=name,
        size=len(PNG),
        mime="image/png",
        role="photo",
        list="photos",
        item_id=f"photo-{device.n}",
        **more,
    )


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_uploads_tell_what_they_can_do(house: House) -> None:
    answer = await house.client.options("/v1/blobs")

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(SIZE_BYTES_MAX)
    assert "creation" in answer.headers["Tus-Extension"]


async def test_upload_cut_off_resumes_where_it_stopped(house: House) -> None:
    device = await house.sign_in()
    created = await begin(device)
    await send(device, PNG[:2000], at=0)

    assert (created.status_code, created.headers["Location"]) == (201, f"/v1/blobs/{NAME}")
    assert await standing(device) == (200, "2000", str(len(PNG)))
    assert (await send(device, PNG[2000:], at=2000)).status_code == 204
    assert await standing(device) == (200, str(len(PNG)), str(len(PNG)))


async def test_upload_sent_with_its_creation_is_done_in_one_request(house: House) -> None:
    device = await house.sign_in()

    answer = await begin(device, content=PNG)

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(PNG)))


async def test_blob_offered_again_by_anybody_is_done_at_once(house: House) -> None:
    await upload(await house.sign_in(MARC))

    answer = await begin(await house.sign_in(NADIA))

    assert answer.headers["Upload-Offset"] == answer.headers["Upload-Length"] == str(len(PNG))


async def test_piece_repeated_after_lost_answer_tells_where_to_resume(house: House) -> None:
    device = await house.sign_in()
    await begin(device)
    await send(device, PNG[:2000], at=0)

    answer = await send(device, PNG[:2000], at=0)

    assert (*code(answer), answer.headers["Upload-Offset"]) == (409, "blob-offset", "2000")


async def test_content_that_does_not_match_its_name_is_dropped_and_starts_anew(
    house: House,
) -> None:
    device = await house.sign_in()
    await begin(device)

    answer = await send(device, PNG[:-1] + b"!", at=0)

    assert code(answer) == (422, "blob-mismatch")
    assert await standing(device) == (200, "0", str(len(PNG)))
    assert (await send(device, PNG, at=0)).status_code == 204


async def test_server_that_crashed_before_noting_the_last_piece_takes_it_again(
    house: House,
) -> None:
    device = await house.sign_in()
    await begin(device)
    await send(device, PNG[:2000], at=0)
    store = house.server.blobs.store
    store.write(NAME, offset=2000, piece=PNG[2000:])
    assert store.complete(NAME, size=len(PNG))

    assert (await send(device, PNG[2000:], at=2000)).status_code == 204
    assert await standing(device) == (200, str(len(PNG)), str(len(PNG)))


async def test_disk_that_lost_a_piece_asks_for_it_again(house: House) -> None:
    device = await house.sign_in()
    await begin(device)
    await send(device, PNG[:2000], at=0)
    house.server.blobs.store.discard(NAME)

    answer = await send(device, PNG[2000:], at=2000)

    assert (*code(answer), answer.headers["Upload-Offset"]) == (409, "blob-offset", "0")
    assert (await send(device, PNG, at=0)).status_code == 204


async def test_piece_past_the_announced_length_is_refused(house: House) -> None:
    device = await house.sign_in()
    await begin(device)

    assert code(await send(device, PNG + b"!", at=0)) == (413, "too-large")


async def test_piece_with_wrong_checksum_is_refused_with_the_status_of_tus(house: House) -> None:
    device = await house.sign_in()
    await begin(device)

    wrong = f"sha1 {b64encode(bytes(20)).decode()}"
    answer = await send(device, PNG, at=0, **{"Upload-Checksum": wrong})

    assert code(answer) == (460, "blob-mismatch")
    assert await standing(device) == (200, "0", str(len(PNG)))


async def test_piece_with_right_checksum_is_taken(house: House) -> None:
    device = await house.sign_in()
    await begin(device)
    right = f"sha256 {b64encode(hashlib.sha256(PNG).digest()).decode()}"

    assert (await send(device, PNG, at=0, **{"Upload-Checksum": right})).status_code == 204


@pytest.mark.parametrize("checksum", ["md5 AAAA", "sha1 AAA", "sha1 !"])
async def test_checksum_unreadable_is_refused(house: House, checksum: str) -> None:
    device = await house.sign_in()
    await begin(device)

    answer = await send(device, PNG, at=0, **{"Upload-Checksum": checksum})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"size": SIZE_BYTES_MAX + 1}, (413, "too-large")),
        ({"mime": "text/html"}, (415, "blob-type")),
        ({"name": "../../etc/passwd"}, (400, "bad-request")),
        ({"name": NAME.upper()}, (400, "bad-request")),
        ({"size": 0}, (400, "bad-request")),
        ({"Upload-Length": "-1"}, (400, "bad-request")),
        ({"Upload-Metadata": "sha256 ***"}, (400, "bad-request")),
        ({"Tus-Resumable": "0.2.2"}, (412, "bad-request")),
    ],
)
async def test_upload_refused_before_a_byte_is_kept(
    house: House, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    device = await house.sign_in()

    assert code(await begin(device, **change)) == expected


async def test_upload_given_up_is_unknown(house: House) -> None:
    device = await house.sign_in()
    await begin(device)

    answer = await house.client.delete(f"/v1/blobs/{NAME}", headers=device.headers | TUS)

    assert answer.status_code == 204
    assert (await standing(device))[0] == 404


async def test_blob_that_is_here_cannot_be_given_up(house: House) -> None:
    device = await house.sign_in()
    await upload(device)

    answer = await house.client.delete(f"/v1/blobs/{NAME}", headers=device.headers | TUS)

    assert answer.status_code == 403


async def test_piece_for_an_upload_never_started_is_refused(house: House) -> None:
    assert code(await send(await house.sign_in(), PNG, at=0)) == (404, "blob-missing")


async def test_piece_of_another_media_type_is_refused(house: House) -> None:
    device = await house.sign_in()
    await begin(device)

    answer = await send(device, PNG, at=0, **{"Content-Type": "image/png"})

    assert code(answer) == (415, "blob-type")


async def read(device: Device, name: str = NAME, **headers: str) -> httpx.Response:
    return await device.get(f"/v1/blobs/{name}", **headers)


async def test_blob_of_a_job_is_read_by_who_holds_the_job_and_by_nobody_else(
    house: House,
) -> None:
    house.job()
    house.job(OTHER_JOB, technician="DT-00002")
    marc = await house.sign_in(MARC)
    await upload(marc)
    await marc.sync(attach(marc))

    seen = {
        p.full_name: (await read(await house.sign_in(p))).status_code for p in (MARC, NADIA, SOPHIE)
    }

    assert seen == {"Marc T.": 200, "Nadia B.": 404, "Sophie D.": 200}


async def test_blob_no_document_refers_to_is_read_by_nobody(house: House) -> None:
    marc = await house.sign_in(MARC)
    await upload(marc)

    assert code(await read(marc)) == (404, "blob-missing")


async def test_blob_of_a_job_reassigned_away_is_no_longer_read(house: House) -> None:
    house.job()
    marc = await house.sign_in(MARC)
    await upload(marc)
    await marc.sync(attach(marc))

    house.put(JOB, **{**house.body(), "assigned_technician": "DT-00002"})

    assert (await read(marc)).status_code == 404


async def test_blob_of_an_operation_that_was_parked_is_kept_for_the_review(house: House) -> None:
    house.job(technician="DT-00002")
    marc, karim = await house.sign_in(MARC), await house.sign_in(KARIM)
    await upload(marc)
    await marc.sync(attach(marc))
    house.clock.forward(days=40)

    house.server.blobs.collect()

    again = await house.sign_in(KARIM, id=karim.id)
    assert (await read(again)).status_code == 200


async def test_blob_is_served_so_that_no_browser_runs_it(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    html = b"<script>alert(1)</script>"
    name = await upload(marc, html, "application/octet-stream")
    await marc.sync(attach(marc, name))

    headers = (await read(marc, name)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Security-Policy"].startswith("sandbox")


async def test_blob_is_read_by_range(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    await upload(marc)
    await marc.sync(attach(marc))

    answer = await read(marc, Range="bytes=0-7")

    assert (answer.status_code, answer.content) == (206, PNG[:8])
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    again = await read(marc, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("span", [{}, {"Range": "bytes=0-7"}])
async def test_blob_that_the_store_lost_is_missing_and_no_failure(
    house: House, span: dict[str, str]
) -> None:
    house.job()
    marc = await house.sign_in()
    await upload(marc)
    await marc.sync(attach(marc))
    house.server.blobs.store.remove(NAME)

    assert code(await read(marc, **span)) == (404, "blob-missing")


@pytest.mark.parametrize(
    ("declared", "head", "kept"),
    [
        ("image/jpeg", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("image/jpeg", b"<html>", "application/octet-stream"),
        ("application/json", b"{}", "application/json"),
        ("image/heic", b"\0\0\0\x18ftypheic", "image/heic"),
        ("image/png", b"RIFF\0\0\0\0WEBP", "image/webp"),
        ("application/octet-stream", b"%PDF-1.7", "application/pdf"),
    ],
)
def test_type_kept_is_what_the_first_bytes_show(declared: str, head: bytes, kept: str) -> None:
    assert real_type(declared, head) == kept


@pytest.mark.parametrize(("days", "collected"), [(29, 0), (31, 1)])
async def test_blob_without_reference_is_collected_after_thirty_days(
    house: House, days: int, collected: int
) -> None:
    await upload(await house.sign_in())
    house.clock.forward(days=days)

    assert house.server.blobs.collect() == collected
    assert (house.server.blobs.store.size(NAME) is None) == bool(collected)


async def test_blob_offered_again_gets_another_thirty_days(house: House) -> None:
    await upload(await house.sign_in())
    house.clock.forward(days=29)
    await begin(await house.sign_in())
    house.clock.forward(days=29)

    assert house.server.blobs.collect() == 0


@pytest.mark.parametrize("person", [MARC])
async def test_blob_with_reference_is_kept(house: House, person: Person) -> None:
    house.job()
    device = await house.sign_in(person)
    await upload(device)
    await device.sync(attach(device))
    house.clock.forward(days=400)

    assert house.server.blobs.collect() == 0
