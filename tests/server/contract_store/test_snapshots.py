"""Snapshots: all that an audience holds, immutable, and nobody else's."""

import pytest

from server_sync.sync import snapshots
from tests.server.contract_store.making import OTHER, TECHNICIAN, Office, Phone


def test_device_without_a_cursor_is_offered_a_snapshot_and_goes_on_from_it(
    office: Office, phone: Phone
) -> None:
    job = office.job()
    reply = phone.sync()
    assert (reply.cursor, reply.changes) == (None, [])
    assert reply.snapshot is not None
    office.change(job, subject="since")
    phone.pull()
    assert phone.base[job].body["subject"] == "since"


def test_snapshot_puts_the_day_first(office: Office, phone: Phone) -> None:
    office.erp("Service Location", "LOC-1", city="Laval")
    office.job("DJ-00001", service_location="LOC-1")
    office.job("DJ-00002", scheduled_date="2026-05-02")
    reply = phone.sync()
    assert reply.snapshot is not None
    assert [part.documents for part in reply.snapshot.parts] == [2, 1]


def test_snapshot_serves_until_the_news_since_it_are_many(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "NEWS_ROWS_MAX", 1)
    first = office.snapshots.offer(TECHNICIAN)
    office.job("DJ-00001")
    assert office.snapshots.offer(TECHNICIAN) == first
    office.job("DJ-00002")
    assert office.snapshots.offer(TECHNICIAN) != first


def test_snapshot_of_another_epoch_is_not_offered(office: Office) -> None:
    office.job()
    before = office.snapshots.offer(TECHNICIAN)
    office.store.renew_epoch()
    assert office.snapshots.offer(TECHNICIAN).cursor != before.cursor


def test_snapshot_is_read_by_its_own_audience_only(office: Office) -> None:
    office.job()
    offer = office.snapshots.offer(TECHNICIAN)
    assert office.snapshot(offer.sha256, TECHNICIAN) is not None
    assert office.snapshot(offer.sha256, OTHER) is None
    assert office.snapshot("0" * 64, TECHNICIAN) is None


def test_two_audiences_that_hold_the_same_each_read_their_own(office: Office) -> None:
    office.erp("Dispatch Tag", "T", tag_name="T")
    mine, theirs = office.snapshots.offer(TECHNICIAN), office.snapshots.offer(OTHER)
    assert mine.sha256 == theirs.sha256
    assert office.snapshot(mine.sha256, TECHNICIAN) is not None
    assert office.snapshot(theirs.sha256, OTHER) is not None


def test_last_two_snapshots_are_kept(office: Office) -> None:
    offers = []
    for number in range(3):
        office.job(f"DJ-0000{number}")
        offers.append(office.snapshots.make(TECHNICIAN))
    kept = [office.snapshot(o.sha256, TECHNICIAN) is not None for o in offers]
    assert kept == [False, True, True]


def test_warming_makes_what_is_missing_and_no_more(office: Office) -> None:
    office.job()
    assert office.snapshots.warm([TECHNICIAN, OTHER]) == 2
    assert office.snapshots.warm([TECHNICIAN, OTHER]) == 0


def test_snapshot_of_nothing_can_be_loaded(phone: Phone) -> None:
    phone.pull()
    assert phone.held() == set()
    assert phone.cursor is not None
