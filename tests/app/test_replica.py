"""The replica: the server's word comes in whole, unsent work stays on top (FA-02, FA-03)."""

import sqlite3
from pathlib import Path

import pytest

from field_app.sync import queries
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_app.sync.withdrawing import withdraw
from field_core.wire import Change, Outcome
from tests.app.making import (
    DEVICE,
    Clock,
    Ids,
    change,
    digest_of,
    enrolled,
    job,
    key,
    memory,
    older,
    reply,
    stored,
)


@pytest.fixture
def replica() -> Replica:
    return enrolled(memory())


@pytest.fixture
def recorder(replica: Replica) -> Recorder:
    return Recorder(replica, stamp=Clock().stamp, new_id=Ids().new)


def test_news_taken_in_moves_the_cursor_and_shows_the_documents(replica: Replica) -> None:
    touched = replica.apply(reply([change(1, job())], seq=4), now_ms=7)

    assert (touched, replica.cursor, replica.seq) == ({key(1)}, "e.1", 4)
    assert replica.document(key(1)) is not None
    assert replica.get("contact_ms") == "7"


def test_news_from_another_cursor_is_not_taken(replica: Replica) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)

    replica.apply(reply([change(2, job(2))], since="elsewhere", cursor="e.9", seq=9), now_ms=0)

    assert (replica.cursor, replica.counts()) == ("e.1", {"Dispatch Job": 1})


def test_reply_that_only_takes_from_us_leaves_cursor_and_seq_alone(replica: Replica) -> None:
    """A server that finds the app too old answers with our own cursor and a later number."""
    replica.apply(reply([change(1, job())], seq=4), now_ms=0)

    replica.apply(reply(since="e.1", cursor="e.1", seq=99, upgrade=True), now_ms=0)

    assert (replica.cursor, replica.seq) == ("e.1", 4)


def test_patch_for_the_revision_held_changes_its_fields_alone(replica: Replica) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)

    patch = Change(key=key(1), rev=2, patch={"subject": "Réparation", "service_location": None})
    replica.apply(reply([patch], since="e.1", cursor="e.2", seq=2), now_ms=0)

    held = replica.document(key(1))
    assert held is not None
    expected = {**job(), "subject": "Réparation"}
    del expected["service_location"]
    assert held.body == expected
    assert replica.digest() == digest_of(stored(1, expected, rev=2))


def test_patch_for_another_revision_is_not_guessed_but_asked_for(replica: Replica) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)

    patch = Change(key=key(1), rev=5, patch={"subject": "?"})
    replica.apply(reply([patch], since="e.1", cursor="e.2", seq=2), now_ms=0)

    assert replica.wanted() == [key(1)]
    held = replica.document(key(1))
    assert held is not None
    assert held.body["subject"] == "Installation 1"


def test_older_revision_does_not_replace_a_newer_one(replica: Replica) -> None:
    replica.apply(reply([change(1, job(), rev=3)]), now_ms=0)

    replica.apply(
        reply([change(1, job(subject="vieux"), rev=2)], since="e.1", cursor="e.2"), now_ms=0
    )

    held = replica.document(key(1))
    assert held is not None
    assert held.body["subject"] == "Installation 1"


def test_document_gone_leaves_base_view_search_and_sums(replica: Replica) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)

    replica.apply(reply([Change(key=key(1), gone=True)], since="e.1", cursor="e.2"), now_ms=0)

    assert replica.document(key(1)) is None
    assert replica.search("installation") == []
    assert (replica.digest(), replica.sums()) == (digest_of(), {})


def test_document_gone_keeps_its_unsent_operations(replica: Replica, recorder: Recorder) -> None:
    """T-18: a dispatcher may take a job away; what was done on it is still sent."""
    replica.apply(reply([change(1, job())]), now_ms=0)
    recorder.append(key(1), "notes", {"text": "fait"})

    replica.apply(reply([Change(key=key(1), gone=True)], since="e.1", cursor="e.2"), now_ms=0)

    assert replica.outbox.pending_count() == 1


