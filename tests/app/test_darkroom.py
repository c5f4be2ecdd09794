"""From the shutter to the job: the original first, whatever kills the program after that (T-04)."""

import asyncio
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from field_app.device.uploads import open_uploads, uploads
from field_app.ports import Capture, PhotoState, Shot
from field_app.sync import darkroom as darkroom_module
from field_app.sync.captures import captures
from field_app.sync.darkroom import Darkroom, Spares
from field_app.sync.files import BlobFolder, clean_blobs, sha256_of
from field_app.sync.replica import Replica
from field_core.problems import Problem, ProblemError
from tests.app.at_work import ZONE, LocalAccount
from tests.app.making import NOON_MS, Clock, Ids, acts_on, older
from tests.app.test_images import exif, marked, place, saved, scene

PICTURE = saved(marked())
DAY_MS = 24 * 3_600_000


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path / "blobs")


def again(account: LocalAccount, images: Any = None, **more: Any) -> Darkroom:  # noqa: ANN401 - stands in for a module
    """The program started once more on the same files."""
    old = account.photographs
    return Darkroom(
        old._acts,  # noqa: SLF001 - the same account
        account.blobs,
        images or old._images,  # noqa: SLF001 - same
        spares=Spares(old._thumbnails, old._fetched),  # noqa: SLF001 - same
        free_bytes=lambda: account.free_bytes,
        zone=ZONE,
        bench=old._bench,  # noqa: SLF001 - same
        **more,
    )


def waiting(account: LocalAccount) -> list[Capture]:
    return captures(account.replica)


async def taken(account: LocalAccount, shot: Shot) -> str:
    name = await account.photographs.take(shot)
    await account.photographs.settled()
    return name


def photos(account: LocalAccount, key: str) -> list[Any]:
    return list(account.body(key).get("photos") or [])  # type: ignore[arg-type]  # JSON


def code_of(caught: pytest.ExceptionInfo[ProblemError]) -> str:
    return caught.value.problem.code


# --- the way of a photo


async def test_original_is_on_disk_and_queued_before_anything_looks_into_it(
    account: LocalAccount,
) -> None:
    key = account.has_job()

    name = await account.photographs.take(Shot(PICTURE, key, name="a.jpg", step="s1"))

    assert account.blobs.read(sha256_of(PICTURE)) == PICTURE
    assert [(c.id, c.sha256, c.step, c.problem) for c in waiting(account)] == [
        (name, sha256_of(PICTURE), "s1", None)
    ]
    assert photos(account, key) == []
    await account.photographs.settled()


async def test_photo_becomes_the_jobs_under_the_id_it_had_from_the_start(
    account: LocalAccount,
) -> None:
    key = account.has_job()

    name = await taken(account, Shot(PICTURE, key, step="s1"))

    (row,) = photos(account, key)
    sent = account.blobs.read(row["sha256"])
    assert sent is not None
    assert (row["id"], row["step"], row["mime"], row["size"]) == (
        name,
        "s1",
        "image/jpeg",
        len(sent),
    )
    assert row["taken_at"].startswith("2026-04-27T16:00:00")
    assert waiting(account) == []
    assert account.blobs.names() == {row["sha256"]}, "the original is kept no longer than needed"


async def test_original_that_is_also_what_is_sent_is_kept(account: LocalAccount) -> None:
    heic, key = b"\0\0\0\x18ftypheic" + bytes(200), account.has_job()

    await taken(account, Shot(heic, key))

    assert account.blobs.names() == {sha256_of(heic)}
    assert await account.photographs.thumbnail(sha256_of(heic)) is None


async def test_photos_keep_the_order_in_which_they_were_taken(account: LocalAccount) -> None:
    key = account.has_job()

    names = [
        await account.photographs.take(Shot(saved(marked(400 + n, 200)), key)) for n in range(4)
    ]
    await account.photographs.settled()

    assert [row["id"] for row in photos(account, key)] == names


