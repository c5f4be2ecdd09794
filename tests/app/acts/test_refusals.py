"""An act that is refused answers with the problem and stores nothing."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

import pytest

from field_app.ports import NewEquipment, Photo, Signed
from field_app.sync.acts import Acts, done
from field_app.sync.files import BLOB_BYTES_MAX, BlobFolder
from field_app.sync.replica import Replica
from field_core.problems import Problem, ProblemError
from field_core.status import JobStatus
from tests.app.acts.hands import ONT, PICTURE, body
from tests.app.making import NOON_MS, key

AT = "2026-04-27T16:00:00.000000Z"


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (lambda a: a.note(key(1), " "), "invalid-value"),
        (lambda a: a.note(key(77), "x"), "unknown-document"),
        (lambda a: a.note(key(1), "x", corrects="n9"), "row-missing"),
        (lambda a: a.move(key(1), JobStatus.SCHEDULED), "illegal-transition"),
        (lambda a: a.move(key(1), JobStatus.INCOMPLETE), "reason-needed"),
        (lambda a: a.close_incomplete(key(1), "  "), "reason-needed"),
        (lambda a: a.move(key(1), JobStatus.COMPLETED), "steps-missing"),
        (lambda a: a.accept_offer(key(1)), "offer-over"),
        (lambda a: a.accept_offer(key(77)), "unknown-document"),
        (lambda a: a.do_step(key(1), "s2", -19.0), "step-not-open"),
        (lambda a: a.do_step(key(1), "s9"), "row-missing"),
        (lambda a: a.skip_step(key(1), "s1", " "), "reason-needed"),
        (lambda a: a.photo(key(1), Photo(PICTURE, "text/html")), "blob-type"),
        (lambda a: a.photo(key(1), Photo(b"", "image/jpeg")), "bad-request"),
        (lambda a: a.photo(key(1), Photo(bytes(BLOB_BYTES_MAX + 1), "image/jpeg")), "too-large"),
        (lambda a: a.photo(key(77), Photo(PICTURE, "image/jpeg")), "unknown-document"),
        (lambda a: a.photo(key(1), Photo(PICTURE, "image/jpeg", replaces="p9")), "row-missing"),
        (lambda a: a.photo(key(1), Photo(PICTURE, "image/jpeg", latitude=46.0)), "invalid-value"),
        (lambda a: a.sign(key(1), Signed(PICTURE, "image/png", " ", "fr")), "invalid-value"),
        (lambda a: a.sign(key(1), Signed(PICTURE, "image/tiff", "Roy", "fr")), "blob-type"),
        (lambda a: a.sign(key(1), Signed(PICTURE, "image/png", "Roy", "fr", "0")), "changed-since"),
        (lambda a: a.material(key(1), item=None, description="x", qty=0), "invalid-value"),
        (lambda a: a.material(key(1), item=None, description=None, qty=1), "invalid-value"),
        (
            lambda a: a.material(key(1), item="X", description=None, qty=float("nan")),
            "invalid-value",
        ),
        (lambda a: a.material_qty(key(1), "m1", -1), "invalid-value"),
        (lambda a: a.material_qty(key(1), "m1", 1), "row-missing"),
        (lambda a: a.remove_material(key(1), "m1"), "row-missing"),
        (lambda a: a.time_entry(key(1), "Work", AT, "2026-04-27T15:00:00Z"), "invalid-value"),
        (lambda a: a.time_entry(key(1), "Work", AT, AT), "invalid-value"),
        (lambda a: a.time_entry(key(1), "Work", "soon", AT), "invalid-value"),
        (lambda a: a.start_time(key(1), "Nap"), "invalid-value"),
        (lambda a: a.stop_time(key(1)), "row-missing"),
        (lambda a: a.correct_time(key(1), "t1", AT, AT), "row-missing"),
        (lambda a: a.add_equipment(key(1), NewEquipment("ONT")), "identity-missing"),
        (lambda a: a.swap_equipment(key(1), key(5), ONT, " "), "reason-needed"),
        (lambda a: a.remove_equipment(key(1), key(77), "panne"), "unknown-document"),
        (lambda a: a.move_equipment(key(1), key(6), " "), "reason-needed"),
    ],
)
def test_act_that_is_refused_says_why_and_stores_nothing(
    replica: Replica, acts: Acts, folder: BlobFolder, refused: Any, code: str
) -> None:
    before = body(replica)

    answer = refused(acts)

    assert isinstance(answer, Problem)
    assert answer.code == code
    assert (body(replica), replica.outbox.entries(), folder.names()) == (before, [], set())


def test_refusal_is_raised_for_who_wants_it_raised(acts: Acts) -> None:
    with pytest.raises(ProblemError) as caught:
        done(acts.move(key(1), JobStatus.COMPLETED))

    assert caught.value.problem == Problem("steps-missing", {"steps": "Arrivé, Niveau"})


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("A42BB01C9F3", "mac-length"),
        ("ZZ:2B:B0:1C:9F:3E", "mac-characters"),
        ("01:00:5E:00:00:01", "mac-multicast"),
        ("00:00:00:00:00:00", "mac-reserved"),
    ],
)
def test_address_that_no_device_has_is_refused(acts: Acts, typed: str, code: str) -> None:
    """T-10."""
    answer = acts.add_equipment(key(1), NewEquipment("ONT", mac_address=typed))

    assert isinstance(answer, Problem)
    assert answer.code == code


def test_device_that_was_never_enrolled_records_nothing(replica: Replica, acts: Acts) -> None:
    replica.remember(device=None)

    assert acts.note(key(1), "x") == Problem("not-enrolled")


def test_note_is_in_view_and_outbox_at_once(replica: Replica, acts: Acts) -> None:
    done(acts.note(key(1), "  Sonnette brisée "))

    note = body(replica)["notes"][0]
    assert (note["text"], note["by"], note["at"]) == ("Sonnette brisée", "DT-00001", AT)
    assert [entry.kind for entry in replica.outbox.entries()] == ["append"]


def test_time_of_an_act_is_corrected_by_the_skew_known(replica: Replica, acts: Acts) -> None:
    """T-22: a phone two hours ahead shows work times as they were."""
    replica.remember(skew_ms=str(2 * 3_600_000))

    done(acts.note(key(1), "x"))

    entry = replica.outbox.entries()[0]
    assert entry.at == "2026-04-27T14:00:00.000000Z"
    assert entry.operation["at"] == [NOON_MS, 1_000, "boot-1"]
