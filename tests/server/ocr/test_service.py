"""Reading a label at the server: codes first, the model then, each picture once, within limits."""

import asyncio

import pytest

from field_core.labels import Field
from field_core.ocr import OcrReply, label_of
from field_core.problems import ProblemError
from server_sync.erp.breaker import FAILURES_MAX
from server_sync.ocr.bench import Bench, Fault
from server_sync.ocr.spending import Allowance
from tests.server.http.house import House
from tests.server.ocr.conftest import (
    HOSTILE,
    MAC,
    TORN,
    WORN,
    Desk,
    blank,
    knowing,
    legible,
    sample,
    unknown,
)

LINE = f"MAC: {MAC}"
PICTURE = blank(0)


async def problem(desk: Desk, content: bytes, *, who: str = "marc") -> str:
    with pytest.raises(ProblemError) as caught:
        await desk.read(content, who=who)
    return caught.value.problem.code


# --- codes first


async def test_data_matrix_that_no_phone_reads_is_read_without_the_model(desk: Desk) -> None:
    """The label of a HiSense SFP: MAC and GPON serial in one Data Matrix (ISO 15434)."""
    reply = await desk.ocr.read(desk.upload(sample("023")), who="marc")

    label = label_of(reply.texts)
    assert label.mac is not None
    assert label.gpon_serial is not None
    assert (label.mac.value, label.gpon_serial.value) == ("10:39:4E:B5:DA:90", "HBMT22700048")
    assert {one.provenance.value for one in reply.texts} == {"barcode"}
    assert desk.bench.requests == []


async def test_torn_label_is_read_by_the_model(desk: Desk) -> None:
    assert LINE in await desk.read(TORN)


async def test_real_board_whose_label_no_decoder_reads_is_read_by_the_model(desk: Desk) -> None:
    assert "1C497BA8D9A6" in await desk.read(sample("026"))


async def test_label_that_nobody_reads_gives_no_texts(desk: Desk) -> None:
    assert await desk.read(WORN) == []


# --- each picture once


async def test_picture_asked_about_again_costs_nothing(desk: Desk) -> None:
    first = await desk.read(PICTURE)

    assert await desk.read(PICTURE, who="nadia") == first
    assert len(desk.bench.requests) == 1


async def test_picture_that_nobody_reads_is_asked_about_once(desk: Desk) -> None:
    assert await desk.read(unknown()) == []
    assert await desk.read(unknown()) == []

    assert len(desk.bench.requests) == 1


async def test_same_picture_asked_about_twice_at_once_is_one_question(desk: Desk) -> None:
    answers = await asyncio.gather(desk.read(PICTURE), desk.read(PICTURE))

    assert answers[0] == answers[1]
    assert len(desk.bench.requests) == 1


async def test_question_goes_on_when_whoever_asked_has_hung_up(desk: Desk) -> None:
    """T-08: the device leaves at its deadline; the next attempt finds the answer."""
    asking = asyncio.create_task(desk.read(PICTURE))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert LINE in await desk.read(PICTURE)
    assert len(desk.bench.requests) == 1


async def test_answers_are_let_go_of_after_a_season(desk: Desk) -> None:
    await desk.read(PICTURE)
    desk.house.clock.forward(days=91)
    desk.ocr.sweep()
    await desk.read(PICTURE)

    assert len(desk.bench.requests) == 2


# --- without a model, and when it fails


async def test_without_a_key_codes_are_read_and_the_rest_says_so(house: House) -> None:
    desk = Desk(house, Bench(), has_model=False)

    assert await desk.read(sample("023"))
    assert await problem(desk, PICTURE) == "ocr-off"


@pytest.mark.parametrize("fault", [Fault.TOO_MANY, Fault.BROKEN, Fault.PORTAL])
async def test_model_that_fails_is_asked_again_later(house: House, fault: Fault) -> None:
    desk = Desk(house, legible(fault))

    assert await problem(desk, PICTURE) == "ocr-busy"
    house.clock.forward(minutes=1)
    assert LINE in await desk.read(PICTURE)


async def test_model_that_is_slow_is_left_at_the_deadline(house: House) -> None:
    """T-08: eight seconds in production; here three tenths."""
    desk = Desk(house, legible(Fault.SLOW), deadline_s=0.3)

    assert await problem(desk, PICTURE) == "ocr-busy"


@pytest.mark.parametrize("fault", [Fault.BLOCKED, Fault.UNSAFE])
async def test_model_that_will_not_read_leaves_it_to_a_person(house: House, fault: Fault) -> None:
    desk = Desk(house, legible(fault))

    assert await desk.read(PICTURE) == []


async def test_refused_key_is_not_tried_again_for_an_hour(house: House) -> None:
    desk = Desk(house, legible(Fault.BAD_KEY))

    assert await problem(desk, PICTURE) == "ocr-off"
    assert await problem(desk, PICTURE) == "ocr-busy"
    assert len(desk.bench.requests) == 1
    house.clock.forward(minutes=61)
    assert LINE in await desk.read(PICTURE)


