"""What a unit of work looks up is read once, and stays right after what it stages itself."""

from dataclasses import replace

from server_sync.store.transaction import Transaction
from tests.server.contract_store.making import Office, Phone, key_of, take
from tests.server.contract_store.test_statements import counted

KEY = key_of("Item", "A")


def test_name_looked_for_in_vain_is_found_once_it_is_staged(office: Office) -> None:
    def work(transaction: Transaction) -> None:
        assert transaction.named("Item", "A") is None
        take(transaction, "Item", "A", KEY, item_code="A")
        found = transaction.named("Item", "A")
        assert found is not None
        assert found.key == KEY

    office.store.transact(work)


def test_document_that_lost_its_name_is_not_found_under_it(office: Office) -> None:
    office.erp("Item", "A", item_code="A")

    def work(transaction: Transaction) -> None:
        found = transaction.named("Item", "A")
        assert found is not None
        transaction.put(replace(found, erp_name="B"))
        assert transaction.named("Item", "A") is None
        renamed = transaction.named("Item", "B")
        assert renamed is not None
        assert renamed.key == found.key

    office.store.transact(work)


def test_document_forgotten_with_its_group_is_looked_for_again(office: Office) -> None:
    def work(transaction: Transaction) -> None:
        mark = transaction.mark()
        take(transaction, "Item", "A", KEY, item_code="A")
        transaction.back_to(mark)
        assert transaction.named("Item", "A") is None

    office.store.transact(work)


def test_names_announced_are_one_statement(office: Office) -> None:
    for name in "ABC":
        office.erp("Item", name, item_code=name)

    def work(transaction: Transaction) -> list[str | None]:
        transaction.prefetch_named([("Item", name) for name in "ABCD"])
        found = [transaction.named("Item", name) for name in "ABCD"]
        return [one.erp_name if one else None for one in found]

    with counted(office) as sent:
        names = office.store.transact(work)
    assert names == ["A", "B", "C", None]
    assert len([one for one in sent if one.startswith("SELECT")]) == 1, sent


def test_patch_survives_what_the_erp_alone_changed(office: Office, phone: Phone) -> None:
    job = office.job()
    phone.pull()
    office.change(job, subject="changed")

    def work(transaction: Transaction) -> None:
        found = transaction.get(job)
        assert found is not None
        transaction.put(replace(found, erp_modified="2026-11-21 10:00:00.000000"))

    office.store.transact(work)
    (change,) = phone.sync().changes
    assert change.patch == {"subject": "changed"}
