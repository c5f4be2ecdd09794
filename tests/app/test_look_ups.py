"""Screens look documents up by index, and no index is kept that no screen looks anything up by."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from field_app.ports import OcrOf, OcrTarget
from field_app.sync import index_rows, labels, queries
from field_app.sync.reading import ReplicaReading
from field_app.sync.replica import Replica
from field_core.canon import Body
from field_core.office import Panel
from tests.app.at_work import DAY, LOTS, ZONE, LocalAccount
from tests.app.making import MARC, NOON_MS, change, job, key, older, reply

PLACE, LUCIE, DEVICE = "LOC-00001", "CUST-00001", "EQP-00001"
MAC = "A4:2B:B0:1C:9F:3E"

BY_INDEX: Final[dict[str, Callable[[ReplicaReading], object]]] = {
    "day": lambda ask: ask.day(DAY),
    "job": lambda ask: ask.job(key(1)),
    "job equipment": lambda ask: ask.job_equipment(key(1)),
    "job materials": lambda ask: ask.job_materials(key(1)),
    "job notes": lambda ask: ask.job_notes(key(1)),
    "job history": lambda ask: ask.job_history(key(1)),
    "diagnostic order": lambda ask: ask.diagnostic_order(key(1)),
    "ready checks": lambda ask: ask.ready_checks(key(1)),
    "photos": lambda ask: ask.photos(key(1)),
    "statement": lambda ask: ask.statement(key(1), "fr"),
    "recorded": lambda ask: ask.recorded(MAC, ["TPLGA1B2C3D4"]),
    "owed here": lambda ask: ask.owed_here(key(1)),
    "customers": lambda ask: ask.customers("lucie"),
    "customer's places": lambda ask: ask.customer_panel(LUCIE, Panel.LOCATIONS),
    "customer's services": lambda ask: ask.customer_panel(LUCIE, Panel.SUBSCRIPTIONS),
    "customer's contracts": lambda ask: ask.customer_panel(LUCIE, Panel.CONTRACTS),
    "outbox": lambda ask: ask.outbox_page(first=0, count=50, with_office=True),
    "attention": lambda ask: ask.attention(key(1)),
    "hits": lambda ask: ask.hits("install"),
}
WHOLE: Final[dict[str, Callable[[ReplicaReading], object]]] = {
    "open jobs": lambda ask: ask.open_jobs(first=0, count=50),
    "offers": lambda ask: ask.offers(),
    "job times": lambda ask: ask.job_times(key(1)),
    "customer's jobs": lambda ask: ask.customer_panel(LUCIE, Panel.JOBS),
    "device history": lambda ask: ask.device_history(key(6)),
    "van": lambda ask: ask.van(),
    "items": lambda ask: ask.items("pto"),
    "suggestions": lambda ask: ask.suggestions(key(1), OcrTarget(OcrOf.STEP, "s1")),
}
"""What reads every document of one kind: what it asks for is no field, or asked for too seldom."""
FEW: Final = ("'Dispatch Technician'", "sync_review", "diagnostic_limits")
"""Kinds of which a phone holds one, or dozens."""


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    """A phone with one document of each kind, all of them about one visit."""
    account = LocalAccount(tmp_path)
    here: Body = {"customer": LUCIE, "service_location": PLACE}
    documents: list[tuple[str, Body]] = [
        ("Dispatch Job", job() | here),
        ("Service Location", {"name": PLACE, "customer": LUCIE, "location_name": "Chez Lucie"}),
        ("Customer", {"name": LUCIE, "customer_name": "Lucie T."}),
        ("Service Subscription", {"name": "SUB-00001", **here}),
        ("Service Contract", {"name": "CON-00001", **here}),
        ("Service Equipment", {"name": DEVICE, "mac_address": MAC, **here}),
        ("Equipment Identity", {"equipment": key(60), "mac_address": MAC, "held_by": MARC}),
        ("Sales Invoice", {"name": "SINV-00001", "customer": LUCIE, "outstanding_amount": 5.0}),
        ("Sync Review", {"document_key": key(1), "state": "open"}),
    ]
    changes = [change(n, body, doctype=kind) for n, (kind, body) in enumerate(documents, 1)]
    account.replica.apply(reply(changes), now_ms=0)
    account.acts.note(key(1), "Sous-sol")
    return account


class Step(NamedTuple):
    """How SQLite goes about a part of a statement that concerns the view."""

    how: str
    statement: str

    @property
    def is_scan(self) -> bool:
        return self.how.startswith("SCAN")

    @property
    def is_by_kind(self) -> bool:
        """Whether every document of a kind is read of which there are many."""
        is_of_few = any(name in self.statement for name in FEW)
        return self.how.endswith("view_name (doctype=?)") and not is_of_few


def steps_of(account: LocalAccount, read: Callable[[ReplicaReading], object]) -> Iterator[Step]:
    """Yield how SQLite goes about what a reading asks of the view."""
    run, said = account.replica.db.conn, list[str]()
    reading = ReplicaReading(
        account.replica,
        now_ms=lambda: NOON_MS,
        free_bytes=lambda: LOTS,
        blobs=account.blobs,
        zone=ZONE,
    )
    run.set_trace_callback(said.append)
    read(reading)
    run.set_trace_callback(None)
    for statement in said:
        if statement.lstrip().startswith("SELECT"):
            for *_, how in run.execute(f"EXPLAIN QUERY PLAN {statement}"):
                if re.search(r"\bview\b", how):
                    yield Step(how, statement)


@pytest.mark.parametrize("read", BY_INDEX.values(), ids=BY_INDEX)
def test_screen_reads_no_more_than_it_shows(
    account: LocalAccount, read: Callable[[ReplicaReading], object]
) -> None:
    steps = [*steps_of(account, read)]

    assert steps
    assert [step for step in steps if step.is_scan or step.is_by_kind] == []


@pytest.mark.parametrize("read", WHOLE.values(), ids=WHOLE)
def test_seldom_asked_question_reads_one_kind_and_no_other(
    account: LocalAccount, read: Callable[[ReplicaReading], object]
) -> None:
    assert [step for step in steps_of(account, read) if step.is_scan] == []


def test_every_index_of_a_field_serves_a_screen(account: LocalAccount) -> None:
    """Each costs every save; there were seventeen that nothing was looked up by."""
    by_program: dict[str, Callable[[ReplicaReading], object]] = {
        "device of the index": lambda _: index_rows.device_in_index(account.replica.db, key(60)),
        "reviews": lambda _: queries.reviews(account.replica),
    }
    every = BY_INDEX | WHOLE | by_program
    used = " ".join(step.how for read in every.values() for step in steps_of(account, read))

    assert indices(account.replica) == {*re.findall(r"\bview_\w+_\w+\b", used)}


@pytest.mark.parametrize("name", [PLACE, key(2), "LOC-99999"])
def test_document_is_found_by_name_and_by_key_through_an_index(
    account: LocalAccount, name: str
) -> None:
    steps = steps_of(account, lambda _: labels.linked(account.replica, "Service Location", name))

    assert [step.how for step in steps] == [
        "SEARCH view USING INDEX view_name (doctype=? AND name=?)",
        "SEARCH view USING INDEX sqlite_autoindex_view_1 (key=?)",
    ]


def test_older_file_loses_the_indices_that_serve_nothing(tmp_path: Path) -> None:
    old = sqlite3.connect(older(tmp_path / "replica.db"))
    had = of_fields(old)

    replica = Replica(old)

    assert had - indices(replica)
    assert indices(replica) == indices(Replica(sqlite3.connect(":memory:")))


def indices(replica: Replica) -> set[str]:
    return of_fields(replica.db.conn)


def of_fields(connection: sqlite3.Connection) -> set[str]:
    made = "SELECT name FROM sqlite_master WHERE type = 'index' AND name GLOB 'view_*_*'"
    return {name for (name,) in connection.execute(made)}
