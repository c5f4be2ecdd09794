"""Dumps of PostgreSQL kept in a folder, and a drill that proves that a backup can be restored."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from server_sync.cli import copies
from server_sync.cli.command import UsageError
from server_sync.clock import SystemClock
from server_sync.compose import create, open_blobs
from server_sync.settings import Settings
from server_sync.store import dumping, migrating
from server_sync.store.backup import copy
from server_sync.store.checking import findings
from server_sync.store.database import Database
from server_sync.store.schema import doc

DATABASE: Final = "server.db"
BLOBS: Final = "blobs"
SQLITE: Final = "sqlite:///"
DUMPS, DUMP = "server-", ".dump"
KEPT: Final = 14
"""Two weeks of nights."""


def dump(target: Path, settings: Settings, *, keep: int) -> int:
    """Dump PostgreSQL, then copy the blobs that are new: none that it counts can be missing."""
    stamp = SystemClock().now().strftime("%Y%m%dT%H%M%SZ")
    file = target / f"{DUMPS}{stamp}{DUMP}"
    dumping.dump(settings.database, file)
    with closing(Database(settings.database)) as database:
        copied, missing = copies.copy_out(database, open_blobs(settings), target / BLOBS)
    for older in _kept(target)[:-keep]:
        older.unlink()
    print(f"{file}: verified, {copied} new blobs")
    for name in missing:
        print(f"{name}: the blob store has it no more", file=sys.stderr)
    return 1 if missing else 0


def _kept(folder: Path) -> list[Path]:
    """Return the dumps of a folder, the newest last."""
    return sorted(folder.glob(f"{DUMPS}*{DUMP}"))


def _newest(folder: Path) -> Path:
    found = _kept(folder)
    if not found:
        raise UsageError(f"{folder} holds no dump")
    return found[-1]


def load(source: Path, settings: Settings) -> int:
    """Put the newest dump in the place of what PostgreSQL holds; a newer version's is refused."""
    file = _newest(source)
    with dumping.scratch(settings.database) as url:
        dumping.load(url, file)
        with closing(Database(url)) as tried, tried.read() as connection:
            migrating.refuse_newer(migrating.version(connection))
    dumping.load(settings.database, file)
    with closing(create(settings)) as server:
        put = copies.copy_in(server.store.database, server.blobs.store, source / BLOBS)
        server.store.renew_epoch()
    print(f"{file}: restored, {put} blobs put back; a new epoch has begun")
    return 0


def drill(arguments: argparse.Namespace, settings: Settings) -> int:
    """Restore the newest backup beside the database, look at it to the last blob, throw it away."""
    source: Path = arguments.source
    clock = SystemClock()
    began = clock.now_ms()
    with _restored(source, settings) as url, closing(Database(url)) as database:
        migrating.migrate(database, now_ms=began)
        found = [*findings(database)]
        found += [f"{name}: no sound copy" for name in copies.unsound(database, source / BLOBS)]
        blobs = sum(1 for _ in copies.verified_in(database))
        with database.read() as connection:
            documents = int(connection.execute(select(func.count()).select_from(doc)).scalar_one())
    for line in found:
        print(line)
    seconds = (clock.now_ms() - began) / 1000
    print(f"{documents} documents and {blobs} blobs in {seconds:.1f} s: {len(found)} findings")
    return 1 if found or not documents else 0


@contextmanager
def _restored(source: Path, settings: Settings) -> Iterator[str]:
    """Restore a backup where nobody works; yields the database's URL."""
    if not settings.database.startswith(SQLITE):
        file = _newest(source)
        with dumping.scratch(settings.database) as url:
            dumping.load(url, file)
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        copy(source / DATABASE, Path(folder) / DATABASE)
        yield f"{SQLITE}{Path(folder) / DATABASE}"
