"""`python -m benchmarks.first_job`: from nothing to a job that is done, as a newcomer would.

Clones this repository's last commit into an empty folder, runs `make demo` there, and does the
first job of the day on a phone-sized window: moves, every step, a photo, the signature, the end.
Then asks the demo's own ERP whether it has all of it. One line of JSON, seconds by stage.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.machine import describe, load_average
from server_sync.clock import SystemClock
from server_sync.compose.embedded import ERP_FILE, open_embedded, with_embedded
from server_sync.embedded_erp.calls import Request
from server_sync.settings import Settings
from tests.journeys.glass import Browser, Glass
from tests.journeys.pieces import STROKE, picture

ROOT: Final = Path(__file__).parents[1]
PORTS: Final = {"GIGAFIBRE_DEMO_SERVER_PORT": "8947", "GIGAFIBRE_DEMO_APP_PORT": "8957"}
STEPS_MAX: Final = 30
SETTLE_S: Final = 0.6
ANSWERS: Final = ("-20,5", "250", "12", "TPLG1C9F3E5A")
"""Tried in turn until the step takes one: readings with their bounds, a label's serial number."""
EMAIL: Final = "marc@gigafibre.test"
PASSWORD: Final = "demo-gigafibre"  # noqa: S105 - the demo company's, printed by `make demo`
WRITTEN_BACK_S: Final = 3


def measure(folder: Path) -> dict[str, Any]:
    """Return seconds by stage, and what the ERP has in the end."""
    begin = time.monotonic()
    clone = folder / "clone"
    git, *_ = _programs("git")
    subprocess.run([git, "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603 - ours
    with _demo(clone) as address:
        ready = time.monotonic()
        job = _work_day(address, picture(folder / "photo.jpg"))
        done = time.monotonic()
        time.sleep(WRITTEN_BACK_S)
    return {
        "set_up_s": round(ready - begin, 1),
        "job_s": round(done - ready, 1),
        "whole_s": round(done - begin, 1),
        **_in_office(clone, job),
    }


@contextmanager
def _demo(clone: Path) -> Iterator[str]:
    """Run `make demo`; yields the address it prints."""
    program = subprocess.Popen(  # noqa: S603 - what the README says
        [*_programs("make"), "demo"],
        cwd=clone,
        env={**os.environ, **PORTS},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield _printed_address(program)
    finally:
        os.killpg(program.pid, signal.SIGTERM)
        program.wait(30)


def _programs(*names: str) -> list[str]:
    """Return where programs are; raises RuntimeError for one that is missing."""
    found = [path for name in names if (path := shutil.which(name))]
    if len(found) < len(names):
        raise RuntimeError(f"needs {', '.join(names)}")
    return found


def _printed_address(program: "subprocess.Popen[str]") -> str:
    assert program.stdout, "it was piped"
    for line in program.stdout:
        if found := re.search(r"http://\S+token=\S+", line):
            return found[0]
    raise RuntimeError("make demo ended without an address")


# --- the day


def _work_day(address: str, photo: Path) -> str:
    browser = Browser()
    try:
        with browser.glass() as glass:
            glass.open(address)
            _sign_in(glass)
            return _do_first_job(glass, photo)
    finally:
        browser.close()


def _sign_in(glass: Glass) -> None:
    glass.type("email", EMAIL)
    glass.type("password", PASSWORD)
    glass.tap("sign-in")
    glass.tap("pin-skip")
    glass.waits_for("today")
    glass.sees("Tout est reçu")


def _do_first_job(glass: Glass, photo: Path) -> str:
    job = next(name for name in glass.names() if name.startswith("job-DJ-"))
    glass.tap(job)
    glass.waits_for("part-steps")
    for move in ("Accepted", "En Route", "On Site"):
        if glass.has(f"move-{move}"):
            glass.tap(f"move-{move}")
            time.sleep(SETTLE_S)
    glass.reveal("part-steps")
    glass.tap("part-steps")
    _do_steps(glass, photo)
    glass.tap("complete")
    glass.sees("Terminée")
    glass.tap("sync")
    glass.sees("Tout est reçu")
    return job.removeprefix("job-")


def _do_steps(glass: Glass, photo: Path) -> None:
    time.sleep(SETTLE_S)
    for _ in range(STEPS_MAX):
        if glass.has("complete"):
            return
        if glass.has("next-step"):
            glass.tap("next-step")
        time.sleep(SETTLE_S)
        _do_step(glass, photo)
        time.sleep(SETTLE_S)
    raise AssertionError(f"steps without end: {glass.text()}")


def _do_step(glass: Glass, photo: Path) -> None:
    """Answer one step by what its screen offers."""
    names = glass.names()
    if "answer" in names and "choice-0" not in names:
        _type_answer(glass)
        return
    if "choice-0" in names:
        glass.tap("choice-0")
    glass.tap("do")
    time.sleep(SETTLE_S)
    if glass.has("pick-photos"):
        glass.choose_files("pick-photos", photo)
        glass.sees("Au bureau")
        glass.tap("back")
    elif glass.has("to-pad"):
        glass.tap("to-pad")
        glass.type("signed-by", "Lucie T.")
        glass.draw("signature-pad", STROKE)
        glass.tap("sign")
        glass.waits_for("signature-image")
        glass.tap("back")


def _type_answer(glass: Glass) -> None:
    here = glass.path
    for value in ANSWERS:
        glass.type("answer", value)
        glass.tap("do")
        time.sleep(SETTLE_S)
        if glass.path != here:
            return


# --- the office


def _in_office(clone: Path, job: str) -> dict[str, Any]:
    """Ask the ERP itself, by its REST dialect and not the server's copy."""
    [file] = (clone / "var" / "demo").glob(f"*/server/{ERP_FILE}")
    erp = open_embedded(with_embedded(Settings()), file=file, clock=SystemClock())
    user = erp.site.settings.users[0]
    credentials = {"authorization": f"token {user.api_key}:{user.api_secret}"}
    reply = erp.answer(Request("GET", f"/api/resource/Dispatch Job/{job}", "", credentials, b""))
    assert reply.body, f"{reply.status} for {job}"
    body: Any = reply.body["data"]
    return {
        "job": job,
        "status": body["status"],
        "steps_done": sum(1 for step in body["checklist"] if step.get("done")),
        "photos": sum(1 for row in body["photos"] if row.get("image")),
        "signed_by": body.get("signed_by"),
    }


def main() -> int:
    """Measure and print; fails when the office lacks something."""
    argparse.ArgumentParser(prog="python -m benchmarks.first_job", description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="first-job-") as folder:
        line = measure(Path(folder))
    sys.stdout.write(json.dumps({**line, "machine": describe(), "load": load_average()}) + "\n")
    is_there = line["status"] == "Completed" and line["photos"] and line["signed_by"]
    return 0 if is_there else 1


if __name__ == "__main__":
    raise SystemExit(main())
