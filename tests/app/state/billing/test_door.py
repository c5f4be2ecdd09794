"""At the door: owed and code without a network, “received” on the server's word alone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from field_app.ports import Told
from field_app.state.billing.door import AtDoor, DoorState
from field_app.state.billing.pay_links import PayLinks
from field_app.state.workspace import Workspace
from field_core.office import Door, PayLink, Receipt
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import NOON_MS

INVOICE = "ACC-SINV-2026-00001"
RECEIPT = f"/v1/invoices/{INVOICE}/receipt"
LINK = PayLink(invoice=INVOICE, customer="CUST-00001", url="http://pay/?t=x", until_ms=NOON_MS + 9)
DOOR = Door(links=(LINK,))


@pytest.fixture
def account(tmp_path_factory: pytest.TempPathFactory) -> LocalAccount:
    return LocalAccount(tmp_path_factory.mktemp("device") / "blobs")


@pytest.fixture
def day(account: LocalAccount) -> Workspace:
    return workspace(account, "/today")


def owes(account: LocalAccount, amount: float, n: int = 500) -> str:
    """Have the customer of a job owe something; returns the job's key."""
    key = account.has_job()
    account.arrives(
        n,
        {
            "name": f"ACC-SINV-2026-{n - 499:05}",
            "customer": "CUST-00001",
            "due_date": f"2026-05-{n - 490:02}",
            "status": "Unpaid",
            "grand_total": 91.93,
            "outstanding_amount": amount,
        },
        doctype="Sales Invoice",
    )
    return key


async def at_door(day: Workspace, key: str, invoice: str | None = INVOICE) -> AtDoor:
    model = AtDoor(day, key, invoice=invoice)
    await model.refresh()
    return model


async def test_what_is_owed_and_the_code_are_there_without_a_network(
    account: LocalAccount, day: Workspace
) -> None:
    account.remote.failure = "server-unreachable"
    account.remote.had["/v1/door"] = Told(DOOR, NOON_MS)
    key = owes(account, 91.93)

    model = await at_door(day, key)

    assert (model.total, model.link) == (Decimal("91.93"), LINK)
    assert model.state is DoorState.OWED
    assert model.missing is not None


async def test_link_that_has_ended_is_not_shown(account: LocalAccount, day: Workspace) -> None:
    account.remote.had["/v1/door"] = Told(DOOR, NOON_MS)
    key = owes(account, 91.93)
    account.clock.wall_ms += 60_000

    assert (await at_door(day, key)).link is None


async def test_missing_link_is_fetched(account: LocalAccount, day: Workspace) -> None:
    account.remote.answers["/v1/door"] = DOOR
    key = owes(account, 91.93)

    assert (await at_door(day, key)).link == LINK


async def test_payment_is_received_when_the_server_says_so(
    account: LocalAccount, day: Workspace
) -> None:
    key = owes(account, 91.93)
    account.remote.answers[RECEIPT] = Receipt(name=INVOICE, outstanding=Decimal("91.93"))
    model = await at_door(day, key)
    assert model.state is DoorState.OWED

    owes(account, 0.0)
    account.remote.answers[RECEIPT] = Receipt(name=INVOICE, paid=Decimal("91.93"), at_ms=NOON_MS)
    await model.refresh()

    assert (model.state, model.received) == (DoorState.PAID, Decimal("91.93"))
    assert model.line is not None
    assert model.line.name == INVOICE


async def test_invoice_that_left_this_device_is_not_said_to_be_paid(
    account: LocalAccount, day: Workspace
) -> None:
    """Nothing on the screen lies: it may have been cancelled as well."""
    key = owes(account, 91.93)
    model = await at_door(day, key)
    owes(account, 0.0)

    await model.refresh()

    assert model.state is DoorState.SETTLED


async def test_part_that_was_paid_leaves_the_rest_to_pay(
    account: LocalAccount, day: Workspace
) -> None:
    key = owes(account, 91.93)
    model = await at_door(day, key)
    account.remote.answers[RECEIPT] = Receipt(
        name=INVOICE, outstanding=Decimal("41.93"), paid=Decimal("50.00")
    )

    await model.check()

    assert (model.state, model.received) == (DoorState.PARTLY, Decimal("50.00"))


async def test_bank_debit_is_underway_and_not_received(
    account: LocalAccount, day: Workspace
) -> None:
    """B-05."""
    key = owes(account, 91.93)
    account.remote.answers[RECEIPT] = Receipt(
        name=INVOICE, outstanding=Decimal("91.93"), is_underway=True
    )

    assert (await at_door(day, key)).state is DoorState.UNDERWAY


async def test_what_is_due_first_stands_in_front(account: LocalAccount, day: Workspace) -> None:
    owes(account, 10.0, n=502)
    key = owes(account, 91.93)

    model = await at_door(day, key, None)

    assert [line.name for line in model.invoices] == [INVOICE, "ACC-SINV-2026-00003"]
    assert model.total == Decimal("101.93")
    model.open(INVOICE)
    assert day.navigator.place.path == f"/today/{key}/payment/{INVOICE}"


async def test_job_that_is_gone_is_said_to_be(day: Workspace) -> None:
    model = await at_door(day, "nowhere")

    assert model.is_gone
    assert model.facts is None


# --- links ahead of the door


async def test_links_are_fetched_ahead_and_not_with_every_news(
    account: LocalAccount, day: Workspace
) -> None:
    account.remote.answers["/v1/door"] = DOOR
    links = PayLinks(day)
    await links.refresh()
    await links.refresh()
    assert account.remote.asked == ["/v1/door"]

    account.clock.wall_ms += 11 * 60_000
    await links.refresh()

    assert account.remote.asked == ["/v1/door"] * 2


async def test_links_that_did_not_come_are_asked_for_again_with_the_next_news(
    account: LocalAccount, day: Workspace
) -> None:
    links = PayLinks(day)

    await links.refresh()
    await links.refresh()

    assert account.remote.asked == ["/v1/door"] * 2


@pytest.mark.parametrize("role", ["dispatcher", "supervisor", "billing"])
async def test_office_fetches_no_links_ahead(
    account: LocalAccount, day: Workspace, role: str
) -> None:
    account.person = replace(account.person, roles=frozenset({role}))
    links = PayLinks(day)

    await links.refresh()

    assert account.remote.asked == []