def test_pending_edit_stays_on_top_of_news(replica: Replica, recorder: Recorder) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)
    recorder.append(key(1), "notes", {"text": "à moi"})

    news = change(1, job(subject="changé au bureau"), rev=2)
    replica.apply(reply([news], since="e.1", cursor="e.2", seq=2), now_ms=0)

    held = replica.document(key(1))
    assert held is not None
    assert held.body["subject"] == "changé au bureau"
    assert [note["text"] for note in held.body["notes"]] == ["à moi"]  # type: ignore[union-attr,index,call-overload]  # JSON


def test_edit_with_verdict_is_shown_until_the_base_holds_it(
    replica: Replica, recorder: Recorder
) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)
    made = recorder.append(key(1), "notes", {"text": "à moi"})

    verdict = Outcome(n=made.n, verdict="applied", seq=8)  # type: ignore[arg-type]  # as it travels
    replica.apply(reply(since="e.1", cursor="e.5", seq=5, outcomes=[verdict], last_n=1), now_ms=0)
    shown = replica.document(key(1))
    replica.apply(
        reply([change(1, job(), rev=2)], since="e.5", cursor="e.8", seq=8, last_n=1), now_ms=0
    )
    after = replica.document(key(1))

    assert shown is not None
    assert after is not None
    assert ("notes" in shown.body, "notes" in after.body) == (True, False)


# --- snapshots


def test_first_frame_is_usable_before_the_rest_has_come(replica: Replica) -> None:
    replica.start_snapshot("{}")

    replica.stage([stored(1, job())], progress="{}")

    assert (replica.counts(), replica.cursor) == ({"Dispatch Job": 1}, None)


def test_swap_replaces_the_base_and_keeps_what_is_unsent(
    replica: Replica, recorder: Recorder
) -> None:
    replica.apply(reply([change(1, job()), change(2, job(2))]), now_ms=0)
    recorder.append(key(1), "notes", {"text": "à moi"})
    replica.start_snapshot("{}")
    replica.stage([stored(1, job(subject="neuf"), rev=2)], progress="{}")

    replica.swap(cursor="e.9", seq=9)

    held = replica.document(key(1))
    assert held is not None
    assert (held.body["subject"], "notes" in held.body) == ("neuf", True)
    assert replica.document(key(2)) is None
    assert replica.digest() == digest_of(stored(1, job(subject="neuf"), rev=2))
    assert (replica.cursor, replica.get("snapshot")) == ("e.9", None)


def test_frames_of_another_snapshot_are_forgotten_when_one_starts(replica: Replica) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)
    replica.start_snapshot("a")
    replica.stage([stored(7, job(7))], progress="a")

    replica.start_snapshot("b")
    replica.swap(cursor="e.9", seq=9)

    assert replica.counts() == {}


# --- differences


def test_documents_that_differ_are_named_and_wanted_again(replica: Replica) -> None:
    replica.apply(reply([change(1, job()), change(2, job(2))]), now_ms=0)

    differing = replica.differing("Dispatch Job", {key(1): (9, "f" * 16), key(3): (1, "0" * 16)})
    replica.mend(differing)

    assert differing == [key(1), key(2), key(3)]
    assert replica.wanted() == differing
    assert replica.get("divergences") == "1"


def test_document_being_mended_stays_in_view_and_edits_survive(
    replica: Replica, recorder: Recorder
) -> None:
    """A mend that the link cuts in two must not make the job vanish from the phone."""
    replica.apply(reply([change(1, job())]), now_ms=0)
    recorder.append(key(1), "notes", {"text": "à moi"})

    replica.mend([key(1)])
    replica.apply(reply(since="e.1", cursor="e.1", seq=1), now_ms=0)
    recorder.append(key(1), "notes", {"text": "encore"})
    replica.apply_fetched([change(1, job(subject="entier"), rev=4)])

    held = replica.document(key(1))
    assert held is not None
    assert held.body["subject"] == "entier"
    assert [n["text"] for n in held.body["notes"]] == ["à moi", "encore"]  # type: ignore[union-attr,index,call-overload]  # JSON
    assert replica.digest() == digest_of(stored(1, job(subject="entier"), rev=4))


