"""Index rows that an earlier version wrote are written anew: once, in turns, by the feed."""

import pytest
from sqlalchemy import update

from server_sync.store.schema import meta
from server_sync.sync import identities
from server_sync.sync.rewriting import PLACE, rewrite_identities
from tests.server.contract_store.making import TECHNICIAN, Office, Phone


def device(office: Office, n: int = 1) -> str:
    """A device in a van that the ERP knows."""
    return office.erp(
        "Service Equipment",
        f"EQP-0000{n}",
        mac_address=f"A45E6000000{n}",
        status="In Stock",
        held_by=TECHNICIAN,
    )


@pytest.fixture
def earlier(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three devices whose rows were written before rows told status and holder."""
    with monkeypatch.context() as before:
        before.setattr(identities, "_TOLD", ("equipment_type", "service_location"))
        return [device(office, n) for n in (1, 2, 3)]


def told(phone: Phone) -> list[tuple[object, object]]:
    phone.pull()
    rows = [one.body for one in phone.base.values() if one.doctype == identities.DOCTYPE]
    return sorted((row.get("status"), row.get("held_by")) for row in rows)


def test_rows_reach_a_phone_by_the_feed_a_turn_at_a_time(
    office: Office, phone: Phone, earlier: list[str]
) -> None:
    assert told(phone) == [(None, None)] * len(earlier)

    turns = [rewrite_identities(office.store, limit=2) for _ in range(3)]

    assert turns == [2, 1, 0]
    assert told(phone) == [("In Stock", TECHNICIAN)] * len(earlier)
    office.check()


def test_only_rows_are_news_and_only_once(office: Office, phone: Phone, earlier: list[str]) -> None:
    phone.pull()
    rewrite_identities(office.store)

    changes = phone.sync().changes

    assert {one.doctype or phone.base[one.key].doctype for one in changes} == {identities.DOCTYPE}
    assert len(changes) == len(earlier)
    rewrite_identities(office.store)
    assert phone.sync().changes == []


def test_rows_that_say_it_all_are_left_alone(office: Office, phone: Phone) -> None:
    device(office)
    phone.pull()
    last = office.last_number()

    rewrite_identities(office.store)

    assert office.last_number() == last


def test_walk_of_an_earlier_version_is_made_again_whole(
    office: Office, phone: Phone, earlier: list[str]
) -> None:
    """A backup of before holds the rows of before, and says so."""
    rewrite_identities(office.store)
    with office.database.write() as connection:
        connection.execute(update(meta).where(meta.c.name == PLACE).values(value="1 done"))

    assert rewrite_identities(office.store) == len(earlier)
    assert rewrite_identities(office.store) == 0
    assert told(phone) == [("In Stock", TECHNICIAN)] * len(earlier)


def test_version_counts_up_with_what_a_row_tells() -> None:
    """Whoever adds to the fields raises the version, or old rows never tell them."""
    assert (identities.VERSION, identities._TOLD) == (  # noqa: SLF001 - what is held together
        2,
        ("serial_aliases", "equipment_type", "status", "held_by", "service_location"),
    )
