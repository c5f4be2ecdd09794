"""T-03, T-04, T-05, T-10, T-11, T-15: without signal, killed in the middle, with bad input."""

from pathlib import Path

import pytest
from PIL import Image

from field_app.i18n import Words
from tests.app.serving import Office
from tests.journeys.conftest import sign_in
from tests.journeys.glass import Glass
from tests.journeys.link import Link, Weather
from tests.journeys.phone import Phone
from tests.journeys.pieces import picture
from tests.journeys.scenario import JOB, OLD_BOX, table


def open_steps(glass: Glass) -> None:
    """Open the job's steps."""
    glass.tap("job-DJ-10482")
    glass.reveal("part-steps")
    glass.tap("part-steps")
    glass.waits_for("next-step")


def test_t03_app_killed_at_the_photo_step_opens_there_again(
    glass: Glass, phone: Phone, link: Link, tmp_path: Path
) -> None:
    """T-03."""
    sign_in(glass)
    link.turn(Weather.CUT)
    open_steps(glass)
    glass.tap("next-step")
    glass.tap("do")
    glass.sees("Photo avant les travaux")
    glass.tap("do")
    glass.choose_files("pick-photos", picture(tmp_path / "before.jpg"))
    glass.sees("Sur cet appareil")
    before = glass.path

    phone.kill()
    glass.page_says("L’application s’est arrêtée")
    phone.start()
    glass.open(phone.at(before))

    glass.sees("Sur cet appareil")
    glass.tap("back")
    glass.sees("Photo avant les travaux", "1 photo")


def test_t04_photo_of_12_megapixels_is_kept_small_and_says_where_it_is(
    glass: Glass, phone: Phone, link: Link, office: Office, tmp_path: Path
) -> None:
    """T-04."""
    sign_in(glass)
    link.turn(Weather.CUT)
    glass.tap("job-DJ-10482")
    glass.reveal("part-photos")
    glass.tap("part-photos")

    glass.choose_files("pick-photos", picture(tmp_path / "label.jpg"))
    glass.sees("Sur cet appareil")
    link.turn(Weather.CLEAR)
    glass.tap("sync")
    glass.sees("Reçue")

    (photo,) = table(office, JOB, "photos")
    kept = office.server.blobs.store.read(str(photo["sha256"]))
    (phone.folder / "kept.jpg").write_bytes(kept)
    with Image.open(phone.folder / "kept.jpg") as image:
        assert max(image.size) == 2048
    assert len(kept) <= 600_000


def test_t05_file_beyond_the_limit_is_refused_with_a_way_out(glass: Glass, tmp_path: Path) -> None:
    """T-05."""
    sign_in(glass)
    glass.tap("job-DJ-10482")
    glass.reveal("part-photos")
    glass.tap("part-photos")
    huge = picture(tmp_path / "huge.jpg", size=(300, 200))
    with huge.open("ab") as file:
        file.write(bytes(26_000_000))

    glass.choose_files("pick-photos", huge)

    glass.waits_for("refused")
    glass.sees("Mo", "Réduire")
    glass.tap("reduce")
    glass.sees("Reçue")


@pytest.mark.parametrize(
    "typed", ["A42BB01C9F3", "ZZ:2B:B0:1C:9F:3E", "01:00:5E:00:00:01", "00:00:00:00:00:00"]
)
def test_t10_wrong_mac_is_refused_where_it_is_typed(glass: Glass, typed: str) -> None:
    """T-10."""
    sign_in(glass)
    _new_device(glass)

    glass.type("field-mac_address", typed)
    glass.tap("equipment-save")

    glass.sees("MAC")
    assert glass.has("equipment-save")
    glass.sees_no("Enregistré sur l’appareil")


def test_t11_known_ont_raises_the_alarm_without_signal(glass: Glass, link: Link) -> None:
    """T-11."""
    sign_in(glass)
    link.turn(Weather.CUT)
    _new_device(glass)

    glass.type("field-mac_address", "a42b.b077.0001", becomes="A42B.B077.0001")
    glass.key("Tab")
    glass.reveal("alarm")
    glass.sees("EQP-05120", "LOC-00871", Words("fr").full_day("2025-11-03"))
    glass.sees("Déplacé de là")


def test_t15_swap_is_one_act_and_can_be_taken_back(
    glass: Glass, link: Link, office: Office
) -> None:
    """T-15."""
    sign_in(glass)
    link.turn(Weather.CUT)
    _equipment(glass)
    glass.reveal("swap-EQP-03310")
    glass.tap("swap-EQP-03310")
    glass.tap("reason-defective")
    glass.type("field-mac_address", "00:1A:79:33:10:B2")
    glass.tap("equipment-save")
    glass.sees("00:1A:79:33:10:B2")
    glass.loses_name("device-EQP-03310")
    glass.tap("undo")
    glass.waits_for("device-EQP-03310")

    link.turn(Weather.CLEAR)
    glass.tap("sync")
    glass.sees("Tout est reçu")

    assert office.body(OLD_BOX)["status"] == "Installed"
    assert office.body(OLD_BOX)["service_location"] == "LOC-01342"


def _equipment(glass: Glass) -> None:
    glass.tap("job-DJ-10482")
    glass.reveal("part-equipment")
    glass.tap("part-equipment")
    glass.waits_for("equipment-add")


def _new_device(glass: Glass) -> None:
    _equipment(glass)
    glass.tap("equipment-add")
    glass.waits_for("field-mac_address")
