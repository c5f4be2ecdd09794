"""What every blob store promises, asked of a folder and of an S3-compatible bucket."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from server_sync.blobs import BlobStore, PieceMissingError, open_store

CONTENT = bytes(range(256)) * 40
NAME = hashlib.sha256(CONTENT).hexdigest()
HALF = len(CONTENT) // 2


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BlobStore]:
    if request.param == "folder":
        yield open_store(tmp_path.as_uri())
    else:
        yield request.getfixturevalue("bucket")


def arrived(store: BlobStore) -> None:
    store.write(NAME, offset=0, piece=CONTENT[:HALF])
    store.write(NAME, offset=HALF, piece=CONTENT[HALF:])
    assert store.complete(NAME, size=len(CONTENT))


def test_blob_arrived_in_pieces_is_readable(store: BlobStore) -> None:
    arrived(store)

    assert store.size(NAME) == len(CONTENT)
    assert store.read(NAME) == CONTENT


def test_blob_is_read_by_range(store: BlobStore) -> None:
    arrived(store)

    assert store.read(NAME, start=10, end=20) == CONTENT[10:20]
    assert store.read(NAME, start=len(CONTENT) - 3) == CONTENT[-3:]


def test_blob_in_part_is_not_visible(store: BlobStore) -> None:
    store.write(NAME, offset=0, piece=CONTENT[:HALF])

    assert store.size(NAME) is None


def test_piece_repeated_after_lost_answer_is_written_over(store: BlobStore) -> None:
    store.write(NAME, offset=0, piece=CONTENT[:HALF])
    store.write(NAME, offset=0, piece=CONTENT[:HALF])
    store.write(NAME, offset=HALF, piece=CONTENT[HALF:])

    assert store.complete(NAME, size=len(CONTENT))


def test_piece_cut_elsewhere_after_a_crash_is_taken(store: BlobStore) -> None:
    store.write(NAME, offset=0, piece=CONTENT[:HALF])
    store.write(NAME, offset=HALF, piece=CONTENT[HALF : HALF + 100])  # never noted
    store.write(NAME, offset=HALF, piece=CONTENT[HALF : HALF + 50])
    store.write(NAME, offset=HALF + 50, piece=CONTENT[HALF + 50 :])

    assert store.complete(NAME, size=len(CONTENT))
    assert store.read(NAME) == CONTENT


def test_piece_after_a_hole_says_what_is_there(store: BlobStore) -> None:
    store.write(NAME, offset=0, piece=CONTENT[:HALF])

    with pytest.raises(PieceMissingError) as missing:
        store.write(NAME, offset=HALF + 1, piece=b"x")

    assert missing.value.have == HALF


def test_content_under_a_wrong_name_is_discarded(store: BlobStore) -> None:
    store.write(NAME, offset=0, piece=b"x" * len(CONTENT))

    assert not store.complete(NAME, size=len(CONTENT))
    assert store.size(NAME) is None
    with pytest.raises(PieceMissingError):
        store.write(NAME, offset=1, piece=b"x")


def test_content_too_short_is_discarded(store: BlobStore) -> None:
    store.write(NAME, offset=0, piece=CONTENT[:HALF])

    assert not store.complete(NAME, size=len(CONTENT))


def test_upload_discarded_starts_anew(store: BlobStore) -> None:
    store.write(NAME, offset=0, piece=CONTENT[:HALF])
    store.discard(NAME)
    store.discard(NAME)

    arrived(store)
    assert store.read(NAME) == CONTENT


def test_blob_removed_is_gone_and_may_be_removed_again(store: BlobStore) -> None:
    arrived(store)
    store.remove(NAME)
    store.remove(NAME)

    assert store.size(NAME) is None


def test_blob_that_the_store_lost_is_said_to_be_missing(store: BlobStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.read(NAME)
    with pytest.raises(FileNotFoundError):
        store.read(NAME, start=1, end=3)


def test_store_that_works_passes_its_check(store: BlobStore) -> None:
    store.check()


@pytest.mark.parametrize("url", ["ftp://x/y", "s3://", "folder"])
def test_store_with_unknown_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="a blob store is"):
        open_store(url)
