"""The reader: a picture made and sent once, attempts of eight seconds, nothing left spinning."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from field_app.ports import OcrState
from field_app.sync.ocr import queue
from field_app.sync.ocr.pace import FIRST_MS, LONGEST_MS, pause_ms
from field_app.sync.ocr.reader import LOOK_S
from field_core.ocr import DEADLINE_S
from field_core.problems import Problem
from tests.app.making import NOON_MS, job, key
from tests.app.ocr.desk import NOTHING, OTHER, READ, Desk, refusing, saying


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if is_so():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came to that")


async def test_picture_is_made_from_the_original_and_goes_up_before_photos(desk: Desk) -> None:
    ocr = await desk.shoot()
    await desk.turn()

    row = desk.row(ocr)
    assert row.picture is not None
    assert row.picture != row.original
    sent = desk.account.blobs.read(row.picture)
    assert sent is not None
    assert len(sent) < 60_000
    roles = desk.account.replica.db.conn.execute(
        "SELECT role FROM blob ORDER BY role != 'signature', role != 'ocr', made_ms"
    ).fetchall()
    assert roles == [("ocr",), ("photo",)]
    assert row.state is OcrState.SENDING


async def test_original_goes_once_its_picture_is_made(desk: Desk) -> None:
    ocr = await desk.shoot()
    original = desk.row(ocr).original
    assert desk.account.blobs.read(original) is not None
    await desk.turn()

    assert desk.account.blobs.read(original) is None


async def test_server_is_asked_with_the_name_of_what_it_has(desk: Desk) -> None:
    ocr = await desk.shoot()
    await desk.turn()
    assert await desk.turn() == LOOK_S, "nothing to do before the picture has arrived"
    desk.receive()
    desk.answers = [saying(READ)]
    await desk.turn()

    assert desk.asked == [{"sha256": desk.row(ocr).picture}]
    assert desk.row(ocr).state is OcrState.READ
    assert desk.row(ocr).place == (0.2, 0.2, 0.8, 0.6)


async def test_attempt_past_the_deadline_goes_back_to_the_queue(tmp_path: Path) -> None:
    """T-08: eight seconds in production; here two tenths, and the server never answers."""
    assert DEADLINE_S == 8
    desk = Desk(tmp_path / "blobs", deadline_s=0.2)
    ocr = await desk.shoot()
    await desk.turn()
    desk.receive()

    async def never() -> None:
        await asyncio.sleep(60)

    desk.answers = [never]
    seen: list[str | None] = []
    desk.reader.on_change(lambda: seen.append(desk.reader.asking))
    began_s = time.monotonic()
    await desk.turn()

    assert time.monotonic() - began_s < 5
    assert seen == [ocr, None], "shown while it lasts, and not a moment longer"
    row = desk.row(ocr)
    assert (row.state, row.tries, row.waits) == (OcrState.WAITING, 1, Problem("ocr-slow"))
    assert row.next_ms == NOON_MS + FIRST_MS


async def test_attempts_back_off(desk: Desk) -> None:
    ocr = await desk.shoot()
    await desk.turn()
    desk.receive()
    waited = []
    for _ in range(4):
        desk.answers = [refusing("ocr-busy")]
        await desk.turn()
        waited.append(desk.row(ocr).next_ms - desk.account.clock.now_ms())
        desk.account.clock.go(waited[-1])

    assert waited == [FIRST_MS, 2 * FIRST_MS, 4 * FIRST_MS, 8 * FIRST_MS]


def test_pause_has_a_limit_and_jitter() -> None:
    assert pause_ms(40, 1.0) == LONGEST_MS
    assert pause_ms(1, 0.0) == FIRST_MS // 2


async def test_server_that_names_a_pause_is_left_alone_for_as_long(desk: Desk) -> None:
    ocr = await desk.read(refusing("ocr-spent", after_s=50_400))

    assert desk.row(ocr).next_ms - desk.account.clock.now_ms() == 50_400_000


async def test_returning_signal_ends_the_wait(desk: Desk) -> None:
    ocr = await desk.read(refusing("server-unreachable"))
    assert desk.row(ocr).next_ms > desk.account.clock.now_ms()
    await desk.reader.signal()
    desk.answers = [saying(READ)]
    await desk.turn()

    assert desk.row(ocr).state is OcrState.READ


async def test_returning_signal_does_not_hurry_a_model_that_asked_for_rest(desk: Desk) -> None:
    ocr = await desk.read(refusing("ocr-spent", after_s=50_400))
    await desk.reader.signal()

    assert desk.row(ocr).next_ms > desk.account.clock.now_ms()


@pytest.mark.parametrize("code", ["ocr-off", "not-allowed", "photo-damaged", "too-large"])
async def test_what_only_a_person_can_mend_stops_and_says_why(desk: Desk, code: str) -> None:
    ocr = await desk.read(refusing(code))

    (shown,) = queue(desk.account.replica)
    assert (shown.id, shown.state) == (ocr, OcrState.STOPPED)
    assert shown.problem is not None
    assert shown.problem.code == code


async def test_reading_that_stopped_can_be_tried_again(desk: Desk) -> None:
    ocr = await desk.read(refusing("ocr-off"))
    desk.acts.retry_reading(ocr)
    desk.answers = [saying(READ)]
    await desk.turn()

    assert desk.row(ocr).state is OcrState.READ


async def test_picture_that_the_server_lost_goes_up_again(desk: Desk) -> None:
    ocr = await desk.read(refusing("blob-missing"))

    assert desk.row(ocr).state is OcrState.SENDING


async def test_label_that_nobody_can_read_is_said_so(desk: Desk) -> None:
    ocr = await desk.read(saying(NOTHING))

    (shown,) = queue(desk.account.replica)
    assert (shown.id, shown.state) == (ocr, OcrState.UNREADABLE)


@pytest.mark.parametrize(
    "nonsense", ["<html>", [], {"texts": [{"text": 7}]}, {"place": [9, 9, 9, 9]}]
)
async def test_answer_that_is_none_is_no_answer(desk: Desk, nonsense: object) -> None:
    ocr = await desk.read(saying(nonsense))

    assert desk.row(ocr).waits == Problem("server-unreachable")


async def test_job_that_is_open_on_the_screen_goes_first(desk: Desk) -> None:
    desk.account.has_job(2, status="On Site")
    older = await desk.shoot()
    desk.account.clock.go(1_000)
    newer = await desk.shoot(job=key(2))
    await desk.turn()
    await desk.turn()
    desk.receive()
    desk.reader.prefer(key(2))
    desk.answers = [saying(READ), saying(READ)]
    await desk.turn()

    assert desk.row(newer).state is OcrState.READ
    assert desk.row(older).state is OcrState.WAITING


async def test_photo_whose_original_was_taken_away_stops_with_the_reason(desk: Desk) -> None:
    ocr = await desk.shoot()
    desk.account.blobs.delete(desk.row(ocr).original)
    await desk.turn()

    assert desk.row(ocr).problem == Problem("photo-damaged")


async def test_reader_goes_on_with_what_an_earlier_run_left(desk: Desk) -> None:
    ocr = await desk.shoot()
    desk.answers = [saying(READ)]
    desk.reader.start()
    await until(lambda: desk.row(ocr).picture is not None)
    desk.receive()
    desk.reader.wake()
    await until(lambda: desk.row(ocr).state is OcrState.READ)
    await desk.reader.stop()


async def test_suggestion_that_waits_for_a_tap_keeps_nobody_busy(desk: Desk) -> None:
    """Every edit is news, and news wakes the reader: settling again and again would never end."""
    desk.acts.do_step(desk.key, "s1", OTHER, source="typed")
    await desk.read(saying(READ))
    edits = 0

    def count() -> None:
        nonlocal edits
        edits += 1
        desk.reader.wake()

    desk.account.on_news(count)
    desk.reader.start()
    desk.account.tell_news()
    await asyncio.sleep(0.2)
    await desk.reader.stop()

    assert edits == 1


async def test_bad_reading_does_not_end_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> float:
        raise RuntimeError

    monkeypatch.setattr(desk.reader, "_turn", broken)
    desk.reader.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    monkeypatch.undo()
    ocr = await desk.shoot()
    desk.reader.wake()
    await until(lambda: desk.row(ocr).picture is not None)
    await desk.reader.stop()


def test_device_that_is_likely_at_hand_settles_what_looks_alike(desk: Desk) -> None:
    from field_app.sync.ocr.likely import likely  # noqa: PLC0415 - only here

    desk.account.arrives(
        50,
        {"name": "EQP-1", "service_location": "LOC-00001", "mac_address": "A4:2B:B0:00:00:08"},
        doctype="Service Equipment",
    )
    desk.account.arrives(1, job(1, equipment=[{"id": "e1", "serial_no": "ABC12345"}]))

    assert {"A4:2B:B0:00:00:08", "ABC12345"} <= {*likely(desk.account.replica, key(1))}
