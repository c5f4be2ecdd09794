"""Every screen in English, on a phone and a desktop: drawn whole, nothing left in French."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import sign_in
from tests.journeys.glass import DESKTOP, PHONE, Browser, Glass
from tests.journeys.link import Link
from tests.journeys.phone import Phone
from tests.journeys.scenario import JOB

PLACES = (
    ("/today", "Today"),
    ("/search", "Search"),
    ("/outbox", "Outbox"),
    ("/settings", "Settings"),
    (f"/today/{JOB}", "Access"),
    (f"/today/{JOB}/steps", "Confirm the customer’s identity"),
    (f"/today/{JOB}/steps/s1", "Confirm the customer’s identity"),
    (f"/today/{JOB}/photos", "Photos"),
    (f"/today/{JOB}/equipment", "Equipment"),
    (f"/today/{JOB}/materials", "Materials"),
    (f"/today/{JOB}/notes", "Notes"),
    (f"/today/{JOB}/time", "Time"),
    (f"/today/{JOB}/history", "History"),
    (f"/today/{JOB}/signature", "Signature"),
)
FRENCH = ("Travaux", "Étape", "Équipement", "Réglages", "Enregistr", "bureau", "Aucun", "appareil")


@pytest.fixture
def english(tmp_path: Path, link: Link) -> Iterator[Phone]:
    """Start an app that speaks English."""
    phone = Phone(tmp_path / "phone", link.url, language="en").start()
    try:
        yield phone
    finally:
        phone.stop()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_screen_is_drawn_in_english(
    browser: Browser, english: Phone, size: tuple[int, int]
) -> None:
    with browser.glass(size, "en-CA") as glass:
        glass.open(english.url)
        sign_in(glass)
        for path, words in PLACES:
            glass.open(english.at(path))
            _is_whole(glass, words)
        assert glass.left_the_machine == []


def _is_whole(glass: Glass, words: str) -> None:
    glass.sees(words)
    assert not glass.has("drawing-failed")
    assert [word for word in FRENCH if word in glass.text()] == []
