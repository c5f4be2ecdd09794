"""News: in the order of commits, by pages and patches, until both sides have the same sum."""

import pytest
from sqlalchemy import select

from field_core.wire import FetchRequest, SumsRequest
from server_sync.store.schema import feed
from server_sync.store.transaction import Transaction
from server_sync.sync import ingest
from server_sync.sync.pull import PAGE_ROWS
from tests.server.contract_store.making import OTHER, TECHNICIAN, Office, Phone, day, key_of, take


def fill(office: Office, count: int, *, start: int = 0, city: str = "Laval") -> list[str]:
    """Give the technician one job each at `count` places, in one transaction."""

    def work(transaction: Transaction) -> None:
        for i in range(start, start + count):
            name = f"DJ-{i:05}"
            take(
                transaction,
                "Dispatch Job",
                name,
                key_of("Dispatch Job", name),
                subject=f"{city} {i}",
                description="x" * 80,
                scheduled_date=day(0),
                status="Dispatched",
                assigned_technician=TECHNICIAN,
            )

    office.store.transact(work)
    return [key_of("Dispatch Job", f"DJ-{i:05}") for i in range(start, start + count)]


def start(phone: Phone) -> None:
    """Have a phone hold a cursor of the beginning, so that news come as pages."""
    phone.pull()
    assert phone.cursor is not None


# --- numbers


def test_numbers_follow_the_order_of_commits(office: Office) -> None:
    keys = [office.job(f"DJ-{i:05}") for i in range(5)]
    office.change(keys[1], subject="changed")
    with office.store.read() as connection:
        rows = (
            connection.execute(
                select(feed.c.key).where(feed.c.audience == TECHNICIAN).order_by(feed.c.seq)
            )
            .scalars()
            .all()
        )
    assert rows == [keys[0], *keys[2:], keys[1]]


def test_work_that_changes_nothing_gives_out_no_number(office: Office, phone: Phone) -> None:
    job = office.job()
    phone.pull()
    before = phone.cursor
    office.change(job, subject="DJ-00001")
    office.job()
    phone.pull()
    assert phone.cursor == before


def test_transaction_that_fails_leaves_no_trace(office: Office, phone: Phone) -> None:
    phone.pull()
    before = phone.cursor

    def work(transaction: Transaction) -> None:
        take(transaction, "Item", "A", key_of("Item", "A"), item_code="A")
        transaction.publish()
        raise KeyError("something else")

    with pytest.raises(KeyError):
        office.store.transact(work)
    phone.pull()
    assert (phone.cursor, phone.held()) == (before, set())


# --- pages and patches


def test_news_come_in_pages_with_more_until_the_last(office: Office, phone: Phone) -> None:
    start(phone)
    fill(office, PAGE_ROWS + 1)
    first = phone.sync()
    assert (len(first.changes), first.more, first.digest) == (PAGE_ROWS, True, None)
    last = phone.sync()
    assert (len(last.changes), last.more) == (1, False)
    assert last.digest == phone.digest()


def test_page_that_is_just_full_is_the_last(office: Office, phone: Phone) -> None:
    start(phone)
    fill(office, PAGE_ROWS)
    assert phone.sync().more is False


def test_patch_goes_to_who_holds_the_revision_before(office: Office, phone: Phone) -> None:
    job, _ = fill(office, 2)
    phone.pull()
    office.change(job, subject="changed")
    (change,) = phone.sync().changes
    assert (change.body, change.patch, change.rev) == (None, {"subject": "changed"}, 2)


def test_patch_names_what_is_no_longer_there(office: Office, phone: Phone) -> None:
    job, _ = fill(office, 2)
    phone.pull()
    office.change(job, status=None)
    (change,) = phone.sync().changes
    assert change.patch == {"status": None}


def test_document_goes_whole_to_who_missed_a_revision(office: Office, phone: Phone) -> None:
    job, _ = fill(office, 2)
    phone.pull()
    office.change(job, subject="changed")
    office.change(job, subject="changed again")
    (change,) = phone.sync().changes
    assert change.body is not None


