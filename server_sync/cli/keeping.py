"""Keeping what the server holds: migrate, backup, restore, a drill, a new epoch, a check."""

import argparse
import shutil
from contextlib import closing
from pathlib import Path

from server_sync.cli import dumps
from server_sync.cli.command import Commands, add
from server_sync.cli.dumps import BLOBS, DATABASE, SQLITE
from server_sync.clock import SystemClock
from server_sync.compose import ERP_FILE, create
from server_sync.settings import Settings
from server_sync.store import migrating
from server_sync.store.backup import copy, verify, version_in
from server_sync.store.checking import findings
from server_sync.store.database import Database


def add_commands(commands: Commands) -> None:
    """Add `migrate`, `backup`, `restore`, `drill`, `renew-epoch` and `check`."""
    one = add(commands, "migrate", migrate)
    one.add_argument("--dry-run", action="store_true", help="only say what would be done")
    one = add(commands, "backup", backup)
    one.add_argument("to", type=Path)
    one.add_argument("--keep", type=int, default=dumps.KEPT, help="dumps of PostgreSQL to keep")
    one = add(commands, "restore", restore)
    one.add_argument("source", type=Path, metavar="from")
    one = add(commands, "drill", dumps.drill)
    one.add_argument("source", type=Path, metavar="from")
    add(commands, "renew-epoch", renew_epoch)
    add(commands, "check", check)


def migrate(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring the database to this program's version; `serve` does so too when it starts."""
    if arguments.dry_run:
        pending = migrating.names_after(_version(settings))
        return _tell(pending, "would be done")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with closing(Database(settings.database)) as database:
        return _tell(migrating.migrate(database, now_ms=SystemClock().now_ms()), "done")


def _version(settings: Settings) -> int:
    """Return the version of the database; one that is not there yet is not made for the asking."""
    if settings.database.startswith(SQLITE) and not database_file(settings).exists():
        return 0
    with closing(Database(settings.database)) as database, database.read() as connection:
        return migrating.version(connection)


def _tell(migrations: list[str], what: str) -> int:
    for name in migrations:
        print(f"{name}: {what}")
    if not migrations:
        print(f"nothing to do: the database is at version {migrating.NEWEST}")
    return 0


def backup(arguments: argparse.Namespace, settings: Settings) -> int:
    """Copy databases and blobs into a folder; the server may run meanwhile."""
    target: Path = arguments.to
    if not settings.database.startswith(SQLITE):
        return dumps.dump(target, settings, keep=arguments.keep)
    copy(database_file(settings), target / DATABASE)
    if (settings.data_dir / ERP_FILE).exists():
        copy(settings.data_dir / ERP_FILE, target / ERP_FILE)
    copied = _copy_blobs(settings.data_dir / BLOBS, target / BLOBS)
    print(f"{target}: database verified, {copied} new blobs")
    return 0


def restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """Put a backup in place; devices then send again what they still hold, nothing twice.

    A backup of an older version is migrated; one of a newer version is refused before anything
    is replaced.
    """
    source: Path = arguments.source
    if not settings.database.startswith(SQLITE):
        return dumps.load(source, settings)
    verify(source / DATABASE)
    migrating.refuse_newer(version_in(source / DATABASE))
    if (source / ERP_FILE).exists():
        copy(source / ERP_FILE, settings.data_dir / ERP_FILE)
    copied = _copy_blobs(source / BLOBS, settings.data_dir / BLOBS)
    copy(source / DATABASE, database_file(settings))
    with closing(create(settings)) as server:
        server.store.renew_epoch()
    print(f"{source}: restored, {copied} blobs put back; a new epoch has begun")
    return 0


def _copy_blobs(source: Path, target: Path) -> int:
    """Copy blobs that are missing; what has a name never changes. Uploads in part stay behind."""
    copied = 0
    for path in source.glob("??/*") if source.is_dir() else ():
        place = target / path.parent.name / path.name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_suffix(".part")
            shutil.copyfile(path, part)
            part.replace(place)
            copied += 1
    return copied


def database_file(settings: Settings) -> Path:
    """Return the file of an SQLite database."""
    assert settings.database.startswith(SQLITE), "PostgreSQL has no file of ours"
    return Path(settings.database.removeprefix(SQLITE))


def renew_epoch(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Say that the database was restored by other means."""
    with closing(create(settings)) as server:
        server.store.renew_epoch()
    print("a new epoch has begun")
    return 0


def check(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Verify database, sums, hashes and the blob store."""
    with closing(create(settings)) as server:
        found = [*findings(server.store.database)]
        server.blobs.store.check()
    for line in found:
        print(line)
    print("nothing is wrong" if not found else f"{len(found)} findings")
    return 1 if found else 0
