"""What the phone's side costs in statements, and that it is right after dying between any two."""

import sqlite3
from pathlib import Path

import pytest

from field_app.sync.events import Edited, Failed, FailureKind, Replied, Tick
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_core.wire import Change
from tests.app.engine.hands import due, note, sent, verdicts
from tests.app.making import (
    DEVICE,
    Clock,
    Device,
    Ids,
    change,
    digest_of,
    enrolled,
    job,
    key,
    older,
    reply,
    stored,
)
from tests.simulation.crashes import Crash, Fuse, MortalConnection

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
    whole = older(tmp_path / "whole.db")
    wanted = Replica(sqlite3.connect(whole)).db.execute(SCHEMA).fetchall()

    path = older(tmp_path / "replica.db")
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


# --- an exchange


def test_verdict_that_is_told_again_is_no_news() -> None:
    replica = enrolled(Replica(mortal()))
    replica.apply(reply([change(1, job())]), now_ms=0)
    recorder = Recorder(replica, stamp=Clock().stamp, new_id=Ids().new)
    recorder.append(key(1), "notes", {"text": "fait"})
    told = reply(since="e.1", seq=1, **verdicts(1))

    assert replica.apply(told, now_ms=0) == {key(1)}
    assert replica.apply(told, now_ms=0) == set()


def test_answer_is_one_transaction_with_all_it_teaches() -> None:
    """On a phone each transaction waits for the disk."""
    device = Device().synced(stored(1, job()))
    note(device)
    device.step(Edited())
    call = device.call("/v1/sync").call
    answer = reply([change(1, job(), rev=2)], since="e.1", cursor="e.2", **verdicts(1))

    with Statements(device.replica) as said:
        device.step(Replied(call, 200, answer.model_dump(mode="json")))

    assert said.count("COMMIT") == 1


def test_second_attempt_writes_nothing_before_it_goes() -> None:
    device = Device().synced(stored(1, job()))
    note(device)
    device.step(Edited())
    device.step(Failed(device.call("/v1/sync").call, FailureKind.STALLED))

    with Statements(device.replica) as said:
        due(device)

    assert [op["n"] for op in sent(device)] == [1]
    assert not any("UPDATE" in statement or "INSERT" in statement for statement in said)


@pytest.mark.parametrize("left", range(24))
def test_answer_that_dies_between_any_two_statements_was_heard_whole_or_not_at_all(
    left: int,
) -> None:
    connection = mortal()
    replica = enrolled(Replica(connection))
    replica.apply(reply([change(1, job())]), now_ms=1)
    replica.remember(failure="captive-portal")
    recorder = Recorder(replica, stamp=Clock().stamp, new_id=Ids().new)
    recorder.append(key(1), "notes", {"text": "fait"})
    connection.fuse.left = left

    news = [change(1, job(subject="changé"), rev=2), change(2, job(2))]
    answer = reply(news, since="e.1", cursor="e.2", seq=2, **verdicts(1))
    try:
        replica.apply(answer, now_ms=2, facts={"skew_ms": "5", "failure": None})
    except Crash:
        connection.rollback()
    connection.fuse.left = None

    after = Replica(connection)
    state = (
        after.cursor,
        after.counts(),
        after.outbox.pending_count(),
        *(after.get(name) for name in ("contact_ms", "skew_ms", "failure")),
        after.digest() == digest_of(stored(1, job())),
    )
    before = ("e.1", {"Dispatch Job": 1}, 1, "1", None, "captive-portal", True)
    assert state in (before, ("e.2", {"Dispatch Job": 2}, 0, "2", "5", None, False))


def test_note_that_is_written_sent_and_answered_costs_three_transactions() -> None:
    """A phone pays for each with battery, and waits for its disk at each that writes."""
    device = Device().synced(stored(1, job()))

    with Statements(device.replica) as said:
        note(device)
        device.step(Edited())
        device.answer("/v1/sync", reply([change(1, job(), rev=2)], since="e.1", **verdicts(1)))

    ours = [statement for statement in said if not statement.startswith("--")]
    assert ours.count("COMMIT") == 3
    assert len(ours) <= 45


def test_timer_that_finds_nothing_due_looks_twice_and_writes_nothing() -> None:
    device = Device().synced(stored(1, job()))

    with Statements(device.replica) as said:
        assert device.step(Tick()) == []

    assert [statement.split()[0] for statement in said] == ["SELECT", "SELECT"]


# --- what another program, an older file or a refused write does meanwhile


def test_act_of_another_program_is_counted_and_sent_at_the_next_look(tmp_path: Path) -> None:
    path = tmp_path / "replica.db"
    device = Device(Replica(sqlite3.connect(path))).synced(stored(1, job()))
    command = Recorder(
        Replica(sqlite3.connect(path)), stamp=device.clock.stamp, new_id=device.ids.new
    )

    command.append(key(1), "notes", {"text": "de la commande"})

    assert device.engine.status().unsent == 1
    device.step(Edited())
    assert [op["n"] for op in sent(device)] == [1]


def test_older_copy_that_is_put_back_under_an_open_replica_is_what_counts() -> None:
    connection, copy = mortal(), sqlite3.connect(":memory:")
    replica = enrolled(Replica(connection))
    replica.apply(reply([change(1, job())]), now_ms=0)
    recorder = Recorder(replica, stamp=Clock().stamp, new_id=Ids().new)
    connection.backup(copy)
    assert [recorder.append(key(1), "notes", {"text": t}).n for t in "ab"] == [1, 2]

    copy.backup(connection)

    assert replica.unsent() == (0, 0, None)
    assert recorder.append(key(1), "notes", {"text": "c"}).n == 1


def test_act_that_was_rolled_back_leaves_nothing_behind_in_memory() -> None:
    replica = enrolled(Replica(mortal()))
    replica.apply(reply([change(1, job())]), now_ms=0)
    recorder = Recorder(replica, stamp=Clock().stamp, new_id=Ids().new)

    def act() -> None:
        with replica.db.atomic():
            recorder.append(key(1), "notes", {"text": "a"})
            replica.remember(skew_ms="9", device="other")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    identity = replica.outbox.identity()
    assert identity == (DEVICE, 1, 0)
    assert replica.unsent() == (0, 0, None)
    assert recorder.append(key(1), "notes", {"text": "b"}).n == 1
