"""Removing a subscription: never under a live contract, and under an ended one with a trace.

Ending a contract costs money and leaves a record, so it happens on the contract; a subscription
whose contract is history may go, once nothing points at it any more (B-15).
"""

import html
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from field_core.problems import ProblemError
from server_sync.billing.till import Till
from server_sync.billing.words import say
from server_sync.contracts.held import LIVE
from server_sync.contracts.steps import COMMENT, CONTRACT, SUBSCRIPTION
from server_sync.erp.failures import ErpNotFound, ErpRefused

Raw = dict[str, Any]
_COLUMNS: Final = ("name", "status", "service_subscription")


async def _keep(_doctype: str, _name: str) -> None:
    """Nobody holds a copy."""


@dataclass(frozen=True)
class Removals:
    """The service behind `DELETE /v1/subscriptions`."""

    till: Till
    on_changed: Callable[[str], None] = lambda _doctype: None
    """Told the doctypes that changed in the ERP."""
    let_go: Callable[[str, str], Awaitable[None]] = _keep
    """Told doctype and name of what the ERP has deleted: no poll would find it for an hour."""

    async def remove(self, name: str, *, actor: str) -> None:
        """Remove a subscription that no live contract holds; safe to repeat until it is gone.

        Raises ProblemError `not-found`, `contract-live` with the contract's name, `erp-refused`
        while something else links to it.
        """
        client = self.till.client
        try:
            subscription = await client.get(SUBSCRIPTION, name)
        except ErpNotFound as error:
            await self._gone(name)  # an earlier answer may have been lost
            raise ProblemError("not-found") from error
        contracts = await self._contracts(subscription)
        live = [one for one in contracts if one["status"] in LIVE]
        if live:
            raise ProblemError("contract-live", contract=str(live[0]["name"]))
        await self._note(subscription, contracts, actor=actor)
        pointing = [one for one in contracts if one.get("service_subscription") == name]
        await self._scrub(subscription, pointing)
        try:
            await client.delete(SUBSCRIPTION, name)
        except ErpRefused:  # something else links to it: it stays as it was
            await self._restore(subscription, pointing)
            raise
        await self._gone(name)
        self.till.log.info("subscription removed", subscription=name, actor=actor)

    async def _gone(self, name: str) -> None:
        await self.let_go(SUBSCRIPTION, name)
        for doctype in (SUBSCRIPTION, CONTRACT):
            self.on_changed(doctype)

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

    async def _scrub(self, subscription: Raw, pointing: list[Raw]) -> None:
        """Take the links off both ends: while one stands, the ERP deletes nothing."""
        client = self.till.client
        for contract in pointing:
            await client.update(CONTRACT, contract["name"], {"service_subscription": None})
        if subscription.get("service_contract"):
            await client.update(SUBSCRIPTION, subscription["name"], {"service_contract": None})

    async def _restore(self, subscription: Raw, pointing: list[Raw]) -> None:
        client, name, held = self.till.client, subscription["name"], "service_contract"
        if subscription.get(held):
            await client.update(SUBSCRIPTION, name, {held: subscription[held]})
        for contract in pointing:
            await client.update(CONTRACT, contract["name"], {"service_subscription": name})

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