async def test_place_and_time_of_a_chosen_photo_are_its_own(account: LocalAccount) -> None:
    stamp = exif(taken="2026:04:26 18:05:11", gps=place((45.0, 5.0, 24.36), (74.0, 10.0, 48.0)))
    key = account.has_job()

    await taken(account, Shot(saved(marked(), exif=stamp), key, is_picked=True))

    (row,) = photos(account, key)
    assert row["taken_at"] == "2026-04-26T22:05:11.000000Z", "no zone in it: the one of the place"
    assert (row["latitude"], row["longitude"]) == (45.0901, -74.18)


@pytest.mark.parametrize(
    ("taken_in", "is_picked"), [("2031:01:01 00:00:00", True), ("2026:04:26 18:05:11", False)]
)
async def test_time_of_the_capture_counts_for_the_camera_and_for_dates_that_cannot_be(
    account: LocalAccount, taken_in: str, *, is_picked: bool
) -> None:
    key = account.has_job()

    shot = Shot(saved(marked(), exif=exif(taken=taken_in)), key, is_picked=is_picked)
    await taken(account, shot)

    assert photos(account, key)[0]["taken_at"].startswith("2026-04-27T16:00:00")


async def test_photo_taken_again_says_so_and_keeps_what_was_said(account: LocalAccount) -> None:
    key = account.has_job()
    first = await taken(account, Shot(PICTURE, key))
    await account.edit(lambda acts: acts.caption_photo(key, first, " ONT "))

    second = await taken(account, Shot(saved(marked(500, 300)), key, replaces=first))

    rows = {row["id"]: row for row in photos(account, key)}
    assert (rows[second]["replaces"], rows[second]["caption"]) == (first, "ONT")
    cards = {card.id: card for card in await account.read(lambda ask: ask.photos(key))}
    assert (cards[first].is_replaced, cards[second].is_replaced) == (True, False)


async def test_photo_that_replaces_one_let_go_of_replaces_nothing(account: LocalAccount) -> None:
    key = account.has_job()

    await taken(account, Shot(PICTURE, key, replaces="gone"))

    assert "replaces" not in photos(account, key)[0]


# --- refused before it is kept


async def test_what_is_no_photo_is_refused_and_nothing_kept(account: LocalAccount) -> None:
    with pytest.raises(ProblemError) as caught:
        await account.photographs.take(Shot(b"%PDF-1.7", account.has_job(), name="a.pdf"))

    assert caught.value.problem == Problem("photo-not-image", {"name": "a.pdf"})
    assert (account.blobs.names(), waiting(account)) == (set(), [])


async def test_photo_beyond_the_limit_is_refused_with_both_sizes(account: LocalAccount) -> None:
    """T-05."""
    large = PICTURE + bytes(25_000_001 - len(PICTURE))

    with pytest.raises(ProblemError) as caught:
        await account.photographs.take(Shot(large, account.has_job(), name="grande.jpg"))

    assert caught.value.problem.sentence() == (
        "« grande.jpg » pèse 26 Mo; la limite est de 25 Mo. Réduisez la photo pour l’ajouter."
    )
    assert (account.blobs.names(), waiting(account)) == (set(), [])


async def test_photo_beyond_the_limit_is_taken_once_it_is_reduced(account: LocalAccount) -> None:
    key = account.has_job()
    large = saved(scene(3000, 2000), "PNG") + bytes(25_000_000)

    small = await account.photographs.reduce(large, "grande.png")
    await taken(account, Shot(small, key))

    assert len(photos(account, key)) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF", "photo-not-image"), (b"\xff\xd8\xff" + bytes(100), "photo-damaged")],
)
async def test_what_cannot_be_reduced_is_refused(
    account: LocalAccount, content: bytes, code: str
) -> None:
    with pytest.raises(ProblemError) as caught:
        await account.photographs.reduce(content, "a")

    assert code_of(caught) == code


