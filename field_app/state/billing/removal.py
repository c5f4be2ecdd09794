"""Removing a subscription: the server alone says whether it may go, and where to go instead."""

from field_app.state.billing import paths
from field_app.state.billing.customer import ListOf, PanelOf
from field_app.state.billing.pay_links import may
from field_app.state.workspace import Workspace
from field_core.capabilities import Capability
from field_core.problems import ProblemError


def may_remove(workspace: Workspace) -> bool:
    """Tell whether this person's role may remove subscriptions."""
    return may(workspace.account.person.roles, Capability.END_CONTRACTS)


async def remove(panel: PanelOf | ListOf, subscription: str) -> str | None:
    """Have a subscription removed; return the contract that must be ended instead, if one must.

    Whatever else stands in the way is told as a notice, and nothing was done (B-15).
    """
    workspace = panel.workspace
    try:
        await workspace.account.remote.remove(paths.subscription(subscription))
    except ProblemError as error:
        problem = error.problem
        if problem.code == "contract-live":
            return str(problem.details.get("contract") or "")
        workspace.notices.refuse(problem)
    else:
        workspace.notices.say("subscription.removed", name=subscription)
    await panel.ask_now()
    return None
