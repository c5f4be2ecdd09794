"""Removing a subscription (B-15): gone, led to its contract, or told why not."""

import pytest

from field_app.ports import Person
from field_app.state.billing.customer import PanelOf
from field_app.state.billing.removal import may_remove, remove
from field_app.state.workspace import Workspace
from field_core.office import Panel, Subscription, Subscriptions
from field_core.problems import ProblemError
from tests.app.at_work import LocalAccount
from tests.app.state.billing.desk import account, desk

__all__ = ["account", "desk"]
LIST, PATH = "/v1/customers/CUST-00001/subscriptions", "/v1/subscriptions/SUB-1"


@pytest.fixture
async def panel(account: LocalAccount, desk: Workspace) -> PanelOf:
    account.remote.answers[LIST] = Subscriptions(rows=(Subscription(name="SUB-1"),))
    made = PanelOf(desk, "CUST-00001", Panel.SUBSCRIPTIONS)
    await made.refresh()
    return made


async def test_b15_subscription_that_went_is_said_and_the_list_asked_for_anew(
    account: LocalAccount, desk: Workspace, panel: PanelOf
) -> None:
    account.remote.answers[LIST] = Subscriptions()

    assert await remove(panel, "SUB-1") is None

    assert account.remote.removed == [PATH]
    assert panel.value == Subscriptions()
    assert desk.notices.current is not None
    assert desk.notices.current.key == "subscription.removed"


async def test_b15_live_contract_is_where_to_go_instead(
    account: LocalAccount, desk: Workspace, panel: PanelOf
) -> None:
    account.remote.refusals[PATH] = ProblemError("contract-live", contract="CTR-9")

    assert await remove(panel, "SUB-1") == "CTR-9"

    assert desk.notices.current is None


@pytest.mark.parametrize("code", ["erp-refused", "server-unreachable", "not-allowed"])
async def test_b15_whatever_else_stands_in_the_way_is_told(
    account: LocalAccount, desk: Workspace, panel: PanelOf, code: str
) -> None:
    account.remote.refusals[PATH] = ProblemError(code, message="DJ-1 links to it")

    assert await remove(panel, "SUB-1") is None

    assert desk.notices.current is not None
    assert desk.notices.current.problem is not None
    assert desk.notices.current.problem.code == code


@pytest.mark.parametrize(("role", "may"), [("billing", True), ("dispatcher", False)])
def test_only_who_may_end_contracts_may_remove(
    account: LocalAccount, desk: Workspace, role: str, *, may: bool
) -> None:
    account.person = Person("Julie C.", "julie@example.com", None, frozenset({role}))

    assert may_remove(desk) is may