async def test_model_that_fails_time_after_time_is_left_alone(house: House) -> None:
    desk = Desk(
        house,
        legible(*[Fault.BROKEN] * FAILURES_MAX),
        allowance=Allowance(each=50, together=50),
    )
    codes = [await problem(desk, PICTURE) for _ in range(FAILURES_MAX + 3)]

    assert codes == ["ocr-busy"] * (FAILURES_MAX + 3)
    assert len(desk.bench.requests) == FAILURES_MAX
    house.clock.forward(minutes=5)
    assert LINE in await desk.read(PICTURE)


async def test_surprise_of_the_library_is_a_failure_like_anysample(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def surprise(*_: object) -> None:
        raise RuntimeError("with a secret in it")

    monkeypatch.setattr(desk.ocr._model, "read", surprise)  # noqa: SLF001 - the vendor's part

    assert await problem(desk, PICTURE) == "ocr-busy"
    assert "secret" not in str(desk.log.lines)


# --- the day's allowance


async def test_person_who_asked_enough_today_waits_for_tomorrow(house: House) -> None:
    """14:00 UTC is 10:00 in Montréal: the day ends fourteen hours later."""
    desk = Desk(house, Bench([]), allowance=Allowance(each=2, together=9))
    for number in (1, 2):
        await desk.read(blank(number))
    with pytest.raises(ProblemError) as caught:
        await desk.read(PICTURE)

    assert caught.value.problem.details == {"after_s": 14 * 3600}
    assert len(desk.bench.requests) == 2
    house.clock.forward(minutes=14 * 60)
    await desk.read(PICTURE)


async def test_all_together_may_ask_so_often(house: House) -> None:
    desk = Desk(house, Bench([]), allowance=Allowance(each=2, together=2))
    await desk.read(blank(1), who="marc")
    await desk.read(blank(2), who="nadia")

    assert await problem(desk, PICTURE, who="karim") == "ocr-spent"


async def test_refused_question_is_not_counted(house: House) -> None:
    desk = Desk(house, Bench([]), allowance=Allowance(each=1, together=2))
    await desk.read(blank(1), who="marc")
    for _ in range(3):
        assert await problem(desk, blank(2), who="marc") == "ocr-spent"

    await desk.read(PICTURE, who="nadia")


# --- hostile pictures, hostile labels


async def test_instructions_on_a_label_are_its_text_and_nothing_else(desk: Desk) -> None:
    """The model was fooled: it answers what the label told it to, in every field."""
    reply = await desk.ocr.read(desk.upload(HOSTILE), who="marc")

    label = label_of(reply.texts)
    assert label.mac is not None
    assert label.mac.value == "A4:2B:B0:1C:9F:40"
    assert "00:25:9C:00:00:01" not in str(reply.texts)
    assert Field.SERIAL not in label.found
    assert await desk.read(PICTURE)  # nothing was dropped


@pytest.mark.parametrize(
    "page",
    [
        {"lines": ["x" * 100_000] * 500},
        {"lines": [], "mac": "A4:2B:B0:1C:9F:3E"},
        {"lines": ["MAC: FF:FF:FF:FF:FF:FF"], "mac": "FF:FF:FF:FF:FF:FF"},
        {"lines": ["\u0000\u202e"], "serial_number": "\u0000"},
    ],
)
async def test_whatever_the_model_says_is_bounded_and_proves_itself(
    house: House, page: object
) -> None:
    desk = Desk(house, knowing(PICTURE, page))
    reply = await desk.ocr.read(desk.upload(PICTURE), who="marc")

    assert OcrReply.model_validate(reply.model_dump()) == reply
    assert not label_of(reply.texts).identifies
    assert len(reply.model_dump_json()) < 100_000


async def test_wifi_key_is_neither_kept_nor_sent_nor_logged(house: House) -> None:
    page = {"lines": ["WIFI:T:WPA;S:Gigafibre;P:tres-secret-42;;", "WPA KEY: tres-secret-42"]}
    desk = Desk(house, knowing(PICTURE, page))
    texts = await desk.read(PICTURE)

    kept = house.server.store.database.run(
        lambda c: c.exec_driver_sql("SELECT answer FROM ocr_answer").scalars().all()
    )
    assert "tres-secret" not in str([texts, kept, desk.log.lines])


async def test_picture_that_is_none_is_refused(desk: Desk) -> None:
    assert await problem(desk, b"%PDF-1.4 not a picture at all") == "photo-not-image"


async def test_picture_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    desk: Desk,
) -> None:
    assert await problem(desk, _bomb()) == "photo-too-many-pixels"
    assert desk.bench.requests == []


def _bomb() -> bytes:
    """A PNG of forty thousand by forty thousand by its header, a few bytes long."""
    import struct  # noqa: PLC0415 - only here
    import zlib  # noqa: PLC0415 - same

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


async def test_file_larger_than_any_label_is_refused(desk: Desk) -> None:
    assert await problem(desk, b"\xff\xd8\xff" + bytes(6_000_000)) == "too-large"


async def test_picture_that_has_not_arrived_is_waited_for(desk: Desk) -> None:
    with pytest.raises(ProblemError) as caught:
        await desk.ocr.read("ab" * 32, who="marc")

    assert caught.value.problem.code == "blob-missing"
