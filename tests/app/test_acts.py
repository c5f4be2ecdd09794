"""Acts: kept whole in one transaction, or refused with nothing stored (FA-03, FA-05, FA-06)."""

# ruff: noqa: ANN401 - JSON of any shape

import hashlib
from pathlib import Path
from typing import Any

import pytest

from field_app.sync.acts import Acts, NewEquipment, Photo, Signed
from field_app.sync.files import FREE_BYTES_MIN, BlobFolder
from field_app.sync.replica import Replica
from field_core.problems import ProblemError
from field_core.status import JobStatus
from tests.app.making import NOON_MS, Clock, Ids, acts_on, change, enrolled, job, key, memory, reply

PICTURE = b"\xff\xd8\xff\xe0 a picture"
ONT = NewEquipment("ONT", mac_address="A4:2B:B0:1C:9F:3E")


@pytest.fixture
def replica() -> Replica:
    replica = enrolled(memory())
    box = {
        "name": "EQP-03310",
        "equipment_type": "TV Box",
        "status": "Installed",
        "service_location": "LOC-00001",
    }
    replica.apply(
        reply([change(1, job(status="On Site")), change(5, box, doctype="Service Equipment")]),
        now_ms=0,
    )
    return replica


@pytest.fixture
def folder(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs", free_bytes=lambda _: 1 << 40)


@pytest.fixture
def acts(replica: Replica, folder: BlobFolder) -> Acts:
    return acts_on(replica, folder, Clock(), Ids())


def body(replica: Replica, doc_key: str = key(1)) -> dict[str, Any]:
    held = replica.document(doc_key)
    assert held is not None
    return held.body


def kinds(replica: Replica) -> list[tuple[str, str | None]]:
    return [(e.kind, e.group_id) for e in sorted(replica.outbox.entries(), key=lambda e: e.n)]


def test_note_is_in_view_and_outbox_at_once(replica: Replica, acts: Acts) -> None:
    acts.note(key(1), "  Sonnette brisée ")

    note = body(replica)["notes"][0]
    assert (note["text"], note["by"], note["at"]) == (
        "Sonnette brisée",
        "DT-00001",
        "2026-04-27T16:00:00.000000Z",
    )
    assert kinds(replica) == [("append", None)]


def test_time_of_an_act_is_corrected_by_the_skew_known(replica: Replica, acts: Acts) -> None:
    """T-22: a phone two hours ahead shows work times as they were."""
    replica.remember(skew_ms=str(2 * 3_600_000))

    acts.note(key(1), "x")

    entry = replica.outbox.entries()[0]
    assert entry.at == "2026-04-27T14:00:00.000000Z"
    assert entry.operation["at"] == [NOON_MS, 1_000, "boot-1"]


@pytest.mark.parametrize(
    "refused",
    [
        lambda acts: acts.note(key(1), " "),
        lambda acts: acts.note(key(77), "x"),
        lambda acts: acts.move(key(1), JobStatus.SCHEDULED),
        lambda acts: acts.move(key(1), JobStatus.INCOMPLETE),
        lambda acts: acts.move(key(1), JobStatus.COMPLETED),
        lambda acts: acts.do_step(key(1), "s2", -19.0),
        lambda acts: acts.do_step(key(1), "s9"),
        lambda acts: acts.skip_step(key(1), "s1", " "),
        lambda acts: acts.photo(key(1), Photo(PICTURE, "text/html")),
        lambda acts: acts.photo(key(1), Photo(b"", "image/jpeg")),
        lambda acts: acts.photo(key(77), Photo(PICTURE, "image/jpeg")),
        lambda acts: acts.material(key(1), item=None, description="x", qty=0),
        lambda acts: acts.time_entry(key(1), "Work", "2026-04-27T16", "2026-04-27T15"),
        lambda acts: acts.add_equipment(key(1), NewEquipment("ONT")),
        lambda acts: acts.swap_equipment(key(1), key(5), ONT, " "),
        lambda acts: acts.remove_equipment(key(1), key(77), "panne"),
    ],
)
def test_act_that_is_refused_stores_nothing(
    replica: Replica, acts: Acts, folder: BlobFolder, refused: Any
) -> None:
    before = body(replica)

    with pytest.raises(ProblemError):
        refused(acts)

    assert (body(replica), replica.outbox.entries(), folder.names()) == (before, [], set())


def test_swap_that_fails_in_its_last_part_stores_nothing(replica: Replica, acts: Acts) -> None:
    """T-15: a swap is one act. The job is gone, so its own row cannot be written."""
    replica.db.conn.execute("DELETE FROM view WHERE key = ?", (key(1),))

    with pytest.raises(ProblemError):
        acts.swap_equipment(key(1), key(5), ONT, "panne")

    assert replica.outbox.entries() == []
    assert body(replica, key(5))["status"] == "Installed"


def test_steps_done_in_order_let_the_job_be_completed(replica: Replica, acts: Acts) -> None:
    acts.do_step(key(1), "s1")
    acts.do_step(key(1), "s2", -19.5)

    acts.move(key(1), JobStatus.COMPLETED)

    step = body(replica)["checklist"][1]
    assert (step["value"], step["done"], step["done_by"]) == (-19.5, True, "DT-00001")
    assert body(replica)["status"] == "Completed"


def test_step_left_out_with_a_reason_counts_as_settled(acts: Acts) -> None:
    acts.skip_step(key(1), "s1", "pas d'accès")
    acts.do_step(key(1), "s2", -19.5)

    assert acts.missing(key(1)) == []


@pytest.mark.parametrize("value", [-6.5, -27.6, float("nan"), "x", None])
def test_reading_out_of_bounds_is_not_kept(replica: Replica, acts: Acts, value: Any) -> None:
    acts.do_step(key(1), "s1")

    with pytest.raises(ProblemError) as caught:
        acts.do_step(key(1), "s2", value)

    assert caught.value.problem.code == "invalid-value"
    assert "value" not in body(replica)["checklist"][1]


def test_completing_with_steps_missing_names_them(acts: Acts) -> None:
    with pytest.raises(ProblemError) as caught:
        acts.move(key(1), JobStatus.COMPLETED)

    assert caught.value.problem.details == {"steps": "Arrivé, Niveau"}


def test_photo_is_on_disk_whole_before_any_row_speaks_of_it(
    replica: Replica, acts: Acts, folder: BlobFolder
) -> None:
    acts.photo(key(1), Photo(PICTURE, "image/jpeg", caption="ONT"))

    name = hashlib.sha256(PICTURE).hexdigest()
    assert folder.piece(name, 0, 999) == PICTURE
    assert [(p["sha256"], p["caption"]) for p in body(replica)["photos"]] == [(name, "ONT")]
    row = replica.db.execute("SELECT size, role, key, got, verified_ms FROM blob").fetchone()
    assert row == (len(PICTURE), "photo", key(1), 0, None)


def test_signature_and_who_signed_are_one_act(replica: Replica, acts: Acts) -> None:
    acts.sign(key(1), Signed(PICTURE, "image/png", "Mme Roy", "fr"))

    signed = body(replica)
    assert signed["signature"] == hashlib.sha256(PICTURE).hexdigest()
    assert (signed["signed_by"], signed["signed_language"]) == ("Mme Roy", "fr")
    groups = {group for _, group in kinds(replica)}
    assert (len(kinds(replica)), len(groups), None in groups) == (2, 1, False)


def test_second_signature_replaces_the_first_knowingly(replica: Replica, acts: Acts) -> None:
    acts.sign(key(1), Signed(PICTURE, "image/png", "Mme Roy", "fr"))
    acts.sign(key(1), Signed(PICTURE + b"2", "image/png", "M. Roy", "fr"))

    attach = next(e.operation for e in replica.outbox.entries() if e.kind == "attach")
    assert attach["item"] == {"was": hashlib.sha256(PICTURE).hexdigest()}
    assert body(replica)["signed_by"] == "M. Roy"


def test_equipment_put_in_belongs_to_the_location_of_the_job(replica: Replica, acts: Acts) -> None:
    """FA-06. It is shown under a provisional label until the ERP names it (FA-03)."""
    made = acts.add_equipment(key(1), ONT)

    device = body(replica, made[0].key)
    assert (device["service_location"], device["status"], "customer" in device) == (
        "LOC-00001",
        "Installed",
        False,
    )
    assert body(replica)["equipment"][0]["equipment"] == made[0].key
    assert [kind for kind, _ in kinds(replica)] == ["create", "append"]


def test_swap_takes_one_out_and_puts_one_in_as_one_act(replica: Replica, acts: Acts) -> None:
    """FA-05, T-15."""
    acts.swap_equipment(key(1), key(5), ONT, "panne")

    old = body(replica, key(5))
    assert (old["status"], old["removal_reason"], "service_location" in old) == (
        "To Return",
        "panne",
        False,
    )
    rows = [(r["action"], r.get("reason")) for r in body(replica)["equipment"]]
    assert rows == [("Remove", "panne"), ("Install", None)]
    assert len({group for _, group in kinds(replica)}) == 1


def test_full_disk_refuses_a_photo_and_leaves_room_for_the_replica(
    replica: Replica, tmp_path: Path
) -> None:
    folder = BlobFolder(tmp_path / "b", free_bytes=lambda _: FREE_BYTES_MIN)
    acts = acts_on(replica, folder, Clock(), Ids())

    with pytest.raises(ProblemError) as caught:
        acts.photo(key(1), Photo(PICTURE, "image/jpeg"))

    assert (caught.value.problem.code, folder.names()) == ("disk-full", set())
