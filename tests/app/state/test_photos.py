"""Photos of a job: taken, chosen, refused, taken again; one at a time or many (T-04, T-05)."""

from pathlib import Path

import pytest

from field_app.ports import PhotoCard, PhotoState, Shot
from field_app.state.photos.photos import Incoming, Photos
from field_app.state.place import Part, Place, Room
from field_core.canon import Body, Json
from field_core.problems import ProblemError
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import NOON_MS
from tests.app.test_images import marked, saved, scene

PICTURE = saved(marked())


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path / "blobs")


async def opened(account: LocalAccount, row: str | None = None, **fields: Json) -> Photos:
    key = account.has_job(1, **fields)
    at = workspace(account, Place(Room.TODAY, key, Part.PHOTOS, row).path)
    photos = Photos(at, key, row)
    await photos.refresh()
    return photos


async def settled(account: LocalAccount, photos: Photos) -> Photos:
    await account.photographs.settled()
    await photos.refresh()
    return photos


def file(content: bytes = PICTURE, name: str = "a.jpg", size: int | None = None) -> Incoming:
    async def read() -> bytes:
        return content

    return Incoming(name, len(content) if size is None else size, read)


def states(photos: Photos) -> list[PhotoState]:
    return [card.state for card in photos.shown]


def only(photos: Photos) -> PhotoCard:
    (card,) = photos.shown
    return card


# --- what is shown


async def test_job_without_photos_has_none_to_show(account: LocalAccount) -> None:
    photos = await opened(account)

    assert (photos.is_loaded, photos.is_gone, photos.shown, photos.is_moving) == (
        True,
        False,
        [],
        False,
    )


async def test_job_that_is_not_here_is_said(account: LocalAccount) -> None:
    photos = Photos(workspace(account), "0197a000-0000-7000-8000-00000000ffff")
    await photos.refresh()

    assert photos.is_gone


async def test_photo_shows_at_once_and_its_picture_when_it_is_made(account: LocalAccount) -> None:
    photos = await opened(account)
    photos.open_camera()

    assert await photos.shoot(PICTURE)
    await photos.refresh()
    before = states(photos)
    await settled(account, photos)

    assert (before, states(photos)) == ([PhotoState.PREPARING], [PhotoState.ON_DEVICE])
    assert photos.taken == only(photos)
    assert only(photos).sha256 in photos.small
    assert photos.is_moving


@pytest.mark.parametrize(
    ("facts", "expected", "percent"),
    [
        ({}, PhotoState.ON_DEVICE, 0),
        ({"got": "size / 2"}, PhotoState.SENDING, 50),
        ({"got": "size", "verified_ms": NOON_MS}, PhotoState.SENDING, 100),
        ({"problem": "'blob-type'"}, PhotoState.STOPPED, 0),
    ],
)
async def test_state_of_a_photo_is_never_more_than_the_server_has_said(
    account: LocalAccount, facts: dict[str, object], expected: PhotoState, percent: int
) -> None:
    photos = await opened(account)
    await photos.add([file()])
    await settled(account, photos)

    for name, value in facts.items():
        account.replica.db.conn.execute(f"UPDATE blob SET {name} = {value}")  # noqa: S608 - written above
    await photos.refresh()

    assert abs(only(photos).percent - percent) <= 1
    assert only(photos).state is expected


@pytest.mark.parametrize(
    ("verdict", "office", "problem", "expected"),
    [
        ("applied", None, None, PhotoState.RECEIVED),
        ("applied", "stored", None, PhotoState.IN_OFFICE),
        ("parked", None, "not-assigned", PhotoState.NEEDS_REVIEW),
        ("rejected", None, "invalid-value", PhotoState.NEEDS_YOU),
    ],
)
async def test_state_of_a_photo_follows_the_verdict(
    account: LocalAccount,
    verdict: str,
    office: str | None,
    problem: str | None,
    expected: PhotoState,
) -> None:
    photos = await opened(account)
    await photos.add([file()])
    await settled(account, photos)

    run = account.replica.db.conn.execute
    run("UPDATE blob SET got = size, verified_ms = ?", (NOON_MS,))
    run(
        "UPDATE outbox SET verdict = ?, office = ?, problem = ?, offered = 1",
        (verdict, office, problem),
    )
    await photos.refresh()

    assert (only(photos).state, only(photos).may_drop) == (expected, False)


async def test_photo_of_the_office_is_received_and_not_on_this_device(
    account: LocalAccount,
) -> None:
    row: Body = {"id": "p1", "sha256": "ab" * 32, "size": 9, "image": "/files/p1.jpg"}
    photos = await opened(account, photos=[row])

    card = only(photos)
    assert (card.state, card.is_here, photos.small) == (PhotoState.IN_OFFICE, False, {})


