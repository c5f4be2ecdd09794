"""An invoice for a clerk: sides of it, a link that is sent once, the customer's own paper."""

from decimal import Decimal

import pytest

from field_app.ports import Picture
from field_app.state.billing.invoice import InvoicePage, Preview, Tab
from field_app.state.billing.invoices import InvoiceList, Which
from field_app.state.workspace import Workspace
from field_core.office import EndingsUnderway, InvoiceDetail, InvoiceLine, Invoices
from tests.app.at_work import LocalAccount
from tests.app.making import NOON_MS
from tests.app.state.billing.desk import account, desk
from tests.app.state.billing.test_contract import REFUSED

__all__ = ["account", "desk"]
NAME = "SINV-2026-700010"
PATH = f"/v1/invoices/{NAME}"
OWED = InvoiceDetail(
    name=NAME,
    customer="CUST-00001",
    total=Decimal("91.93"),
    outstanding=Decimal("91.93"),
    pay_url="http://pay/?t=x",
    pay_until_ms=NOON_MS + 1,
    phone="••• ••• ••34",
)


async def opened(account: LocalAccount, desk: Workspace, found: InvoiceDetail) -> InvoicePage:
    account.remote.answers[PATH] = found
    model = InvoicePage(desk, NAME)
    await model.refresh()
    return model


async def test_b01_link_is_sent_on_a_channel_the_customer_has_and_it_is_said(
    account: LocalAccount, desk: Workspace
) -> None:
    """B-01."""
    model = await opened(account, desk, OWED)

    assert await model.send_link("sms")

    assert account.remote.sent == [(f"{PATH}/link", {"channel": "sms"})]
    assert model.recipient("email") == ""
    notice = desk.notices.current
    assert notice is not None
    assert (notice.key, notice.named) == ("invoice.link-sent.sms", {"to": "••• ••• ••34"})
    assert account.remote.asked.count(PATH) == 2


async def test_link_that_was_not_taken_is_not_said_to_be_sent(
    account: LocalAccount, desk: Workspace
) -> None:
    model = await opened(account, desk, OWED)
    account.remote.failure = "rate-limited"

    assert not await model.send_link("sms")

    notice = desk.notices.current
    assert notice is not None
    assert notice.problem is not None
    assert notice.problem.code == "rate-limited"


@pytest.mark.parametrize(
    ("found", "is_good"),
    [
        (OWED, True),
        (OWED.model_copy(update={"pay_until_ms": NOON_MS}), False),
        (OWED.model_copy(update={"outstanding": Decimal(0)}), False),
    ],
)
async def test_code_is_shown_only_while_it_would_open_the_page(
    account: LocalAccount, desk: Workspace, found: InvoiceDetail, *, is_good: bool
) -> None:
    model = await opened(account, desk, found)

    assert model.is_link_good is is_good


async def test_sides_of_an_invoice_are_chosen_without_asking_again(
    account: LocalAccount, desk: Workspace
) -> None:
    model = await opened(account, desk, OWED)

    model.show(Tab.PAY)

    assert model.tab is Tab.PAY
    assert account.remote.asked == [PATH]


async def test_op08_every_page_of_the_paper_is_shown_and_kept(
    account: LocalAccount, desk: Workspace
) -> None:
    """OP-08."""
    for number in (1, 2):
        account.remote.pictures[f"{PATH}/pages/{number}"] = Picture(b"%d" % number, 2)
    model = Preview(desk, NAME)

    await model.refresh()

    assert [page.value.content for page in model.pages] == [b"1", b"2"]
    account.remote.failure = "server-unreachable"
    again = Preview(desk, NAME)
    await again.refresh()
    assert [page.value.content for page in again.pages] == [b"1", b"2"]
    assert again.missing is None


async def test_paper_that_cannot_be_had_says_why_and_goes_on_where_it_stopped(
    account: LocalAccount, desk: Workspace
) -> None:
    account.remote.pictures[f"{PATH}/pages/1"] = Picture(b"1", 2)
    model = Preview(desk, NAME)
    await model.refresh()
    assert len(model.pages) == 1
    account.remote.pictures[f"{PATH}/pages/2"] = Picture(b"2", 2)

    await model.refresh()

    assert len(model.pages) == model.count == 2
    assert model.missing is None
    file = await model.pdf()
    assert file is not None
    assert (file.name, file.content) == (f"{NAME}.pdf", f"%PDF of {PATH}/pdf".encode())


# --- lists


def lines(*names: str) -> tuple[InvoiceLine, ...]:
    return tuple(InvoiceLine(name=name) for name in names)


async def test_list_goes_on_where_it_stopped_and_begins_anew_when_it_changed(
    account: LocalAccount, desk: Workspace
) -> None:
    owed = "/v1/invoices?which=owed"
    account.remote.answers[owed] = Invoices(rows=lines("A", "B"), more="2026-09-01~B")
    account.remote.answers[f"{owed}&after=2026-09-01~B"] = Invoices(rows=lines("C"))
    model = InvoiceList(desk)
    await model.choose(Which.OWED)
    await model.shown.add()
    assert [row.name for row in model.shown.rows if isinstance(row, InvoiceLine)] == [*"ABC"]
    assert not model.shown.has_more

    account.remote.answers[owed] = Invoices(rows=lines("B"))
    await model.shown.ask_now()

    assert [row.name for row in model.shown.rows if isinstance(row, InvoiceLine)] == ["B"]


async def test_other_list_keeps_what_it_has(account: LocalAccount, desk: Workspace) -> None:
    account.remote.answers["/v1/invoices?which=attention"] = Invoices(rows=lines("A"))
    account.remote.answers["/v1/invoices?which=latest"] = Invoices(rows=lines("Z"))
    model = InvoiceList(desk)
    await model.refresh()

    await model.choose(Which.LATEST)
    model.open("Z")

    assert model.which is Which.LATEST
    assert [row.name for row in model.shown.rows if isinstance(row, InvoiceLine)] == ["Z"]
    assert desk.navigator.place.path == "/invoices/Z"


async def test_terminations_that_are_not_all_done_stand_with_what_needs_a_person(
    account: LocalAccount, desk: Workspace
) -> None:
    account.remote.answers["/v1/terminations"] = EndingsUnderway(rows=(REFUSED,))
    account.remote.answers["/v1/invoices?which=latest"] = Invoices()
    model = InvoiceList(desk)
    await model.refresh()  # of invoices nothing is known: the ERP is away, the server is not

    before = model.underway
    await model.choose(Which.LATEST)
    model.open_contract(REFUSED)

    assert (before, model.underway) == ((REFUSED,), ())
    assert desk.navigator.place.path == "/clients/CUST-00001/contract/CTR-00001"
