"""`python -m benchmarks.screens`: what a technician waits for, in real Chromium.

Times are from the finger on the glass to the drawn result, on this machine's cores, which browser,
app and server share. One line of JSON.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.machine import describe, load_average, memory_mb, percentile
from benchmarks.screens import company, stopwatch
from benchmarks.serving import serving
from benchmarks.sync_phases.people import PASSWORD, email_of
from server_sync.clock import SystemClock, today_at
from server_sync.settings import Settings
from tests.journeys.glass import Browser, Glass
from tests.journeys.phone import Phone

TARGETS: Final = {
    "save_p95_ms": 150.0,
    "open_job_p95_ms": 300.0,
    "switch_tab_p95_ms": 250.0,
    "rows_drawn_max": 200.0,
    "cold_start_s": 3.0,
    "app_mb": 250.0,
}
BETWEEN_S: Final = 0.45
"""A person's pause; a tap right after another counts as its second half."""
_WAY: Final = {"Accepted": "Acceptée", "En Route": "En route", "On Site": "Sur place"}
"""The day's moves, and the word for each state in the head of the job."""
SCROLLS: Final = 60
SCROLL_PX: Final = 4_000

Figures = dict[str, float]


def measure(folder: Path, *, samples: int) -> Figures:
    """Return every figure."""
    with day(folder / "day", jobs=300) as (phone, browser):
        figures = _quick(phone, browser, samples)
        figures["cold_start_s"] = _cold_start(phone, browser)
    with day(folder / "long", jobs=2_000) as (phone, browser):
        figures |= _long_list(phone, browser)
    return figures


@contextmanager
def day(folder: Path, *, jobs: int) -> Iterator[tuple[Phone, Browser]]:
    """Serve a company, and have a phone that holds all of it."""
    data = company.write(folder / "data", today_at(SystemClock(), Settings().zone), jobs=jobs)
    browser = Browser()
    try:
        with serving("benchmarks.sync_phases", ["serve", f"--data={data}", "--port=0"]) as served:
            phone = Phone(folder / "phone", served.url).start()
            try:
                yield phone, browser
            finally:
                phone.stop()
    finally:
        browser.close()


def _quick(phone: Phone, browser: Browser, samples: int) -> Figures:
    with browser.glass() as glass:
        _enter(glass, phone)
        listed = [name for name in glass.names() if name.startswith("job-DJ-")][:4]
        opened = _samples(samples, lambda n: _open_and_back(glass, listed[n % len(listed)]))
        tabs = [took for n in range(samples // 2) for took in _there_and_back(glass)]
        saved = [took for name in listed for took in _work_through(glass, name)]
    return {
        "save_p95_ms": percentile(saved, 95),
        "save_p50_ms": percentile(saved, 50),
        "open_job_p95_ms": percentile(opened, 95),
        "open_job_p50_ms": percentile(opened, 50),
        "switch_tab_p95_ms": percentile(tabs, 95),
        "app_mb": memory_mb(phone.pid),
    }


def _enter(glass: Glass, phone: Phone) -> None:
    glass.open(phone.url)
    glass.type("email", email_of(company.TECHNICIAN))
    glass.type("password", PASSWORD)
    glass.tap("sign-in")
    _skip_offers(glass)
    glass.waits_for("job-DJ-00000")
    glass.sees("Tout est reçu")
    stopwatch.ready(glass)


def _skip_offers(glass: Glass) -> None:
    """Leave what is offered once after signing in."""
    for _ in range(100):
        if glass.has("pin-skip"):
            glass.tap("pin-skip")
        if glass.has("today"):
            return
        time.sleep(0.1)


def _samples(count: int, take: Callable[[int], float]) -> list[float]:
    found = []
    for n in range(count):
        found.append(take(n))
        time.sleep(BETWEEN_S)
    return found


def _open_and_back(glass: Glass, name: str) -> float:
    took = stopwatch.press(glass, name, "address")
    time.sleep(BETWEEN_S)
    stopwatch.press(glass, "back", "jobs")
    return took


def _there_and_back(glass: Glass) -> Iterator[float]:
    for label, shows in (("Envois", "outbox-screen"), ("Travaux", "today")):
        yield stopwatch.press_tab(glass, label, shows)
        time.sleep(BETWEEN_S)


def _work_through(glass: Glass, name: str) -> Iterator[float]:
    """Accept a job, travel, arrive; each time until the job's head says where it stands.

    That is after the move was stored and the job was read again.
    """
    stopwatch.press(glass, name, "move-Accepted")
    for move, said in _WAY.items():
        time.sleep(BETWEEN_S)
        yield stopwatch.press_until_said(glass, f"move-{move}", said)
    time.sleep(BETWEEN_S)
    stopwatch.press(glass, "back", "jobs")


def _cold_start(phone: Phone, browser: Browser, times: int = 5) -> float:
    """Kill the app and start it; the median until the list is there, browser's start left out."""
    took = []
    for _ in range(times):
        phone.kill()
        with browser.glass() as glass:
            begin = time.monotonic()
            phone.start()
            glass.open(phone.at("/today"))
            glass.waits_for("job-DJ-00000")
            took.append(time.monotonic() - begin)
    return sorted(took)[times // 2]


def _long_list(phone: Phone, browser: Browser) -> Figures:
    """Scroll through every open job; rows of the drawn tree are counted at each stop."""
    with browser.glass() as glass:
        _enter(glass, phone)
        glass.tap("choice-all")
        glass.waits_for("job-DJ-00000")
        rows = 0
        seen: set[str] = set()
        for _ in range(SCROLLS):
            glass.scroll(SCROLL_PX)
            here = [name for name in glass.names() if name.startswith("job-DJ-")]
            rows, seen = max(rows, len(here)), seen | set(here)
        return {
            "rows_drawn_max": float(rows),
            "rows_seen": float(len(seen)),
            "long_list_app_mb": memory_mb(phone.pid),
        }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screens", description=__doc__)
    parser.add_argument("--samples", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="screens-") as folder:
        figures = measure(Path(folder), samples=options.samples)
    line: dict[str, Any] = {name: round(value, 2) for name, value in figures.items()}
    line |= {"machine": describe(), "load": load_average()}
    sys.stdout.write(json.dumps(line) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
