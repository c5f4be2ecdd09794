"""T-01, T-02, T-25: the day comes down, the first moves go up, and the screen tells the truth."""

from tests.app.serving import Office
from tests.journeys.conftest import both_sizes, sign_in
from tests.journeys.glass import Glass
from tests.journeys.link import Link, Weather
from tests.journeys.scenario import JOB


@both_sizes
def test_t01_morning_at_home_brings_the_day_ready_for_the_basement(glass: Glass) -> None:
    """T-01."""
    sign_in(glass)

    glass.sees("0 terminé sur 3", "Installation fibre", "Lucie T.", "Prêt hors ligne")
    glass.sees("Tout est reçu")
    glass.tap("job-DJ-10482")
    glass.sees("Sonnette brisée", "Travail, adresse et client sont sur l’appareil")


def test_t02_travel_and_arrival_without_signal_wait_on_the_phone(
    glass: Glass, link: Link, office: Office
) -> None:
    """T-02."""
    sign_in(glass)
    glass.tap("job-DJ-10482")
    glass.tap("move-Accepted")
    glass.waits_for("move-En Route")
    glass.sees("Tout est reçu")
    link.turn(Weather.CUT)

    glass.tap("move-En Route")
    glass.sees("Enregistré sur l’appareil")
    glass.tap("move-On Site")

    glass.sees("2 éléments à envoyer", "Sur place")
    assert office.body(JOB)["status"] == "Accepted"
    link.turn(Weather.CLEAR)
    glass.tap("sync")
    glass.sees("Tout est reçu")
    assert office.body(JOB)["status"] == "On Site"


def test_quick_scroll_through_a_long_list_never_shows_nothing(glass: Glass, office: Office) -> None:
    for n in range(300):
        office.job(20_000 + n, checklist=[])
    sign_in(glass)
    glass.tap("choice-all")
    glass.waits_for("job-DJ-10482")
    seen = set()

    for _ in range(8):
        glass.scroll(4_000)
        drawn = {name for name in glass.names() if name.startswith("job-DJ-")}
        assert drawn, "the list went blank"
        assert len(drawn) <= 200
        seen |= drawn

    assert len(seen) > 40


def test_t25_sync_behind_a_captive_portal_says_so(glass: Glass, link: Link) -> None:
    """T-25."""
    sign_in(glass)
    link.turn(Weather.PORTAL)

    glass.tap("sync")

    glass.sees("portail")
    glass.sees_no("Synchronisé")
