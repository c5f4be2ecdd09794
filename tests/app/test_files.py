"""Originals stay until the server has verified them and a week has passed (T-19)."""

import os
from pathlib import Path

import pytest

from field_app.sync.acts import Acts, Photo, done
from field_app.sync.files import KEPT_MS, BlobFolder, FolderSnapshot, clean_blobs
from field_app.sync.replica import Replica
from field_core.problems import ProblemError
from field_core.wire import Change, Outcome
from tests.app.making import NOON_MS, Clock, Ids, acts_on, change, enrolled, job, key, memory, reply

DAY_MS = 24 * 3_600_000


@pytest.fixture
def replica() -> Replica:
    replica = enrolled(memory())
    replica.apply(reply([change(1, job())]), now_ms=0)
    return replica


@pytest.fixture
def folder(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs", free_bytes=lambda _: 1 << 40)


@pytest.fixture
def acts(replica: Replica, folder: BlobFolder) -> Acts:
    return acts_on(replica, folder, Clock(), Ids())


def verify(replica: Replica) -> None:
    replica.db.conn.execute("UPDATE blob SET verified_ms = ?", (NOON_MS,))


def settle(replica: Replica, office: str | None = None) -> None:
    verdict = Outcome.model_validate({"n": 1, "verdict": "applied", "seq": 2, "office": office})
    replica.apply(reply(since="e.1", cursor="e.2", seq=2, outcomes=[verdict], last_n=1), now_ms=0)


def test_original_is_kept_for_a_week_after_it_was_verified(
    replica: Replica, folder: BlobFolder, acts: Acts
) -> None:
    done(acts.photo(key(1), Photo(b"x", "image/jpeg")))
    settle(replica)
    verify(replica)

    kept = clean_blobs(replica, folder, now_ms=NOON_MS + KEPT_MS)
    dropped = clean_blobs(replica, folder, now_ms=NOON_MS + KEPT_MS + 1)

    assert (kept, dropped, folder.names()) == (0, 1, set())


def test_original_not_verified_is_kept_for_ever(
    replica: Replica, folder: BlobFolder, acts: Acts
) -> None:
    done(acts.photo(key(1), Photo(b"x", "image/jpeg")))
    settle(replica)

    assert clean_blobs(replica, folder, now_ms=NOON_MS + 400 * DAY_MS) == 0
    assert len(folder.names()) == 1


def test_original_of_a_job_with_unsent_work_is_kept(
    replica: Replica, folder: BlobFolder, acts: Acts
) -> None:
    done(acts.photo(key(1), Photo(b"x", "image/jpeg")))
    verify(replica)

    assert clean_blobs(replica, folder, now_ms=NOON_MS + 2 * KEPT_MS) == 0


def test_job_reassigned_away_takes_its_sent_blobs_with_it(
    replica: Replica, folder: BlobFolder, acts: Acts
) -> None:
    done(acts.photo(key(1), Photo(b"x", "image/jpeg")))
    settle(replica)
    verify(replica)
    gone = Change(key=key(1), gone=True)
    replica.apply(reply([gone], since="e.2", cursor="e.3", seq=3, last_n=1), now_ms=0)

    assert clean_blobs(replica, folder, now_ms=NOON_MS + 1) == 1
    assert folder.names() == set()


@pytest.mark.parametrize("office", ["waiting", "review"])
def test_original_is_kept_while_the_office_has_not_got_it_even_of_a_job_that_left(
    replica: Replica, folder: BlobFolder, acts: Acts, office: str
) -> None:
    """A server that is restored may have lost the photo that it was to pass on or to show."""
    done(acts.photo(key(1), Photo(b"x", "image/jpeg")))
    settle(replica, office)
    verify(replica)
    gone = Change(key=key(1), gone=True)
    replica.apply(reply([gone], since="e.2", cursor="e.3", seq=3, last_n=1), now_ms=0)

    assert clean_blobs(replica, folder, now_ms=NOON_MS + 2 * KEPT_MS) == 0
    assert len(folder.names()) == 1


@pytest.mark.parametrize("office", ["stored", "closed"])
def test_original_goes_once_the_office_has_it(
    replica: Replica, folder: BlobFolder, acts: Acts, office: str
) -> None:
    done(acts.photo(key(1), Photo(b"x", "image/jpeg")))
    settle(replica, office)
    verify(replica)

    assert clean_blobs(replica, folder, now_ms=NOON_MS + KEPT_MS + 1) == 1


def test_job_reassigned_away_keeps_a_blob_that_is_not_sent(
    replica: Replica, folder: BlobFolder, acts: Acts
) -> None:
    done(acts.photo(key(1), Photo(b"x", "image/jpeg")))
    gone = Change(key=key(1), gone=True)
    replica.apply(reply([gone], since="e.1", cursor="e.3", seq=3), now_ms=0)

    assert clean_blobs(replica, folder, now_ms=NOON_MS + 2 * KEPT_MS) == 0
    assert len(folder.names()) == 1


def test_file_that_no_row_speaks_of_goes_after_a_day(replica: Replica, folder: BlobFolder) -> None:
    kept = folder.keep(b"the app was killed before its row was written")
    os.utime(folder.path(kept.sha256), (NOON_MS / 1000, NOON_MS / 1000))

    assert clean_blobs(replica, folder, now_ms=NOON_MS + DAY_MS) == 0
    assert clean_blobs(replica, folder, now_ms=NOON_MS + DAY_MS + 1) == 1


def test_torn_write_is_replaced_by_the_whole_file(folder: BlobFolder) -> None:
    kept = folder.keep(b"whole content")
    folder.path(kept.sha256).write_bytes(b"who")

    folder.keep(b"whole content")

    assert folder.piece(kept.sha256, 0, 99) == b"whole content"


def test_blob_beyond_the_limit_is_refused(
    folder: BlobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("field_app.sync.files.BLOB_BYTES_MAX", 3)

    with pytest.raises(ProblemError) as caught:
        folder.keep(b"1234")

    assert caught.value.problem.code == "too-large"


def test_snapshot_bytes_stand_where_they_belong_and_survive(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.part"
    FolderSnapshot(path).write(4, b"later")
    FolderSnapshot(path).write(0, b"more")

    again = FolderSnapshot(path)

    assert again.read(0, 9) == b"morelater"
    again.clear()
    assert again.read(0, 9) == b""
