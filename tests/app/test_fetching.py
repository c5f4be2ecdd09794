"""Photos of the server, fetched to be looked at: resumed, compared, bounded, let go of."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from field_app.compose import Machine
from field_app.compose.asking import MachineEntry
from field_app.device import disk
from field_app.ports import Asking, Photo, PhotoCard, PhotoState
from field_app.settings import Settings
from field_app.sync import fetched as fetched_module
from field_app.sync.events import FailureKind
from field_app.sync.fetched import FetchedPhotos
from field_app.sync.fetching import PhotoFetcher
from field_app.sync.files import FREE_BYTES_MIN, sha256_of
from field_app.sync.granted import Granted
from field_core.problems import ProblemError
from tests.app.at_work import LOTS, LocalAccount
from tests.app.entry.hands import synced, until
from tests.app.serving import MARC, NADIA, PASSWORD, Office, key, serving
from tests.app.staged_link import PIECE, StagedLink
from tests.app.test_images import marked, saved

PICTURE = saved(marked())
CONTENT = bytes(range(250)) * 4
NAME = sha256_of(CONTENT)


class Fetching:
    """A fetcher over a staged link, and its folder on a disk with so much room."""

    def __init__(self, folder: Path) -> None:
        self.link = StagedLink()
        self.link.photos[NAME] = CONTENT
        self.folder = folder
        self.free_bytes = LOTS
        self.access: str | None = "token"
        self.told: list[int] = []
        self.looks: list[bool] = []
        """How often the engine was sent to look for the server."""
        self.fetched = FetchedPhotos(folder, free_bytes=lambda _: self.free_bytes)
        self.fetcher = self.restarted()

    def restarted(self) -> PhotoFetcher:
        granted = Granted(access=lambda: self.access, renew=self._renew)
        return PhotoFetcher(
            self.link,
            self.fetched,
            granted,
            is_held=lambda: False,
            look=lambda: self.looks.append(True),
        )

    async def _renew(self) -> None:
        raise AssertionError("nothing has expired here")

    async def fetch(self, name: str = NAME, size: int = len(CONTENT)) -> bytes:
        return await self.fetcher.fetch(name, size, self.told.append)

    async def refused(self, name: str = NAME) -> str:
        with pytest.raises(ProblemError) as caught:
            await self.fetch(name)
        return caught.value.problem.code

    def starts(self) -> list[int]:
        return [one.start for one in self.link.asked]

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def at(tmp_path: Path) -> Fetching:
    return Fetching(tmp_path / "fetched")


# --- one photo


async def test_photo_comes_with_its_progress_and_is_kept(at: Fetching) -> None:
    assert await at.fetch() == CONTENT

    assert at.told == [*range(PIECE, len(CONTENT) + 1, PIECE)]
    assert at.files() == [NAME]
    assert at.fetched.read(NAME) == CONTENT


async def test_photo_that_was_fetched_is_not_asked_for_again(at: Fetching) -> None:
    await at.fetch()

    assert await at.fetch() == CONTENT
    assert at.starts() == [0]


async def test_two_who_look_at_one_photo_have_it_fetched_once(at: Fetching) -> None:
    first, second = await asyncio.gather(at.fetch(), at.fetch())

    assert (first, second) == (CONTENT, CONTENT)
    assert at.starts() == [0]


async def test_link_cut_in_the_middle_is_gone_on_with_at_that_byte(at: Fetching) -> None:
    at.link.cuts = [3, 1]

    assert await at.fetch() == CONTENT
    assert at.starts() == [0, 3 * PIECE, 4 * PIECE]


async def test_link_that_brings_nothing_more_is_told_and_the_bytes_stay(at: Fetching) -> None:
    at.link.cuts = [3, 0]

    assert await at.refused() == "server-unreachable"
    at.fetcher = at.restarted()
    assert await at.fetch() == CONTENT
    assert at.starts() == [0, 3 * PIECE, 3 * PIECE]


async def test_person_who_leaves_loses_no_byte(at: Fetching) -> None:
    def leave(_: int) -> None:
        task.cancel()

    task = asyncio.create_task(at.fetcher.fetch(NAME, len(CONTENT), leave))
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert await at.fetch() == CONTENT
    assert at.starts() == [0, PIECE]


@pytest.mark.parametrize("cuts", [[], [2]])
async def test_wrong_bytes_are_neither_shown_nor_kept(at: Fetching, cuts: list[int]) -> None:
    at.link.photos[NAME], at.link.cuts = CONTENT[::-1], cuts

    assert await at.refused() == "blob-mismatch"
    assert at.files() == []


async def test_half_of_a_wrong_photo_does_not_spoil_the_right_one(at: Fetching) -> None:
    at.fetched.add(NAME, 0, b"wrong")

    assert await at.refused() == "blob-mismatch"
    assert await at.fetch() == CONTENT


async def test_photo_that_the_server_does_not_have_leaves_nothing_here(at: Fetching) -> None:
    at.fetched.add(NAME, 0, CONTENT[:PIECE])
    at.link.photos.clear()

    assert await at.refused() == "blob-missing"
    assert at.files() == []


@pytest.mark.parametrize("name", ["", "../account.json", NAME.upper()])
async def test_row_with_no_name_of_a_photo_asks_nobody(at: Fetching, name: str) -> None:
    assert await at.refused(name) == "blob-missing"
    assert (at.starts(), at.fetched.read(name)) == ([], None)


async def test_signed_out_device_asks_nobody(at: Fetching) -> None:
    at.access = None

    assert await at.refused() == "signed-out"
    assert at.starts() == []


@pytest.mark.parametrize(
    ("kind", "code", "looks"),
    [
        (FailureKind.UNREACHABLE, "server-unreachable", [True]),
        (FailureKind.STALLED, "server-unreachable", [True]),
        (FailureKind.CAPTIVE, "captive-portal", []),
        (FailureKind.CLOCK, "clock-wrong", []),
    ],
)
async def test_failure_is_told_as_it_is_to_everybody(
    at: Fetching, kind: FailureKind, code: str, looks: list[bool]
) -> None:
    """The engine hears of a silent server, and finds it again: then the photo comes by itself."""
    at.link.failure = kind

    assert (await at.refused(), at.looks) == (code, looks)


async def test_full_disk_shows_the_photo_and_keeps_nothing(at: Fetching) -> None:
    at.free_bytes = FREE_BYTES_MIN

    assert await at.fetch() == CONTENT
    assert at.files() == []


# --- the folder


def kept(at: Fetching, n: int, size: int) -> str:
    content = bytes([n]) * size
    name = sha256_of(content)
    at.fetched.finish(name, content)
    return name


def test_what_was_looked_at_longest_ago_makes_room(
    at: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetched_module, "BYTES_MAX", 25)
    first, second = kept(at, 1, 10), kept(at, 2, 10)
    assert at.fetched.read(first)

    third = kept(at, 3, 10)

    assert at.files() == sorted([first, third])
    assert at.fetched.size_bytes == 20
    assert at.fetched.read(second) is None


def test_file_that_a_disk_spoiled_is_let_go_of(at: Fetching) -> None:
    name = kept(at, 1, 10)
    (at.folder / name).write_bytes(b"spoiled")

    assert at.fetched.read(name) is None
    assert at.files() == []


def test_piece_that_does_not_follow_is_left_out(at: Fetching) -> None:
    at.fetched.add(NAME, 0, b"ab")
    at.fetched.add(NAME, 5, b"xy")
    at.fetched.add(NAME, 2, b"cd")

    assert at.fetched.part(NAME) == b"abcd"


async def test_account_erased_while_a_photo_comes_ends_in_peace(tmp_path: Path) -> None:
    at = Fetching(tmp_path / "fetched")
    at.fetched = FetchedPhotos(at.folder, free_bytes=disk.free_bytes)
    at.folder.rmdir()

    assert await at.restarted().fetch(NAME, len(CONTENT), at.told.append) == CONTENT
    assert (at.fetched.size_bytes, at.folder.exists()) == (0, False)
    at.fetched.clear()


def test_photos_leave_with_their_job_whole_or_half(at: Fetching, tmp_path: Path) -> None:
    account = LocalAccount(tmp_path / "blobs")
    theirs, gone = kept(at, 1, 10), kept(at, 2, 10)
    at.fetched.add(sha256_of(b"half"), 0, b"ha")
    account.has_job(1, photos=[{"id": "p1", "sha256": theirs, "size": 10}])

    at.fetched.clean(account.replica)

    assert at.files() == [theirs]
    assert gone not in at.files()
    at.fetched.clear()
    assert at.files() == []


# --- the server's side: two phones of one technician, and somebody else's


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with serving(tmp_path / "server") as office:
        office.add_people()
        office.job(1)
        yield office


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[list[MachineEntry]]:
    settings = Settings(secrets="file", stall_s=3)
    entries = [MachineEntry(Machine(settings, data_dir=tmp_path / n)) for n in ("one", "two")]
    yield entries
    for entry in entries:
        await entry.close()


async def photographed(office: Office, phone: MachineEntry) -> Asking:
    """Have a phone take a photo and send it."""
    account = await phone.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await account.edit(lambda acts: acts.photo(key(1), Photo(PICTURE, "image/jpeg")))
    await until(lambda: account.standing.blobs_left == 1)
    await until(lambda: (account.standing.unsent, account.standing.blobs_left) == (0, 0))
    return account


async def only_card(account: Asking) -> PhotoCard:
    (card,) = await account.read(lambda ask: ask.photos(key(1)))
    return card


async def fetched(account: Asking, card: PhotoCard) -> bytes:
    assert card.sha256 is not None
    return await account.fetching.fetch(card.sha256, card.size, lambda _: None)


async def test_photo_of_another_phone_is_fetched_shown_small_and_freed(
    office: Office, phones: list[MachineEntry]
) -> None:
    await photographed(office, phones[0])
    account = await phones[1].sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    card = await only_card(account)
    assert (card.state, card.is_here, card.size) == (PhotoState.ELSEWHERE, False, len(PICTURE))

    content = await fetched(account, card)

    name = str(card.sha256)
    small = await account.photographs.thumbnail(name)
    assert (content, await account.photographs.picture(name)) == (PICTURE, PICTURE)
    assert small is not None
    before = await phones[1].upkeep.storage()
    assert (before.fetched_bytes, before.freeable_bytes) == (len(PICTURE), len(PICTURE))
    assert await phones[1].upkeep.free() == len(PICTURE)
    assert await account.photographs.picture(name) is None


async def test_photo_waiting_to_be_sent_is_no_part_of_what_is_freed(
    office: Office, phones: list[MachineEntry]
) -> None:
    account = await phones[0].sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await photographed(office, phones[1])
    await synced(account)
    await fetched(account, await only_card(account))
    office.server.store.database.close()
    mine = PICTURE + b"mine"
    await account.edit(lambda acts: acts.photo(key(1), Photo(mine, "image/jpeg")))

    assert await phones[0].upkeep.free() == len(PICTURE)
    assert await account.photographs.picture(sha256_of(mine)) == mine


async def test_photo_of_a_job_of_somebody_else_is_not_given_out(
    office: Office, phones: list[MachineEntry]
) -> None:
    card = await only_card(await photographed(office, phones[0]))
    nadia = await phones[1].sign_in(office.url, NADIA, PASSWORD)
    await synced(nadia)

    with pytest.raises(ProblemError) as refused:
        await fetched(nadia, card)

    assert refused.value.problem.code == "blob-missing"


async def test_photo_that_the_server_lost_is_said_to_be_missing(
    office: Office, phones: list[MachineEntry]
) -> None:
    card = await only_card(await photographed(office, phones[0]))
    account = await phones[1].sign_in(office.url, MARC, PASSWORD)
    office.server.blobs.store.remove(str(card.sha256))

    with pytest.raises(ProblemError) as refused:
        await fetched(account, card)

    assert refused.value.problem.code == "blob-missing"
