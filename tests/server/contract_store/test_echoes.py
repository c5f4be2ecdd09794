"""What a restored server is offered again and the ERP has in its own words: no conflict."""

from dataclasses import replace

from field_core.canon import Body
from server_sync.store.transaction import Transaction
from tests.server.contract_store.making import Office, Phone, key_of

NEW = key_of("made", "offline")


def _named(office: Office, key: str, name: str) -> None:
    """Have the ERP give a document its name, as after a write-back."""

    def work(transaction: Transaction) -> None:
        have = transaction.get(key)
        assert have is not None
        transaction.put(replace(have, erp_name=name))

    office.store.transact(work)


def _installed(office: Office, phone: Phone, *, row: Body) -> str:
    """Create equipment offline, and have the ERP hold a job with this row for it."""
    phone.pull(phone.op("create", NEW, doctype="Service Equipment", body={"status": "Installed"}))
    _named(office, NEW, "EQP-00011")
    return office.job(equipment=[{"id": "r1", **row}])


def _offer(phone: Phone, job: str) -> tuple[str, str | None]:
    item = {"equipment": NEW, "action": "Install"}
    op = phone.op("append", job, list="equipment", item_id="r1", item=item)
    (verdict,) = phone.verdicts(op)
    return verdict


def test_row_that_the_erp_has_under_its_own_name_is_no_conflict(
    office: Office, phone: Phone
) -> None:
    job = _installed(
        office, phone, row={"equipment": "EQP-00011", "action": "Install", "notes": "by the office"}
    )
    phone.pull()

    assert _offer(phone, job) == ("applied", None)
    assert office.reviews() == []


def test_row_that_says_something_else_is_kept_for_a_person(office: Office, phone: Phone) -> None:
    job = _installed(office, phone, row={"equipment": "EQP-00011", "action": "Remove"})
    phone.pull()

    assert _offer(phone, job) == ("superseded", None)
    assert [review["field"] for review in office.reviews()] == ["equipment.r1"]


def test_row_that_says_less_than_what_was_offered_is_kept_for_a_person(
    office: Office, phone: Phone
) -> None:
    job = _installed(office, phone, row={"equipment": "EQP-00011"})
    phone.pull()

    assert _offer(phone, job) == ("superseded", None)
    assert len(office.reviews()) == 1


def test_text_that_the_erp_has_without_its_markup_is_no_conflict(
    office: Office, phone: Phone
) -> None:
    job = office.job(work_notes="a & b")
    phone.pull()

    assert phone.verdicts(phone.edit(job, "work_notes", None, "a &amp; <b>b</b>")) == [
        ("applied", None)
    ]
    assert office.reviews() == []


def test_text_that_differs_is_kept_for_a_person(office: Office, phone: Phone) -> None:
    job = office.job(work_notes="by the office")
    phone.pull()

    phone.pull(phone.edit(job, "work_notes", None, "by the technician"))

    assert [review["lost"] for review in office.reviews()] == ['"by the office"']
