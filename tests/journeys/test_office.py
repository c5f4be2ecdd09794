"""T-17, T-18, T-19, T-21, T-22: the customer signs, the office decides otherwise, clocks lie."""

from pathlib import Path

import pytest

from field_core.instants import from_text
from tests.app.serving import PASSWORD, Office, today
from tests.journeys.conftest import sign_in
from tests.journeys.glass import Browser, Glass
from tests.journeys.link import Link, Weather
from tests.journeys.phone import Phone
from tests.journeys.pieces import STROKE, picture
from tests.journeys.scenario import JOB, end_sessions, now_ms, table


def test_t17_customer_signs_in_english_and_a_later_edit_is_told(
    glass: Glass, office: Office
) -> None:
    """T-17."""
    sign_in(glass)
    glass.tap("job-DJ-10482")
    glass.reveal("part-signature")
    glass.tap("part-signature")
    glass.sees("Address")
    glass.tap("to-pad")
    glass.type("signed-by", "Lucie T.")
    glass.draw("signature-pad", STROKE)
    glass.tap("sign")
    glass.sees("Lucie T.")
    glass.waits_for("signature-image")
    glass.tap("back")
    glass.reveal("part-materials")
    glass.tap("part-materials")
    _add_material(glass, "Câble RG6")
    glass.tap("back")
    glass.reveal("part-signature")
    glass.tap("part-signature")

    glass.waits_for("changed-since")
    glass.tap("sync")
    glass.sees("Tout est reçu")
    body = office.body(JOB)
    assert (body["signed_by"], body["signed_language"]) == ("Lucie T.", "en")
    assert body["signed_text_sha256"]


def _add_material(glass: Glass, what: str) -> None:
    glass.tap("materials-add")
    glass.type("material-description", what)
    glass.tap("material-save")
    glass.sees(what)


def test_t18_job_cancelled_meanwhile_keeps_everything_that_was_done(
    glass: Glass, link: Link, office: Office
) -> None:
    """T-18."""
    sign_in(glass)
    link.turn(Weather.CUT)
    glass.tap("job-DJ-10482")
    glass.tap("move-Accepted")
    glass.sees("1 élément à envoyer")
    office.put(
        JOB,
        "Dispatch Job",
        {"status": "Cancelled", "cancelled_by": "Sophie", "cancelled_at": "2026-04-27T13:20:00Z"},
        "DJ-10482",
    )
    glass.reveal("part-notes")
    glass.tap("part-notes")
    glass.type("note-text", "ONT posé avant l’annulation")
    glass.tap("note-add")
    glass.sees("2 éléments à envoyer")
    glass.tap("back")

    link.turn(Weather.CLEAR)
    glass.tap("sync")

    glass.sees("Annulé le", "Sophie")
    glass.sees_no("éléments à envoyer")
    (note,) = table(office, JOB, "notes")
    assert note["text"] == "ONT posé avant l’annulation"


def test_t19_everything_of_a_day_offline_arrives_in_order_and_is_said_to(
    glass: Glass, link: Link, office: Office, tmp_path: Path
) -> None:
    """T-19."""
    sign_in(glass)
    link.turn(Weather.CUT)
    glass.tap("job-DJ-10482")
    for move in ("Accepted", "En Route", "On Site"):
        glass.tap(f"move-{move}")
    glass.sees("Sur place")
    glass.reveal("part-photos")
    glass.tap("part-photos")
    files = [picture(tmp_path / f"{n}.jpg", size=(1600, 1200)) for n in range(3)]
    glass.choose_files("pick-photos", *files)
    glass.sees("9 éléments à envoyer")

    link.turn(Weather.CLEAR)
    glass.tap("sync")

    glass.sees("Tout est reçu")
    body = office.body(JOB)
    assert body["status"] == "On Site"
    photos = table(office, JOB, "photos")
    assert len(photos) == 3
    store = office.server.blobs.store
    assert all(store.size(photo["sha256"]) == photo["size"] for photo in photos)


def test_t21_session_that_ended_offline_asks_to_sign_in_and_loses_nothing(
    glass: Glass, link: Link, office: Office
) -> None:
    """T-21."""
    sign_in(glass)
    link.turn(Weather.CUT)
    glass.tap("job-DJ-10482")
    glass.tap("move-Accepted")
    glass.sees("1 élément à envoyer")
    end_sessions(office)
    link.turn(Weather.CLEAR)

    glass.tap("sync")
    glass.sees("Reconnectez-vous")
    glass.tap("reconnect")
    glass.type("password", PASSWORD)
    glass.tap("sign-in")

    glass.sees("Tout est reçu")
    assert office.body(JOB)["status"] == "Accepted"


@pytest.mark.parametrize("ahead_s", [7_200])
def test_t22_clock_two_hours_ahead_is_told_and_work_times_are_right(
    browser: Browser, link: Link, office: Office, tmp_path: Path, ahead_s: int
) -> None:
    """T-22."""
    office.put(JOB, "Dispatch Job", {"scheduled_date": today(ahead_s=ahead_s)})  # late at night
    phone = Phone(tmp_path / "wrong", link.url, ahead_s=ahead_s).start()
    try:
        with browser.glass() as glass:
            glass.open(phone.url)
            sign_in(glass)
            glass.tap("job-DJ-10482")
            glass.tap("move-Accepted")
            glass.sees("Acceptée", "Tout est reçu")
            link.settle(lambda: office.body(JOB)["status"] == "Accepted")
            log = table(office, JOB, "status_log")
            glass.open(phone.at("/settings"))
            glass.reveal_text("Avance de")
    finally:
        phone.stop()
    accepted = [row for row in log if row["to_status"] == "Accepted"]
    assert len(accepted) == 1
    at_ms = from_text(str(accepted[0]["at"])).timestamp() * 1000
    assert abs(now_ms() - at_ms) < 120_000
