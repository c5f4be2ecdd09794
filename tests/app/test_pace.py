"""What the phone's side costs in statements, and that it is right after dying between any two."""

import sqlite3
from pathlib import Path

import pytest

from field_app.sync.compression import decompress
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_core.wire import Change
from tests.app.making import Clock, Ids, change, enrolled, job, key, reply
from tests.simulation.crashes import Crash, Fuse, MortalConnection

STORED = Path(__file__).parent / "stored" / "replica-001.zst"
SCHEMA = "SELECT type, name, sql FROM sqlite_master ORDER BY name"


def mortal(path: Path | str = ":memory:") -> MortalConnection:
    connection = sqlite3.connect(path, factory=MortalConnection)
    connection.fuse = Fuse()
    return connection


class Statements:
    """The statements that a replica ran while this was listening."""

    def __init__(self, replica: Replica) -> None:
        self._connection = replica.db.conn

    def __enter__(self) -> list[str]:
        said: list[str] = []
        self._connection.set_trace_callback(said.append)
        return said

    def __exit__(self, *_: object) -> None:
        self._connection.set_trace_callback(None)


# --- the start


def test_start_on_a_file_that_has_all_tables_looks_at_none_of_them() -> None:
    connection = mortal()
    Replica(connection)
    said: list[str] = []
    connection.set_trace_callback(said.append)

    Replica(connection)

    assert len(said) == 6
    assert not any("sqlite_master" in statement for statement in said)


def test_start_of_an_older_file_that_dies_anywhere_ends_as_one_that_did_not(
    tmp_path: Path,
) -> None:
    whole = tmp_path / "whole.db"
    whole.write_bytes(decompress(STORED.read_bytes()))
    wanted = Replica(sqlite3.connect(whole)).db.execute(SCHEMA).fetchall()

    path = tmp_path / "replica.db"
    path.write_bytes(decompress(STORED.read_bytes()))
    deaths = 0
    while (replica := started(mortal(path), dies_after=9 * deaths)) is None:
        deaths += 1

    assert deaths > 1
    assert replica.db.execute(SCHEMA).fetchall() == wanted
    assert replica.outbox.pending_count() == 1


def started(connection: MortalConnection, *, dies_after: int) -> Replica | None:
    """Start on a file; None when it died of it."""
    connection.fuse.left = dies_after
    try:
        return Replica(connection)
    except Crash:
        connection.close()
        return None


# --- the view


def test_news_that_changes_nothing_shown_writes_no_view() -> None:
    """The revision moves and the document is as it was; so is its row, and the index of words."""
    replica = enrolled(Replica(mortal()))
    replica.apply(reply([change(1, job())]), now_ms=0)

    with Statements(replica) as said:
        replica.apply(reply([change(1, job(), rev=2)], since="e.1", cursor="e.2"), now_ms=0)

    assert not any("view SET" in statement or "INTO search" in statement for statement in said)


def test_many_documents_are_looked_up_at_once() -> None:
    replica = enrolled(Replica(mortal()))
    with Statements(replica) as few:
        replica.apply(reply([Change(key=key(1), gone=True)], cursor="e.1"), now_ms=0)
    with Statements(replica) as many:
        gone = [Change(key=key(n), gone=True) for n in range(1, 60)]
        replica.apply(reply(gone, since="e.1", cursor="e.2"), now_ms=0)

    assert sum("FROM outbox" in s for s in many) == sum("FROM outbox" in s for s in few)


@pytest.mark.parametrize("left", range(12))
def test_act_that_dies_between_any_two_statements_is_whole_or_was_never_done(left: int) -> None:
    connection = mortal()
    replica = enrolled(Replica(connection))
    replica.apply(reply([change(1, job())]), now_ms=0)
    ids = Ids()
    recorder = Recorder(replica, stamp=Clock().stamp, new_id=ids.new)
    connection.fuse.left = left

    try:
        recorder.append(key(1), "notes", {"text": "fait"})
    except Crash:
        connection.rollback()
    connection.fuse.left = None

    after = Replica(connection)
    held = after.document(key(1))
    assert held is not None
    assert len(held.body.get("notes") or ()) == after.outbox.pending_count()  # type: ignore[arg-type]  # JSON
    recorder = Recorder(after, stamp=Clock().stamp, new_id=ids.new)
    assert recorder.append(key(1), "notes", {"text": "après"}).n == after.outbox.pending_count()
