"""Copies of blobs beside a backup: what has a name never changes, so each is copied once."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from server_sync.blobs import BlobStore
from server_sync.store.database import Database
from server_sync.store.schema import blob


def place_of(folder: Path, name: str) -> Path:
    """Return where a copy lies."""
    return folder / name[:2] / name


def verified_in(database: Database) -> Iterator[tuple[str, int]]:
    """Yield name and size of every blob that a database counts as here."""
    with database.read() as connection:
        rows = connection.execute(
            select(blob.c.sha256, blob.c.size).where(blob.c.is_verified.is_(True))
        ).all()
    yield from ((row.sha256, row.size) for row in rows)


def copy_out(database: Database, store: BlobStore, folder: Path) -> tuple[int, list[str]]:
    """Copy what the folder lacks; return how many, and what the store should hold and does not."""
    copied, missing = 0, []
    for name, size in verified_in(database):
        target = place_of(folder, name)
        if target.exists() and target.stat().st_size == size:
            continue
        if store.size(name) is None:
            missing.append(name)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_bytes(store.read(name))
        part.replace(target)
        copied += 1
    return copied, missing


def copy_in(database: Database, store: BlobStore, folder: Path) -> int:
    """Put copies back that the store lacks; return how many."""
    put = 0
    for name, size in verified_in(database):
        source = place_of(folder, name)
        if store.size(name) is None and source.is_file():
            store.write(name, offset=0, piece=source.read_bytes())
            put += int(store.complete(name, size=size))
    return put


def unsound(database: Database, folder: Path) -> list[str]:
    """Return the blobs of a database whose copy is missing or is not what its name says."""
    return [name for name, _ in verified_in(database) if not _is_sound(place_of(folder, name))]


def _is_sound(path: Path) -> bool:
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == path.name
