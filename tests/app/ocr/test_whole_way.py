"""From the shutter to the field: the app's machine, a real server, the stand-in for Gemini."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from field_app.compose import Machine
from field_app.compose.asking import MachineEntry
from field_app.ports import Asking, OcrOf, OcrTarget, Shot
from field_app.settings import Settings
from field_core.status import JobStatus
from tests.app.ocr.desk import MAC, OTHER, TORN
from tests.app.serving import MARC, PASSWORD, Office, key, serving
from tests.app.test_images import saved, scene

STEP = OcrTarget(OcrOf.STEP, "s4")
DATA_MATRIX = next((Path(__file__).parents[2] / "fixtures" / "scanner").glob("023_*")).read_bytes()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with serving(tmp_path / "server", gemini_bench=True) as office:
        office.add_people()
        row = {"id": "s4", "step": "s4", "kind": "scan", "label_fr": "ONT", "label_en": "ONT"}
        office.job(1, status="On Site", checklist=[row])
        yield office


@asynccontextmanager
async def at_work(office: Office, folder: Path) -> AsyncIterator[Asking]:
    entry = MachineEntry(Machine(Settings(secrets="file", stall_s=3), data_dir=folder))
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    try:
        await account.sync_now()
        yield account
    finally:
        await entry.close()


async def until(is_so: Callable[[], Any]) -> None:
    async with asyncio.timeout(40):
        while not await is_so():  # noqa: ASYNC110 - another thread, and another program, do it
            await asyncio.sleep(0.05)


def value(office: Office) -> object:
    rows: Any = office.body(key(1)).get("checklist") or [{}]
    return rows[0].get("value")


async def test_torn_label_is_read_while_the_technician_goes_on(
    office: Office, tmp_path: Path
) -> None:
    """T-07: the step is done by its photo; the identity comes by itself, to the office too."""
    async with at_work(office, tmp_path / "phone") as account:
        await account.photographs.take(Shot(TORN, key(1), step="s4", kind="label", reads=STEP))
        await account.edit(lambda acts: acts.do_step(key(1), "s4", source="photo"))

        async def is_filled() -> bool:
            return value(office) == MAC

        await until(is_filled)
        assert await account.read(lambda ask: ask.label_readings()) == []


async def test_data_matrix_comes_back_as_a_scanned_code(office: Office, tmp_path: Path) -> None:
    async with at_work(office, tmp_path / "phone") as account:
        await account.photographs.take(Shot(DATA_MATRIX, key(1), step="s4", reads=STEP))

        async def is_filled() -> bool:
            return value(office) == "10:39:4E:B5:DA:90"

        await until(is_filled)
        rows: Any = office.body(key(1))["checklist"]
        assert rows[0]["source"] == "barcode"


async def test_typed_answer_is_asked_about_then_told_to_the_office(
    office: Office, tmp_path: Path
) -> None:
    """T-09, to the supervisor's review."""
    async with at_work(office, tmp_path / "phone") as account:
        await account.edit(lambda acts: acts.do_step(key(1), "s4", OTHER, source="typed"))
        await account.photographs.take(Shot(TORN, key(1), step="s4", reads=STEP))

        async def is_asked() -> bool:
            found = await account.read(lambda ask: ask.suggestions(key(1), STEP))
            return [(one.value, one.current) for one in found] == [(MAC, OTHER)]

        await until(is_asked)
        await account.edit(lambda acts: acts.move(key(1), JobStatus.COMPLETED))

        async def is_told() -> bool:
            reviews = office.server.store.transact(_reasons)
            return reviews == ["ocr-disagreement"]

        await until(is_told)
        assert value(office) == OTHER


async def test_photo_that_nobody_can_read_says_so(office: Office, tmp_path: Path) -> None:
    async with at_work(office, tmp_path / "phone") as account:
        await account.photographs.take(Shot(saved(scene(640, 480)), key(1), reads=STEP))

        async def is_over() -> bool:
            rows = await account.read(lambda ask: ask.label_readings())
            return [row.state.value for row in rows] == ["unreadable"]

        await until(is_over)


def _reasons(transaction: Any) -> list[str]:  # noqa: ANN401 - the store's own
    found = transaction.mentioning("Sync Review", key(1))
    return [str(one.body.get("reason")) for one in found]
