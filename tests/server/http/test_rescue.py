"""Rescue files: opened by this server alone, taken in exactly once, refused when forged."""

import hashlib
import json
from base64 import b64decode
from pathlib import Path
from typing import Any, Final

import pytest

from server_sync.rescue import MAGIC, Manifest, RescueBlob, make_key, packed, seal
from tests.server.http.house import JOB, KARIM, NADIA, OTHER_JOB, Device, House

PHOTO: Final = b"\x89PNG\r\n\x1a\n" + bytes(100)
SHA: Final = hashlib.sha256(PHOTO).hexdigest()
VECTOR: Final = Path(__file__).parents[2] / "fixtures" / "rescue_vector.json"


def sealed(
    house: House,
    device: Device,
    ops: list[dict[str, Any]],
    *,
    blobs: tuple[bytes, ...] = (),
    refresh: str | None = None,
) -> bytes:
    listed = [
        RescueBlob(sha256=hashlib.sha256(b).hexdigest(), size=len(b), mime="image/png")
        for b in blobs
    ]
    manifest = Manifest.model_validate(
        {
            "refresh": refresh or device.session["refresh"],
            "now": device.stamp(),
            "ops": ops,
            "blobs": [b.model_dump() for b in listed],
        }
    )
    return seal(
        packed(manifest, [*blobs]),
        server_key=b64decode(house.server.rescue.public_key),
        ephemeral=bytes(range(32)),
        nonce=bytes(12),
    )


async def take_in(house: House, content: bytes, person: Any = KARIM) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 - a test's own value
    by = await house.sign_in(person)
    answer = await house.client.post(
        "/v1/rescue",
        content=content,
        headers=by.headers | {"Content-Type": "application/octet-stream"},
    )
    return answer.status_code, answer.json()


def note(device: Device, number: int, key: str = JOB) -> dict[str, Any]:
    return device.operation(
        "append", key, list="notes", item_id=f"note-{number}", item={"text": f"n{number}"}
    )


def notes(house: House) -> list[str]:
    return [str(row["id"]) for row in house.body().get("notes", [])]