async def test_file_beyond_every_limit_is_not_even_reduced(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(darkroom_module, "REDUCED_BYTES_MAX", 100)

    with pytest.raises(ProblemError) as caught:
        await account.photographs.reduce(PICTURE, "a.jpg")

    assert code_of(caught) == "photo-too-large"


async def test_no_room_is_said_before_the_camera_opens(account: LocalAccount) -> None:
    account.free_bytes = 70_000_000

    with pytest.raises(ProblemError) as caught:
        account.photographs.check_space()

    assert caught.value.problem == Problem("photo-no-space", {"free_mb": 70, "needed_mb": 83})
    with pytest.raises(ProblemError):
        await account.photographs.take(Shot(PICTURE, account.has_job()))
    assert account.blobs.names() == set()


# --- refused once it was looked into


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (saved(scene(800, 600))[:9_000], "photo-damaged"),
        (saved(marked().convert("CMYK")), "photo-cmyk"),
        (saved(marked(16, 16)), "photo-too-small"),
    ],
)
async def test_photo_that_cannot_be_sent_stays_with_its_reason_and_is_no_evidence(
    account: LocalAccount, content: bytes, code: str
) -> None:
    """The step never ends on a file that cannot be sent (T-05)."""
    key = account.has_job()

    name = await taken(account, Shot(content, key, step="s1"))

    assert photos(account, key) == []
    assert [(c.id, c.problem.code if c.problem else None) for c in waiting(account)] == [
        (name, code)
    ]
    (card,) = await account.read(lambda ask: ask.photos(key))
    assert (card.state, card.may_drop) == (PhotoState.REFUSED, True)
    assert card.problem is not None
    assert account.blobs.read(sha256_of(content)) == content


async def test_photo_that_cannot_be_sent_is_let_go_of_with_its_original(
    account: LocalAccount,
) -> None:
    key = account.has_job()
    name = await taken(account, Shot(saved(marked().convert("CMYK")), key))

    await account.edit(lambda acts: acts.drop_capture(name))

    assert waiting(account) == []
    with pytest.raises(ProblemError) as caught:
        await account.edit(lambda acts: acts.drop_capture(name))
    assert code_of(caught) == "row-missing"
    assert clean_blobs(account.replica, account.blobs, now_ms=NOON_MS * 2) == 1


# --- killed in between


async def test_photo_left_half_made_is_made_at_the_next_start_and_told(
    account: LocalAccount,
) -> None:
    """T-03: killed after the original was written, before the picture was."""
    key = account.has_job()
    name = await account.edit(lambda acts: acts.capture(Shot(PICTURE, key)))  # type: ignore[attr-defined]  # of the darkroom alone
    told: list[int] = []

    room = again(account)
    room.on_recovered(told.append)
    room.start()
    await room.settled()

    assert [row["id"] for row in photos(account, key)] == [name]
    assert told == [1]
    room.on_recovered(told.append)
    assert told == [1], "once"


async def test_nothing_left_half_made_is_nothing_to_tell(account: LocalAccount) -> None:
    key, told = account.has_job(), list[int]()
    await taken(account, Shot(saved(marked().convert("CMYK")), key))

    room = again(account)
    room.on_recovered(told.append)
    room.start()
    await room.settled()

    assert told == []


async def test_photo_made_twice_at_once_is_the_jobs_once(account: LocalAccount) -> None:
    """Two programs on one account; the second finds that there is nothing to do any more."""
    key = account.has_job()
    await account.edit(lambda acts: acts.capture(Shot(PICTURE, key)))  # type: ignore[attr-defined]  # same
    one, other = again(account), again(account)

    one.start()
    other.start()
    await asyncio.gather(one.settled(), other.settled())

    assert len(photos(account, key)) == 1


async def test_original_under_way_is_not_taken_for_a_stray_file(account: LocalAccount) -> None:
    key = account.has_job()
    await account.edit(lambda acts: acts.capture(Shot(PICTURE, key)))  # type: ignore[attr-defined]  # same
    os.utime(account.blobs.path(sha256_of(PICTURE)), (0, 0))

    assert clean_blobs(account.replica, account.blobs, now_ms=NOON_MS + 400 * DAY_MS) == 0
    assert account.blobs.read(sha256_of(PICTURE)) == PICTURE


async def test_photo_of_a_job_that_is_not_here_waits_for_it(account: LocalAccount) -> None:
    key = account.has_job()
    await account.edit(lambda acts: acts.capture(Shot(PICTURE, key)))  # type: ignore[attr-defined]  # same
    account.replica.db.conn.execute("DELETE FROM view WHERE key = ?", (key,))

    room = again(account)
    room.start()
    await room.settled()

    assert [c.problem for c in waiting(account)] == [None]
    assert account.blobs.read(sha256_of(PICTURE)) == PICTURE


