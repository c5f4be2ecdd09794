"""Keeping what the server holds: versions, backups, restores, checks."""

import json
import sqlite3
from pathlib import Path

import pytest

from server_sync.compose import create
from server_sync.store.migrating import NEWEST, names_after
from tests.server.http.house import settings_in
from tests.server.http.operator import Operator
from tests.server.store.olden import restore


def test_backup_is_restored_with_its_blobs_and_a_new_epoch(
    operator: Operator, tmp_path: Path
) -> None:
    operator.adds_marc()
    blob = Path(operator.environment["DATA_DIR"]) / "blobs" / "ab" / ("ab" * 32)
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"photo")
    kept = str(tmp_path / "kept")
    assert operator.types("backup", kept)[0] == 0
    blob.unlink()
    operator.types("account", "disable", "marc@example.test")

    code, out, err = operator.types("restore", kept)

    assert (code, "new epoch" in out) == (0, True), err
    assert blob.read_bytes() == b"photo"
    _, text, _ = operator.types("account", "list", "--json")
    assert not json.loads(text)[0]["is_disabled"]
    assert operator.types("check")[0] == 0


def test_backup_of_postgresql_that_is_away_says_what_its_tool_says(
    operator: Operator, tmp_path: Path
) -> None:
    code, _, err = operator.types(
        "backup", str(tmp_path / "kept"), DATABASE_URL="postgresql+psycopg://nowhere/x"
    )

    assert (code, "pg_dump" in err) == (1, True)


def test_epoch_is_renewed_after_a_restore_by_other_means(operator: Operator) -> None:
    assert operator.types("renew-epoch")[0] == 0


def test_check_of_a_damaged_database_fails(operator: Operator) -> None:
    server = create(settings_in(Path(operator.environment["DATA_DIR"])))
    server.store.database.run(
        lambda c: c.exec_driver_sql(
            "INSERT INTO feed_sum VALUES ('DT-00001', 'Dispatch Job', 3, 7)"
        )
    )
    server.close()

    code, out, _ = operator.types("check")

    assert (code, "1 findings" in out) == (1, True)


def older_server(operator: Operator) -> Path:
    """Leave in the operator's folder what a server of version 1 left behind."""
    folder = Path(operator.environment["DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    restore(f"sqlite:///{folder / 'server.db'}", 1)
    return folder


def make_newer(file: Path) -> None:
    """Have a later program migrate the database."""
    with sqlite3.connect(file) as database:
        database.execute(
            "INSERT INTO schema_version VALUES (?, 'from the future', 0)", (NEWEST + 1,)
        )


def test_migrate_tells_beforehand_what_it_would_do(operator: Operator) -> None:
    folder = older_server(operator)

    _, pending, _ = operator.types("migrate", "--dry-run")

    assert pending == "".join(f"{name}: would be done\n" for name in names_after(0))
    with sqlite3.connect(folder / "server.db") as file:
        tables = file.execute("SELECT name FROM sqlite_master").fetchall()
    assert ("schema_version",) not in tables


def test_migrate_beforehand_of_no_database_makes_none(operator: Operator) -> None:
    code, pending, _ = operator.types("migrate", "--dry-run")

    assert (code, "001_first_tables" in pending) == (0, True)
    assert not Path(operator.environment["DATA_DIR"]).exists()


def test_migrate_is_done_once(operator: Operator) -> None:
    older_server(operator)

    _, first, _ = operator.types("migrate")
    _, second, _ = operator.types("migrate")
    _, told, _ = operator.types("migrate", "--dry-run")

    assert first == "".join(f"{name}: done\n" for name in names_after(0))
    assert second == told == f"nothing to do: the database is at version {NEWEST}\n"


@pytest.mark.parametrize("words", [("migrate",), ("migrate", "--dry-run"), ("serve",), ("check",)])
def test_database_of_a_newer_program_is_refused(operator: Operator, words: tuple[str, ...]) -> None:
    operator.types("migrate")
    make_newer(Path(operator.environment["DATA_DIR"]) / "server.db")

    code, _, err = operator.types(*words)

    sentence = f"The database is at version {NEWEST + 1}; this program knows up to {NEWEST}."
    assert (code, err) == (1, f"server-sync: {sentence}\n")


def test_backup_of_an_older_version_is_restored_and_migrated(
    operator: Operator, tmp_path: Path
) -> None:
    kept = older_server(operator).rename(tmp_path / "kept")

    code, _, err = operator.types("restore", str(kept))

    assert code == 0, err
    _, text, _ = operator.types("account", "list", "--json")
    assert len(json.loads(text)) == 4
    assert operator.types("check")[0] == 0
    assert sorted(path.name for path in kept.iterdir()) == ["server.db"]


def test_backup_of_a_newer_version_is_refused_before_anything_is_replaced(
    operator: Operator, tmp_path: Path
) -> None:
    operator.adds_marc()
    kept = tmp_path / "kept"
    operator.types("backup", str(kept))
    make_newer(kept / "server.db")
    (kept / "erp.db").write_bytes(b"must not be copied")

    code, _, err = operator.types("restore", str(kept))

    assert (code, "knows up to" in err) == (1, True)
    assert operator.types("account", "list")[0] == 0
