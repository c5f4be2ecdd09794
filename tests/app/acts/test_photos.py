"""Photos: whole on disk first, with what they show; taken again."""

import hashlib
from pathlib import Path

from field_app.ports import Photo, PhotoRow
from field_app.sync.acts import Acts, done
from field_app.sync.files import FREE_BYTES_MIN, BlobFolder
from field_app.sync.job_parts import photos_of
from field_app.sync.replica import Replica
from field_core.operations import Attach, Operation
from field_core.problems import Problem
from tests.app.acts.hands import PICTURE, body, rows
from tests.app.making import Clock, Ids, acts_on, change, job, key, reply

NAME = hashlib.sha256(PICTURE).hexdigest()


def photo_id(made: Operation | Problem) -> str:
    assert isinstance(made, Attach)
    assert made.item_id is not None
    return made.item_id


def test_photo_is_on_disk_whole_before_any_row_speaks_of_it(
    replica: Replica, acts: Acts, folder: BlobFolder
) -> None:
    done(acts.photo(key(1), Photo(PICTURE, "image/jpeg", caption="ONT")))

    assert folder.piece(NAME, 0, 999) == PICTURE
    assert [(p["sha256"], p["caption"]) for p in body(replica)["photos"]] == [(NAME, "ONT")]
    row = replica.db.execute("SELECT size, role, key, got, verified_ms FROM blob").fetchone()
    assert row == (len(PICTURE), "photo", key(1), 0, None)


def test_photo_keeps_what_it_shows_when_and_where(replica: Replica, acts: Acts) -> None:
    taken = Photo(
        PICTURE,
        "image/jpeg",
        step="s1",
        kind="label",
        taken_at="2026-04-27T15:59:00.000000Z",
        latitude=46.2,
        longitude=-73.6,
    )
    made = acts.photo(key(1), taken)

    assert photos_of(replica, key(1)) == [
        PhotoRow(
            id=photo_id(made),
            sha256=NAME,
            size=len(PICTURE),
            sent=0,
            is_received=False,
            is_here=True,
            problem=None,
            caption=None,
            kind="label",
            step="s1",
            taken_at="2026-04-27T15:59:00.000000Z",
            latitude=46.2,
            longitude=-73.6,
            is_replaced=False,
        )
    ]


def test_photo_taken_again_replaces_the_first_which_stays(replica: Replica, acts: Acts) -> None:
    first = photo_id(acts.photo(key(1), Photo(PICTURE, "image/jpeg")))
    done(acts.photo(key(1), Photo(PICTURE + b"2", "image/jpeg", replaces=first)))

    assert [row.is_replaced for row in photos_of(replica, key(1))] == [True, False]
    assert rows(replica, "photos")[1]["replaces"] == first


def test_photo_of_somebody_else_is_received_and_not_here(replica: Replica) -> None:
    theirs = job(3, photos=[{"id": "p1", "sha256": "ab", "size": 9}])
    replica.apply(reply([change(3, theirs)], since="e.1", cursor="e.2"), now_ms=0)

    [row] = photos_of(replica, key(3))
    assert (row.is_received, row.is_here, row.sent) == (True, False, 9)
    assert photos_of(replica, key(99)) == []


def test_full_disk_refuses_a_photo_and_leaves_room_for_the_replica(
    replica: Replica, tmp_path: Path
) -> None:
    """T-04."""
    folder = BlobFolder(tmp_path / "b", free_bytes=lambda _: FREE_BYTES_MIN)
    acts = acts_on(replica, folder, Clock(), Ids())

    assert acts.photo(key(1), Photo(PICTURE, "image/jpeg")) == Problem("disk-full")
    assert folder.names() == set()