async def test_original_lost_from_disk_is_said(account: LocalAccount) -> None:
    key = account.has_job()
    await account.edit(lambda acts: acts.capture(Shot(PICTURE, key)))  # type: ignore[attr-defined]  # same
    account.blobs.delete(sha256_of(PICTURE))

    room = again(account)
    room.start()
    await room.settled()

    assert [c.problem for c in waiting(account)] == [Problem("photo-damaged")]


class Breaking:
    """A picture maker with a mistake in it."""

    def is_picture(self, _: bytes) -> bool:
        return True

    def prepare(self, _: bytes) -> object:
        raise ZeroDivisionError


async def test_mistake_of_ours_keeps_the_original_and_those_behind_it(
    account: LocalAccount,
) -> None:
    key, changes = account.has_job(), list[int]()
    room = again(account, Breaking())
    forget = room.on_change(lambda: changes.append(1))
    for n in range(2):
        await room.take(Shot(saved(marked(400 + n, 200)), key))
    await room.settled()
    forget()
    seen = len(changes)

    assert [c.problem for c in waiting(account)] == [None, None]
    await room.stop()
    healthy = again(account)
    healthy.start()
    await healthy.settled()
    assert (len(photos(account, key)), seen >= 4) == (2, True)


# --- small pictures


async def test_thumbnail_is_kept_and_made_again_when_it_is_lost(account: LocalAccount) -> None:
    key = account.has_job()
    await taken(account, Shot(PICTURE, key))
    name = photos(account, key)[0]["sha256"]
    folder = account.photographs._thumbnails._folder  # noqa: SLF001 - a look at the disk

    assert [path.name for path in folder.iterdir()] == [name]
    (folder / name).unlink()
    small = await account.photographs.thumbnail(name)

    assert small is not None
    assert (folder / name).read_bytes() == small
    assert await account.photographs.picture(name) == account.blobs.read(name)
    assert await account.photographs.thumbnail("../../etc/passwd") is None
    assert await account.photographs.picture("../../etc/passwd") is None


async def test_thumbnail_of_a_job_that_left_goes_at_the_next_start(account: LocalAccount) -> None:
    """Scope is privacy: what is not this technician's any more is not shown either."""
    key = account.has_job()
    await taken(account, Shot(PICTURE, key))
    account.replica.db.conn.execute("DELETE FROM view WHERE key = ?", (key,))

    room = again(account)
    room.start()
    await room.settled()

    assert [*room._thumbnails._folder.iterdir()] == []  # noqa: SLF001 - a look at the disk


# --- what a browser hands over


async def test_file_of_a_browser_is_taken_out_of_its_folder(
    account: LocalAccount, tmp_path: Path
) -> None:
    (tmp_path / "1-2").write_bytes(PICTURE)
    (tmp_path.parent / "outside").write_bytes(b"not its business")
    room = again(account, uploads=tmp_path)

    assert (room.takes_uploads, account.photographs.takes_uploads) == (True, False)
    assert await room.uploaded("1-2") == PICTURE
    for name in ("1-2", "../outside"):
        with pytest.raises(ProblemError) as caught:
            await room.uploaded(name)
        assert code_of(caught) == "photo-damaged"


def test_folder_of_uploads_is_private_and_begins_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FLET_UPLOAD_DIR", "FLET_SECRET_KEY", "FLET_MAX_UPLOAD_SIZE"):
        monkeypatch.setenv(name, "")
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "left").write_bytes(b"x")

    folder = open_uploads(tmp_path)

    assert uploads() == folder
    assert uploads({}) is None
    assert [*folder.iterdir()] == []
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(os.environ["FLET_SECRET_KEY"]) == 64


def test_file_of_an_older_version_takes_photos(tmp_path: Path) -> None:
    """The stored file is of version 1 of the tables, which knew no captures."""
    replica = Replica(sqlite3.connect(older(tmp_path / "replica.db")))
    (job, _), *_others = replica.documents("Dispatch Job")
    blobs = BlobFolder(tmp_path / "blobs", free_bytes=lambda _: 1 << 40)

    name = acts_on(replica, blobs, Clock(), Ids()).capture(Shot(PICTURE, job))

    assert [capture.id for capture in captures(replica)] == [name]
    replica.close()