def test_document_goes_whole_where_the_patch_is_no_smaller(office: Office, phone: Phone) -> None:
    tag = office.erp("Dispatch Tag", "T", tag_name="T")
    phone.pull()
    office.change(tag, tag_name="U", name=None)
    (change,) = phone.sync().changes
    assert change.body is not None


def test_document_that_moved_on_between_two_pages_goes_whole(office: Office, phone: Phone) -> None:
    start(phone)
    keys = fill(office, PAGE_ROWS + 10)
    with office.store.read() as connection:
        oldest = (
            connection.execute(
                select(feed.c.key).where(feed.c.audience == TECHNICIAN).order_by(feed.c.seq)
            )
            .scalars()
            .first()
        )
    assert oldest in keys
    office.change(oldest, subject="changed before it was ever sent")
    phone.pull()
    assert phone.base[oldest].rev == 2


def test_document_sent_on_one_page_and_changed_before_the_next_arrives_right(
    office: Office, phone: Phone
) -> None:
    start(phone)
    fill(office, PAGE_ROWS + 10)
    sent = phone.sync().changes[0].key
    office.change(sent, subject="changed between the pages")
    phone.pull()
    assert phone.base[sent].body["subject"] == "changed between the pages"


def test_lost_reply_is_made_up_for_by_the_next(office: Office, phone: Phone) -> None:
    job, _ = fill(office, 2)
    phone.pull()
    office.change(job, subject="changed")
    phone.send()
    office.change(job, description="changed")
    phone.pull()
    assert phone.base[job].rev == 3


# --- outcomes


def test_outcomes_are_told_to_who_lost_the_reply_and_asks_for_news_only(
    office: Office, phone: Phone
) -> None:
    job = office.job()
    phone.pull()
    phone.send(phone.note(job, "one"))
    reply = phone.pull()
    assert [(o.n, o.verdict, o.office) for o in reply.outcomes] == [(1, "applied", "waiting")]
    assert phone.outcomes[1].seq > 0


def test_outcome_is_numbered_after_its_effect(office: Office, phone: Phone) -> None:
    job = office.job()
    phone.pull()
    phone.pull(phone.note(job, "one"))
    with office.store.read() as connection:
        effect = connection.execute(
            select(feed.c.seq).where(feed.c.key == job, feed.c.audience == TECHNICIAN)
        ).scalar_one()
    assert phone.outcomes[1].seq > effect


def store_all(office: Office, key: str) -> None:
    """Have the ERP take all that waits on a document."""
    office.store.transact(
        lambda tx: ingest.settle_stored(tx, [row.id for row in ingest.waiting(tx, key)])
    )


def test_operation_that_reached_the_erp_is_told_through_the_cursor(
    office: Office, phone: Phone
) -> None:
    job = office.job()
    phone.pull()
    phone.pull(phone.note(job, "one"), phone.note(job, "two"))
    store_all(office, job)
    reply = phone.pull()
    assert [(o.n, o.office) for o in reply.outcomes] == [(1, "stored"), (2, "stored")]
    assert phone.pull().outcomes == []


def test_operation_parked_on_its_way_to_the_erp_says_why(office: Office, phone: Phone) -> None:
    job = office.job()
    phone.pull()
    phone.pull(phone.note(job, "one"))
    office.vanish(job)
    (outcome,) = phone.pull().outcomes
    assert (outcome.office, outcome.problem) == ("review", "document-removed")


