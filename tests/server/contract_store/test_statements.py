"""How many statements an exchange costs: the same for one operation as for fifty.

A statement is a tenth of a millisecond on SQLite and a round trip on PostgreSQL; a query in a loop
is what makes 200 devices too many for one process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import event

from server_sync.store.transaction import Transaction
from tests.server.contract_store.making import OTHER, TECHNICIAN, Office, Phone, key_of, take

IDLE_MAX: Final = 4
"""One transaction opened; where the device stands, where the feed stands, sums."""
PUSH_MAX: Final = 24
"""20 when written, the news that follow included; new needs may add a few, never a factor."""
REASSIGN_MAX: Final = 28
BULK_PER_DOCUMENT_MAX: Final = 7


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """Collect the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(office.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(office.database.engine, "before_cursor_execute", note)


def company(office: Office, jobs: int = 50) -> list[str]:
    """Make jobs at as many places, each with equipment; return the keys of the jobs."""
    office.erp("Customer", "CUST-1", customer_name="Tremblay")
    for i in range(jobs):
        place = f"LOC-{i}"
        office.erp("Service Location", place, customer="CUST-1")
        office.erp("Service Equipment", f"EQP-{i}", service_location=place, serial_no=f"S{i}")
        office.job(f"DJ-{i}", service_location=place, customer="CUST-1")
    return [key_of("Dispatch Job", f"DJ-{i}") for i in range(jobs)]


def test_idle_exchange_asks_for_no_more_than_it_compares(office: Office, phone: Phone) -> None:
    company(office, 3)
    phone.pull()
    phone.pull()
    with counted(office) as sent:
        phone.sync()
    assert len(sent) <= IDLE_MAX, sent


def test_fifty_operations_cost_the_statements_of_one(office: Office, phone: Phone) -> None:
    jobs = company(office)
    phone.pull()
    with counted(office) as one:
        phone.sync(phone.note(jobs[0], "one"))
    ops = [phone.edit(job, "work_notes", None, "x") for job in jobs]
    with counted(office) as fifty:
        phone.sync(*ops)
    assert len(one) <= PUSH_MAX, one
    assert len(fifty) <= PUSH_MAX, fifty
    assert len(fifty) <= len(one) + 2, fifty


def test_fifty_repeats_cost_the_statements_of_one(office: Office, phone: Phone) -> None:
    jobs = company(office)
    phone.pull()
    ops = [phone.edit(job, "work_notes", None, "x") for job in jobs]
    phone.send(*ops)
    with counted(office) as repeated:
        phone.sync(*ops)
    assert len(repeated) <= PUSH_MAX, repeated


def test_reassigning_a_job_with_all_it_carries_is_a_few_statements(office: Office) -> None:
    job, *_ = company(office, 3)
    with counted(office) as sent:
        office.change(job, assigned_technician=OTHER)
    assert len(sent) <= REASSIGN_MAX, sent


def take_page(transaction: Transaction) -> None:
    for i in range(200):
        take(
            transaction,
            "Service Equipment",
            f"EQQ-{i}",
            key_of("x", f"EQQ-{i}"),
            service_location="LOC-1",
            serial_no=f"T{i}",
        )


def test_page_of_the_erp_costs_a_few_statements_a_document(office: Office) -> None:
    company(office, 3)
    with counted(office) as sent:
        office.store.transact(take_page)
    assert len(sent) <= 200 * BULK_PER_DOCUMENT_MAX, len(sent)


def test_rescoping_many_jobs_does_not_write_what_stays(office: Office) -> None:
    company(office, 10)
    with counted(office) as sent:
        office.rescope()
    assert not [s for s in sent if s.startswith("INSERT") or "DELETE" in s], sent
    assert office.holders(key_of("Dispatch Job", "DJ-1")) == {TECHNICIAN, "@office"}