async def test_many_photos_are_drawn_a_stretch_at_a_time(account: LocalAccount) -> None:
    rows: list[Json] = [{"id": f"p{n}", "sha256": f"{n:064x}", "size": 1} for n in range(70)]
    photos = await opened(account, photos=rows)

    first = (len(photos.shown), photos.has_more, photos.shown[0].id)
    await photos.show_more()

    assert (first, len(photos.shown), photos.has_more) == ((60, True, "p69"), 70, False)


# --- for a step


async def test_photo_taken_for_a_step_belongs_to_it_and_back_leads_there(
    account: LocalAccount,
) -> None:
    photos = await opened(account, "step:s1")
    await photos.add([file()])
    await settled(account, photos)

    assert (only(photos).step, photos.step_label) == ("s1", ("Arrivé", "Arrived"))
    assert only(photos).step_label("en") == "Arrived"
    photos.back()
    assert photos.workspace.navigator.place == Place(Room.TODAY, photos.key, Part.STEPS, "s1")


async def test_photos_of_other_steps_are_not_shown_for_a_step(account: LocalAccount) -> None:
    rows: list[Json] = [{"id": "p1", "sha256": "ab" * 32, "step": "s2"}]

    assert (await opened(account, "step:s1", photos=rows)).shown == []


# --- choosing files


async def test_several_files_are_taken_in_with_progress(account: LocalAccount) -> None:
    photos = await opened(account)
    seen: list[tuple[int, int] | None] = []
    photos.on_change(lambda: seen.append(photos.taking))

    await photos.add([file(saved(marked(400 + n, 200))) for n in range(3)])
    await settled(account, photos)

    assert [s for s in seen if s] == [(0, 3), (1, 3), (2, 3)]
    assert (photos.taking, len(photos.shown)) == (None, 3)


async def test_file_that_is_no_photo_is_listed_with_why_and_the_others_are_taken(
    account: LocalAccount,
) -> None:
    photos = await opened(account)

    await photos.add([file(b"%PDF", "facture.pdf"), file()])
    await settled(account, photos)

    (refused,) = photos.refused
    assert "« facture.pdf » n’est pas une photo" in refused.problem.sentence()
    assert (refused.may_reduce, len(photos.shown)) == (False, 1)
    photos.forget(refused)
    assert photos.refused == []


async def test_file_beyond_the_limit_is_not_read_until_it_is_to_be_reduced(
    account: LocalAccount,
) -> None:
    """T-05."""
    reads: list[int] = []

    async def read() -> bytes:
        reads.append(1)
        return saved(scene(1200, 800))

    photos = await opened(account)
    await photos.add([Incoming("grande.jpg", 26_000_000, read)])
    (refused,) = photos.refused
    unread, may_reduce = list(reads), refused.may_reduce
    await photos.reduce(refused)
    await settled(account, photos)

    assert (unread, may_reduce, reads) == ([], True, [1])
    assert (photos.refused, len(photos.shown), photos.taking) == ([], 1, None)


async def test_file_that_cannot_be_reduced_is_listed_again(account: LocalAccount) -> None:
    photos = await opened(account)
    await photos.add([file(b"\xff\xd8\xff damaged", size=26_000_000)])

    await photos.reduce(photos.refused[0])

    assert [r.problem.code for r in photos.refused] == ["photo-damaged"]


async def test_file_that_can_no_longer_be_read_is_listed(account: LocalAccount) -> None:
    async def read() -> bytes:
        raise ProblemError("photo-damaged")

    photos = await opened(account)
    await photos.add([Incoming("a.jpg", 10, read)])

    assert [r.problem.code for r in photos.refused] == ["photo-damaged"]


# --- the camera


async def test_camera_does_not_open_without_room(account: LocalAccount) -> None:
    account.free_bytes = 1_000_000
    photos = await opened(account)

    photos.open_camera()

    assert photos.problem is not None
    assert (photos.problem.code, photos.is_camera_open) == ("photo-no-space", False)


async def test_shot_that_finds_no_room_is_said_and_the_camera_stays(account: LocalAccount) -> None:
    photos = await opened(account)
    photos.open_camera()
    account.free_bytes = 1_000_000

    kept = await photos.shoot(PICTURE)

    assert photos.problem is not None
    assert (kept, photos.problem.code, photos.is_camera_open) == (False, "photo-no-space", True)


async def test_camera_that_fails_leads_back_with_a_sentence(account: LocalAccount) -> None:
    photos = await opened(account)
    photos.open_camera()

    await photos.camera_failed()

    assert photos.problem is not None
    assert (photos.problem.code, photos.is_camera_open) == ("camera-unavailable", False)