def test_outcome_settled_while_the_device_was_far_behind_is_told_with_the_snapshot(
    office: Office, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = office.job()
    phone.pull()
    phone.pull(phone.note(job, "one"))
    store_all(office, job)
    monkeypatch.setattr("server_sync.sync.pull.PAGE_ROWS", 3)
    monkeypatch.setattr("server_sync.sync.pull.SNAPSHOT_ROWS_MIN", 5)
    fill(office, 6, start=100)
    assert phone.sync().snapshot is not None
    assert phone.outcomes[1].office == "stored"


def test_outcome_settled_before_the_epoch_was_renewed_is_told_afterwards(
    office: Office, phone: Phone
) -> None:
    job = office.job()
    phone.pull()
    phone.pull(phone.note(job, "one"))
    store_all(office, job)
    office.store.renew_epoch()
    phone.pull()
    assert phone.outcomes[1].office == "stored"


@pytest.mark.parametrize("is_draining", [True, False])
def test_device_that_is_given_nothing_is_still_told_its_verdicts(
    office: Office,
    is_draining: bool,  # noqa: FBT001 - a parameter
) -> None:
    phone = office.phone()
    start(phone)
    fill(office, PAGE_ROWS + 1)
    leaver = office.phone(is_draining=is_draining)
    leaver.cursor = phone.cursor
    object.__setattr__(office.exchange, "proto_min", 2)
    reply = leaver.send(leaver.note(key_of("Dispatch Job", "DJ-00001"), "one"))
    assert [o.n for o in reply.outcomes] == [1]
    assert reply.changes == []
    assert leaver.send().cursor == leaver.cursor


# --- sums


def test_sums_name_what_differs_and_fetch_brings_it(office: Office, phone: Phone) -> None:
    job = office.job()
    tag = office.erp("Dispatch Tag", "T", tag_name="T")
    phone.pull()
    assert phone.cursor is not None
    sums = office.exchange.sums(SumsRequest(cursor=phone.cursor, sums={}), phone.caller)
    assert {d: list(keys) for d, keys in sums.differing.items()} == {
        "Dispatch Job": [job],
        "Dispatch Tag": [tag],
    }
    other = office.job("DJ-00002", technician=OTHER)
    reply = office.exchange.fetch(FetchRequest(keys=[job, other]), phone.caller)
    assert [(c.key, c.gone, c.body is not None) for c in reply.changes] == [
        (job, False, True),
        (other, True, False),
    ]


def test_sums_that_agree_name_nothing(office: Office, phone: Phone) -> None:
    office.job()
    phone.pull()
    assert phone.cursor is not None
    differing = office.exchange.sums(
        SumsRequest(cursor=phone.cursor, sums={}), phone.caller
    ).differing
    assert list(differing) == ["Dispatch Job"]


# --- epochs


def test_cursor_of_another_epoch_starts_anew(office: Office, phone: Phone) -> None:
    job = office.job()
    phone.pull()
    office.store.renew_epoch()
    reply = phone.sync()
    assert reply.snapshot is not None
    assert reply.cursor is None
    assert phone.pull().digest == phone.digest()
    assert phone.held() == {job}


@pytest.mark.parametrize("cursor", ["", "nonsense", "a.b.c.d", "…", "00.-1"])
def test_cursor_that_is_none_starts_anew(office: Office, phone: Phone, cursor: str) -> None:
    office.job()
    phone.cursor = cursor
    assert phone.sync().snapshot is not None


def test_cursor_ahead_of_the_numbers_given_out_starts_anew(phone: Phone) -> None:
    phone.pull()
    assert phone.cursor is not None
    phone.cursor = phone.cursor.partition(".")[0] + ".999999"
    assert phone.sync().snapshot is not None
    phone.pull()
    assert phone.held() == set()


def test_restored_store_hears_again_of_operations_it_forgot(office: Office, phone: Phone) -> None:
    job = office.job()
    phone.pull()
    op = phone.note(job, "one")
    phone.pull(op)
    with office.database.write() as connection:  # what a backup from before would hold
        connection.exec_driver_sql("DELETE FROM outcome")
        connection.exec_driver_sql("UPDATE device SET last_n = 0")
    office.store.renew_epoch()
    assert phone.pull(op).last_n == 1
    assert len(office.reviews()) == 0
