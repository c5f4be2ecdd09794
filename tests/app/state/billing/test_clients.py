"""Finding a customer: this device at once, the server after; rooms by role."""

import pytest

from field_app.state.billing.clients import Clients
from field_app.state.place import Part, Place, Room
from field_app.state.rooms import home_of, in_bar, rooms_of
from field_app.state.workspace import Workspace
from field_core.office import CustomerFound, CustomersFound
from tests.app.at_work import LocalAccount, workspace
from tests.app.state.billing.desk import account, desk

__all__ = ["account", "desk"]
LUCIE = CustomerFound(name="CUST-00001", customer_name="Lucie T.")
OTHER = CustomerFound(name="CUST-00777", customer_name="Lucie Z.")


def model_of(desk: Workspace) -> Clients:
    return Clients(desk, pause_s=0)


async def test_customers_of_this_device_stand_there_until_the_server_has_answered(
    account: LocalAccount, desk: Workspace
) -> None:
    account.has_job()
    account.remote.answers["/v1/customers?q=lucie"] = CustomersFound(rows=(LUCIE, OTHER))
    model, shown = model_of(desk), list[list[str]]()
    model.on_change(lambda: shown.append([row.name for row in model.rows or ()]))

    await model.typed("lucie")

    assert shown[0] == ["CUST-00001"]
    assert shown[-1] == ["CUST-00001", "CUST-00777"]
    assert not model.is_asking


async def test_without_a_network_it_is_said_that_only_this_device_was_searched(
    account: LocalAccount, desk: Workspace
) -> None:
    account.has_job()
    model = model_of(desk)

    await model.typed("lucie")

    assert [row.name for row in model.rows or ()] == ["CUST-00001"]
    assert model.missing is not None
    assert not model.is_nobody_found


async def test_nobody_is_only_said_when_the_server_knows_nobody(
    account: LocalAccount, desk: Workspace
) -> None:
    account.remote.answers["/v1/customers?q=xyzzy"] = CustomersFound()
    model = model_of(desk)

    await model.typed("xyzzy")

    assert model.is_nobody_found


async def test_one_letter_asks_nobody(account: LocalAccount, desk: Workspace) -> None:
    model = model_of(desk)

    await model.typed("l")

    assert model.rows is None
    assert account.remote.asked == []


async def test_answer_to_an_older_text_is_not_shown(account: LocalAccount, desk: Workspace) -> None:
    model = model_of(desk)
    account.remote.answers["/v1/customers?q=lu"] = CustomersFound(rows=(OTHER,))
    model.text = "lu"
    ask = account.remote.ask

    async def slow(path: str, shape: type[CustomersFound]) -> object:
        model.text = "lucie"
        return await ask(path, shape)

    account.remote.ask = slow  # type: ignore[assignment,method-assign]  # the person goes on typing

    await model.refresh()

    assert [row.name for row in model.rows or ()] == []


async def test_enter_opens_the_likeliest_and_it_is_remembered(
    account: LocalAccount, desk: Workspace
) -> None:
    account.remote.answers["/v1/customers?q=lucie"] = CustomersFound(rows=(LUCIE, OTHER))
    model = model_of(desk)
    await model.typed("lucie")

    await model.first()
    await model.open(OTHER)
    await model.clear()

    assert desk.navigator.place == Place(Room.CLIENTS, "CUST-00777")
    again = model_of(workspace(account, "/clients"))
    await again.refresh()
    assert [row.name for row in again.recent] == ["CUST-00777", "CUST-00001"]


# --- rooms


@pytest.mark.parametrize(
    ("role", "home", "has_invoices"),
    [
        ("technician", Room.TODAY, False),
        ("dispatcher", Room.TODAY, True),
        ("supervisor", Room.TODAY, True),
        ("billing", Room.CLIENTS, True),
        ("something newer", Room.TODAY, False),
    ],
)
def test_everybody_has_the_rooms_of_their_work(
    role: str, home: Room, *, has_invoices: bool
) -> None:
    rooms = rooms_of([role])

    assert home_of([role]) == Place(home)
    assert (Room.INVOICES in rooms) == has_invoices
    assert len(in_bar(rooms)) <= 5
    assert {Room.SEARCH, Room.SETTINGS} <= {*in_bar(rooms)}


@pytest.mark.parametrize(
    ("path", "parent"),
    [
        ("/clients/CUST-00001", "/clients"),
        ("/clients/CUST-00001/invoice/SINV-1", "/clients/CUST-00001"),
        ("/clients/CUST-00001/contract/CTR-1", "/clients/CUST-00001"),
        ("/invoices/SINV-1", "/invoices"),
        ("/today/k/payment/SINV-1", "/today/k/payment"),
    ],
)
def test_back_leads_up_and_no_customer_is_taken_for_a_job(path: str, parent: str) -> None:
    place = Place.parse(path)

    assert place.path == path
    assert place.parent == Place.parse(parent)
    assert (place.job is None) == (place.room is not Room.TODAY)
    assert place.part != Part.PAYMENT or place.job == "k"
