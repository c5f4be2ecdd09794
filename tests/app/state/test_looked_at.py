"""A photo that is not on this device: fetched while the link is up, told while it is not."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from field_app.ports import PhotoState
from field_app.state.photos.photos import Photos
from field_app.state.place import Part, Place, Room
from field_app.sync.events import FailureKind
from field_app.sync.files import FREE_BYTES_MIN, sha256_of
from field_core.canon import Body
from tests.app.at_work import LocalAccount, workspace
from tests.app.staged_link import PIECE
from tests.app.test_images import marked, saved

PICTURE = saved(marked())
NAME = sha256_of(PICTURE)
ROW: Body = {"id": "p1", "sha256": NAME, "size": len(PICTURE)}
DOWN = "server-unreachable"


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    made = LocalAccount(tmp_path / "blobs")
    made.link.photos[NAME] = PICTURE
    return made


async def opened(account: LocalAccount, **more: object) -> Photos:
    """Open the photo of a job that another phone took."""
    key = account.has_job(1, photos=[{**ROW, **more}])  # type: ignore[dict-item]  # JSON
    photos = Photos(workspace(account, Place(Room.TODAY, key, Part.PHOTOS, "p1").path), key, "p1")
    await photos.refresh()
    return photos


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - the model tells its screen, not its tests
            await asyncio.sleep(0.001)


async def settled(photos: Photos) -> Photos:
    await until(lambda: not photos.looked_at.is_fetching)
    return photos


def stands(account: LocalAccount, failure: str | None, phase: str = "idle") -> None:
    account.stand(replace(account.standing, failure=failure, phase=phase))


def code(photos: Photos) -> str | None:
    return photos.looked_at.problem.code if photos.looked_at.problem else None


async def test_photo_of_another_phone_comes_by_itself_and_stays(account: LocalAccount) -> None:
    photos = await settled(await opened(account))

    assert photos.looked_at.picture == PICTURE
    assert NAME in photos.small, "its tile shows it too"
    photos.back()
    await photos.open(photos.shown[0])
    assert (photos.looked_at.picture, photos.looked_at.is_fetching) == (PICTURE, False)
    assert len(account.link.asked) == 1


async def test_state_of_it_claims_nothing_that_is_not_known_here(account: LocalAccount) -> None:
    stands(account, DOWN)

    theirs = (await opened(account)).shown[0].state
    office = (await opened(account, image="/files/p1.jpg")).shown[0].state

    assert (theirs, office) == (PhotoState.ELSEWHERE, PhotoState.IN_OFFICE)


async def test_label_in_it_is_cut_out_as_of_any_photo(account: LocalAccount) -> None:
    photos = await settled(await opened(account, crop="0.1 0.1 0.5 0.5"))

    assert photos.looked_at.crop is not None


async def test_progress_is_told_while_it_comes(account: LocalAccount) -> None:
    account.link.is_slow = True
    told: list[int] = []
    photos = await opened(account)
    photos.on_change(lambda: told.append(photos.looked_at.got))
    await until(lambda: PIECE in told)

    photos.looked_at.fetch()  # a second press asks for nothing more
    assert (photos.looked_at.is_fetching, len(account.link.asked)) == (True, 1)
    photos.back()


async def test_photo_that_is_left_is_not_fetched_to_its_end(account: LocalAccount) -> None:
    account.link.is_slow = True
    photos = await opened(account)
    await until(lambda: photos.looked_at.got > 0)

    photos.back()
    account.link.is_slow = False
    await asyncio.sleep(0.01)
    assert (photos.looked_at.is_fetching, photos.looked_at.picture) == (False, None)

    await photos.open(photos.shown[0])
    await settled(photos)
    assert photos.looked_at.picture == PICTURE
    assert [one.start for one in account.link.asked] == [0, PIECE]


async def test_photo_that_is_read_late_is_not_shown_under_the_next_one(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands(account, DOWN)
    late = asyncio.Event()
    other: Body = {"id": "p2", "sha256": sha256_of(b"other"), "size": 5}
    key = account.has_job(1, photos=[ROW, other])
    photos = Photos(workspace(account), key)
    await photos.refresh()

    async def picture(name: str) -> bytes | None:
        if name == NAME:
            await late.wait()
            return PICTURE
        return b"other"

    monkeypatch.setattr(account.photographs, "picture", picture)
    second, first = photos.shown
    reading = asyncio.create_task(photos.open(first))
    await asyncio.sleep(0)
    await photos.open(second)
    late.set()
    await reading

    assert photos.looked_at.picture == b"other"


async def test_screen_that_closes_ends_the_fetching(account: LocalAccount) -> None:
    account.link.is_slow = True
    photos = await opened(account)

    photos.follow(lambda: None)()

    assert not photos.looked_at.is_fetching


async def test_without_a_link_nothing_is_asked_until_it_is_back(account: LocalAccount) -> None:
    stands(account, DOWN)
    photos = await opened(account)
    before = (photos.looked_at.has_link, photos.looked_at.may_fetch, [*account.link.asked])

    stands(account, None)
    await photos.refresh()
    await settled(photos)

    assert before == (False, True, [])
    assert photos.looked_at.picture == PICTURE


async def test_failure_is_told_and_not_tried_again_by_itself(account: LocalAccount) -> None:
    account.link.failure = FailureKind.STALLED
    photos = await settled(await opened(account))
    await photos.refresh()

    assert (code(photos), len(account.link.asked)) == (DOWN, 1)

    account.link.failure = None
    photos.looked_at.fetch()
    await settled(photos)
    assert (code(photos), photos.looked_at.picture) == (None, PICTURE)


async def test_link_that_went_and_came_back_tries_again(account: LocalAccount) -> None:
    account.link.failure = FailureKind.UNREACHABLE
    photos = await settled(await opened(account))
    stands(account, DOWN)
    await photos.refresh()
    account.link.failure = None

    stands(account, None)
    await photos.refresh()
    await settled(photos)

    assert photos.looked_at.picture == PICTURE


async def test_person_may_ask_although_the_link_seems_down(account: LocalAccount) -> None:
    stands(account, DOWN)
    photos = await opened(account)

    photos.looked_at.fetch()
    await settled(photos)

    assert photos.looked_at.picture == PICTURE


async def test_signed_out_device_asks_for_nothing_by_itself(account: LocalAccount) -> None:
    stands(account, None, "signed-out")

    photos = await opened(account)

    assert (photos.looked_at.has_link, account.link.asked) == (False, [])


async def test_photos_that_wait_for_wifi_come_when_asked_for(account: LocalAccount) -> None:
    account.is_held = True
    photos = await opened(account)
    assert (photos.looked_at.is_held, account.link.asked) == (True, [])

    photos.looked_at.fetch()
    await settled(photos)

    assert photos.looked_at.picture == PICTURE


@pytest.mark.parametrize(
    ("theirs", "expected"), [(None, "blob-missing"), (PICTURE[::-1], "blob-mismatch")]
)
async def test_what_is_not_the_photo_is_not_shown(
    account: LocalAccount, theirs: bytes | None, expected: str
) -> None:
    account.link.photos = {NAME: theirs} if theirs else {}

    photos = await settled(await opened(account))

    assert (code(photos), photos.looked_at.picture) == (expected, None)


async def test_full_disk_shows_it_for_as_long_as_it_is_open(account: LocalAccount) -> None:
    account.free_bytes = FREE_BYTES_MIN
    photos = await settled(await opened(account))
    await photos.refresh()

    assert photos.looked_at.picture == PICTURE
    photos.back()
    assert photos.looked_at.picture is None


@pytest.mark.parametrize("less", [{"sha256": None}, {"size": None}])
async def test_row_that_names_no_photo_has_nothing_to_fetch(
    account: LocalAccount, less: Body
) -> None:
    photos = await opened(account, **less)

    photos.looked_at.fetch()
    assert (photos.looked_at.may_fetch, account.link.asked) == (False, [])
