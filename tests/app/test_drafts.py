"""Drafts: what was typed and not saved outlives a restart, on its device alone (T-03)."""

import sqlite3
from pathlib import Path

from field_app.sync.drafts import KEPT_MS, TEXT_MAX, Drafts
from field_app.sync.replica import Replica
from tests.app.making import Clock, memory


def drafts(replica: Replica, clock: Clock | None = None) -> Drafts:
    return Drafts(replica, now_ms=(clock or Clock()).now_ms)


def test_draft_is_there_after_a_restart_of_the_program(tmp_path: Path) -> None:
    """T-03."""
    path = tmp_path / "replica.db"
    first = sqlite3.connect(path)
    drafts(Replica(first)).keep("job", "step/s2", "à moitié")
    first.close()

    second = sqlite3.connect(path)

    assert drafts(Replica(second)).get("job", "step/s2") == "à moitié"
    second.close()


def test_draft_that_is_let_go_of_is_gone_and_others_stay() -> None:
    kept = drafts(memory())
    kept.keep("job", "step/s1", "one")
    kept.keep("job", "step/s2", "two")

    kept.keep("job", "step/s1", None)

    assert (kept.get("job", "step/s1"), kept.get("job", "step/s2")) == (None, "two")


def test_draft_of_another_month_goes_when_the_next_is_kept() -> None:
    clock = Clock()
    replica = memory()
    replica.remember(technician="DT-00001")
    kept = drafts(replica, clock)
    kept.keep("job", "old", "old")
    clock.go(KEPT_MS)
    kept.keep("job", "last", "last")
    clock.go(1)

    kept.keep("job", "new", "new")

    held = [kept.get("job", about) for about in ("old", "last", "new")]
    assert held == [None, "last", "new"]
    assert replica.get("technician") == "DT-00001"


def test_draft_without_end_is_cut_rather_than_refused() -> None:
    kept = drafts(memory())

    kept.keep("job", "note", "x" * (TEXT_MAX + 1))

    assert kept.get("job", "note") == "x" * TEXT_MAX


def test_draft_leaves_nothing_to_send() -> None:
    replica = memory()

    drafts(replica).keep("job", "step/s1", "typed")

    assert replica.outbox.entries() == []
