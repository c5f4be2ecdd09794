"""T-06, T-07, T-10, T-11, T-15 by scanning: a fake camera that sees a real label, and photos."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.app.serving import Office, key
from tests.journeys.conftest import sign_in
from tests.journeys.glass import PHONE, Browser, Glass, chromium
from tests.journeys.labels import (
    GEMTEK,
    GEMTEK_MAC,
    GEMTEK_SERIAL,
    HISENSE,
    HISENSE_GPON,
    HISENSE_MAC,
    video_of,
)
from tests.journeys.link import Link, Weather
from tests.journeys.phone import Phone
from tests.journeys.scenario import JOB, OLD_BOX, table

KNOWN = key(7001)


@pytest.fixture(scope="module")
def sighted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium whose camera sees the label of a real ONT."""
    if chromium() is None:
        pytest.skip("Chromium is not installed: scripts/setup.sh --for-tests")
    browser = Browser(video=video_of(HISENSE, tmp_path_factory.mktemp("video") / "label.y4m"))
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture
def glass(sighted: Browser, phone: Phone) -> Iterator[Glass]:
    """A window whose camera sees it."""
    with sighted.glass(PHONE) as glass:
        glass.open(phone.url)
        yield glass
        assert glass.left_the_machine == []


@pytest.fixture
def office(office: Office) -> Office:
    """The day; its scan step comes first, and the books place the ONT at another address."""
    steps: Any = office.body(JOB)["checklist"]
    first: list[Any] = [{**step, "depends_on": None} for step in steps if step["id"] == "s4"]
    office.put(JOB, "Dispatch Job", {**office.body(JOB), "checklist": first}, "DJ-10482")
    body: dict[str, Any] = {
        "equipment_type": "ONT",
        "mac_address": HISENSE_MAC,
        "service_location": "LOC-00871",
        "status": "Installed",
        "installed_on": "2025-11-03",
    }
    office.put(KNOWN, "Service Equipment", body, "EQP-07001")
    return office


def open_part(glass: Glass, part: str, waits_for: str) -> None:
    glass.tap("job-DJ-10482")
    glass.reveal(part)
    glass.tap(part)
    glass.waits_for(waits_for)


def test_t06_label_in_front_of_the_camera_answers_the_step_without_signal(
    glass: Glass, link: Link, office: Office
) -> None:
    """T-06, and T-10 in the field that is always there."""
    sign_in(glass)
    link.turn(Weather.CUT)
    open_part(glass, "part-steps", "next-step")
    glass.tap("next-step")
    glass.tap("scan")
    glass.waits_for("scan-use")
    glass.sees(HISENSE_MAC, HISENSE_GPON, "48424D5422700048", "Lu par code-barres")
    glass.tap("scan-again")
    glass.type("scan-typed", "01:00:5E:00:00:01")
    glass.tap("scan-typed-use")
    glass.sees("multidiffusion")
    glass.type("scan-typed", "")
    glass.waits_for("scan-use")
    glass.tap("scan-use")
    glass.waits_for("provenance")
    glass.sees("EQP-07001", "LOC-00871")
    glass.tap("do")
    glass.sees("Enregistré sur l’appareil")

    link.turn(Weather.CLEAR)
    glass.tap("sync")
    glass.sees("Tout est reçu")

    step = table(office, JOB, "checklist")[0]
    told = json.loads(step["identity"])
    assert (step["value"], step["source"], told["gpon_serial_hex"]) == (
        HISENSE_MAC,
        "barcode",
        "48424D5422700048",
    )
    photo = table(office, JOB, "photos")[0]
    assert (photo["kind"], photo["step"], len(photo["crop"].split())) == ("label", "s4", 4)


def test_t07_torn_label_is_kept_as_a_photo_and_the_step_goes_on(
    glass: Glass, link: Link, tmp_path: Path
) -> None:
    """T-07."""
    torn = tmp_path / "torn.jpg"
    Image.effect_noise((1600, 1200), 20).convert("RGB").save(torn, "JPEG")
    sign_in(glass)
    link.turn(Weather.CUT)
    open_part(glass, "part-steps", "next-step")
    glass.tap("next-step")
    glass.tap("scan")
    glass.type("scan-typed", "T")
    glass.choose_files("scan-pick", torn)
    glass.waits_for("scan-nothing")
    glass.tap("scan-keep-photo")
    glass.sees("Enregistré sur l’appareil", "Identité à confirmer")


def test_t11_scanned_ont_of_another_address_moves_here_under_its_own_record(
    glass: Glass, link: Link, office: Office
) -> None:
    """T-11, SC-07: one record, although it is not on this phone."""
    sign_in(glass)
    link.turn(Weather.CUT)
    open_part(glass, "part-equipment", "scan")
    glass.tap("scan")
    glass.waits_for("scan-use")
    glass.tap("scan-use")
    glass.reveal("alarm")
    glass.sees("EQP-07001", "LOC-00871")
    glass.reveal("origin-moved")
    glass.tap("origin-moved")
    glass.tap("equipment-save")
    glass.waits_for("device-EQP-07001")

    link.turn(Weather.CLEAR)
    glass.tap("sync")
    glass.sees("Tout est reçu")

    assert office.body(KNOWN)["service_location"] == "LOC-01342"
    row = table(office, JOB, "equipment")[0]
    assert (row["equipment"], row["reason"]) == ("EQP-07001", "Déplacé de là")


def test_t15_box_is_swapped_for_the_one_on_a_photo(
    glass: Glass, link: Link, office: Office
) -> None:
    """T-15, by file upload."""
    sign_in(glass)
    link.turn(Weather.CUT)
    open_part(glass, "part-equipment", "scan")
    glass.reveal("swap-EQP-03310")
    glass.tap("swap-EQP-03310")
    glass.tap("reason-defective")
    glass.reveal("scan")
    glass.tap("scan")
    glass.type("scan-typed", "T")
    glass.choose_files("scan-pick", GEMTEK)
    glass.waits_for("scan-use")
    glass.sees(GEMTEK_MAC, GEMTEK_SERIAL)
    glass.tap("scan-use")
    glass.waits_for("equipment-save")
    glass.tap("equipment-save")
    glass.loses_name("device-EQP-03310")

    link.turn(Weather.CLEAR)
    glass.tap("sync")
    glass.sees("Tout est reçu")

    old = office.body(OLD_BOX)
    assert (old["status"], old["held_by"], "service_location" in old) == (
        "To Return",
        "DT-00001",
        False,
    )
    new = [row for row in table(office, JOB, "equipment") if row["action"] == "Install"]
    assert [row["mac_address"] for row in new] == [GEMTEK_MAC]
