"""Photos and signatures go up in pieces and resume where the server says (T-19)."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_app.sync.blobs import PIECE_MIN
from field_app.sync.events import Call, Failed, FailureKind, Replied, Tick
from tests.app.making import NOON_MS, Device, job, key, session, stored

TUS = {"tus-resumable": "1.0.0"}


@pytest.fixture
def device() -> Device:
    return Device().synced(stored(1, job()))


def add(
    device: Device,
    sha: str = "aa",
    size: int = 1_000_000,
    role: str = "photo",
    made_ms: int = NOON_MS,
) -> None:
    device.replica.db.conn.execute(
        "INSERT INTO blob (sha256, size, mime, role, key, made_ms) VALUES (?, ?, 'image/jpeg', "
        "?, ?, ?)",
        (sha, size, role, key(1), made_ms),
    )


def blob_call(device: Device) -> Call:
    calls = [e for e in device.effects if isinstance(e, Call) and "/blobs" in e.path]
    assert len(calls) == 1
    return calls[0]


def answer(device: Device, status: int, body: Any = None, **headers: str) -> None:
    passed = {name.replace("_", "-"): value for name, value in headers.items()}
    device.step(Replied(blob_call(device).call, status, body, {**TUS, **passed}))


def row(device: Device, sha: str = "aa") -> Any:
    return device.replica.db.execute(
        "SELECT got, verified_ms, problem FROM blob WHERE sha256 = ?", [sha]
    ).fetchone()


def begun(device: Device, **blob: Any) -> Device:
    add(device, **blob)
    device.step(Tick())
    answer(device, 404, {"code": "blob-missing"})
    answer(device, 201)
    return device


def test_server_is_asked_first_how_far_it_is(device: Device) -> None:
    add(device)

    device.step(Tick())

    call = blob_call(device)
    assert (call.method, call.path, call.access) == ("HEAD", "/v1/blobs/aa", "access-1")


def test_unknown_blob_is_announced_then_sent_in_pieces(device: Device) -> None:
    add(device)
    device.step(Tick())
    answer(device, 404, {"code": "blob-missing"})
    creation = blob_call(device)
    assert (creation.method, creation.path, creation.headers["Upload-Length"]) == (
        "POST",
        "/v1/blobs",
        "1000000",
    )
    answer(device, 201)

    piece = blob_call(device)
    assert piece.method == "PATCH"
    assert piece.blob is not None
    assert (piece.blob.offset, piece.blob.size, piece.headers["Upload-Offset"]) == (
        0,
        128 * 1024,
        "0",
    )


def test_upload_goes_on_at_the_servers_offset_after_a_kill(device: Device) -> None:
    begun(device)
    answer(device, 204, upload_offset="131072")
    device.restart()
    device.step(Tick())

    answer(device, 200, upload_offset="100000")

    piece = blob_call(device).blob
    assert piece is not None
    assert piece.offset == 100_000


def test_blob_that_the_server_has_is_received_without_a_byte(device: Device) -> None:
    add(device)
    device.step(Tick())

    answer(device, 200, upload_offset="1000000")

    assert row(device) == (1_000_000, NOON_MS, None)


def test_last_piece_verified_makes_it_received(device: Device) -> None:
    begun(device, size=1000)

    answer(device, 204, upload_offset="1000")

    assert row(device) == (1000, NOON_MS, None)
    assert device.engine.status().blobs_left == 0


def test_pieces_grow_on_a_quick_link_and_shrink_on_a_slow_one(device: Device) -> None:
    begun(device, size=50_000_000)
    sizes, offset = [], 0
    for took_ms in (100, 100, 100, 30_000, 30_000, 30_000):
        piece = blob_call(device).blob
        assert piece is not None
        sizes.append(piece.size)
        offset += piece.size
        device.clock.go(took_ms)
        answer(device, 204, upload_offset=str(offset))

    kib = 1024
    assert sizes[:4] == [128 * kib, 256 * kib, 512 * kib, 512 * kib]
    assert sizes[4:] == [512 * kib * 3_000 // 30_000, PIECE_MIN]


def test_broken_piece_asks_again_how_far_the_server_is(device: Device) -> None:
    begun(device)
    device.step(Failed(blob_call(device).call, FailureKind.STALLED))
    assert not device.effects
    status = device.engine.status()
    assert (status.are_blobs_waiting, status.failure) == (True, None)

    device.clock.go(device.engine.wake_ms - device.clock.mono_ms)
    device.step(Tick())

    assert blob_call(device).method == "HEAD"


def test_wrong_hash_starts_over_and_is_never_received(device: Device) -> None:
    begun(device, size=1000)

    answer(device, 422, {"code": "blob-mismatch"})

    assert row(device) == (0, None, None)
    device.clock.go(device.engine.wake_ms - device.clock.mono_ms)
    device.step(Tick())
    assert blob_call(device).method == "HEAD"


@pytest.mark.parametrize("code", ["blob-type", "too-large", "not-allowed", "bad-request"])
def test_blob_refused_for_good_is_shown_and_lets_the_next_one_go(device: Device, code: str) -> None:
    add(device, "bb", made_ms=NOON_MS + 1)
    begun(device)

    answer(device, 415, {"code": code})

    assert row(device) == (0, None, code)
    assert blob_call(device).path == "/v1/blobs/bb"


def test_file_missing_here_is_shown_and_lets_the_next_one_go(device: Device) -> None:
    add(device, "bb", made_ms=NOON_MS + 1)
    begun(device)

    device.step(Failed(blob_call(device).call, FailureKind.MISSING))

    assert row(device) == (0, None, "blob-missing")
    assert blob_call(device).path == "/v1/blobs/bb"


def test_signatures_go_before_photos(device: Device) -> None:
    add(device, "aa")
    add(device, "bb", role="signature", made_ms=NOON_MS + 9)

    device.step(Tick())

    assert blob_call(device).path == "/v1/blobs/bb"


def test_text_does_not_wait_for_photos_but_photos_for_text(device: Device) -> None:
    add(device)
    device.recorder.append(key(1), "notes", {"text": "x"})

    device.step(Tick())

    assert [e for e in device.effects if isinstance(e, Call) and "/blobs" in e.path] == []


def test_expired_token_is_renewed_and_the_upload_goes_on(device: Device) -> None:
    begun(device)

    answer(device, 401, {"code": "token-expired"})
    device.answer("/v1/auth/refresh", session(access="access-2"))

    heads = [e for e in device.effects if isinstance(e, Call) and e.method == "HEAD"]
    assert [head.access for head in heads] == ["access-2"]