# --- search


@pytest.mark.parametrize("typed", ["beatrix", "Béatrix", "BÉAT", "ste bea", "saint", "5140"])
def test_search_finds_a_place_whatever_the_accents(replica: Replica, typed: str) -> None:
    place = {
        "name": "LOC-00001",
        "city": "Sainte-Béatrix",
        "location_name": "Ste chalet",
        "olt_port": "0/1/5140",
    }
    replica.apply(
        reply([change(1, place, doctype="Service Location"), change(2, job(2))]), now_ms=0
    )

    assert [found[0] for found in replica.search(typed)] == [key(1)]


@pytest.mark.parametrize("typed", ["", "  ", '"', "*", "a OR b", "NEAR(", "-x", "œ" * 300])
def test_search_for_anything_typed_does_not_fail(replica: Replica, typed: str) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)

    assert replica.search(typed) == []


def test_search_follows_a_change_of_words(replica: Replica) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)

    news = change(1, job(subject="Réparation"), rev=2)
    replica.apply(reply([news], since="e.1", cursor="e.2"), now_ms=0)

    assert replica.search("installation") == []
    assert [found[0] for found in replica.search("reparation")] == [key(1)]


# --- the file


def test_file_of_an_older_version_opens_with_its_unsent_work(tmp_path: Path) -> None:
    """Everything that was in it is there: the job, what is found of it, the unsent note."""
    replica = Replica(sqlite3.connect(older(tmp_path / "replica.db")))

    assert replica.outbox.pending_count() == 1
    assert replica.counts() == {"Dispatch Job": 1}
    assert [found[0] for found in replica.search("installation")] == [key(1)]
    assert replica.db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    replica.close()


def test_older_file_takes_its_unsent_work_for_offered(tmp_path: Path) -> None:
    """Migration 2: whether it had left the device is not known, so it is never withdrawn."""
    replica = Replica(sqlite3.connect(older(tmp_path / "replica.db")))

    [(op_id, offered)] = replica.db.execute("SELECT id, offered FROM outbox").fetchall()

    assert offered == 1
    assert not withdraw(replica, [op_id])
    assert replica.outbox.pending_count() == 1


def test_older_file_finds_its_devices_by_their_marks(tmp_path: Path) -> None:
    """Migration 3."""
    connection = sqlite3.connect(older(tmp_path / "replica.db"))
    connection.execute(
        "INSERT INTO view (key, doctype, words, body) VALUES ('k', 'Equipment Identity', '', ?)",
        ('{"equipment": "e", "mac_address": "a4:2b:b0:1c:9f:3e", "service_location": "LOC-1"}',),
    )
    connection.commit()

    found = queries.identity_by_mac(Replica(connection), "A42BB01C9F3E")

    assert [row.location for row in found] == ["LOC-1"]


def test_file_is_sound_after_everything_was_done_to_it(tmp_path: Path) -> None:
    replica = enrolled(Replica(sqlite3.connect(tmp_path / "replica.db")))
    recorder = Recorder(replica, stamp=Clock().stamp, new_id=Ids().new)
    replica.apply(reply([change(n, job(n)) for n in range(1, 40)]), now_ms=0)
    for n in range(1, 20):
        recorder.append(key(n), "notes", {"text": "x" * 500})
    replica.start_snapshot("{}")
    replica.stage([stored(n, job(n), rev=2) for n in range(10, 30)], progress="{}")
    replica.swap(cursor="e.9", seq=9)
    replica.close()

    again = Replica(sqlite3.connect(tmp_path / "replica.db"))

    assert again.db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    assert again.db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert again.outbox.pending_count() == 19
    again.close()


