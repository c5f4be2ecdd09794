"""One answer on the screen: kept ones at once, the server's after, each with its age."""

import asyncio
from decimal import Decimal

from field_app.ports import Standing, Told
from field_app.state.billing.asked import Asked
from field_app.state.billing.customer import panel_model
from field_app.state.workspace import Workspace
from field_core.office import Balance, Identity, Jobs, Locations, Panel, Subscriptions
from tests.app.at_work import LocalAccount
from tests.app.making import NOON_MS
from tests.app.state.billing.desk import account, desk

__all__ = ["account", "desk"]
PATH = "/v1/customers/CUST-00001/balance"
OLD, NEW = Balance(balance=Decimal("91.93")), Balance()


def asked(desk: Workspace) -> Asked[Balance]:
    return Asked(desk, PATH, Balance, again_s=0)


async def test_kept_answer_is_shown_before_the_server_has_said_anything(
    account: LocalAccount, desk: Workspace
) -> None:
    account.remote.had[PATH] = Told(OLD, NOON_MS - 60_000)
    account.remote.answers[PATH] = NEW
    model, shown = asked(desk), list[tuple[Balance | None, bool]]()
    model.on_change(lambda: shown.append((model.value, bool(model.told and model.told.is_kept))))

    await model.refresh()

    assert shown[0] == (OLD, True)
    assert shown[-1] == (NEW, False)
    assert model.told is not None
    assert model.told.at_ms == account.clock.now_ms()


async def test_without_a_network_the_kept_answer_stays_with_its_age(
    account: LocalAccount, desk: Workspace
) -> None:
    account.remote.had[PATH] = Told(OLD, NOON_MS - 60_000)
    account.remote.failure = "server-unreachable"
    model = asked(desk)

    await model.refresh()

    assert model.told == Told(OLD, NOON_MS - 60_000, is_kept=True)
    assert model.missing is not None
    assert model.missing.code == "server-unreachable"


async def test_what_may_not_be_seen_any_more_leaves_the_screen(
    account: LocalAccount, desk: Workspace
) -> None:
    account.remote.had[PATH] = Told(OLD, NOON_MS)
    account.remote.failure = "not-allowed"
    model = asked(desk)

    await model.refresh()

    assert model.told is None


async def test_server_that_is_back_is_asked_again(account: LocalAccount, desk: Workspace) -> None:
    account.remote.failure = "server-unreachable"
    model, told = asked(desk), list[str]()
    await model.refresh()
    end = model.follow(lambda: told.append("ask"))
    account.stand(Standing("idle", "server-unreachable", NOON_MS, 0, 0))

    account.stand(Standing("idle", None, NOON_MS, 0, 0))

    assert told == ["ask"]
    end()
    account.tell_news()
    assert told == ["ask"]


async def test_burst_of_news_asks_once_more_and_not_at_once(
    account: LocalAccount, desk: Workspace
) -> None:
    account.remote.answers[PATH] = NEW
    model = Asked(desk, PATH, Balance, again_s=0.05)
    await model.refresh()

    await asyncio.gather(*(model.refresh() for _ in range(5)))

    assert account.remote.asked == [PATH, PATH]


async def test_person_who_asks_again_does_not_wait(account: LocalAccount, desk: Workspace) -> None:
    account.remote.answers[PATH] = NEW
    model = Asked(desk, PATH, Balance, again_s=60)
    await model.refresh()

    await asyncio.wait_for(model.ask_now(), 1)

    assert len(account.remote.asked) == 2


# --- panels out of the replica


def a_customer(account: LocalAccount) -> None:
    account.has_job()
    account.arrives(
        900,
        {"name": "LOC-00001", "civic_address": "1, rue X", "customer": "CUST-00001"},
        doctype="Service Location",
    )
    account.arrives(
        901,
        {"name": "EQP-1", "service_location": "LOC-00001", "equipment_type": "ONT"},
        doctype="Service Equipment",
    )
    for n, status, price in ((902, "Active", 79.95), (903, "Cancelled", 50.0)):
        body = {"name": f"SUB-{n}", "customer": "CUST-00001", "status": status}
        account.arrives(n, {**body, "monthly_price": price}, doctype="Service Subscription")


async def test_replicated_panels_are_shown_offline_though_never_asked_for(
    account: LocalAccount, desk: Workspace
) -> None:
    """OP-01, OP-02, B-20."""
    a_customer(account)
    found = {}
    for panel in Panel:
        model = panel_model(desk, "CUST-00001", panel)
        await model.refresh()
        found[panel] = model.value

    assert found[Panel.IDENTITY] == Identity(name="CUST-00001", customer_name="Lucie T.")
    locations, services, jobs = (
        found[panel] for panel in (Panel.LOCATIONS, Panel.SUBSCRIPTIONS, Panel.JOBS)
    )
    assert isinstance(locations, Locations)
    assert [one.name for one in locations.rows[0].equipment] == ["EQP-1"]
    assert isinstance(services, Subscriptions)
    assert services.monthly == Decimal("79.95")
    assert isinstance(jobs, Jobs)
    assert [row.name for row in jobs.rows] == ["DJ-00001"]
    assert found[Panel.BALANCE] is None


async def test_replica_is_taken_when_it_is_younger_than_what_was_kept(
    account: LocalAccount, desk: Workspace
) -> None:
    a_customer(account)
    model = panel_model(desk, "CUST-00001", Panel.IDENTITY)
    path = "/v1/customers/CUST-00001/identity"
    kept = Identity(name="CUST-00001", customer_name="Her old name")
    account.remote.had[path] = Told(kept, NOON_MS - 1)
    await model.refresh()
    assert model.told == Told(
        Identity(name="CUST-00001", customer_name="Lucie T."), NOON_MS, is_kept=True
    )

    account.remote.had[path] = Told(kept, NOON_MS + 1)
    younger = panel_model(desk, "CUST-00001", Panel.IDENTITY)
    await younger.refresh()

    assert younger.value == kept