async def test_back_leaves_the_camera_then_the_photo_then_the_photos(account: LocalAccount) -> None:
    photos = await opened(account)
    await photos.add([file()])
    await settled(account, photos)
    await photos.open(only(photos))
    photos.open_camera()

    photos.back()
    assert (photos.is_camera_open, photos.opened) == (False, only(photos))
    photos.back()
    assert photos.opened is None
    photos.back()
    assert photos.workspace.navigator.place.part is Part.OVERVIEW


# --- one photo


async def test_photo_opened_is_shown_large(account: LocalAccount) -> None:
    photos = await opened(account)
    await photos.add([file()])
    await settled(account, photos)

    await photos.open(only(photos))

    assert photos.looked_at.picture == account.blobs.read(str(only(photos).sha256))


async def test_photo_named_by_the_place_is_open(account: LocalAccount) -> None:
    rows: list[Json] = [{"id": "p1", "sha256": "ab" * 32}]
    photos = await opened(account, "p1", photos=rows)

    assert photos.opened is not None
    assert (photos.opened.id, photos.looked_at.picture) == ("p1", None)


async def test_retake_takes_the_place_of_a_photo_that_stays_to_be_seen(
    account: LocalAccount,
) -> None:
    photos = await opened(account, "step:s1")
    await photos.add([file()])
    await settled(account, photos)
    first = only(photos)

    photos.retake(first)
    photos.open_camera()
    await photos.shoot(saved(marked(500, 300)))
    await settled(account, photos)

    second, replaced = photos.shown
    assert (second.replaces, second.step, replaced.id) == (first.id, "s1", first.id)
    assert (photos.may_retake(second), photos.may_retake(replaced)) == (True, False)
    assert photos.retaking is None


async def test_retake_by_a_chosen_file(account: LocalAccount) -> None:
    photos = await opened(account)
    await photos.add([file()])
    await settled(account, photos)
    first = only(photos)

    photos.retake(first)
    await photos.add([file(saved(marked(500, 300)))])
    await settled(account, photos)

    assert [card.replaces for card in photos.shown] == [first.id, None]


async def test_caption_is_kept_said_and_can_be_taken_back(account: LocalAccount) -> None:
    photos = await opened(account)
    await photos.add([file()])
    await settled(account, photos)

    await photos.caption(only(photos), "ONT au sous-sol")
    await photos.refresh()
    kept = only(photos).caption
    await photos.caption(only(photos), " ONT au sous-sol ")
    await photos.workspace.notices.take_back()
    await photos.refresh()

    assert (kept, only(photos).caption) == ("ONT au sous-sol", "")


async def test_photo_that_never_left_goes_as_if_never_taken(account: LocalAccount) -> None:
    photos = await opened(account)
    await photos.add([file()])
    await settled(account, photos)
    await photos.caption(only(photos), "x")
    await photos.refresh()

    assert only(photos).may_drop
    await photos.drop(only(photos))

    assert photos.shown == []
    assert account.replica.outbox.pending_count() == 0
    assert account.replica.unsent().blobs == 0


async def test_photo_that_may_have_left_stays(account: LocalAccount) -> None:
    photos = await opened(account)
    await photos.add([file()])
    await settled(account, photos)
    account.replica.outbox.offer(10)
    await photos.refresh()

    assert not only(photos).may_drop
    await photos.drop(only(photos))

    assert len(photos.shown) == 1
    notice = photos.workspace.notices.current
    assert notice is not None
    assert notice.problem is not None
    assert notice.problem.code == "already-sent"


async def test_photo_that_cannot_be_sent_is_let_go_of(account: LocalAccount) -> None:
    photos = await opened(account)
    await photos.add([file(saved(marked().convert("CMYK")))])
    await settled(account, photos)

    assert states(photos) == [PhotoState.REFUSED]
    await photos.drop(only(photos))

    assert photos.shown == []


# --- news


async def test_news_of_any_kind_is_heard_until_it_is_not_listened_to(
    account: LocalAccount,
) -> None:
    photos = await opened(account)
    heard: list[int] = []
    forget = photos.follow(lambda: heard.append(1))

    account.tell_news()
    account.stand(account.standing)
    await account.photographs.take(Shot(PICTURE, photos.key))
    count = len(heard)
    forget()
    account.tell_news()
    await account.photographs.settled()

    assert count >= 3
    assert len(heard) == count


async def test_photos_recovered_are_told_at_the_foot_of_the_screen(account: LocalAccount) -> None:
    at = workspace(account)

    account.photographs._recovered = 2  # noqa: SLF001 - as after a start
    account.photographs._tell_recovered()  # noqa: SLF001 - same

    notice = at.notices.current
    assert notice is not None
    assert (notice.key, notice.named) == ("photos.recovered-some", {"count": 2})
