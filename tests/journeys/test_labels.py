"""T-07 to T-09: a torn label, no signal; read later, beside what was typed; never a surprise."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server_sync.ocr.bench import KEY, MODEL, URL, Bench, Fault
from server_sync.ocr.gemini import Gemini
from tests.app.serving import Office, serving
from tests.journeys.conftest import sign_in
from tests.journeys.glass import Glass
from tests.journeys.link import Link, Weather
from tests.journeys.phone import Phone
from tests.journeys.scenario import JOB, prepare, step, table

TORN = Path(__file__).parents[1] / "fixtures" / "ocr" / "torn.jpg"
READ, TYPED = "A4:2B:B0:1C:9F:3E", "A4:2B:B0:1C:9F:3B"
SCAN = step("s4", "scan", "Lire l’étiquette de l’ONT", "Scan the ONT")
STEP = f"/today/{JOB}/steps/s4"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Serve the day, with the stand-in that reads labels; the job begins with its scan."""
    with serving(tmp_path / "server", gemini_bench=True) as office:
        prepare(office)
        office.put(JOB, "Dispatch Job", {"checklist": [SCAN], "status": "On Site"})
        yield office


def answer(office: Office) -> dict[str, Any]:
    return table(office, JOB, "checklist")[0]


def keep_photo_of_torn_label(glass: Glass, phone: Phone) -> None:
    glass.open(phone.at(STEP))
    glass.tap("scan")
    glass.choose_files("scan-pick", TORN)
    glass.sees("Aucun code lu")
    glass.tap("scan-keep-photo")


def test_t09_label_read_later_is_a_suggestion_beside_what_was_typed(
    glass: Glass, phone: Phone, link: Link, office: Office
) -> None:
    """T-07 on the way: the photo alone does the step, and the flow goes on without signal."""
    sign_in(glass)
    link.turn(Weather.CUT)
    keep_photo_of_torn_label(glass, phone)
    glass.open(phone.at("/outbox"))
    glass.sees("Étiquettes à lire (1)", "Étiquette de l’étape « Lire l’étiquette de l’ONT »")
    glass.open(phone.at(STEP))
    glass.sees("La photo de l’étiquette attend d’être envoyée")
    glass.type("answer", TYPED)
    glass.tap("do")
    glass.waits_for("all-done")
    glass.open(phone.at(STEP))

    link.turn(Weather.CLEAR)
    glass.sees("OCR suggère", f"Dans le champ : {TYPED}")

    link.settle(lambda: answer(office).get("value") == TYPED)
    glass.tap("suggestion-value-take")
    glass.sees(f"Lu : {READ}", "Lu par OCR")
    link.settle(lambda: answer(office).get("value") == READ)
    assert answer(office)["source"] == "ocr"


def test_t08_reading_past_eight_seconds_goes_back_to_the_queue(
    glass: Glass, phone: Phone, office: Office
) -> None:
    """No spinner is left; a later attempt finds the answer; the open screen shows it.

    Two attempts are too slow, so that a slow machine sees one of them on the screen.
    """
    slow = httpx.AsyncClient(transport=httpx.ASGITransport(Bench(faults=[Fault.SLOW] * 2)))
    ocr = office.server.context.ocr
    assert ocr is not None
    ocr._model = Gemini(key=KEY, model=MODEL, url=URL, http=slow)  # noqa: SLF001 - a slow day at Google
    sign_in(glass)
    keep_photo_of_torn_label(glass, phone)
    glass.waits_for("all-done")
    glass.open(phone.at(STEP))

    glass.sees("Lecture de l’étiquette en cours")
    glass.loses("Lecture de l’étiquette en cours")
    glass.sees("L’étiquette sera lue au prochain essai")

    glass.sees(f"Lu : {READ}", patience=3)