async def test_file_taken_in_applies_its_work_under_the_technician(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    photo = marc.operation(
        "attach",
        sha256=SHA,
        size=len(PHOTO),
        mime="image/png",
        role="photo",
        list="photos",
        item_id="p1",
    )

    status, report = await take_in(
        house, sealed(house, marc, [photo, note(marc, 1)], blobs=(PHOTO,))
    )

    assert (status, report) == (
        200,
        {
            "device": marc.id,
            "technician": "DT-00001",
            "operations": 2,
            "taken": 2,
            "known": 0,
            "kept_for_review": 0,
            "blobs": 1,
        },
    )
    assert notes(house) == ["note-1"]
    assert (await marc.get(f"/v1/blobs/{SHA}")).content == PHOTO


async def test_file_taken_in_twice_counts_once(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    content = sealed(house, marc, [note(marc, 1), note(marc, 2)])
    await take_in(house, content)

    _, report = await take_in(house, content)

    assert (report["taken"], report["known"]) == (0, 2)
    assert notes(house) == ["note-1", "note-2"]


async def test_device_that_comes_back_after_its_file_adds_nothing(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    ops = [note(marc, 1), note(marc, 2)]
    await take_in(house, sealed(house, marc, ops))

    reply = await marc.sync(*ops, note(marc, 3))

    assert reply["last_n"] == 3
    assert [o["verdict"] for o in reply["outcomes"]] == ["applied"] * 3
    assert notes(house) == ["note-1", "note-2", "note-3"]


async def test_file_after_part_of_it_arrived_adds_the_rest(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    first, second = note(marc, 1), note(marc, 2)
    await marc.sync(first)

    _, report = await take_in(house, sealed(house, marc, [first, second]))

    assert (report["taken"], report["known"]) == (1, 1)
    assert notes(house) == ["note-1", "note-2"]


async def test_file_with_a_hole_before_it_is_taken_in_beside_and_still_once(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    lost, kept = note(marc, 1), note(marc, 2)
    content = sealed(house, marc, [kept])

    _, first = await take_in(house, content)
    _, second = await take_in(house, content)
    await marc.sync(lost, kept)

    assert (first["taken"], second["known"]) == (1, 1)
    assert sorted(notes(house)) == ["note-1", "note-2"]


async def test_file_of_a_copied_device_is_taken_in_beside(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    await marc.sync(note(marc, 1))
    marc.n = 0
    other = {**note(marc, 7), "id": "of-the-copy"}

    _, report = await take_in(house, sealed(house, marc, [other]))

    assert (report["taken"], notes(house)) == (1, ["note-1", "note-7"])


async def test_work_in_a_file_is_judged_like_any_other(house: House) -> None:
    house.job(OTHER_JOB, technician="DT-00002")
    marc = await house.sign_in()

    _, report = await take_in(house, sealed(house, marc, [note(marc, 1, OTHER_JOB)]))

    assert (report["taken"], report["kept_for_review"]) == (0, 1)


async def test_file_of_a_wiped_device_goes_before_a_person(house: House) -> None:
    house.job()
    marc, karim = await house.sign_in(), await house.sign_in(KARIM)
    content = sealed(house, marc, [note(marc, 1)])
    await karim.post(f"/v1/devices/{marc.id}/revoke", {"mode": "wipe"})

    status, report = await take_in(house, content)

    assert (status, report["kept_for_review"]) == (200, 1)


async def test_file_whose_proof_is_forged_is_refused(house: House) -> None:
    marc = await house.sign_in()
    forged = marc.session["refresh"][:-1] + "!"

    status, body = await take_in(house, sealed(house, marc, [note(marc, 1)], refresh=forged))

    assert (status, body["code"]) == (422, "rescue-unreadable")


@pytest.mark.parametrize(
    "damage",
    [
        lambda c: c[:-1],
        lambda c: c[:20],
        lambda c: c[:0],
        lambda c: b"X" + c[1:],
        lambda c: c[:-1] + bytes([c[-1] ^ 1]),
        lambda c: c[:10] + bytes([c[10] ^ 1]) + c[11:],
        lambda c: MAGIC + b"\x02" + c[9:],
        lambda c: c[:9] + bytes(32) + c[41:],
    ],
)
async def test_file_damaged_is_refused_and_nothing_is_kept(house: House, damage: Any) -> None:  # noqa: ANN401 - a test's own value
    house.job()
    marc = await house.sign_in()
    content = damage(sealed(house, marc, [note(marc, 1)]))

    status, body = await take_in(house, content)

    assert (status, body["code"], notes(house)) == (422, "rescue-unreadable", [])


@pytest.mark.parametrize("plain", [b"", b"\0\0\0\x02{}", b"\xff\xff\xff\xff{}"])
async def test_file_with_odd_content_is_refused(house: House, plain: bytes) -> None:
    content = seal(
        plain,
        server_key=b64decode(house.server.rescue.public_key),
        ephemeral=bytes(range(32)),
        nonce=bytes(12),
    )

    assert (await take_in(house, content))[0] == 422


async def test_file_with_a_damaged_photo_is_refused(house: House) -> None:
    marc = await house.sign_in()
    manifest = Manifest.model_validate(
        {
            "refresh": marc.session["refresh"],
            "now": marc.stamp(),
            "ops": [],
            "blobs": [{"sha256": SHA, "size": len(PHOTO), "mime": "image/png"}],
        }
    )
    content = seal(
        packed(manifest, [PHOTO[:-1]]),
        ephemeral=bytes(range(32)),
        nonce=bytes(12),
        server_key=b64decode(house.server.rescue.public_key),
    )

    assert (await take_in(house, content))[0] == 422


async def test_file_is_taken_from_a_supervisor_alone(house: House) -> None:
    marc = await house.sign_in()

    assert (await take_in(house, sealed(house, marc, []), person=NADIA))[0] == 403


def test_file_of_the_test_vector_is_sealed_and_opened_to_the_byte() -> None:
    vector = json.loads(VECTOR.read_text(encoding="utf-8"))
    key = make_key(vector["server_private_base64"])

    content = seal(
        bytes.fromhex(vector["plain_hex"]),
        server_key=key.public,
        ephemeral=bytes.fromhex(vector["ephemeral_private_hex"]),
        nonce=bytes.fromhex(vector["nonce_hex"]),
    )
    manifest, blobs = key.open(bytes.fromhex(vector["sealed_hex"]))

    assert key.public.hex() == vector["server_public_hex"]
    assert content.hex() == vector["sealed_hex"]
    assert manifest.model_dump(mode="json") == vector["manifest"]
    assert {name: blob.hex() for name, blob in blobs.items()} == vector["blobs_hex"]
