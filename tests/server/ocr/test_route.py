"""`POST /v1/ocr` as a device calls it."""

import hashlib
from pathlib import Path

from tests.server.http.house import MARC, SOPHIE, Device, House, house_in
from tests.server.ocr.conftest import TORN, blank

BLANK = blank(0)


def uploaded(house: House, content: bytes = BLANK) -> str:
    name = hashlib.sha256(content).hexdigest()
    blobs = house.server.blobs
    blobs.begin(name, size=len(content), mime="image/jpeg", account="marc@example.test")
    blobs.receive(name, offset=0, piece=content)
    return name


async def ask(device: Device, sha256: str) -> tuple[int, str]:
    answer = await device.post("/v1/ocr", {"sha256": sha256})
    body = answer.json()
    return answer.status_code, str(body.get("code") or [one["text"] for one in body["texts"]][:2])


async def test_technician_is_told_the_texts_of_a_label(tmp_path: Path) -> None:
    with house_in(tmp_path, gemini_bench=True) as house:
        marc = await house.sign_in(MARC)

        assert await ask(marc, uploaded(house, TORN)) == (200, "['Gigafibre ONT', 'Model: XX230v']")


async def test_server_without_a_key_says_that_it_reads_no_text(house: House) -> None:
    marc = await house.sign_in(MARC)

    assert await ask(marc, uploaded(house)) == (503, "ocr-off")


async def test_who_works_no_jobs_has_no_labels_read(house: House) -> None:
    sophie = await house.sign_in(SOPHIE)

    assert await ask(sophie, uploaded(house)) == (403, "not-allowed")


async def test_nobody_asks_without_a_session(house: House) -> None:
    answer = await house.client.post("/v1/ocr", json={"sha256": "ab" * 32})

    assert answer.status_code == 401


async def test_name_that_is_none_is_refused(house: House) -> None:
    marc = await house.sign_in(MARC)

    assert await ask(marc, "../../etc/passwd") == (400, "bad-request")
