"""The pictures in the README, taken from the running app: `python -m tests.journeys.pictures`."""

import argparse
import tempfile
from pathlib import Path
from typing import Final

from tests.app.serving import serving
from tests.journeys.conftest import sign_in
from tests.journeys.glass import DESKTOP, PHONE, Browser
from tests.journeys.phone import Phone
from tests.journeys.scenario import JOB, prepare

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"


def main() -> None:
    """Take one on a phone and one on a desktop."""
    argparse.ArgumentParser(
        prog="python -m tests.journeys.pictures", description=__doc__
    ).parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _take(browser, Path(folder))
    finally:
        browser.close()


def _take(browser: Browser, folder: Path) -> None:
    with serving(folder / "server") as office:
        prepare(office)
        phone = Phone(folder / "phone", office.url).start()
        try:
            with browser.glass(PHONE) as glass:
                glass.open(phone.url)
                sign_in(glass)
                glass.tap("job-DJ-10482")
                glass.tap("move-Accepted")
                glass.reveal("part-steps")
                glass.tap("part-steps")
                glass.waits_for("next-step")
                glass.pause()
                glass.picture(FOLDER / "phone.png")
            with browser.glass(DESKTOP) as glass:
                glass.open(phone.at(f"/today/{JOB}"))
                glass.waits_for("ready")
                glass.pause()
                glass.picture(FOLDER / "desktop.png")
        finally:
            phone.stop()


if __name__ == "__main__":
    main()