def test_two_programs_on_one_file_both_write(tmp_path: Path) -> None:
    """The window and a command: a transaction takes the write lock at once, so neither fails."""
    path = tmp_path / "replica.db"
    one, other = (Replica(sqlite3.connect(path)) for _ in range(2))
    enrolled(one)
    one.apply(reply([change(1, job())]), now_ms=0)
    ids, clock = Ids(), Clock()
    recorders = [Recorder(r, stamp=clock.stamp, new_id=ids.new) for r in (one, other)]

    numbers = [recorders[i % 2].append(key(1), "notes", {"text": str(i)}).n for i in range(6)]

    assert numbers == [1, 2, 3, 4, 5, 6]
    one.close()
    other.close()


def test_wipe_leaves_nothing(replica: Replica, recorder: Recorder) -> None:
    replica.apply(reply([change(1, job())]), now_ms=0)
    recorder.append(key(1), "notes", {"text": "secret"})

    replica.wipe()

    assert (replica.counts(), replica.outbox.pending_count()) == ({}, 0)
    assert replica.search("installation") == []
    assert replica.get("device") is None
    assert DEVICE not in "".join(replica.db.conn.iterdump())


def test_wipe_empties_every_table_that_there_is(replica: Replica) -> None:
    """Of runs and of what was asked of devices too; the next start finds its views as they were."""
    run = replica.db.execute
    run("INSERT INTO cpe_check VALUES ('1', NULL, 'EQP-1', '[]', 0, NULL, NULL, NULL)")
    run("INSERT INTO cpe_report VALUES ('EQP-1', '{}', 0)")
    run("INSERT INTO run VALUES ('1', NULL, '{}', 0, NULL)")

    replica.wipe()

    names = run(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' "
        "AND name NOT LIKE '%sqlite%'"
    ).fetchall()
    full = {name for (name,) in names if run(f"SELECT count(*) FROM {name}").fetchone() != (0,)}  # noqa: S608 - our own tables
    assert full == {"meta"}
    assert [name for (name,) in run("SELECT name FROM meta ORDER BY name")] == ["models", "wiped"]
    assert run("SELECT count(*) FROM dispatch_job").fetchone() == (0,)


def test_snapshot_given_up_leaves_the_view_as_the_base_has_it() -> None:
    """What the base contains does not change by asking for everything again."""
    replica = enrolled(memory())
    replica.apply(reply([change(1, job())]), now_ms=0)
    recorder = Recorder(replica, stamp=Clock().stamp, new_id=Ids().new)
    n = recorder.set_fields(key(1), {"work_notes": "mine"}).n
    told = Outcome.model_validate({"n": n, "verdict": "applied", "seq": 2})
    office = change(1, job(work_notes="the office's, later"), rev=3)
    replica.apply(
        reply([office], since="e.1", cursor="e.3", seq=3, outcomes=[told], last_n=n), now_ms=1
    )

    replica.forget_cursor()
    replica.apply_fetched([])

    held = replica.document(key(1))
    assert held is not None
    assert held.body["work_notes"] == "the office's, later"
    assert replica.outbox.unseen([key(1)]) == {}


def test_work_on_a_device_of_the_index_alone_is_shown_anew_when_the_index_changes(
    replica: Replica, recorder: Recorder
) -> None:
    """Found by the simulation: the screen went on showing the place of an older row."""
    row = {"equipment": key(9), "equipment_name": "EQP-05120", "service_location": "LOC-00001"}
    replica.apply(reply([change(8, row, doctype="Equipment Identity")], seq=2), now_ms=0)
    recorder.record({"kind": "set", "key": key(9), "fields": {"status": [None, "Installed"]}})

    moved = {**row, "service_location": "LOC-00002"}
    news = [change(8, moved, rev=2, doctype="Equipment Identity")]
    replica.apply(reply(news, since="e.1", cursor="e.3", seq=3), now_ms=0)

    shown = replica.document(key(9))
    assert shown is not None
    assert (shown.body["service_location"], shown.body["status"]) == ("LOC-00002", "Installed")
