"""A server, a link, a phone and a glass for each journey; one Chromium for all of them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.serving import MARC, PASSWORD, Office, serving
from tests.journeys.counter import Counter, counter_in
from tests.journeys.glass import DESKTOP, PHONE, Browser, Glass, chromium
from tests.journeys.link import Link
from tests.journeys.phone import Phone
from tests.journeys.scenario import prepare


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Open Chromium once; only a person's machine may go on without it."""
    if chromium() is None:
        reason = "Chromium is not installed: scripts/setup.sh --for-tests"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason} (CI must not skip what people hold in their hands)")
        pytest.skip(reason)
    browser = Browser()
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Serve the day of the acceptance rows."""
    with serving(tmp_path / "server") as office:
        prepare(office)
        yield office


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Serve a clerk's day, with an embedded ERP behind it."""
    with counter_in(tmp_path / "server") as counter:
        yield counter


@pytest.fixture
def address(office: Office) -> str:
    """Say where the server is; a clerk's journey says that of the counter."""
    return office.url


@pytest.fixture
def link(address: str) -> Iterator[Link]:
    """Put a link that can be cut between the app and the server; customers have their own."""
    link = Link(int(address.rpartition(":")[2]))
    try:
        yield link
    finally:
        link.close()


@pytest.fixture
def phone(tmp_path: Path, link: Link) -> Iterator[Phone]:
    """Start the app on a fresh device."""
    phone = Phone(tmp_path / "phone", link.url).start()
    try:
        yield phone
    finally:
        phone.stop()


@pytest.fixture(params=[PHONE], ids=["phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Say how large the window is; a journey may ask for others."""
    found: tuple[int, int] = request.param
    return found


@pytest.fixture
def glass(browser: Browser, phone: Phone, size: tuple[int, int]) -> Iterator[Glass]:
    """Open a window on the app; nothing it asks for may leave the machine."""
    with browser.glass(size) as glass:
        glass.open(phone.url)
        yield glass
        assert glass.left_the_machine == []


both_sizes = pytest.mark.parametrize(
    "size", [PHONE, DESKTOP], ids=["phone", "desktop"], indirect=True
)


PRESSES = 3
"""A busy browser drops a press, and a person presses again."""


def sign_in(glass: Glass, email: str = MARC, *, waits_for: str = "job-DJ-10482") -> None:
    """Sign in as a person would, and wait for the day, or for another first room."""
    glass.type("email", email)
    glass.type("password", PASSWORD)
    for _ in range(PRESSES):
        if glass.has("sign-in"):
            glass.tap("sign-in")
        if glass.comes_soon("pin-skip"):
            break
    glass.tap("pin-skip")
    glass.waits_for(waits_for)
