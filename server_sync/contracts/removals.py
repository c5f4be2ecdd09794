"""Removing a subscription: never under a live contract, and under an ended one with a trace.

Ending a contract costs money and leaves a record, so it happens on the contract; a subscription
whose contract is history may go, once nothing points at it any more (B-15).
"""

import html
from dataclasses import dataclass
from typing import Any, Final

from field_core.problems import ProblemError
from server_sync.billing.till import Till
from server_sync.billing.words import say
from server_sync.contracts.held import LIVE
from server_sync.contracts.steps import COMMENT, CONTRACT, SUBSCRIPTION
from server_sync.erp.failures import ErpNotFound

Raw = dict[str, Any]
_COLUMNS: Final = ("name", "status", "service_subscription")


@dataclass(frozen=True)
class Removals:
    """The service behind `DELETE /v1/subscriptions`."""

    till: Till

    async def remove(self, name: str, *, actor: str) -> None:
        """Remove a subscription that no live contract holds; safe to repeat until it is gone.

        Raises ProblemError `not-found`, `contract-live` with the contract's name, `erp-refused`
        while something else links to it.
        """
        client = self.till.client
        try:
            subscription = await client.get(SUBSCRIPTION, name)
        except ErpNotFound as error:
            raise ProblemError("not-found") from error
        contracts = await self._contracts(subscription)
        live = [one for one in contracts if one["status"] in LIVE]
        if live:
            raise ProblemError("contract-live", contract=str(live[0]["name"]))
        await self._scrub(subscription, contracts)
        await self._note(subscription, contracts, actor=actor)
        await client.delete(SUBSCRIPTION, name)
        self.till.log.info("subscription removed", subscription=name, actor=actor)

    async def _contracts(self, subscription: Raw) -> list[Raw]:
        """Return the contracts on either end of a link with the subscription."""
        named = subscription.get("service_contract")
        either = [("service_subscription", "=", subscription["name"])]
        return await self.till.client.rows(
            CONTRACT,
            _COLUMNS,
            or_filters=[*either, ("name", "=", named)] if named else either,
            order_by="name asc",
        )

    async def _scrub(self, subscription: Raw, contracts: list[Raw]) -> None:
        client, name = self.till.client, str(subscription["name"])
        for contract in contracts:
            if contract.get("service_subscription") == name:
                await client.update(CONTRACT, contract["name"], {"service_subscription": None})
        if subscription.get("service_contract"):
            await client.update(SUBSCRIPTION, name, {"service_contract": None})

    async def _note(self, subscription: Raw, contracts: list[Raw], *, actor: str) -> None:
        customer = subscription.get("customer")
        if not customer:
            return
        said = say(
            "fr",
            "contract.removed",
            subscription=str(subscription["name"]),
            plan=str(subscription.get("plan_name") or subscription.get("plan") or ""),
            contracts=", ".join(str(one["name"]) for one in contracts) or "—",
            actor=actor,
        )
        await self.till.client.insert(
            COMMENT,
            {
                "comment_type": "Info",
                "reference_doctype": "Customer",
                "reference_name": customer,
                "comment_email": actor,
                "comment_by": actor,
                "content": html.escape(said, quote=False),
            },
        )
